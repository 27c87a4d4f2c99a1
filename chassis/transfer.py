"""Bringing in many rows: kept as they came, looked at in the background, made a few hundred at a time, taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import ChassisBase
from chassis.identity import new_id


class Job(ChassisBase):
    """One file on its way into the books, with the authority of whoever started it."""

    __tablename__ = "import_job"
    __table_args__ = (
        Index(
            "ix_import_job_open",
            "created_at",
            postgresql_where=text("state in ('checking','running','taking_back')"),
        ),
        Index("ix_import_job_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entity: Mapped[str] = mapped_column(String(60))
    file_name: Mapped[str] = mapped_column(String(200))
    columns: Mapped[list[Any]] = mapped_column()
    duplicates: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="staging")
    started_by: Mapped[UUID] = mapped_column()
    actor: Mapped[dict[str, Any]] = mapped_column()
    """Who asked for the present pass, with her rights at that moment."""
    call_id: Mapped[str] = mapped_column(String(100), default="")
    position: Mapped[int] = mapped_column(default=0)
    """The place of the last row worked in the present pass."""
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    good: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)
    made: Mapped[int] = mapped_column(default=0)
    kept: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column()
    worked_at: Mapped[datetime | None] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)


class StagedRow(ChassisBase):
    """One row of the file as it came, what is wrong with it, and what was made of it."""

    __tablename__ = "import_row"
    __table_args__ = (
        Index("ix_import_row_bad", "job_id", "position", postgresql_where=text("state = 'bad'")),
    )

    job_id: Mapped[UUID] = mapped_column(ForeignKey("import_job.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(10), default="staged")
    """staged, good, bad; made; undone or kept when the job was taken back"""
    given: Mapped[dict[str, Any]] = mapped_column()
    """The values by field, as the file has them."""
    keys: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """What it shares with a row that is the same thing (name without suffix, tax number); for duplicates in the file."""
    problems: Mapped[list[Any] | None] = mapped_column()
    made: Mapped[list[Any] | None] = mapped_column()
    """[[entity, id, ver], …]: the row and what came with it, as the job left them."""
