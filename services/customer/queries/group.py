"""The group a customer belongs to, from the top down, with what it brings together (CUS-15)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from chassis.audit import plain
from chassis.work import Work
from contracts.customer import Group, GroupMember, GroupOf
from services.customer import model
from services.customer.model import group as groups

FIGURES = (
    "contracts_amount", "paid_amount", "owed_amount", "overdue_amount", "open_opportunities", "open_amount", "lifetime_value",
    "expense_amount",
)  # fmt: skip
MOST = 500
"""So many of a group are told one by one; its sums are those of all."""
ONE = model.Customer


def group(work: Work, message: GroupOf) -> Group:
    """As far as the actor may see it: what is outside her rights is left out, and what stands below that moves up.

    The customer itself is always named and added up, also when it was put away.
    """
    customer = work.read(model.Customer, message.customer_id)
    with work.everything():
        top = next(reversed(groups.above(work.session, customer.id)), customer.id)
        within, mine = (groups.below(work.session, id) for id in (top, customer.id))
    within += set(mine) - set(within)  # it may be put away itself
    named = select(ONE).where(ONE.id.in_(within), ONE.archived_at.is_(None)).order_by(ONE.name, ONE.id)
    seen = {row.id: row for row in work.session.scalars(named.limit(MOST))} | {customer.id: customer}
    sums = [func.coalesce(func.sum(getattr(ONE, name)), _nothing(name)) for name in FIGURES]
    counted = or_(ONE.archived_at.is_(None), ONE.id == customer.id)
    count, *summed = work.session.execute(
        select(func.count(), *sums).select_from(ONE).where(ONE.id.in_(mine), counted)
    ).one()
    people = select(func.count()).select_from(model.Customer).where(
        model.Customer.company_id == customer.id, model.Customer.nature == "individual", model.Customer.archived_at.is_(None)
    )  # fmt: skip
    return Group(
        members=tuple(_members(work, seen, within)),
        below=count - 1,
        sums={name: plain(value) for name, value in zip(FIGURES, summed, strict=True)},
        people=work.session.scalar(people) or 0,
    )


def _nothing(name: str) -> Any:
    return 0 if name == "open_opportunities" else Decimal("0.00")


def _members(work: Work, seen: dict[UUID, Any], within: list[UUID]) -> list[GroupMember]:
    """Each below the nearest one above it that is shown."""
    table: Any = model.Customer.__table__
    links = select(table.c.id, table.c.parent_id).where(table.c.id.in_(within))
    parents: dict[UUID, UUID | None] = dict(work.session.connection().execute(links).tuples().all())
    under: dict[UUID | None, list[UUID]] = {}
    for id in seen:
        over = parents[id]
        while over is not None and over not in seen:
            over = parents.get(over)
        under.setdefault(over, []).append(id)
    found: list[GroupMember] = []

    def put(id: UUID, depth: int) -> None:
        row = seen[id]
        figures = {name: plain(getattr(row, name)) for name in FIGURES}
        found.append(GroupMember(id=id, name=row.name, nature=row.nature, depth=depth, figures=figures))
        for child in under.get(id, ()):
            put(child, depth + 1)

    for id in under.get(None, ()):
        put(id, 0)
    return found
