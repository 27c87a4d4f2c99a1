"""What a service has heard: each event once for each of its doors, done, or kept until it can be done.

A failing event waits here with a growing delay, and whatever happened to the same thing afterwards waits behind it;
after the last attempt it is parked for a person. Nothing else waits. (docs/decisions: one queue, failures in a table)
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import ChassisBase


class Incoming(ChassisBase):
    """One event at one door."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index(
            "ix_inbox_open",
            "aggregate_id",
            "position",
            postgresql_where=text("state in ('waiting','held','parked')"),
        ),
        Index("ix_inbox_due", "next_attempt_at", postgresql_where=text("state = 'waiting'")),
        Index("ix_inbox_done_at", "done_at"),
    )

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    door: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, Identity())
    """The order of arrival."""
    aggregate_id: Mapped[UUID] = mapped_column()
    type: Mapped[str] = mapped_column(String(160))
    state: Mapped[str] = mapped_column(String(10))
    """done; waiting for its next attempt; held behind an earlier one; parked for a person; discarded by one"""
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    next_attempt_at: Mapped[datetime | None] = mapped_column()
    error: Mapped[str | None] = mapped_column(Text)
    history: Mapped[list[Any] | None] = mapped_column()
    """Each attempt and each decision: when, what, who."""
    envelope: Mapped[dict[str, Any] | None] = mapped_column()
    """The whole event while it is open; not kept once it is done."""
    received_at: Mapped[datetime] = mapped_column()
    done_at: Mapped[datetime | None] = mapped_column()


class Bound(ChassisBase):
    """A kind of news our queue is bound to, so that what is no longer wanted can be unbound."""

    __tablename__ = "inbox_binding"

    source: Mapped[str] = mapped_column(String(60), primary_key=True)
    type: Mapped[str] = mapped_column(String(80), primary_key=True)
