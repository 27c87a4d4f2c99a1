"""The problem catalogue and the service levels."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import audit
from chassis.database import Kept, Searchable
from chassis.work import Work
from contracts import service_desk as messages
from contracts.errors import FieldProblem, Invalid
from services.service_desk import rules
from services.service_desk.model.base import Base


class Problem(Searchable, Kept, Base):
    """An entry of the problem catalogue; entries stand below each other."""

    record = messages.Problem

    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(String(200))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("problem.id"), index=True)
    product_class_id: Mapped[UUID | None] = mapped_column(index=True)

    def check(self, work: Work) -> None:
        """An entry cannot stand below itself. Raises Invalid."""
        if self.parent_id is None or not audit.changed(self, "parent_id"):
            return
        edges = work.session.execute(select(Problem.id, Problem.parent_id)).tuples().all()
        above = dict(edges) | {self.id: self.parent_id}
        if self.id in rules.line_above(above, self.parent_id):
            raise Invalid(FieldProblem("parent_id", "wrong"))

    def in_use(self, work: Work) -> bool:
        """Entries below it would lose their place."""
        below = select(Problem.id).where(Problem.parent_id == self.id, Problem.archived_at.is_(None))
        return work.session.execute(below).first() is not None


class ServiceLevel(Kept, Base):
    """How soon requests of one priority are answered and settled."""

    record = messages.ServiceLevel

    priority: Mapped[str] = mapped_column(String(20), unique=True)
    answer_hours: Mapped[int] = mapped_column()
    close_hours: Mapped[int] = mapped_column()

    def check(self, work: Work) -> None:
        """Nothing is settled before it is answered. Raises Invalid."""
        if self.close_hours < self.answer_hours:
            raise Invalid(FieldProblem("close_hours", "too_small", min=self.answer_hours))
