"""The look at due dates: what is overdue is marked, and said once to whoever has to chase it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis.work import Work
from contracts.receivables import InstalmentComesDue, InstalmentFellDue, RunChaseOverdue
from services.receivables import model, rules

Instalment = model.Instalment


def run_chase_overdue(work: Work, message: RunChaseOverdue) -> dict[str, int]:
    """The daily look, now."""
    with work.everything():
        return chase_overdue(work)


def chase_overdue(work: Work) -> dict[str, int]:
    """Mark what is overdue and announce, once for each instalment, that it fell due or soon will."""
    marked = mark_overdue(work)["marked"]
    fell, near = 0, 0
    for instalment in _open(work, Instalment.overdue, Instalment.fell_due_at.is_(None)):
        instalment.fell_due_at = work.now
        work.emit(InstalmentFellDue.of(instalment, **_about(work, instalment)))
        fell += 1
    for branch_id, today in _days(work).items():
        there = (Instalment.branch_id.is_not_distinct_from(branch_id), Instalment.due_on >= today)
        for instalment in _open(
            work, *there, Instalment.reminder_days.is_not(None), Instalment.reminded_at.is_(None)
        ):
            if rules.is_near(instalment.due_on, instalment.reminder_days, today):
                instalment.reminded_at = work.now
                work.emit(InstalmentComesDue.of(instalment, **_about(work, instalment)))
                near += 1
    return {"marked": marked, "fell_due": fell, "come_due": near}


def mark_overdue(work: Work) -> dict[str, int]:
    """Bring the kept overdue figures to this day, branch by branch as its day begins."""
    marked = 0
    for branch_id, today in _days(work).items():
        late = (
            select(Instalment.receivable_id)
            .where(
                Instalment.state == "open", Instalment.overdue.is_(False), Instalment.due_on < today,
                Instalment.branch_id.is_not_distinct_from(branch_id),
            )
            .distinct()
            .order_by(Instalment.receivable_id)
        )  # fmt: skip
        for receivable_id in work.session.scalars(late).all():
            # a payment may be on its way: whoever marks holds the same lock as whoever pays
            work.get(model.Receivable, receivable_id).look(today)
            marked += 1
    work.session.flush()
    return {"marked": marked}


def _days(work: Work) -> dict[UUID | None, date]:
    """The day it is now at every branch where money is open."""
    branches = select(Instalment.branch_id).where(Instalment.state == "open").distinct()
    return {branch_id: work.day_at(branch_id) for branch_id in work.session.scalars(branches).all()}


def _open(work: Work, *conditions: Any) -> list[model.Instalment]:
    chosen = select(Instalment).where(Instalment.state == "open", *conditions)
    return list(work.session.scalars(chosen.order_by(Instalment.due_on, Instalment.id).with_for_update()))


def _about(work: Work, instalment: model.Instalment) -> dict[str, Any]:
    contract = work.session.get_one(model.Contract, instalment.contract_id)
    return {"contract_number": contract.number, "open_amount": instalment.remaining}
