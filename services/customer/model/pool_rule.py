"""The pool of leads and customers: what belongs into it, who sees it, and its rules."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, select, true
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Kept, Searchable
from contracts import customer as messages
from contracts.actor import Actor
from contracts.errors import FieldProblem, Invalid
from services.customer.model.base import Base


class PoolRule(Searchable, Kept, Base):
    """One rule for everybody, and one for each person for whom another holds."""

    record = messages.PoolRule

    name: Mapped[str] = mapped_column(String(60))
    applies_to: Mapped[str] = mapped_column(String(60))
    staff_id: Mapped[UUID | None] = mapped_column()
    idle_days: Mapped[int | None] = mapped_column()
    remind_days: Mapped[int | None] = mapped_column()
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


def in_reach(row: Any, actor: Actor) -> bool:
    """The pool of one's branch is everybody's there; who sees all branches sees all pools."""
    wide = actor.scope(f"{row.record.entity()}.read") == "all"
    return wide or row.branch_id is None or row.branch_id == actor.branch_id


def rows_in_reach(cls: type[Any], actor: Actor) -> ColumnElement[bool]:
    """The same as a condition."""
    if actor.scope(f"{cls.record.entity()}.read") == "all":
        return true()
    here: ColumnElement[bool] = cls.branch_id.is_(None) | (cls.branch_id == actor.branch_id)
    return here
