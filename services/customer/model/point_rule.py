"""What an activity is worth to whoever did it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Kept
from contracts import customer as messages
from contracts.errors import FieldProblem, Invalid
from services.customer.model.base import Base


class PointRule(Kept, Base):
    """So many points for this kind, from this day on."""

    record = messages.PointRule

    kind_id: Mapped[UUID] = mapped_column()
    points: Mapped[int] = mapped_column()
    from_on: Mapped[date | None] = mapped_column()

    def check(self, work: Any) -> None:
        """From one day on one number."""
        wanted = select(PointRule.id).where(
            PointRule.kind_id == self.kind_id, PointRule.from_on.is_not_distinct_from(self.from_on),
            PointRule.archived_at.is_(None), PointRule.id != self.id,
        )  # fmt: skip
        with work.session.no_autoflush:
            if self.archived_at is None and work.session.execute(wanted).first() is not None:
                raise Invalid(FieldProblem("from_on", "taken"))
