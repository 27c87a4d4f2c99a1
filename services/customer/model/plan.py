"""Customer resource plans and their lines (CUS-09)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.database import Kept, LineRow, Money, Owned, Searchable
from contracts import customer as messages
from contracts.errors import FieldProblem, Invalid
from services.customer.model.base import Base


class ResourcePlanLine(LineRow, Base):
    """So much work of one kind with customers at one stage."""

    record = messages.ResourcePlanLine

    resource_plan_id: Mapped[UUID] = mapped_column(
        ForeignKey("resource_plan.id", ondelete="CASCADE"), index=True
    )
    kind_id: Mapped[UUID] = mapped_column()
    stage_id: Mapped[UUID] = mapped_column()
    planned: Mapped[int] = mapped_column()


class ResourcePlan(Searchable, Owned, Kept, Base):
    """What is to be done with customers in a time; what was done is never kept here, it follows from the facts."""

    record = messages.ResourcePlan

    name: Mapped[str] = mapped_column(String(100))
    sales_plan: Mapped[str | None] = mapped_column(String(100))
    starts_on: Mapped[date] = mapped_column()
    ends_on: Mapped[date] = mapped_column()
    average_deal: Mapped[Decimal | None] = mapped_column(Money)
    staff_id: Mapped[UUID | None] = mapped_column()
    for_department_id: Mapped[UUID | None] = mapped_column()
    note: Mapped[str | None] = mapped_column(Text)
    lines: Mapped[list[ResourcePlanLine]] = relationship(
        cascade="all, delete-orphan", order_by=ResourcePlanLine.position, lazy="selectin"
    )

    def check(self, work: Any) -> None:
        """Days in order, one person or one department, and of each kind of work at each stage one line."""
        if self.ends_on < self.starts_on:
            raise Invalid(FieldProblem("ends_on", "before", date=self.starts_on.isoformat()))
        if self.staff_id is not None and self.for_department_id is not None:
            raise Invalid(FieldProblem("for_department_id", "person_or_department"))
        seen = set()
        for at, line in enumerate(sorted(self.lines, key=lambda line: line.position)):
            if (line.kind_id, line.stage_id) in seen:
                raise Invalid(FieldProblem(f"lines.{at}.stage_id", "taken"))
            seen.add((line.kind_id, line.stage_id))
