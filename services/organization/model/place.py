"""Where people work: branches, and departments inside them."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import audit
from chassis.database import Kept, Searchable
from contracts import organization as messages
from contracts.errors import FieldProblem, Invalid
from services.organization import rules
from services.organization.model import tree
from services.organization.model.base import Base


class Branch(Searchable, Kept, Base):
    """A place of business. Its code stands in the numbers of documents and never changes."""

    record = messages.Branch
    listed = messages.BranchListed

    code: Mapped[str] = mapped_column(String(10), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(String(200))
    timezone: Mapped[str] = mapped_column(String(60), default="Asia/Shanghai")
    is_headquarters: Mapped[bool] = mapped_column(default=False)

    def check(self, work: Any) -> None:
        """A code that fits into document numbers, a time zone there is, and one headquarters only."""
        if not rules.is_branch_code(self.code):
            raise Invalid(FieldProblem("code", "wrong", value=self.code))
        if self.ver is not None and audit.changed(self, "code"):
            raise Invalid(FieldProblem("code", "readonly"))
        tree.refuse_taken(work.session, self, "code")
        if self.timezone not in available_timezones():
            raise Invalid(FieldProblem("timezone", "not_a_choice", value=self.timezone))
        if self.is_headquarters:
            tree.refuse_taken(work.session, self, "is_headquarters")

    def in_use(self, work: Any) -> bool:
        """Whether somebody still works there."""
        from services.organization.model.staff import Staff

        there = select(Staff.id).where(Staff.branch_id == self.id, Staff.state == "active")
        return work.session.execute(there.limit(1)).first() is not None


class Department(Searchable, Kept, Base):
    """People of one branch who do the same kind of work."""

    record = messages.Department
    listed = messages.DepartmentListed

    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(String(200))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branch.id"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("department.id"))

    def check(self, work: Any) -> None:
        """A department is part of one in the same branch, and never of itself."""
        tree.refuse_loop(work.session, self, "parent_id")
        parent = work.session.get(Department, self.parent_id) if self.parent_id else None
        if parent is not None and parent.branch_id != self.branch_id:
            raise Invalid(FieldProblem("parent_id", "elsewhere"))

    def in_use(self, work: Any) -> bool:
        """Whether somebody still works in it."""
        from services.organization.model.staff import Staff

        there = select(Staff.id).where(Staff.department_id == self.id, Staff.state == "active")
        return work.session.execute(there.limit(1)).first() is not None
