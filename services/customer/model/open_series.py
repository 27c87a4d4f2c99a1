"""Series of activities that nobody has said an end of."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import DateTime, String
from sqlalchemy.orm import Mapped, mapped_column

from services.customer.model.base import Base


class OpenSeries(Base):
    """From where a series goes on by itself, for as long as this row is there (ACT-01).

    It says when, on the clock of whoever began it; everything else is said by the activity of the series that is planned last.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(String(100))
    """RFC 5545, without its end."""
    zone: Mapped[str] = mapped_column(String(64))
    begins: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    next_at: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    """The first time by the rule that is not planned yet; what was moved lies `moved_by` behind it."""
    moved_by: Mapped[timedelta] = mapped_column()
    last_on: Mapped[date | None] = mapped_column()
    """The day up to which it goes on, where one was named that lies further ahead than is planned."""
