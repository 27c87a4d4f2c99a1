"""Where customers stand in their lifecycle: all of them by stage, and the way of one (CUS-07, CUS-08)."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from contracts.customer import LifecycleCounts, LifecycleOf
from contracts.language import N_
from gateway import auth
from gateway.frame import Menu
from gateway.render import form_key, json, page, wanted
from gateway.rpc import ask

blueprint = Blueprint("lifecycle", __name__)
menu = Menu(
    N_("Lifecycle"), "timeline", endpoint="lifecycle.counts", permission="customer.lifecycle", place=38
)


@blueprint.get("/lifecycle")
@blueprint.get("/lifecycle.<any(json):suffix>")
def counts(suffix: str = "") -> Response:
    """Customers and open work by stage; each number opens its list."""
    auth.require("customer.lifecycle")
    found = ask("customer", "lifecycle_counts", LifecycleCounts())
    return json(found) if wanted() == "json" else page("page/lifecycle.html", **found)


@blueprint.get("/lifecycle/<uuid:id>")
@blueprint.get("/lifecycle/<uuid:id>.<any(json):suffix>")
def one(id: UUID, suffix: str = "") -> Response:
    """The way of one customer, today or as of a day."""
    asked = LifecycleOf.read({"customer_id": id, "as_of": request.args.get("as_of") or None})
    found = ask("customer", "lifecycle", asked)
    if wanted() == "json":
        return json(found)
    may_mark = auth.actor().may("customer.mark_customer")
    may_unmark = auth.actor().may("customer.unmark_customer")
    return page(
        "page/lifecycle_of.html", "lifecycle", way=found, may_mark=may_mark, may_unmark=may_unmark, key=form_key(), here=_place(found),
    )  # fmt: skip


def _place(found: dict[str, object]) -> int:
    """The place of the stage where the customer stands, from 0; -1 before the first."""
    stages: list[dict[str, object]] = found["stages"]  # type: ignore[assignment]
    return next((n for n, stage in enumerate(stages) if stage["id"] == found["stage_id"]), -1)
