"""Our share of the customer page: opportunities, quotes, and what happened to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import lazyload

from chassis import flush, labels
from chassis.audit import Change
from chassis.entities import by_entity, values
from chassis.work import Work
from contracts.query import CustomerFile, CustomerFileOf, Happened, Label, Related
from services.sales.model import Opportunity, Quote, Stage
from services.sales.queries.open_work import worth

TOLD = ("state", "stage_id")
"""A change of one of these is something that happened; others are corrections."""
WHEN = ("closed_at", "stage_since", "sent_at", "answered_at")
"""Where a change says itself when it happened."""

Found = tuple[type[Any], int, list[Any]]
"""A class, how many of it the customer has, and the newest of them."""


def customer_file(work: Work, message: CustomerFileOf) -> CustomerFile:
    """What the reader may see of this customer's opportunities and quotes."""
    found: list[Found] = [(cls, *_newest(work, cls, message)) for cls in (Opportunity, Quote)]
    timeline = _timeline(work, {row.id: row for _, _, newest in found for row in newest}, message.limit)
    return CustomerFile(
        figures=_figures(work, message.customer_id),
        related=[
            Related(
                entity=cls.record.entity(), count=count, rows=[values(row, _columns(cls)) for row in newest]
            )
            for cls, count, newest in found
        ],
        timeline=timeline,
        labels=_labels(work, found, timeline),
    )


def _figures(work: Work, customer_id: UUID) -> dict[str, Any]:
    is_open, is_won = Opportunity.state == "open", Opportunity.state == "won"
    figures: dict[str, Any] = {
        "open_opportunities": func.count(Opportunity.id).filter(is_open),
        "open_amount": func.coalesce(func.sum(Opportunity.expected_amount).filter(is_open), 0),
        "open_weighted": func.coalesce(func.sum(worth()).filter(is_open), 0),
        "won_opportunities": func.count(Opportunity.id).filter(is_won),
        "won_amount": func.coalesce(func.sum(Opportunity.won_amount).filter(is_won), 0),
    }
    sums = (
        select(*figures.values())
        .select_from(Opportunity)
        .join(Stage, Stage.id == Opportunity.stage_id)
        .where(Opportunity.customer_id == customer_id, Opportunity.archived_at.is_(None))
    )
    row = work.session.execute(sums).one()
    return {
        name: value if isinstance(value, int) else str(value)
        for name, value in zip(figures, row, strict=True)
    }


def _newest(work: Work, cls: type[Any], message: CustomerFileOf) -> tuple[int, list[Any]]:
    wanted = select(cls).where(cls.customer_id == message.customer_id, cls.archived_at.is_(None))
    limit = min(message.limit, 200)
    bare = wanted.options(lazyload("*"))  # without their lines, which this page does not show
    newest = list(work.session.scalars(bare.order_by(cls.created_at.desc(), cls.id.desc()).limit(limit)))
    count = len(newest)
    if count == limit:  # there may be more
        count = work.session.execute(wanted.with_only_columns(func.count(cls.id))).scalar_one()
    return count, newest


def _columns(cls: type[Any]) -> dict[str, Any]:
    return {name: a for name, a in cls.record.attrs().items() if a.in_list or name in ("id", "created_at")}


def _timeline(work: Work, rows: dict[UUID, Any], limit: int) -> list[Happened]:
    """Out of the change log: births, steps between stages, changes of state."""
    if not rows:
        return []
    wanted = select(Change).where(Change.record_id.in_(rows), Change.changes.has_any(array(TOLD)))
    entries = work.session.scalars(wanted.order_by(Change.at.desc(), Change.ver.desc()).limit(limit))
    found = [_happened(entry, rows[entry.record_id]) for entry in entries]
    return sorted(found, key=lambda item: item.at, reverse=True)


def _happened(entry: Change, row: Any) -> Happened:
    """One entry of the log, in the words of the trade."""
    to = {name: pair[1] for name, pair in entry.changes.items()}
    moved = "state" not in to
    return Happened(
        at=next((to[name] for name in WHEN if to.get(name)), entry.at.isoformat()),
        kind=f"{row.record.noun()}_{'moved' if moved else _fact(entry)}",
        title=flush.label(row),
        text=entry.note,
        entity=row.record.entity(),
        id=row.id,
        actor_id=entry.actor_id,
        about_id=to.get("stage_id") if moved else to.get("reason_id"),
        amount=str(row.amount) if isinstance(row, Quote) else to.get("won_amount"),
    )


def _fact(entry: Change) -> str:
    """A quote that is a draft again was rejected; an opportunity that is open again was reopened."""
    before, after = entry.changes["state"]
    if before is None:
        return {"open": "opened", "draft": "drafted"}[after]
    return {"open": "reopened", "draft": "rejected"}.get(after, after)


def _labels(work: Work, found: list[Found], timeline: list[Happened]) -> dict[str, Label]:
    wanted = labels.Wanted()
    for cls, _, newest in found:
        wanted.behind(newest, _columns(cls))
    about = [item.about_id for item in timeline]
    wanted.add("sales.stage", about).add("organization.choice", about)
    wanted.add("organization.staff", (item.actor_id for item in timeline))
    return labels.named(work, wanted, by_entity(work))
