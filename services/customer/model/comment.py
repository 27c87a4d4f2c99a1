"""What colleagues remarked."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Kept, Owned
from contracts import customer as messages
from services.customer.model.base import Base


class Comment(Owned, Kept, Base):
    """A remark on a record. Owner, department and branch are those of the record; who wrote it is who created it."""

    record = messages.Comment

    __table_args__ = (Index("ix_comment_record_id", "record_id"),)

    about: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[UUID] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
