"""What colleagues remarked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Kept, Owned
from contracts import customer as messages
from services.customer.model.base import Base


class Comment(Owned, Kept, Base):
    """A remark on a record. Owner, department and branch are those of the record; who wrote it is who created it."""

    record = messages.Comment
    part_of = ("record_id",)

    __table_args__ = (
        Index("ix_comment_record_id", "record_id"),
        Index("ix_comment_mentions", "mentions", postgresql_using="gin"),
    )

    about: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[UUID] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    mentions: Mapped[Sequence[UUID]] = mapped_column(ARRAY(Uuid), default=list, server_default="{}")

    def belongs_to(self, work: Any) -> Owned | None:
        """What it is about, of whichever kind."""
        with work.everything():
            found: Owned | None = work.session.get(
                work.entities[self.about.rpartition(".")[2]], self.record_id
            )
        return found
