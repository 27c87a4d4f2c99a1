"""The hand-over of a closed deal from sales to service."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Kept, Money, Owned, Searchable
from chassis.lifecycle import Lives
from contracts import service_desk as messages
from services.service_desk.model.base import Base


class DealHandover(Searchable, Owned, Lives, Kept, Base):
    """One for each signed contract: what was sold to whom, who sold it, who looks after it now."""

    __table_args__ = (Index("ix_deal_handover_customer_id", "customer_id", "created_at"),)

    record = messages.DealHandover
    numbered = "JJ-{branch}-{year}-{seq:05}"

    number: Mapped[str | None] = mapped_column(String(60), unique=True)
    contract_id: Mapped[UUID] = mapped_column(unique=True)
    contract_number: Mapped[str] = mapped_column(String(60))
    contract_name: Mapped[str | None] = mapped_column(String(200))
    customer_id: Mapped[UUID | None] = mapped_column()
    contact_id: Mapped[UUID | None] = mapped_column()
    from_id: Mapped[UUID | None] = mapped_column()
    to_id: Mapped[UUID | None] = mapped_column()
    signed_on: Mapped[date | None] = mapped_column()
    amount: Mapped[Decimal | None] = mapped_column(Money)
    remark: Mapped[str | None] = mapped_column(Text)
    accepted_at: Mapped[datetime | None] = mapped_column()

    def accept(self, to_id: UUID, at: datetime) -> None:
        """Somebody of service looks after it from now on. Raises IllegalTransition when somebody does already."""
        self.move("accept", at)
        self.to_id, self.accepted_at = to_id, at
