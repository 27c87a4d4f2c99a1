"""Fields that the company adds to its records, and the values some of them choose from."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from chassis import definitions, own_fields
from chassis.audit import changed
from chassis.database import Kept, Searchable
from chassis.derived import derived
from chassis.initials import initials
from chassis.lifecycle import Lives
from contracts import organization as messages
from contracts import own_objects, records
from contracts.errors import FieldProblem, Invalid
from contracts.own_fields import CHOSEN, NEAR, PREFIX, logged_as, may_have, may_refer
from services.organization import rules
from services.organization.model import tree
from services.organization.model.base import Base

FIXED = ("entity_name", "kind", "refers_to", "code")
"""What the values hang on."""


class OwnField(Lives, Searchable, Kept, Base):
    """A field of one kind of record. Its values are kept where the record is. One that was deleted stays as what it was, so
    that the history of records can name it (docs/decisions/0069)."""

    record = messages.OwnField
    listed = messages.OwnFieldListed
    __table_args__ = (
        Index(
            "ix_own_field_entity_name_code", "entity_name", "code", unique=True, postgresql_where=sql("state = 'defined'")
        ),
    )  # fmt: skip

    entity_name: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str | None] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    refers_to: Mapped[str | None] = mapped_column(String(60))
    code: Mapped[str] = mapped_column(String(40))
    help: Mapped[str | None] = mapped_column(String(300))
    help_en: Mapped[str | None] = mapped_column(String(300))
    is_required: Mapped[bool] = mapped_column(default=False)
    is_in_list: Mapped[bool] = mapped_column(default=False)
    is_searched: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    kept_as: Mapped[str | None] = derived(String(60))
    state: Mapped[str] = mapped_column(String(40), server_default="defined")

    @property
    def logged(self) -> str:
        """Under which name its values stand."""
        return logged_as(self.code, self.kept_as)

    def check(self, work: Any) -> None:
        """Belongs to a kind of record there is, has a code of its own there, and stays what it is."""
        if self.ver is not None:
            moved = [name for name in FIXED if changed(self, name)]
            if moved:
                raise Invalid(*(FieldProblem(name, "readonly") for name in moved))
        else:
            self._check_kind(work)
        self._check_reference(work)
        if self.code is None:
            self.code = free_code(
                work,
                OwnField,
                self.name,
                self.name_en,
                "field",
                entity_name=self.entity_name,
                state="defined",
            )
        if not rules.is_code(self.code):
            raise Invalid(FieldProblem("code", "wrong", value=self.code))
        if self.ver is None:
            with work.session.no_autoflush:
                tree.refuse_taken(work.session, self, "code", entity_name=self.entity_name, state="defined")
            self._keep_apart(work)
        definitions.forget(own_fields.ENTITY)

    def _check_kind(self, work: Any) -> None:
        """There is such a kind of record, and people fill it in: a value that nobody can enter is no field."""
        if own_objects.is_own(self.entity_name):
            is_there = _is_there(work, self.entity_name)
        else:
            record = records.find(self.entity_name) if rules.is_entity(self.entity_name) else None
            is_there = record is not None
            if record is not None and not may_have(record):
                raise Invalid(FieldProblem("entity_name", "has_no_own_fields", value=self.entity_name))
        if not is_there:
            raise Invalid(FieldProblem("entity_name", "not_a_choice", value=self.entity_name))

    def _keep_apart(self, work: Any) -> None:
        """What was said in a field of the same code that was deleted is never taken for what is said in this one."""
        before = select(func.count()).where(
            OwnField.entity_name == self.entity_name, OwnField.code == self.code, OwnField.state == "deleted"
        )
        with work.session.no_autoflush:
            turn = work.session.scalar(before) or 0
        self.kept_as = f"{PREFIX}{self.code}.{turn + 1}" if turn else None

    def _check_reference(self, work: Any) -> None:
        """Leads to a kind of record that is known where the field is."""
        if (self.kind == "reference") != (self.refers_to is not None):
            raise Invalid(FieldProblem("refers_to", "required" if self.kind == "reference" else "wrong"))
        if self.kind == "reference" and self.entity_name.startswith("organization."):
            raise Invalid(FieldProblem("kind", "elsewhere"))  # no cards of the others come here
        if self.ver is not None or self.refers_to is None or may_refer(self.entity_name, self.refers_to):
            return
        if self.refers_to in NEAR:
            raise Invalid(FieldProblem("refers_to", "not_known_there"))
        if not _is_there(work, self.refers_to):
            raise Invalid(FieldProblem("refers_to", "not_a_choice", value=self.refers_to))


def _is_there(work: Any, entity: str) -> bool:
    """Whether the company has such an own object."""
    table = OwnField.metadata.tables["own_object"]
    code = entity.removeprefix(own_objects.entity_of(""))
    wanted = select(table.c.id).where(table.c.code == code, table.c.archived_at.is_(None))
    return own_objects.is_own(entity) and work.session.execute(wanted).first() is not None


def free_code(work: Any, cls: type[Any], name: str, name_en: str | None, fallback: str, **where: Any) -> str:
    """A code nobody has yet, from the English name, else from the initials of the Chinese one."""
    written = re.sub(r"[^a-z0-9]+", "_", (name_en or "").casefold()).strip("_")
    stem = (written or re.sub(r"[^a-z0-9]", "", initials(name)) or fallback)[:36]
    with work.session.no_autoflush:
        taken = set(work.session.scalars(select(cls.code).filter_by(**where)))
    free = (f"{stem}_{n}" if n > 1 else stem for n in range(1, len(taken) + 2))
    return next(code for code in free if code not in taken)


class OwnChoice(Searchable, Kept, Base):
    """A value to choose. Put away, it is no longer offered; records that have it keep it."""

    record = messages.OwnChoice
    listed = messages.OwnChoiceListed
    __table_args__ = (Index("ix_own_choice_field_id", "field_id"),)

    field_id: Mapped[UUID] = mapped_column(ForeignKey("own_field.id"))
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str | None] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(default=0)

    def check(self, work: Any) -> None:
        """Only fields that choose have choices, and none is offered for one that was deleted."""
        field = work.session.get(OwnField, self.field_id)
        if field is None:
            return
        is_deleted = field.state == "deleted" and self.archived_at is None
        if is_deleted or field.kind not in CHOSEN:
            raise Invalid(FieldProblem("field_id", "elsewhere"))
