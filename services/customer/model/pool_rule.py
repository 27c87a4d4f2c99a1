"""The pool of leads and customers: what belongs into it, who sees it, and its rules."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, func, select, true
from sqlalchemy.orm import Mapped, mapped_column

from chassis import replicas
from chassis.audit import changed
from chassis.database import Kept, Searchable
from contracts import customer as messages
from contracts.errors import FieldProblem, Invalid
from services.customer import rules
from services.customer.model.base import Base


class PoolRule(Searchable, Kept, Base):
    """One rule for everybody, and one for each person for whom another holds."""

    record = messages.PoolRule

    name: Mapped[str] = mapped_column(String(60))
    applies_to: Mapped[str] = mapped_column(String(60))
    staff_id: Mapped[UUID | None] = mapped_column()
    idle_days: Mapped[int | None] = mapped_column()
    remind_days: Mapped[int | None] = mapped_column()
    spans: Mapped[str | None] = mapped_column(String(20))
    picks_a_day: Mapped[int | None] = mapped_column()
    most_held: Mapped[int | None] = mapped_column()

    def check(self, work: Any) -> None:
        """Two rules for the same people would contradict each other."""
        wanted = select(PoolRule.id).where(
            PoolRule.applies_to == self.applies_to, PoolRule.staff_id.is_not_distinct_from(self.staff_id),
            PoolRule.archived_at.is_(None), PoolRule.id != self.id,
        )  # fmt: skip
        with work.session.no_autoflush:
            if self.archived_at is None and work.session.execute(wanted).first() is not None:
                raise Invalid(FieldProblem("staff_id", "taken"))


WORKED = ("new", "following")
"""States of a lead that somebody should work."""


def is_open(row: Any) -> bool:
    """Whether somebody should work this lead or customer."""
    return row.archived_at is None and getattr(row, "state", WORKED[0]) in WORKED


def open_rows(cls: type[Any]) -> ColumnElement[bool]:
    """The same as a condition."""
    there: ColumnElement[bool] = cls.archived_at.is_(None)
    return there & cls.state.in_(WORKED) if hasattr(cls, "state") else there


def in_reach(work: Any, row: Any) -> bool:
    """The pool of one's branch is everybody's there, that of the company where the rule says so; who sees all branches sees all pools."""
    return _is_wide(work, type(row)) or row.branch_id in (None, work.actor.branch_id)


def rows_in_reach(work: Any, cls: type[Any]) -> ColumnElement[bool]:
    """The same as a condition."""
    if _is_wide(work, cls):
        return true()
    here: ColumnElement[bool] = cls.branch_id.is_(None) | (cls.branch_id == work.actor.branch_id)
    return here


def _is_wide(work: Any, cls: type[Any]) -> bool:
    sees_all = work.actor.scope(f"{cls.record.entity()}.read") == "all"
    return sees_all or rule_for(work, cls, work.actor.id).spans == "company"


def rule_for(work: Any, cls: type[Any], staff_id: UUID | None) -> rules.Pool:
    """What holds for one person: her own rule, and where that says nothing the one for everybody."""
    by_person = {rule.staff_id: rule for rule in written(work, cls)}
    return rules.pool(by_person.get(staff_id), by_person.get(None))


def written(work: Any, cls: type[Any]) -> list[PoolRule]:
    """The rules for one kind."""
    found: list[PoolRule] = work.find_all(PoolRule, applies_to=cls.record.entity(), archived_at=None)
    return found


def held(work: Any, cls: type[Any], staff_id: UUID) -> int:
    """How many open ones somebody has."""
    mine = select(func.count()).where(cls.owner_id == staff_id, open_rows(cls))
    with work.everything():
        return work.session.scalar(mine) or 0


def wait_for_others(work: Any, staff_id: UUID) -> None:
    """One that comes to somebody after the other: two at once must not both be the last that she may hold."""
    key = func.hashtextextended(f"held by {staff_id}", 0)
    work.session.execute(select(func.pg_advisory_xact_lock(key)))


def check_load(work: Any, row: Any) -> None:
    """Whoever is given one more may hold it, or it was said why she should (LED-08). Raises Invalid.

    What is new, and what an import or a web form brings, comes to her in any case.
    """
    if row.ver is None or row.owner_id is None or row.beyond_limit or not changed(row, "owner_id"):
        return
    with work.session.no_autoflush:
        most = rule_for(work, type(row), row.owner_id).most_held
        if most is None or not is_open(row):
            return
        wait_for_others(work, row.owner_id)
        if (has := held(work, type(row), row.owner_id)) < most:
            return
        cards = replicas.several(work.session, [row.owner_id])
    name = cards[0].label if cards else ""
    raise Invalid(FieldProblem("owner_id", "holds_enough", name=name, held=has, most=most))
