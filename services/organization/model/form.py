"""How forms are arranged: one for everybody and one for each department at most, of fields that there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import definitions, forms
from chassis.database import Kept, LineRow
from contracts import organization as messages
from contracts import own_objects, records
from contracts.errors import FieldProblem, Invalid
from contracts.message import STAMPS, Attr, Record
from contracts.own_fields import PREFIX
from services.organization import rules
from services.organization.model import tree
from services.organization.model.base import Base
from services.organization.model.own_field import OwnField
from services.organization.model.own_object import OwnObject


class FormItem(LineRow, Base):
    """A field on a form, or the title of a section."""

    record = messages.FormItem

    form_id: Mapped[UUID] = mapped_column(ForeignKey("form.id"), index=True)
    field: Mapped[str | None] = mapped_column(String(60))
    section: Mapped[str | None] = mapped_column(String(60))
    section_en: Mapped[str | None] = mapped_column(String(60))
    is_left_out: Mapped[bool] = mapped_column(default=False)
    is_required: Mapped[bool] = mapped_column(default=False)
    hint: Mapped[str | None] = mapped_column(String(300))
    hint_en: Mapped[str | None] = mapped_column(String(300))
    only_for: Mapped[list[str]] = mapped_column(default=list)

    def problems(self, a: Attr | None, known: set[str], differ: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """What is wrong with it, by field: it names one that there is and that stands nowhere else, and asks for no less than
        the field itself does. `a`: the field as it is built in; `known`: those not placed yet; `differ`: what records may be."""
        if not self.field:
            if not self.section:
                yield "section", "required"
            return
        if self.field not in known:
            yield "field", "unknown" if a is None else "taken"
        if a is not None and a.required and self.is_left_out:
            yield "is_left_out", "must_stay"
        if a is not None and a.required and self.only_for:
            yield "only_for", "must_stay"
        if self.is_required and (self.is_left_out or (a is not None and a.readonly)):
            yield "is_required", "readonly" if not self.is_left_out else "wrong"
        if set(self.only_for or ()) - set(differ):
            yield "only_for", "wrong"


class Form(Kept, Base):
    """The form of one kind of record, for everybody or for one department."""

    record = messages.Form
    listed = messages.FormListed
    __table_args__ = (
        Index(
            "ix_form_entity_name_department_id", "entity_name", "department_id", unique=True,
            postgresql_where=sql("archived_at IS NULL"), postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip

    entity_name: Mapped[str] = mapped_column(String(60))
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("department.id"))
    items: Mapped[list[FormItem]] = relationship(
        cascade="all, delete-orphan", order_by=FormItem.position, lazy="selectin"
    )

    def check(self, work: Any) -> None:
        """Of a kind of record that people fill in, the only one there, and of fields that such records have."""
        record = self._record(work)
        if record is None or not record.creatable:
            raise Invalid(FieldProblem("entity_name", "not_a_choice", value=self.entity_name))
        if self.archived_at is None:
            where = {"entity_name": self.entity_name, "archived_at": None}
            with work.session.no_autoflush:
                if self.department_id is not None:
                    tree.refuse_taken(work.session, self, "department_id", **where)
                else:
                    tree.refuse_taken(work.session, self, "entity_name", archived_at=None, department_id=None)
                if problems := self._problems(work, record):
                    raise Invalid(*problems)
        definitions.forget(forms.ENTITY)

    def _record(self, work: Any) -> type[Record] | None:
        """The kind of record it is of, shipped or the company's own."""
        if not rules.is_entity(self.entity_name):
            return None
        if not own_objects.is_own(self.entity_name):
            return records.find(self.entity_name)
        with work.session.no_autoflush:
            row = work.find(OwnObject, code=self.entity_name.partition(own_objects.PREFIX)[2])
        return own_objects.record_of({n: getattr(row, n) for n in OwnObject.listed.carries}) if row else None

    def _problems(self, work: Any, record: type[Record]) -> list[FieldProblem]:
        attrs = {name: a for name, a in record.built_in().items() if name not in STAMPS}
        wanted = select(OwnField.code).where(OwnField.entity_name == self.entity_name)
        # own fields that were put away keep their place for when they are brought back
        known = {*attrs, *(PREFIX + code for code in work.session.scalars(wanted))}
        differ = attrs[record.differs_by].choices if record.differs_by else ()
        found: list[FieldProblem] = []
        for number, item in enumerate(sorted(self.items, key=lambda item: item.position)):
            problems = [*item.problems(attrs.get(item.field or ""), known, differ)]
            found += [
                FieldProblem(f"items.{number}.{name}", code, value=item.field) for name, code in problems
            ]
            known.discard(item.field or "")
        return found
