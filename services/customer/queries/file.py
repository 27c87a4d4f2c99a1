"""This service's share of the customer page: people, schedule, trail, remarks.

Its statements are made once, with places for the customer and the limit: to make one takes longer than to send it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Uuid, bindparam, func, or_, select

from chassis import audit, labels, mentions, merging
from chassis.entities import by_entity, find_class, values
from chassis.work import Work
from contracts.customer import ColleaguesFor, CommentsOf
from contracts.query import CustomerFile, CustomerFileOf, Happened, Related
from services.customer import model

MOST_OFFERED = 8
CUSTOMER, LIMIT = bindparam("customer_id", type_=Uuid()), bindparam("limit", type_=Integer())
Asked = dict[str, Any]
"""What a statement's places are filled with."""


def customer_file(work: Work, message: CustomerFileOf) -> CustomerFile:
    """All that is known here of a customer the actor may see. Whoever sees the customer sees its whole trail."""
    customer = work.read(model.Customer, message.customer_id)
    asked: Asked = {"customer_id": customer.id, "limit": max(1, min(message.limit, 200))}
    own = [_related(work, cls, _newest(cls), asked) for cls in _own_objects(work)]  # within her rights
    with work.everything():
        related = [*(_related(work, cls, wanted, asked) for cls, wanted in RELATED), *own]
        rows = [row for _, found in related for row in found]
        happened = _timeline(work, customer, asked)
        return CustomerFile(
            figures=_figures(work, asked),
            related=[part for part, _ in related],
            timeline=happened,
            labels=labels.named(work, _refers(rows, happened), by_entity(work)),
        )


def comments(work: Work, message: CommentsOf) -> dict[str, Any]:
    """What was remarked on one record, oldest first, for whoever sees the record."""
    cls = find_class(work, message.about, "read")
    row = work.read(cls, message.record_id)
    with work.everything():
        remarks = work.find_all(model.Comment, record_id=row.id, archived_at=None)
    names = ("id", "text", "mentions", "created_at", "created_by")
    shown = {name: model.Comment.record.attrs()[name] for name in names}
    found = labels.named(work, _refers(remarks, []), by_entity(work))
    return {
        "rows": [values(remark, shown) for remark in remarks],
        "labels": {k: v.as_json() for k, v in found.items()},
    }


def colleagues(work: Work, message: ColleaguesFor) -> dict[str, Any]:
    """Whom a remark on this record may mention; of those who may not see it nothing is told."""
    row = work.read(find_class(work, message.about, "read"), message.record_id)
    found = mentions.offered(work, row, message.text, MOST_OFFERED)
    return {
        "options": [
            {
                "id": str(card.id),
                "label": card.label,
                "label_en": card.label_en,
                "login": card.data.get("login"),
            }
            for card in found
        ]
    }


def _theirs(cls: Any, *conditions: ColumnElement[bool]) -> Select[Any]:
    return select(cls).where(cls.customer_id == CUSTOMER, cls.archived_at.is_(None), *conditions)


def _newest(cls: Any) -> Select[Any]:
    return _theirs(cls).order_by(cls.created_at.desc(), cls.id)


DONE, PLANNED = model.Activity.state == "done", model.Activity.state == "planned"
RELATED: tuple[tuple[Any, Select[Any]], ...] = (
    (model.Contact, _newest(model.Contact)),
    (model.Wish, _newest(model.Wish)),
    (model.Activity, _theirs(model.Activity, PLANNED).order_by(model.Activity.starts_at, model.Activity.id)),
    (model.Lead, _newest(model.Lead)),
)
FIRST = {cls: wanted.limit(LIMIT) for cls, wanted in RELATED}


def _own_objects(work: Work) -> list[Any]:
    """Those whose records belong to customers and that the actor may read."""
    found = [cls for cls in work.entities.values() if issubclass(cls, model.OwnRecord) and not cls.retired]
    return [
        cls
        for cls in found
        if "customer_id" in cls.record.attrs() and work.actor.may(f"{cls.record.entity()}.read")
    ]


