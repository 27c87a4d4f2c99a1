"""Kinds of record that the company defines itself, and the rights to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import String, inspect, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import entities
from chassis.audit import changed
from chassis.database import Kept, Searchable
from chassis.derived import derived
from contracts import organization as messages
from contracts import own_objects
from contracts.errors import FieldProblem, Invalid
from services.organization import rules
from services.organization.model import tree
from services.organization.model.base import Base
from services.organization.model.own_field import OwnField, free_code
from services.organization.model.role import Role
from services.organization.model.saved_view import SavedView

LIKE = "customer.customer."
"""Whoever may do something with customers may do the same, as far, with the records of a new own object."""
Line = tuple[str, str]
"""Permission and scope."""


class OwnObject(Searchable, Kept, Base):
    """A kind of record. Its records are kept by the service that looks after customers."""

    record = messages.OwnObject
    listed = messages.OwnObjectListed

    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str | None] = mapped_column(String(60))
    plural_en: Mapped[str | None] = mapped_column(String(60))
    icon_name: Mapped[str] = mapped_column(String(40), default="box")
    has_customer: Mapped[bool] = mapped_column(default=False)
    number_prefix: Mapped[str | None] = mapped_column(String(6))
    code: Mapped[str] = mapped_column(String(40), unique=True)
    position: Mapped[int] = mapped_column(default=0)
    rights: Mapped[list[Any]] = derived(default=list, server_default="[]")
    """While it is put away: [role, permission, scope] of the lines that went with it."""

    @property
    def entity(self) -> str:
        """The kind of record it is."""
        return own_objects.entity_of(self.code)

    def check(self, work: Any) -> None:
        """Has a code that stays, and numbers like no other's. Whatever hangs on it goes with it and comes back with it."""
        if self.ver is not None and changed(self, "code"):
            raise Invalid(FieldProblem("code", "readonly"))
        with work.session.no_autoflush, work.everything():
            self.code = self.code or free_code(work, OwnObject, self.name, self.name_en, "object")
            if not rules.is_code(self.code):
                raise Invalid(FieldProblem("code", "wrong", value=self.code))
            self._check_numbers(work)
            if self.ver is None:
                tree.refuse_taken(work.session, self, "code")
                self._let_people_in(work)
            elif changed(self, "archived_at"):
                self._put_away(work) if self.archived_at else self._bring_back(work)

    def _check_numbers(self, work: Any) -> None:
        if self.number_prefix is None:
            return
        self.number_prefix = self.number_prefix.upper()
        if not rules.is_number_prefix(self.number_prefix):
            raise Invalid(FieldProblem("number_prefix", "wrong", value=self.number_prefix))
        if self.number_prefix in rules.SHIPPED_PREFIXES:
            raise Invalid(FieldProblem("number_prefix", "taken", value=self.number_prefix))
        tree.refuse_taken(work.session, self, "number_prefix")

    # -- rights -------------------------------------------------------------------------------------------------------

    def _let_people_in(self, work: Any) -> None:
        """From the start: as with customers; whoever looks after the system may do everything with it."""
        for role in work.find_all(Role, archived_at=None):
            lines = [
                (f"{self.entity}.{line.permission.removeprefix(LIKE)}", line.scope)
                for line in role.grants
                if line.permission.startswith(LIKE)
            ]
            if role.id == messages.role_id("administrator"):
                lines = [(f"{self.entity}.*", "all")]
            _grant(work, role, lines)

    def roles(self, work: Any) -> list[Role]:
        """Those that say something about it."""
        return [role for role in work.find_all(Role) if any(self._is_mine(line) for line in role.grants)]

    def _is_mine(self, line: Any) -> bool:
        return bool(line.permission.startswith(f"{self.entity}."))

    # -- what hangs on it ---------------------------------------------------------------------------------------------

    def fields(self) -> Any:
        """Its own fields, and those elsewhere that refer to it; none that was deleted."""
        is_its = or_(OwnField.entity_name == self.entity, OwnField.refers_to == self.entity)
        return select(OwnField).where(is_its, OwnField.state == "defined")

    def views(self) -> Any:
        """The saved views of its list."""
        return select(SavedView).where(SavedView.list_of == self.entity)

    def _put_away(self, work: Any) -> None:
        kept = []
        for role in self.roles(work):
            gone = [line for line in role.grants if self._is_mine(line)]
            kept += [[str(role.id), line.permission, line.scope] for line in gone]
            _grant(work, role, (), without=gone)
        self.rights = kept
        for row in self._with_it(work, None):
            row.archived_at = self.archived_at

    def _bring_back(self, work: Any) -> None:
        for role in work.find_all(Role):
            _grant(work, role, [(line[1], line[2]) for line in self.rights if line[0] == str(role.id)])
        self.rights = []
        state: Any = inspect(self)
        before: datetime = state.attrs.archived_at.history.deleted[0]
        for row in self._with_it(work, before):
            row.archived_at = None

    def _with_it(self, work: Any, archived_at: datetime | None) -> Iterable[Any]:
        """What was put away at that moment, by the same hand."""
        from services.organization.model.form import Form  # which is of own objects too

        forms = select(Form).where(Form.entity_name == self.entity)
        for wanted, cls in ((self.fields(), OwnField), (self.views(), SavedView), (forms, Form)):
            yield from work.session.scalars(wanted.where(cls.archived_at.is_not_distinct_from(archived_at)))


def _grant(work: Any, role: Role, lines: Iterable[Line], without: Iterable[Any] = ()) -> None:
    """Let a role open more, or less. Nobody has edited it by that, so a role as it was shipped stays one."""
    line = messages.GrantLine.line()
    there = [one for one in role.grants if one not in without]
    wanted: list[tuple[Any, str, str]] = [(one.id, one.permission, one.scope) for one in there]
    wanted += [(None, *new) for new in lines if new not in {(one.permission, one.scope) for one in there}]
    if [id for id, *_ in wanted] == [one.id for one in role.grants]:
        return
    given = [
        line.read({"id": id, "permission": permission, "scope": scope}) for id, permission, scope in wanted
    ]
    entities.set_lines(role, "grants", tuple(given))
    work.following.add(role)
    work.emit(messages.RoleChanged(role_id=role.id, code=role.code))
