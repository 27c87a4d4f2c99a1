"""Lists that people keep as tabs, and which of them opens first."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.audit import changed
from chassis.database import Kept, Owned
from contracts import asking
from contracts import organization as messages
from contracts.errors import FieldProblem, Invalid
from services.organization import rules
from services.organization.model.base import Base


class SavedView(Owned, Kept, Base):
    """A list as somebody wants to find it again. Others may use one that is for them; only who made it changes it."""

    record = messages.SavedView
    __table_args__ = (Index("ix_saved_view_list_of", "list_of"),)

    name: Mapped[str] = mapped_column(String(60))
    list_of: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(2000))
    audience: Mapped[str] = mapped_column(String(20), default="myself")

    def check(self, work: Any) -> None:
        """It is of a list, or nobody would ever find it, and asks what can be asked there; one that was kept when more could be
        asked stays."""
        if not rules.is_entity(self.list_of):
            raise Invalid(FieldProblem("list_of", "wrong", value=self.list_of))
        if changed(self, "list_of", "query"):
            asking.require_known("query", self.list_of, self.query)


class FirstView(Base):
    """What opens first for one person in one list: a saved view, or a shipped one by its address."""

    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    list_of: Mapped[str] = mapped_column(String(60), primary_key=True)
    view_id: Mapped[UUID | None] = mapped_column()
    query: Mapped[str | None] = mapped_column(String(2000))