def _related(work: Work, cls: Any, wanted: Select[Any], asked: Asked) -> tuple[Related, list[Any]]:
    first = FIRST[cls] if cls in FIRST else wanted.limit(LIMIT)
    rows = list(work.session.scalars(first, asked))
    count = len(rows)
    if count == asked["limit"]:
        count = work.session.scalar(select(func.count()).select_from(wanted.subquery()), asked) or 0
    columns = {name: a for name, a in cls.record.attrs().items() if a.in_list or name in ("id", "ver")}
    return Related(entity=cls.record.entity(), count=count, rows=[values(r, columns) for r in rows]), rows


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
).where(model.Activity.customer_id == CUSTOMER, model.Activity.archived_at.is_(None))


def _figures(work: Work, asked: Asked) -> dict[str, Any]:
    row = work.session.execute(FIGURES, asked).one()
    return {name: audit.plain(value) for name, value in row._mapping.items()}


def _timeline(work: Work, customer: model.Customer, asked: Asked) -> list[Happened]:
    told = {**asked, "about": [customer.id, customer.lead_id]}
    entries = [*_done(work, asked), *_remarks(work, told), *_turns(work, customer)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[: asked["limit"]]


HAPPENED = _theirs(model.Activity, DONE).order_by(model.Activity.done_at.desc()).limit(LIMIT)


def _done(work: Work, asked: Asked) -> list[Happened]:
    return [
        Happened(
            at=audit.plain(row.done_at), kind="activity_done", title=row.subject, text=row.outcome or row.text,
            entity=row.record.entity(), id=row.id, actor_id=row.owner_id, about_id=row.kind_id,
        )
        for row in work.session.scalars(HAPPENED, asked)
    ]  # fmt: skip


REMARKS = (
    select(model.Comment)
    .where(
        or_(
            model.Comment.record_id.in_(bindparam("about", expanding=True)),
            model.Comment.record_id.in_(
                select(model.Activity.id).where(model.Activity.customer_id == CUSTOMER)
            ),
        ),
        model.Comment.archived_at.is_(None),
    )
    .order_by(model.Comment.created_at.desc())
    .limit(LIMIT)
)


def _remarks(work: Work, asked: Asked) -> list[Happened]:
    return [
        Happened(
            at=audit.plain(row.created_at), kind="commented", title=row.text[:80], text=row.text, entity=row.about,
            id=row.record_id, actor_id=row.created_by, mentions=tuple(row.mentions),
        )
        for row in work.session.scalars(REMARKS, asked)
    ]  # fmt: skip


TURNS = (
    select(audit.Change)
    .where(
        audit.Change.record_id.in_(bindparam("ids", expanding=True)),
        or_(
            audit.Change.ver == 1,
            audit.Change.changes.has_key("owner_id"),
            audit.Change.changes.has_key("state"),
        ),
    )
    .order_by(audit.Change.at.desc())
    .limit(50)
)


def _turns(work: Work, customer: model.Customer) -> list[Happened]:
    """Where it came from, and through whose hands it went: read from the change log."""
    merged = merging.merged_into(work, customer.id)
    ids = [customer.id, *merged, *([customer.lead_id] if customer.lead_id else [])]
    found = []
    for entry in work.session.scalars(TURNS, {"ids": ids}):
        kind = _kind_of_turn(entry)
        if kind is not None:
            found.append(
                Happened(
                    at=audit.plain(entry.at), kind=kind, title=customer.name, text=entry.note, entity=entry.entity,
                    id=entry.record_id, actor_id=entry.actor_id,
                )
            )  # fmt: skip
    return found


def _kind_of_turn(entry: audit.Change) -> str | None:
    noun = entry.entity.rpartition(".")[2]
    if entry.ver == 1:
        return f"{noun}_created"
    if noun == "customer" and "owner_id" in entry.changes:
        return "customer_handed_over"
    if noun == "lead" and entry.changes.get("state", [None, None])[1] == "converted":
        return "lead_converted"
    return None


def _refers(rows: list[Any], happened: list[Happened]) -> labels.Wanted:
    """What the rows refer to, who did what happened, and what kind of visit or call it was."""
    wanted = labels.Wanted()
    for row in rows:
        wanted.behind([row], row.record.attrs())
    wanted.add("organization.staff", (id for entry in happened for id in (entry.actor_id, *entry.mentions)))
    return wanted.add("organization.choice", (entry.about_id for entry in happened))
