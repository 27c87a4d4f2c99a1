"""People who work here."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, Uuid, inspect, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Kept, Searchable
from chassis.lifecycle import Lives
from contracts import organization as messages
from contracts.errors import FieldProblem, Invalid
from services.organization import rules
from services.organization.model import tree
from services.organization.model.base import Base
from services.organization.model.place import Department


class Staff(Searchable, Lives, Kept, Base):
    """Somebody who works here, or did. Who left stays in the books: what she did keeps her name."""

    record = messages.Staff
    listed = messages.StaffListed

    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(String(200))
    login: Mapped[str | None] = mapped_column(String(60), unique=True)
    email: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(60))
    job_title: Mapped[str | None] = mapped_column(String(200))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branch.id"), index=True)
    department_id: Mapped[UUID | None] = mapped_column(ForeignKey("department.id"), index=True)
    manager_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), index=True)
    roles: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    language: Mapped[str] = mapped_column(String(10), default="zh_CN")
    joined_on: Mapped[date | None] = mapped_column()
    left_on: Mapped[date | None] = mapped_column()

    @property
    def works_here(self) -> bool:
        """Whether she may sign in."""
        return self.state == "active" and self.archived_at is None

    def leave(self, on: date) -> None:
        """She no longer works here from this day on."""
        self.move("leave")
        self.left_on = on

    def rejoin(self) -> None:
        """She is back."""
        self.move("rejoin")
        self.left_on = None

    def check(self, work: Any) -> None:
        """A login of her own, a department of her branch, a line upwards that ends, and always an administrator."""
        if self.login is not None:
            self.login = rules.folded(self.login)
            if not rules.is_login(self.login):
                raise Invalid(FieldProblem("login", "wrong", value=self.login))
            tree.refuse_taken(work.session, self, "login")
        department = work.session.get(Department, self.department_id) if self.department_id else None
        if department is not None and department.branch_id != self.branch_id:
            raise Invalid(FieldProblem("department_id", "elsewhere"))
        tree.refuse_loop(work.session, self, "manager_id")
        if self._was_administrator() and not self.is_administrator and not self._others_administer(work):
            raise messages.LastAdministrator()

    @property
    def is_administrator(self) -> bool:
        """Whether she may look after people and roles now."""
        return self.works_here and messages.role_id("administrator") in self.roles

    def _was_administrator(self) -> bool:
        state: Any = inspect(self)
        before = {
            name: (state.attrs[name].history.deleted or [getattr(self, name)])[0]
            for name in ("roles", "state", "archived_at")
        }
        return (
            state.persistent
            and before["state"] == "active"
            and before["archived_at"] is None
            and messages.role_id("administrator") in (before["roles"] or ())
        )

    def _others_administer(self, work: Any) -> bool:
        others = select(Staff.id).where(
            Staff.roles.contains([messages.role_id("administrator")]),
            Staff.state == "active",
            Staff.archived_at.is_(None),
            Staff.id != self.id,
        )
        return work.session.execute(others.with_for_update().limit(1)).first() is not None
