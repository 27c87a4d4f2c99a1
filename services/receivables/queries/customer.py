"""This service's part of the customer page."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from chassis import audit, entities, labels
from chassis.work import Work
from contracts.message import Attr
from contracts.query import CustomerFile, CustomerFileOf, Happened, Related
from services.receivables import model
from services.receivables.queries.receivable import NOTHING, is_late

Instalment = model.Instalment


def customer_file(work: Work, message: CustomerFileOf) -> CustomerFile:
    """What one customer agreed with us: contracts, what is owed, what came in."""
    found = {
        cls: _newest(work, cls, message)
        for cls in (model.Contract, model.Receivable, model.Instalment, model.Payment)
    }
    wanted = labels.Wanted()
    for cls, (_, rows) in found.items():
        wanted.behind(rows, _columns(cls))
    return CustomerFile(
        figures=_figures(work, message),
        related=[related for related, _ in found.values()],
        timeline=_timeline(work, {cls: rows for cls, (_, rows) in found.items()})[: message.limit],
        labels=labels.named(work, wanted, entities.by_entity(work)),
    )


def _newest(work: Work, cls: Any, message: CustomerFileOf) -> tuple[Related, list[Any]]:
    """How many rows of the customer there are, and the newest; of instalments the open ones, next due first."""
    of_customer = [cls.customer_id == message.customer_id, cls.archived_at.is_(None)]
    order = (cls.created_at.desc(), cls.id.desc())
    if cls is model.Instalment:
        of_customer.append(cls.state == "open")
        order = (cls.due_on, cls.id)
    rows = list(work.session.scalars(select(cls).where(*of_customer).order_by(*order).limit(message.limit)))
    count = len(rows)
    if count == message.limit:  # there may be more
        count = work.session.scalar(select(func.count(cls.id)).where(*of_customer)) or 0
    shown = [entities.values(row, _columns(cls)) for row in rows]
    return Related(entity=cls.record.entity(), count=count, rows=shown), rows


def _columns(cls: Any) -> dict[str, Attr]:
    """Without their lines, which would be read for each contract by themselves."""
    return {name: a for name, a in cls.record.attrs().items() if not a.lines}


def _figures(work: Work, message: CustomerFileOf) -> dict[str, Any]:
    theirs = (Instalment.customer_id == message.customer_id, Instalment.state == "open")
    owed = select(
        func.count(model.Receivable.id).label("contracts_signed"),
        func.coalesce(func.sum(model.Receivable.amount), NOTHING).label("contracts_amount"),
        func.coalesce(func.sum(model.Receivable.paid), NOTHING).label("receivable_paid"),
        func.coalesce(func.sum(model.Receivable.remaining), NOTHING).label("receivable_open"),
        select(func.count(Instalment.id)).where(*theirs).scalar_subquery().label("instalments_open"),
    ).where(model.Receivable.customer_id == message.customer_id, model.Receivable.state != "cancelled")
    figures = work.session.execute(owed).one()
    shown = {name: audit.plain(value) for name, value in figures._mapping.items()}
    if not shown.pop("instalments_open"):
        return {**shown, "receivable_overdue": str(NOTHING)}
    late = select(func.coalesce(func.sum(Instalment.remaining), NOTHING)).where(
        *theirs, is_late(work, *theirs)
    )
    return {**shown, "receivable_overdue": str(work.session.scalar(late))}


def _timeline(work: Work, found: dict[Any, list[Any]]) -> list[Happened]:
    """What happened, newest first."""
    happened = _turns(work, {row.id: row for row in found[model.Contract]})
    for row in found[model.Payment]:
        kind = "payment_reversed" if row.amount < 0 else "payment_recorded"
        happened.append(
            _on_its_day(_happened(row, row.created_at, kind, row.amount, row.created_by), row.paid_on)
        )
    happened += [
        _happened(row, row.state_at, "receivable_settled", row.amount)
        for row in found[model.Receivable]
        if row.state == "settled"
    ]
    happened += [
        _happened(row, row.fell_due_at, "instalment_fell_due", row.remaining)
        for row in found[model.Instalment]
        if row.fell_due_at and row.remaining
    ]
    return sorted(happened, key=lambda entry: entry.at, reverse=True)


def _turns(work: Work, contracts: dict[UUID, Any]) -> list[Happened]:
    """The life of contracts, out of the change log. One of former days was signed in those days."""
    if not contracts:
        return []
    log = audit.Change
    wanted = select(log).where(log.record_id.in_(contracts), log.changes.has_key("state"))
    found = []
    for entry in work.session.scalars(wanted.order_by(log.at.desc(), log.id.desc())):
        row, (before, after) = contracts[entry.record_id], entry.changes["state"]
        kind = "rejected" if (before, after) == ("submitted", "draft") else after
        turn = _happened(row, entry.at, f"contract_{kind}", row.amount, entry.actor_id, entry.note)
        former = before is None and after == "signed"
        found.append(_on_its_day(turn, row.signed_on) if former else turn)
    return found


def _on_its_day(entry: Happened, day: date) -> Happened:
    """What was entered later than it happened stands where it happened."""
    return entry if entry.at[:10] <= str(day) else entry.model_copy(update={"at": f"{day}T00:00:00+00:00"})


def _happened(
    row: Any, at: datetime, kind: str, amount: Decimal, actor_id: UUID | None = None, text: str | None = None
) -> Happened:
    name = getattr(row, "name", None)
    return Happened(
        at=audit.plain(at), kind=kind, title=f"{row.number} {name}" if name else row.number, text=text,
        entity=row.record.entity(), id=row.id, actor_id=actor_id, amount=str(amount),
    )  # fmt: skip
