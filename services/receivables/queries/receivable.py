"""What is owed to us by whose customers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, select

from chassis import audit, labels
from chassis.work import Work
from contracts.money import total
from contracts.receivables import PerRep
from services.receivables import model

Instalment = model.Instalment
SUMS = ("open_amount", "overdue_amount")
NOTHING = Decimal("0.00")


def per_rep(work: Work, message: PerRep) -> dict[str, Any]:
    """Open and overdue amounts of each rep, of those the asker may see; overdue as of this moment, not of last night."""
    late = is_late(work)
    left = Instalment.remaining
    chosen = (
        select(
            Instalment.owner_id,
            func.sum(left).label("open_amount"),
            func.count(func.distinct(Instalment.receivable_id)).label("open_count"),
            func.coalesce(func.sum(left).filter(late), NOTHING).label("overdue_amount"),
            func.count(func.distinct(Instalment.receivable_id)).filter(late).label("overdue_count"),
            func.min(Instalment.due_on).filter(late).label("oldest_due_on"),
        )
        .where(Instalment.state == "open")
        .group_by(Instalment.owner_id)
        .order_by(func.coalesce(func.sum(left).filter(late), 0).desc(), func.sum(left).desc())
    )
    if message.staff_ids:
        chosen = chosen.where(Instalment.owner_id.in_(message.staff_ids))
    rows = work.session.execute(chosen).all()
    owners = {"organization.staff": {row.owner_id for row in rows if row.owner_id}}
    return {
        "rows": [{name: audit.plain(value) for name, value in row._mapping.items()} for row in rows],
        "totals": {name: str(total(getattr(row, name) for row in rows)) for name in SUMS},
        "labels": {id: label.as_json() for id, label in labels.named(work, owners, {}).items()},
    }


def is_late(work: Work, *among: ColumnElement[bool]) -> ColumnElement[bool]:
    """Past its due date where it is owed: each branch's day begins in its own time zone.

    among   what else holds of the instalments that are asked about; without it all open ones are looked at
    """
    branches = work.session.scalars(
        select(Instalment.branch_id).where(Instalment.state == "open", *among).distinct()
    ).all()
    days = [(Instalment.branch_id == id, literal(work.day_at(id))) for id in branches if id is not None]
    return Instalment.due_on < (case(*days, else_=literal(work.today)) if days else literal(work.today))
