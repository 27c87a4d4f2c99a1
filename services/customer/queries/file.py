"""This service's share of the customer page: people, schedule, trail, remarks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, or_, select

from chassis import audit, labels, mentions, merging
from chassis.entities import by_entity, find_class, values
from chassis.work import Work
from contracts.customer import ColleaguesFor, CommentsOf
from contracts.query import CustomerFile, CustomerFileOf, Happened, Related
from services.customer import model

MOST_OFFERED = 8


def customer_file(work: Work, message: CustomerFileOf) -> CustomerFile:
    """All that is known here of a customer the actor may see. Whoever sees the customer sees its whole trail."""
    customer = work.read(model.Customer, message.customer_id)
    limit = max(1, min(message.limit, 200))
    with work.everything():
        related = [
            _related(work, model.Contact, model.Contact.customer_id == customer.id, limit),
            _related(work, model.Wish, model.Wish.customer_id == customer.id, limit),
            _related(
                work, model.Activity, (model.Activity.customer_id == customer.id) & (model.Activity.state == "planned"),
                limit,
            ),
            _related(work, model.Lead, model.Lead.customer_id == customer.id, limit),
        ]  # fmt: skip
        rows = [row for _, found in related for row in found]
        happened = _timeline(work, customer, limit)
        return CustomerFile(
            figures=_figures(work, customer),
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


def _related(work: Work, cls: Any, condition: Any, limit: int) -> tuple[Related, list[Any]]:
    wanted = select(cls).where(condition, cls.archived_at.is_(None))
    order = cls.starts_at if hasattr(cls, "starts_at") else cls.created_at.desc()
    rows = list(work.session.scalars(wanted.order_by(order, cls.id).limit(limit)))
    count = len(rows)
    if count == limit:
        count = work.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    columns = {name: a for name, a in cls.record.attrs().items() if a.in_list or name in ("id", "ver")}
    return Related(entity=cls.record.entity(), count=count, rows=[values(r, columns) for r in rows]), rows


def _figures(work: Work, customer: model.Customer) -> dict[str, Any]:
    activity = model.Activity
    mine = (activity.customer_id == customer.id, activity.archived_at.is_(None))
    done, planned = activity.state == "done", activity.state == "planned"
    row = work.session.execute(
        select(
            func.count().filter(done), func.max(activity.done_at).filter(done), func.count().filter(planned),
            func.min(activity.starts_at).filter(planned),
        ).where(*mine)
    ).one()  # fmt: skip
    child = model.Customer
    kin = select(child.id).where(
        or_(child.parent_id == customer.id, child.company_id == customer.id), child.archived_at.is_(None)
    )
    has_group = work.session.scalar(select(kin.exists()))
    names = ("activities_done", "last_contact_at", "activities_planned", "next_step_at")
    found = {name: audit.plain(value) for name, value in zip(names, row, strict=True)}
    return {**found, "has_group": bool(has_group)}


def _timeline(work: Work, customer: model.Customer, limit: int) -> list[Happened]:
    entries = [*_done(work, customer, limit), *_remarks(work, customer, limit), *_turns(work, customer)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:limit]


def _done(work: Work, customer: model.Customer, limit: int) -> list[Happened]:
    activity = model.Activity
    wanted = select(activity).where(
        activity.customer_id == customer.id, activity.state == "done", activity.archived_at.is_(None)
    )
    return [
        Happened(
            at=audit.plain(row.done_at), kind="activity_done", title=row.subject, text=row.outcome or row.text,
            entity=row.record.entity(), id=row.id, actor_id=row.owner_id, about_id=row.kind_id,
        )
        for row in work.session.scalars(wanted.order_by(activity.done_at.desc()).limit(limit))
    ]  # fmt: skip


def _remarks(work: Work, customer: model.Customer, limit: int) -> list[Happened]:
    remark, activity = model.Comment, model.Activity
    trail = select(activity.id).where(activity.customer_id == customer.id)
    wanted = select(remark).where(
        or_(remark.record_id.in_([customer.id, customer.lead_id]), remark.record_id.in_(trail)),
        remark.archived_at.is_(None),
    )
    return [
        Happened(
            at=audit.plain(row.created_at), kind="commented", title=row.text[:80], text=row.text, entity=row.about,
            id=row.record_id, actor_id=row.created_by, mentions=tuple(row.mentions),
        )
        for row in work.session.scalars(wanted.order_by(remark.created_at.desc()).limit(limit))
    ]  # fmt: skip


def _turns(work: Work, customer: model.Customer) -> list[Happened]:
    """Where it came from, and through whose hands it went: read from the change log."""
    log = audit.Change
    merged = merging.merged_into(work, customer.id)
    wanted = select(log).where(
        log.record_id.in_([customer.id, *merged, *([customer.lead_id] if customer.lead_id else [])]),
        or_(log.ver == 1, log.changes.has_key("owner_id"), log.changes.has_key("state")),
    )
    found = []
    for entry in work.session.scalars(wanted.order_by(log.at.desc()).limit(50)):
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
