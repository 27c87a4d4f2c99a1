"""Roles and what they grant."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import audit
from chassis.database import Kept, LineRow, Searchable
from contracts import organization as messages
from contracts.actor import Actor
from contracts.actor import Grant as Held
from contracts.errors import FieldProblem, Invalid
from services.organization import rules
from services.organization.model import tree
from services.organization.model.base import Base


class GrantLine(LineRow, Base):
    """One line of a role: what may be done, to whose rows."""

    record = messages.GrantLine

    role_id: Mapped[UUID] = mapped_column(ForeignKey("role.id"), index=True)
    permission: Mapped[str] = mapped_column(String(100))
    scope: Mapped[str] = mapped_column(String(20))


class Role(Searchable, Kept, Base):
    """What people of one kind of work may do."""

    record = messages.Role
    listed = messages.RoleListed

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(String(200))
    grants: Mapped[list[GrantLine]] = relationship(
        cascade="all, delete-orphan", order_by=GrantLine.position, lazy="selectin"
    )

    def check(self, work: Any) -> None:
        """Permissions must read like permissions; the administrators may not lock themselves out."""
        self.code = rules.folded(self.code)
        if not rules.is_code(self.code):
            raise Invalid(FieldProblem("code", "wrong", value=self.code))
        tree.refuse_taken(work.session, self, "code")
        for number, grant in enumerate(sorted(self.grants, key=lambda line: line.position)):
            grant.permission = rules.folded(grant.permission)
            if not rules.is_permission(grant.permission):
                raise Invalid(FieldProblem(f"grants.{number}.permission", "wrong", value=grant.permission))
        if self.id == messages.role_id("administrator") and not self.keeps_the_keys():
            raise messages.LastAdministrator()
        if self.ver is not None and self._grants_otherwise():
            work.emit(messages.RoleChanged(role_id=self.id, code=self.code))

    def _grants_otherwise(self) -> bool:
        return "grants" in self.__dict__.get("_lines_before", {}) or audit.changed(self, "archived_at")

    def keeps_the_keys(self) -> bool:
        """Whether who has this role may still change roles and people, everywhere."""
        held = tuple(Held(permission=line.permission, scope=line.scope) for line in self.grants)  # type: ignore[arg-type]
        holder = Actor(id=self.id, name="", grants=held)
        keys = ("organization.role.update", "organization.staff.update", "organization.set_password_staff")
        return self.archived_at is None and all(holder.scope(key) == "all" for key in keys)
