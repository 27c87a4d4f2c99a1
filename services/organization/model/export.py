"""Lists on their way into files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Kept, Owned
from chassis.lifecycle import Lives
from contracts import organization as messages
from contracts.organization import ExportEnded
from services.organization import rules
from services.organization.model.base import Base


class Export(Owned, Lives, Kept, Base):
    """One list as a file. While it is being written, its writer says so again and again; one who is silent has lost it."""

    record = messages.Export
    __table_args__ = (
        Index("ix_export_due", "created_at", postgresql_where=text("state in ('waiting', 'running')")),
        Index("ix_export_ended_at", "ended_at", postgresql_where=text("state = 'ready'")),
    )

    name: Mapped[str] = mapped_column(String(200))
    file_kind: Mapped[str] = mapped_column(String(10))
    list_of: Mapped[str] = mapped_column(String(60))
    query: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(10))
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    size: Mapped[int | None] = mapped_column()
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(200))
    heard_at: Mapped[datetime | None] = mapped_column()
    """When its writer was heard of last."""
    ended_at: Mapped[datetime | None] = mapped_column()

    def begin(self, at: datetime) -> None:
        """A writer takes it in hand, from the first row on."""
        self.move("begin", at)
        self.attempts, self.done, self.heard_at = self.attempts + 1, 0, at

    def is_with(self, attempt: int) -> bool:
        """Whether this writer still has it."""
        return self.state == "running" and self.attempts == attempt

    def end(self, work: Any, verb: str, error: str | None = None) -> None:
        """It is ready, or will never be: whoever asked for it is told."""
        self.move(verb, work.now)
        self.error, self.ended_at = error, work.now
        work.emit(
            ExportEnded(
                export_id=self.id,
                owner_id=self.owner_id,
                name=self.name,
                is_ready=verb == "finish",
                rows=self.done,
            )
        )

    def is_worn_out(self) -> bool:
        """Whether it has failed too often to be tried once more."""
        return self.attempts >= rules.MOST_ATTEMPTS
