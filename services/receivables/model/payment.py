"""Money that came in: entries that are added and never changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, case, select
from sqlalchemy.orm import Mapped, aliased, column_property, mapped_column

from chassis.database import Kept, Money, Owned, Searchable
from chassis.work import Work
from contracts import receivables as messages
from contracts.money import HOME_CURRENCY
from services.receivables.model.base import Base


class Payment(Searchable, Owned, Kept, Base):
    record = messages.Payment
    part_of = ("contract_id",)
    numbered = "HK-{branch}-{year}-{seq:05}"
    __table_args__ = (
        CheckConstraint("(amount < 0) = (reverses_id IS NOT NULL) AND amount <> 0", name="sign"),
        Index("ix_payment_customer_id_paid_on", "customer_id", "paid_on"),
        Index("ix_payment_paid_on_id", "paid_on", "id"),
    )

    number: Mapped[str] = mapped_column(String(40), unique=True)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"), index=True)
    receivable_id: Mapped[UUID] = mapped_column(ForeignKey("receivable.id"), index=True)
    customer_id: Mapped[UUID] = mapped_column()
    amount: Mapped[Decimal] = mapped_column(Money)
    """Negative where it takes another one back."""
    currency: Mapped[str] = mapped_column(String(3), default=HOME_CURRENCY)
    paid_on: Mapped[date] = mapped_column()
    method_id: Mapped[UUID | None] = mapped_column()
    note: Mapped[str | None] = mapped_column(Text)
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("payment.id"), unique=True)
    """A payment is taken back once: the database sees to it."""

    def in_use(self, work: Work) -> bool:
        """Money that came in is never put away."""
        return True


_other = aliased(Payment)
# Not a column: whether a payment was taken back follows from the entries, so that no entry is ever changed.
Payment.state = column_property(  # type: ignore[attr-defined]
    case(
        (Payment.reverses_id.is_not(None), "reversed"),
        (select(_other.id).where(_other.reverses_id == Payment.id).exists(), "reversed"),
        else_="recorded",
    )
)
