"""The trail of a lead, a contact or an opportunity: what was done and planned, and what was changed, on one line of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint
from werkzeug.wrappers import Response

from contracts.errors import Problem
from contracts.query import ListOf, Query
from gateway import api
from gateway.entity_pages import records
from gateway.entity_pages.subject import find_record
from gateway.render import page, wanted
from gateway.rpc import Question, ask_each

blueprint = Blueprint("trail", __name__)
ACTIVITY = "customer.activity"
MOST = 50


@dataclass(frozen=True)
class Trail:
    """How activities hang on one entity.

    field    the field of an activity that points here
    carried  what a visit logged here is about as well: fields of an activity that this record has too
    """

    field: str
    carried: tuple[str, ...] = ()


TRAILS = {
    "customer.lead": Trail("lead_id"),
    "customer.contact": Trail("contact_id", ("customer_id",)),
    "sales.opportunity": Trail("opportunity_id", ("customer_id", "contact_id")),
}


@api.only_page("as JSON it is the record, as of every kind")
def show(entity: str, id: UUID) -> Response:
    """The page of such a record; as JSON only the record."""
    service, _, noun = entity.partition(".")
    if wanted() == "json":
        return records.show(service, noun, id)
    record, trail = find_record(service, noun), TRAILS[entity]
    query = Query(where={trail.field: str(id)}, sort="-starts_at", limit=MOST)
    *answers, activities = ask_each(
        *records.questions(record, id), Question("customer", "list", ListOf(entity=ACTIVITY, query=query))
    )
    values = records.answered(record, id, answers)
    entries = [{"at": change["at"], "change": change} for change in values["changes"] or []]
    if not isinstance(activities, Problem):
        entries += [_told(row) for row in activities["rows"] if row["state"] in ("done", "planned")]
        values["labels"] = {**activities["labels"], **values["labels"]}
    entries.sort(key=lambda entry: entry["at"], reverse=True)
    about = {trail.field: id} | {name: values["row"].get(name) for name in trail.carried}
    about = {name: value for name, value in about.items() if value}
    return page("page/trail.html", **values, entries=entries, about=about)


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """An activity as an entry of a timeline."""
    said = [text for text in (row.get("text"), row.get("outcome")) if text]
    return {
        "at": row.get("done_at") or row["starts_at"], "kind": f"activity_{row['state']}", "title": row["subject"],
        "text": "\n".join(said), "entity": ACTIVITY, "id": row["id"], "actor_id": row["owner_id"],
        "about_id": row["kind_id"],
    }  # fmt: skip


for _entity in TRAILS:
    address = f"/{_entity.replace('.', '/')}/<uuid:id>"
    blueprint.add_url_rule(address, _entity.partition(".")[2], show, defaults={"entity": _entity})
