"""What a customer wishes, said wherever somebody is dealing with it: beside every form, dialog and record about it (NTF-03)."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from contracts.customer import WishesAbout
from gateway import api
from gateway import beside as hints
from gateway.render import block, is_fragment, json, page, wanted
from gateway.rpc import ask

blueprint = Blueprint("wishes", __name__)
beside = hints.Beside(
    "wishes.about",
    "customer.wish.read",
    (
        "customer.customer", "customer.contact", "customer.lead", "customer.activity", "sales.opportunity", "sales.quote",
        "receivables.contract", "service_desk.ticket",
    ),
)  # fmt: skip


@blueprint.get("/customer/wishes")
@api.described(
    summary="What customers wish, beside records that are about them.",
    asks=tuple(api.text(entity, "The id of one.", format="uuid") for entity in beside.about),
)
def about() -> Response:
    """A calm line for each; nothing where nothing is known."""
    told = [{"entity": entity, "id": id} for entity, id in hints.told(request.args, beside.about)]
    found = (
        ask("customer", "wishes_about", WishesAbout.read({"about": told}))
        if told
        else {"rows": [], "labels": {}}
    )
    if wanted() == "json":
        return json(found)
    return (
        block("page/wishes.html", "content", **found) if is_fragment() else page("page/wishes.html", **found)
    )
