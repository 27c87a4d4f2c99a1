"""Lists that people keep as tabs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Kept
from contracts import organization as messages
from contracts.errors import Forbidden
from services.organization.model.base import Base


class SavedView(Kept, Base):
    """A list as somebody wants to find it again. Others may use one that is shared; only who made it changes it."""

    record = messages.SavedView
    __table_args__ = (Index("ix_saved_view_list_of", "list_of"),)

    name: Mapped[str] = mapped_column(String(60))
    list_of: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(2000))
    is_shared: Mapped[bool] = mapped_column(default=False)

    def check(self, work: Any) -> None:
        """Hands off other people's tabs."""
        if self.created_by not in (None, work.actor.id):
            raise Forbidden(permission="organization.saved_view.update")
