"""What a customer wishes, said wherever somebody is dealing with it: beside every form, dialog and record about it (NTF-03)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from contracts.customer import WishesAbout
from gateway import api, auth
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


def channel(values: Mapping[str, Any]) -> dict[str, Any]:
    """Of something to be planned with a customer, or with somebody there: the kind by which they are best reached."""
    told = [
        {"entity": f"customer.{noun}", "id": values[f"{noun}_id"]}
        for noun in ("contact", "customer")
        if values.get(f"{noun}_id")
    ]
    if not told or not auth.actor().may(beside.permission):
        return {}
    rows = ask("customer", "wishes_about", WishesAbout.read({"about": told}))["rows"]
    wished = sorted((row for row in rows if row.get("channel_id")), key=lambda row: row["contact_id"] is None)
    return {"kind_id": wished[0]["channel_id"]} if wished else {}


fills = {"customer.plan_activity": channel}
"""Command → what its form is begun with, of what is known already."""
