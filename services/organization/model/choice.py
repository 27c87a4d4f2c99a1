"""Base data: the lists people choose from, with a name per language."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Kept, Searchable
from contracts import organization as messages
from contracts.errors import FieldProblem, Invalid
from services.organization import rules
from services.organization.model import tree
from services.organization.model.base import Base


class Choice(Searchable, Kept, Base):
    """One entry of a list. Its code is what programs and reports know it by."""

    record = messages.Choice
    listed = messages.ChoiceListed
    __table_args__ = (UniqueConstraint("list", "code"),)

    list: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(String(200))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("choice.id"))
    position: Mapped[int] = mapped_column(default=0)

    def check(self, work: Any) -> None:
        """A code of its own within the list; part of an entry of the same list, never of itself."""
        self.code = rules.folded(self.code)
        if not rules.is_code(self.code):
            raise Invalid(FieldProblem("code", "wrong", value=self.code))
        tree.refuse_taken(work.session, self, "code", list=self.list)
        tree.refuse_loop(work.session, self, "parent_id")
        parent = work.session.get(Choice, self.parent_id) if self.parent_id else None
        if parent is not None and parent.list != self.list:
            raise Invalid(FieldProblem("parent_id", "elsewhere"))
