"""What was done and planned with leads and customers, and what colleagues remarked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Kept, Owned, Searchable
from chassis.lifecycle import Lives
from contracts import customer as messages
from services.customer.model.base import Base


class Activity(Searchable, Owned, Lives, Kept, Base):
    """A visit, a call, a meeting, done or planned. Its owner is whoever does it."""

    record = messages.Activity

    __table_args__ = (
        Index("ix_activity_lead_id", "lead_id"),
        Index("ix_activity_customer_id", "customer_id"),
        Index("ix_activity_owner_id_starts_at", "owner_id", "starts_at"),
        Index("ix_activity_starts_at_id", text("starts_at DESC"), text("id DESC")),
        Index("ix_activity_open", "owner_id", "starts_at", postgresql_where=text("state = 'planned'")),
    )

    kind_id: Mapped[UUID] = mapped_column()
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str | None] = mapped_column(Text)
    lead_id: Mapped[UUID | None] = mapped_column()
    customer_id: Mapped[UUID | None] = mapped_column()
    contact_id: Mapped[UUID | None] = mapped_column()
    opportunity_id: Mapped[UUID | None] = mapped_column()
    starts_at: Mapped[datetime] = mapped_column()
    ends_at: Mapped[datetime | None] = mapped_column()
    done_at: Mapped[datetime | None] = mapped_column()
    outcome: Mapped[str | None] = mapped_column(Text)


class Comment(Owned, Kept, Base):
    """What a colleague remarked on a record. Owner, department and branch are those of the record."""

    record = messages.Comment

    __table_args__ = (Index("ix_comment_record_id", "record_id"),)

    about: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[UUID] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
