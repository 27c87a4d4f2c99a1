"""The stages of a customer's lifecycle, and what people say about where a customer stands."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Kept, Searchable
from chassis.identity import new_id
from contracts import customer as messages
from contracts.errors import FieldProblem, Invalid
from services.customer.model.base import Base


class LifecycleStage(Searchable, Kept, Base):
    """One stage; a fact leads into one stage at most."""

    record = messages.LifecycleStage
    listed = messages.LifecycleStageListed

    position: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str | None] = mapped_column(String(60))
    entered_by: Mapped[str | None] = mapped_column(String(40))
    stalls_after_days: Mapped[int | None] = mapped_column()

    def check(self, work: Any) -> None:
        """Two stages of one fact would contradict each other."""
        if self.entered_by is None or self.archived_at is not None:
            return
        other = select(LifecycleStage.id).where(
            LifecycleStage.entered_by == self.entered_by, LifecycleStage.archived_at.is_(None),
            LifecycleStage.id != self.id,
        )  # fmt: skip
        with work.session.no_autoflush:
            if work.session.execute(other).first() is not None:
                raise Invalid(FieldProblem("entered_by", "taken"))


class LifecycleMark(Base):
    """What a person said, once; taken back it stays, with when."""

    __table_args__ = (Index("ix_lifecycle_mark_customer_id", "customer_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    customer_id: Mapped[UUID] = mapped_column()
    mark: Mapped[str] = mapped_column(String(20))
    stage_id: Mapped[UUID | None] = mapped_column()
    happened_on: Mapped[date] = mapped_column()
    note: Mapped[str | None] = mapped_column(Text)
    told_at: Mapped[datetime] = mapped_column()
    told_by: Mapped[str] = mapped_column(String(200))
    withdrawn_at: Mapped[datetime | None] = mapped_column()
