"""What is owed for a signed contract, and its instalments.

The figures kept here (paid, remaining, overdue) are always made anew from the payments; `check_books` compares.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.database import Kept, Money, Owned, Searchable
from chassis.lifecycle import Lives
from chassis.work import Work
from contracts import receivables as messages
from contracts.money import HOME_CURRENCY, total
from services.receivables import rules
from services.receivables.model.base import Base

NOTHING = Decimal("0.00")


class Instalment(Searchable, Owned, Kept, Base):
    record = messages.Instalment
    part_of = ("contract_id",)
    __table_args__ = (
        CheckConstraint("paid >= 0 AND paid <= amount", name="paid_at_most_once"),
        Index("ix_instalment_customer_id_due_on", "customer_id", "due_on"),
        Index("ix_instalment_due_on_id", "due_on", "id"),
        Index("ix_instalment_open_due_on", "due_on", postgresql_where=text("state = 'open'")),
        Index("ix_instalment_open_owner_id", "owner_id", "due_on", postgresql_where=text("state = 'open'")),
    )

    number: Mapped[str | None] = mapped_column(String(50), unique=True)
    position: Mapped[int] = mapped_column(default=1)
    receivable_id: Mapped[UUID] = mapped_column(ForeignKey("receivable.id"), index=True)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"), index=True)
    customer_id: Mapped[UUID] = mapped_column()
    due_on: Mapped[date] = mapped_column()
    amount: Mapped[Decimal] = mapped_column(Money)
    paid: Mapped[Decimal] = mapped_column(Money, default=NOTHING)
    remaining: Mapped[Decimal] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(3), default=HOME_CURRENCY)
    overdue: Mapped[bool] = mapped_column(Boolean, default=False)
    method_id: Mapped[UUID | None] = mapped_column()
    reminder_days: Mapped[int | None] = mapped_column()
    fell_due_at: Mapped[datetime | None] = mapped_column()
    """When we told that it fell due: said once."""
    reminded_at: Mapped[datetime | None] = mapped_column()
    state: Mapped[str] = mapped_column(String(40), default="open")
    receivable: Mapped[Receivable] = relationship(back_populates="instalments")

    def check(self, work: Work) -> None:
        """It is called after its receivable: YS-HQ-2026-00001-2."""
        if self.number is None:
            self.number = f"{self.receivable.number}-{self.position}"

    def in_use(self, work: Work) -> bool:
        """What was owed is never put away."""
        return True


class Receivable(Searchable, Owned, Lives, Kept, Base):
    record = messages.Receivable
    part_of = ("contract_id",)
    numbered = "YS-{branch}-{year}-{seq:05}"
    __table_args__ = (
        # the last net: the action refuses first, in words
        CheckConstraint("paid >= 0 AND paid <= amount", name="paid_at_most_once"),
        Index("ix_receivable_customer_id_created_at", "customer_id", "created_at"),
        Index("ix_receivable_state_due_on", "state", "due_on", "id"),
        Index("ix_receivable_due_on_id", "due_on", "id"),
        Index("ix_receivable_overdue", "overdue_amount", postgresql_where=text("overdue_amount > 0")),
    )

    number: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"), unique=True)
    """One contract, one receivable: the database sees to it."""
    customer_id: Mapped[UUID] = mapped_column()
    amount: Mapped[Decimal] = mapped_column(Money)
    paid: Mapped[Decimal] = mapped_column(Money, default=NOTHING)
    remaining: Mapped[Decimal] = mapped_column(Money)
    overdue_amount: Mapped[Decimal] = mapped_column(Money, default=NOTHING)
    due_on: Mapped[date | None] = mapped_column()
    currency: Mapped[str] = mapped_column(String(3), default=HOME_CURRENCY)
    settled_on: Mapped[date | None] = mapped_column()
    instalments: Mapped[list[Instalment]] = relationship(
        back_populates="receivable", order_by=(Instalment.due_on, Instalment.position)
    )

    def in_use(self, work: Work) -> bool:
        """What was owed is never put away."""
        return True

    @property
    def owed(self) -> Decimal:
        """What is to come in altogether; nothing once the contract was given up."""
        return NOTHING if self.state == "cancelled" else self.amount

    def book(self, paid: Decimal, today: date, at: datetime) -> None:
        """Make the figures follow from the sum of all payments: what covers which instalment, what is left, the state."""
        is_owed = self.state != "cancelled"
        covered = rules.spread(paid, [part.amount for part in self.instalments])
        for part, cover in zip(self.instalments, covered, strict=True):
            part.paid = cover
            part.remaining = part.amount - cover if is_owed else NOTHING
            part.state = "cancelled" if not is_owed else "open" if part.remaining else "settled"
        self.paid = paid
        self.remaining = self.owed - paid
        if self.state == "open" and not self.remaining:
            self.move("settle", at)
        elif self.state == "settled" and self.remaining:
            self.move("reopen", at)
        self.look(today)

    def look(self, today: date) -> None:
        """See what is overdue today, and which day comes next."""
        for part in self.instalments:
            part.overdue = rules.is_overdue(part.due_on, part.remaining, today)
        self.overdue_amount = total(part.remaining for part in self.instalments if part.overdue)
        self.due_on = min((part.due_on for part in self.instalments if part.remaining), default=None)

    def drop(self, today: date, at: datetime) -> None:
        """The contract was given up before anything was paid: nothing is owed any more."""
        self.move("drop", at)
        self.book(self.paid, today, at)
