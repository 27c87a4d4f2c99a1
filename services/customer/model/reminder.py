"""When owners of activities are reminded, and when they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Kept
from contracts import customer as messages
from contracts.errors import FieldProblem, Invalid
from services.customer.model.base import Base

CHOSEN = {
    "never": (),
    "at_start": (0,),
    "15_minutes_before": (15,),
    "1_hour_before": (60,),
    "1_day_before": (1440,),
}
"""Minutes before, by what stands at the activity; «by_kind»: as the rules of its kind say."""


class ReminderRule(Kept, Base):
    """So long before an activity of this kind."""

    record = messages.ReminderRule

    kind_id: Mapped[UUID] = mapped_column()
    minutes: Mapped[int] = mapped_column()

    @classmethod
    def minutes_before(cls, work: Any, activities: Sequence[Any]) -> dict[UUID, list[int]]:
        """How long before each of these its owner is reminded, the longest first."""
        by_kind: dict[UUID, set[int]] = defaultdict(set)
        for rule in work.find_all(cls, archived_at=None):
            by_kind[rule.kind_id].add(rule.minutes)
        return {
            one.id: sorted(
                by_kind[one.kind_id] if one.remind == "by_kind" else CHOSEN[one.remind], reverse=True
            )
            for one in activities
        }

    def check(self, work: Any) -> None:
        """The same moment once."""
        wanted = select(ReminderRule.id).where(
            ReminderRule.kind_id == self.kind_id, ReminderRule.minutes == self.minutes,
            ReminderRule.archived_at.is_(None), ReminderRule.id != self.id,
        )  # fmt: skip
        with work.session.no_autoflush:
            if self.archived_at is None and work.session.execute(wanted).first() is not None:
                raise Invalid(FieldProblem("minutes", "taken"))


class BirthdayRule(Kept, Base):
    """So many days before, for everybody or for one person."""

    record = messages.BirthdayRule

    staff_id: Mapped[UUID | None] = mapped_column()
    days: Mapped[int] = mapped_column()

    def check(self, work: Any) -> None:
        """Two for the same people would contradict each other."""
        wanted = select(BirthdayRule.id).where(
            BirthdayRule.staff_id.is_not_distinct_from(self.staff_id), BirthdayRule.archived_at.is_(None),
            BirthdayRule.id != self.id,
        )  # fmt: skip
        with work.session.no_autoflush:
            if self.archived_at is None and work.session.execute(wanted).first() is not None:
                raise Invalid(FieldProblem("staff_id", "taken"))


class Nudged(Base):
    """What an owner was told about one record, and since when that was so: not told again until it is another time."""

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(String(20), primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)


class Reminded(Base):
    """One moment that its owner was reminded of. An activity that is moved has moments of its own again."""

    activity_id: Mapped[UUID] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    minutes: Mapped[int] = mapped_column(primary_key=True)
