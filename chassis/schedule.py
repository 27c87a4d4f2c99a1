"""Jobs by the clock: each due moment once, whichever process does it, and late rather than never."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import ChassisBase


class ScheduleRun(ChassisBase):
    """One due moment of one job."""

    __tablename__ = "schedule_run"
    __table_args__ = (Index("ix_schedule_run_due_at", "due_at"),)

    job: Mapped[str] = mapped_column(String(80), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    next_attempt_at: Mapped[datetime | None] = mapped_column()
    done_at: Mapped[datetime | None] = mapped_column()
    error: Mapped[str | None] = mapped_column(Text)
