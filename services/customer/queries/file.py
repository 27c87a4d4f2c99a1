"""This service's share of the customer page: people, schedule, trail, remarks."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, Uuid, any_, bindparam, cast, column, func, or_, select, union_all
from sqlalchemy.dialects.postgresql import array

from chassis import audit, related, told_remarks, whole_row
from chassis.merging import Merge
from chassis.prepared import Found, Part, Prepared, for_all, rows_of
from chassis.work import Work
from contracts.customer import WholeCustomer, WholeCustomerOf
from contracts.errors import NotFound
from contracts.query import CustomerFileOf, GetOf, Happened, happened
from services.customer import model

ACTIVITY = model.Activity.record.entity()
STAFF, CHOICE = "organization.staff", "organization.choice"
RELATED: tuple[Any, ...] = (model.Contact, model.Wish, model.Activity, model.Lead)
CUSTOMER = bindparam("customer_id", type_=Uuid())
Row = dict[str, Any]


def customer_file(work: Work, message: WholeCustomerOf) -> WholeCustomer:
    """All that is known here of a customer the actor may see. Whoever sees the customer sees its whole trail."""
    about = _about(work, message)
    if message.history > 0:
        itself = GetOf(entity=model.Customer.record.entity(), id=message.customer_id, history=message.history)
        about["stored"] = whole_row.get_row(work, itself)
    return about


def _about(work: Work, message: CustomerFileOf) -> WholeCustomer:
    objects = _own_objects(work)
    found = _question(objects).ask(work, **message.asked)
    customer = found.first("customer")
    if customer is None:
        raise NotFound(entity=model.Customer.record.entity(), id=message.customer_id)
    return {
        "figures": found["figures"][0],
        "related": related.told(work, found, (*RELATED, *objects)),
        "timeline": _timeline(found, customer["name"])[: message.limit],
        "labels": found.labels,
    }


def _own_objects(work: Work) -> tuple[Any, ...]:
    """Those whose records belong to customers and that the actor may read."""
    found = [cls for cls in work.entities.values() if issubclass(cls, model.OwnRecord) and not cls.retired]
    return tuple(
        cls
        for cls in found
        if "customer_id" in cls.record.attrs() and work.actor.may(f"{cls.record.entity()}.read")
    )


def _timeline(found: Found, customer: str) -> list[Happened]:
    told = [*map(_done, found["done"]), *map(told_remarks.entry, found["remarks"])]
    told += [entry for entry in (_turned(row, customer) for row in found["turns"]) if entry is not None]
    return sorted(told, key=lambda entry: entry["at"], reverse=True)


def _done(row: Row) -> Happened:
    text, of = row["outcome"] or row["text"], (ACTIVITY, row["id"])
    return happened(
        row["done_at"],
        "activity_done",
        row["subject"],
        of,
        row["owner_id"],
        text=text,
        about_id=row["kind_id"],
    )


def _turned(row: Row, customer: str) -> Happened | None:
    """Where it came from, and through whose hands it went: read from the change log."""
    noun, of = row["entity"].rpartition(".")[2], (row["entity"], row["record_id"])
    if row["ver"] == 1:
        kind = f"{noun}_created"
    elif noun == "customer" and row["was_given"]:
        kind = "customer_handed_over"
    elif noun == "lead" and row["state"] == "converted":
        kind = "lead_converted"
    else:
        return None
    return happened(row["at"], kind, customer, of, row["actor_id"], text=row["note"])


# -- what is asked ----------------------------------------------------------------------------------------------------

DONE, PLANNED = model.Activity.state == "done", model.Activity.state == "planned"


def _theirs(cls: Any) -> tuple[Any, Any]:
    return cls.customer_id == CUSTOMER, cls.archived_at.is_(None)


def _newest(cls: Any) -> dict[str, Part]:
    return related.first_rows(cls, *_theirs(cls), order=(cls.created_at.desc(), cls.id))


def _columns(cls: Any, *names: str) -> list[Any]:
    return [getattr(cls, name) for name in names]


KIN = (
    select(model.Customer.id)
    .where(
        or_(model.Customer.parent_id == CUSTOMER, model.Customer.company_id == CUSTOMER),
        model.Customer.archived_at.is_(None),
    )
    .exists()
)
FIGURES = select(
    func.count().filter(DONE).label("activities_done"),
    func.max(model.Activity.done_at).filter(DONE).label("last_contact_at"),
    func.count().filter(PLANNED).label("activities_planned"),
    func.min(model.Activity.starts_at).filter(PLANNED).label("next_step_at"),
    KIN.label("has_group"),
).where(*_theirs(model.Activity))
HAPPENED = (
    select(
        *_columns(model.Activity, "id", "subject", "text", "outcome", "done_at", "owner_id", "kind_id"),
    )
    .where(*_theirs(model.Activity), DONE)
    .order_by(model.Activity.done_at.desc())
    .limit(related.LIMIT)
)
ITSELF = union_all(
    select(func.unnest(array([column("id"), column("lead_id")]))).select_from(rows_of("customer")),
    select(model.Lead.id).where(model.Lead.customer_id == CUSTOMER),
)
"""The customer, the lead it was, and those that were converted into it or into customers it was made one with (LED-06)."""
GONE = select(cast(func.jsonb_array_elements_text(Merge.gone_ids), Uuid)).where(
    Merge.kept_id == CUSTOMER, Merge.undone_at.is_(None)
)
"""Customers that were made one with it: their history is its history as well."""


def _one_of(ids: Any) -> Any:
    """As one value, so that each is found by its key."""
    return any_(cast(select(func.array_agg(ids.subquery().c[0])).scalar_subquery(), ARRAY(Uuid)))


ACTIVITIES = select(model.Activity.id).where(model.Activity.customer_id == CUSTOMER)
REMARKS = told_remarks.on(model.Comment, model.Comment.record_id == _one_of(union_all(ITSELF, ACTIVITIES)))
TURNS = (
    select(
        *_columns(audit.Change, "entity", "record_id", "ver", "at", "actor_id", "note"),
        audit.Change.changes.has_key("owner_id").label("was_given"),
        audit.Change.changes[("state", "1")].astext.label("state"),
    )
    .where(
        audit.Change.record_id == _one_of(union_all(ITSELF, GONE)),
        or_(
            audit.Change.ver == 1,
            audit.Change.changes.has_key("owner_id"),
            audit.Change.changes.has_key("state"),
        ),
    )
    .order_by(audit.Change.at.desc())
    .limit(50)
)
PLANS = related.first_rows(
    model.Activity, *_theirs(model.Activity), PLANNED, order=(model.Activity.starts_at, model.Activity.id)
)
OWN: dict[str, Any] = {
    cls.record.entity(): cls for cls in (model.Customer, model.Contact, model.Lead, model.Activity)
}


@lru_cache(maxsize=50)
def _question(objects: tuple[Any, ...]) -> Prepared:
    """What is asked of a customer; of its own objects what the actor sees of them."""
    itself = select(*_columns(model.Customer, "id", "name", "lead_id")).where(model.Customer.id == CUSTOMER)
    trail = {
        **_newest(model.Contact),
        **_newest(model.Wish),
        **PLANS,
        **_newest(model.Lead),
        "figures": Part(FIGURES),
        "done": Part(HAPPENED),
        **REMARKS,
        "turns": Part(TURNS),
    }
    names = {
        STAFF: [
            related.ids("done", "owner_id"),
            *told_remarks.PEOPLE,
            related.ids("turns", "actor_id"),
        ],
        CHOICE: [related.ids("done", "kind_id")],
    }
    parts = {"customer": Part(itself), **for_all(trail)}
    for cls in objects:
        parts |= _newest(cls)
    return Prepared(parts, related.together(related.names(*RELATED, *objects), names), OWN)
