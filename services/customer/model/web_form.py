"""Forms for the company's website."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import String, Text, Uuid, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Kept, Searchable
from chassis.replicas import Replica, several
from contracts import customer as messages
from contracts import own_fields
from contracts.customer.web_form import LISTS
from contracts.errors import FieldProblem, Invalid
from contracts.message import Attr
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
    asked_field_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    asks_own_fields: Mapped[bool] = mapped_column(default=False)
    thanks: Mapped[str | None] = mapped_column(String(300))
    thanks_en: Mapped[str | None] = mapped_column(String(300))
    source_id: Mapped[UUID | None] = mapped_column()
    staff_id: Mapped[UUID] = mapped_column()
    is_open: Mapped[bool] = mapped_column(default=True)
    most_a_day: Mapped[int] = mapped_column(default=100, server_default="100")
    sites: Mapped[list[str]] = mapped_column(default=list)

    def check(self, work: Any) -> None:
        """Its link can be read aloud, whoever answers can be reached, and a stranger is shown no record of ours."""
        if not rules.is_link_name(self.code):
            raise Invalid(FieldProblem("code", "wrong", value=self.code))
        if not rules.REACHED_BY & set(self.asks):
            raise Invalid(FieldProblem("asks", "no_way_to_reach"))
        self.sites = [site.strip().rstrip("/").lower() for site in self.sites]
        wrong = [
            FieldProblem("sites", "not_a_site", value=site) for site in self.sites if not rules.is_site(site)
        ]
        wrong += [
            FieldProblem("asked_field_ids", "not_for_strangers", value=a.label)
            for a in self._chosen(work) if not _may_be_asked(a)
        ]  # fmt: skip
        if wrong:
            raise Invalid(*wrong)

    def fields(self, work: Any) -> dict[str, Attr]:
        """The fields of a lead it asks for, in the lead's order; the company's name always."""
        attrs, asked = messages.Lead.attrs(), {"name", *self.asks, *(a.name for a in self._chosen(work))}
        return {
            name: a
            for name, a in attrs.items()
            if name in asked or (self.asks_own_fields and own_fields.is_own(name) and _may_be_asked(a))
        }

    def _chosen(self, work: Any) -> list[Attr]:
        """The own fields that were picked, as far as they are still there."""
        cards, attrs = several(work.session, self.asked_field_ids), messages.Lead.attrs()
        names = [f"{own_fields.PREFIX}{card.data['code']}" for card in cards if not card.archived]
        return [attrs[name] for name in names if name in attrs]


class WebFormSender(Base):
    """How often a form came from one internet address on one day; of the address only a mark is kept, for that day."""

    form_id: Mapped[UUID] = mapped_column(primary_key=True)
    sent_on: Mapped[date] = mapped_column(primary_key=True)
    sender: Mapped[str] = mapped_column(String(64), primary_key=True)
    sent: Mapped[int] = mapped_column()


def _may_be_asked(a: Attr) -> bool:
    return a.kind != "file" and (not a.ref or a.ref in LISTS)


def choices_of(work: Any, a: Attr) -> tuple[messages.WebFormChoice, ...]:
    """The words of a field's list, in their order."""
    wanted = select(Replica).where(Replica.entity == a.ref, Replica.archived.is_(False))
    for name, value in a.among.items():
        wanted = wanted.where(Replica.data[name].astext == str(value))
    cards = sorted(
        work.session.scalars(wanted), key=lambda card: (card.data.get("position") or 0, card.label)
    )
    return tuple(
        messages.WebFormChoice(id=card.id, label=card.label, label_en=card.label_en) for card in cards
    )
