"""Customer resource plans (客户资源计划): how much of which work is to be done with customers at which stage (CUS-09, CUS-10)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from contracts.language import N_
from contracts.message import Line, Message, OwnedRecord, Question, attr

Outcome = Literal["success", "failure", "stranded"]
"""What became of a customer after the work: it moved on to a later stage, was lost, or still stands where it stood."""


class ResourcePlanLine(Line):
    """So much work of one kind with customers at one stage."""

    kind_id: UUID = attr(N_("Kind of work"), ref="organization.choice", among={"list": "activity_kind"})
    stage_id: UUID = attr(N_("Lifecycle stage"), ref="customer.lifecycle_stage")
    planned: int = attr(N_("Planned count"), minimum=1, maximum=1_000_000)


class ResourcePlan(OwnedRecord):
    """The work with customers by which a sales plan is to be met, for one person, a department or everybody, in a time."""

    label = N_("Customer resource plan")
    plural = N_("Customer resource plans")
    icon = "clipboard-list"
    sort = "-starts_on"

    name: str = attr(N_("Name"), in_list=True, search=True, max_length=100)
    sales_plan: str | None = attr(
        N_("Sales plan"),
        None,
        in_list=True,
        search=True,
        max_length=100,
        help=N_("Which sales plan it serves."),
    )
    starts_on: date = attr(N_("Starts on"), in_list=True, filter=True)
    ends_on: date = attr(N_("Ends on"), in_list=True, filter=True)
    average_deal: Decimal | None = attr(N_("Average deal"), None, kind="amount", minimum=0, in_list=True)
    staff_id: UUID | None = attr(
        N_("For whom"), None, ref="organization.staff", in_list=True, filter=True,
        help=N_("Empty: for the department below, or for everybody whose work you see."),
    )  # fmt: skip
    for_department_id: UUID | None = attr(
        N_("For which department"), None, ref="organization.department", in_list=True, filter=True,
        help=N_("With those below it."),
    )  # fmt: skip
    note: str | None = attr(N_("Note"), None, kind="long_text")
    lines: tuple[ResourcePlanLine, ...] = attr(N_("Work"), ())


class PlanProgressOf(Question):
    """Plan against fact, as far as the actor sees the work; the rows behind one number when a line and an outcome are named."""

    answers: ClassVar[PlanProgress]

    plan_id: UUID
    line: int | None = None
    outcome: Outcome | None = None


class PlanFact(Message):
    """One line of the plan and what was done: actual is success, failure and stranded together."""

    position: int
    kind_id: UUID
    stage_id: UUID
    planned: int
    actual: int
    success: int
    failure: int
    stranded: int


class Worked(Message):
    """One piece of work and what became of its customer."""

    activity_id: UUID
    subject: str
    done_at: datetime
    owner_id: UUID | None
    customer_id: UUID
    customer: str
    outcome: Outcome


class PlanProgress(Message):
    """All lines; deals that were signed with these customers in the time; the rows that were asked for."""

    until: date
    """The last day that is counted: the end of the plan, or today."""
    lines: tuple[PlanFact, ...]
    deals: int
    deals_amount: Decimal
    rows: tuple[Worked, ...] = ()
    labels: dict[str, dict[str, str | None]] = {}
