"""What the other services told of a customer, news by news: what its figures are made of."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Money
from services.customer.model.base import Base


class Dealing(Base):
    """One announcement about a contract, an opportunity, a ticket or a quote. Written once, whatever comes twice or late."""

    __table_args__ = (
        Index("ix_dealing_customer_id", "customer_id"),
        Index("ix_dealing_thing_id", "thing_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """The news it was heard by."""
    thing_id: Mapped[UUID] = mapped_column()
    """The contract (also of a payment), opportunity or ticket."""
    what: Mapped[str] = mapped_column(String(40))
    """The kind of news, such as `contract_signed`."""
    told_id: Mapped[UUID | None] = mapped_column()
    """Whose it was, as the news told."""
    customer_id: Mapped[UUID | None] = mapped_column()
    """Whose it is: as the card of the thing reads now, else as the first news of it told."""
    amount: Mapped[Decimal | None] = mapped_column(Money)
    remaining: Mapped[Decimal | None] = mapped_column(Money)
    value: Mapped[int | None] = mapped_column()
    taken: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    """Of a contract's execution: step begun or done, such as `training_done` → the day."""
    happened_on: Mapped[date] = mapped_column()
    told_at: Mapped[datetime] = mapped_column()
    sequence: Mapped[int] = mapped_column(BigInteger)
    """The order of what one service tells."""
