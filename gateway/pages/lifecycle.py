"""Where customers stand in their lifecycle: all of them by stage, and the way of one (CUS-07, CUS-08)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from contracts.customer import LifecycleCounts, LifecycleOf
from contracts.language import N_
from contracts.query import GetOf, ListOf, Query
from gateway import api, auth
from gateway.addresses import asked
from gateway.entity_pages import lists
from gateway.entity_pages.subject import title_of
from gateway.frame import Menu, registry, screens
from gateway.render import form_key, json, page, wanted
from gateway.rpc import ask

blueprint = Blueprint("lifecycle", __name__)
menu = Menu(
    N_("Lifecycle"), "timeline", endpoint="lifecycle.counts", permission="customer.lifecycle", place=38
)


@blueprint.get("/lifecycle")
@blueprint.get("/lifecycle.<any(json):suffix>")
@api.described()
def counts(suffix: str = "") -> Response:
    """Customers and open work by stage; each number opens its list."""
    auth.require("customer.lifecycle")
    found = ask("customer", "lifecycle_counts", LifecycleCounts())
    return json(found) if wanted() == "json" else page("page/lifecycle.html", **found)


@dataclass(frozen=True)
class Work:
    """Work of another service with the customers of a stage: its records, what counts it on a customer, which are open, and
    what an activity about one of them refers to."""

    entity: str
    counted: str
    open: dict[str, Any]
    sort: str
    carries: tuple[tuple[str, str], ...]


WORK = {
    "opportunities": Work(
        "sales.opportunity", "open_opportunities", {"state": "open"}, "-expected_amount",
        (("customer_id", "customer_id"), ("opportunity_id", "id")),
    ),
    "tickets": Work(
        "service_desk.ticket", "open_tickets", {"state__ne": "closed"}, "-created_at", (("customer_id", "customer_id"),)
    ),
}  # fmt: skip
MOST_CUSTOMERS = 1000
"""Whose work is shown at once; the service that keeps the work does not know the stage, so it is asked by customer."""


@blueprint.get("/lifecycle/<uuid:stage_id>/<any(opportunities, tickets):what>")
@blueprint.get("/lifecycle/<uuid:stage_id>/<any(opportunities, tickets):what>.<any(json):suffix>")
@api.described(asks=(*api.WHICH_ROWS, *api.PAGED))
def work(stage_id: UUID, what: str, suffix: str = "") -> Response:
    """The open work that lies in a stage, to be acted on (CUS-08); searched and sorted as any list."""
    auth.require("customer.lifecycle")
    kind, address = WORK[what], asked()
    auth.require(f"{kind.entity}.read")
    stage = ask("customer", "get", GetOf(entity="customer.lifecycle_stage", id=stage_id))["row"]
    where = {"stage_id": str(stage_id), f"{kind.counted}__gte": 1}
    query = Query(where=where, sort=f"-{kind.counted}", limit=MOST_CUSTOMERS)
    customers = ask("customer", "list", ListOf(entity="customer.customer", query=query, fields=("name",)))
    query = address.query(totals=True)
    theirs = {"customer_id": [row["id"] for row in customers["rows"]], **kind.open}
    query = query.model_copy(update={"where": {**query.where, **theirs}, "sort": query.sort or kind.sort})
    record = registry().records[kind.entity]
    found = ask(record.service(), "list", ListOf(entity=kind.entity, query=query))
    if wanted() == "json":
        return json(found)
    names = screens().of(record).list_columns(record)
    return page(
        "page/lifecycle_work.html", "work", stage=stage, what=what, kind=kind, found=found, address=address, record=record,
        columns=lists.columns(record, address, names, found["labels"]), title_of=title_of, customers=customers,
        base=url_for("lifecycle.work", stage_id=stage_id, what=what),
    )  # fmt: skip


@blueprint.get("/lifecycle/<uuid:id>")
@blueprint.get("/lifecycle/<uuid:id>.<any(json):suffix>")
@api.described(asks=(api.text("as_of", format="date"),))
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
