"""What is told by the calendar, and how often: of the loyalty ladder, and of customers nobody was in contact with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import String, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Kept
from chassis.derived import derived
from contracts import customer as messages
from services.customer.model.base import Base


class LadderReport(Kept, Base):
    """The only one."""

    record = messages.LadderReport

    rhythm: Mapped[str] = mapped_column(String(20))
    role_ids: Mapped[Sequence[UUID]] = mapped_column(ARRAY(Uuid), default=list, server_default="{}")
    told_until: Mapped[date | None] = derived()
    """The last day of the last month that was told of."""


class ContactRhythm(Kept, Base):
    """One for each value class."""

    record = messages.ContactRhythm

    value_class: Mapped[str] = mapped_column(String(40), unique=True)
    days: Mapped[int | None] = mapped_column()
