"""Forms for the company's website."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Kept, Searchable
from contracts import customer as messages
from contracts import own_fields
from contracts.errors import FieldProblem, Invalid
from services.customer import rules
from services.customer.model.base import Base


class WebForm(Searchable, Kept, Base):
    """What strangers are asked, and who gets the leads."""

    record = messages.WebForm

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str | None] = mapped_column(String(100))
    text: Mapped[str | None] = mapped_column(Text)
    text_en: Mapped[str | None] = mapped_column(Text)
    asks: Mapped[list[str]] = mapped_column(default=list)
    asks_own_fields: Mapped[bool] = mapped_column(default=False)
    thanks: Mapped[str | None] = mapped_column(String(300))
    thanks_en: Mapped[str | None] = mapped_column(String(300))
    source_id: Mapped[UUID | None] = mapped_column()
    staff_id: Mapped[UUID] = mapped_column()
    is_open: Mapped[bool] = mapped_column(default=True)

    def check(self, work: Any) -> None:
        """Its link can be read aloud, and whoever answers can be reached."""
        if not rules.is_link_name(self.code):
            raise Invalid(FieldProblem("code", "wrong", value=self.code))
        if not rules.REACHED_BY & set(self.asks):
            raise Invalid(FieldProblem("asks", "no_way_to_reach"))

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of a lead it asks for, in the lead's order; the company's name always."""
        asked = {"name", *self.asks}
        attrs = messages.Lead.attrs().values()
        return tuple(
            a.name
            for a in attrs
            if a.name in asked
            or (self.asks_own_fields and own_fields.is_own(a.name) and not a.ref and a.kind != "file")
        )
