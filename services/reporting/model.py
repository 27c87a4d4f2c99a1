"""The facts: one row for each thing that happened, credited to a staff member, never changed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.database import Kept, Money, Owned, Tables, tables
from chassis.work import Work
from contracts import reporting as messages
from contracts.money import HOME_CURRENCY


class Base(Tables, DeclarativeBase):
    """What all mapped classes of the service have in common."""

    metadata = tables()


class Fact(Owned, Kept, Base):
    record = messages.Fact
    __table_args__ = (
        CheckConstraint("count IN (1, -1)", name="once"),
        Index("ix_fact_happened_on_kind", "happened_on", "kind"),
        Index("ix_fact_owner_id_happened_on", "owner_id", "happened_on"),
        Index("ix_fact_happened_at_id", "happened_at", "id"),
        Index("ix_fact_record_id_kind", "record_id", "kind"),
        Index("ix_fact_about_id_recorded_at", "about_id", "recorded_at"),
    )

    kind: Mapped[str] = mapped_column(String(40))
    happened_on: Mapped[date] = mapped_column()
    """The day at the branch of whom it is credited to: it decides the period, whenever it was entered."""
    happened_at: Mapped[datetime] = mapped_column()
    recorded_at: Mapped[datetime] = mapped_column()
    """When it was entered where it happened."""
    subject: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[UUID] = mapped_column()
    about_id: Mapped[UUID | None] = mapped_column()
    """The contract a payment belongs to."""
    customer_id: Mapped[UUID | None] = mapped_column()
    detail: Mapped[str | None] = mapped_column(String(60))
    count: Mapped[int] = mapped_column(default=1)
    amount: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(3), default=HOME_CURRENCY)
    value: Mapped[int | None] = mapped_column()
    remaining: Mapped[Decimal | None] = mapped_column(Money)
    """What was still owed for the contract afterwards, as receivables told it."""
    takes_back_id: Mapped[UUID | None] = mapped_column(ForeignKey("fact.id"), unique=True)
    event_id: Mapped[UUID] = mapped_column()
    """The news it was heard by."""
    sequence: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """The place of that news in the order of its speaker: of two payments at once it alone tells which came last."""

    def in_use(self, work: Work) -> bool:
        """What happened is never put away."""
        return True

    def taken_back(self) -> Fact:
        """The fact that undoes this one."""
        same = ("kind", "subject", "record_id", "about_id", "customer_id", "detail", "currency")
        undone = Fact(
            **{name: getattr(self, name) for name in same}, count=-self.count, takes_back_id=self.id,
            amount=None if self.amount is None else -self.amount,
            value=None if self.value is None else -self.value,
        )  # fmt: skip
        undone.belong_with(self)
        return undone
