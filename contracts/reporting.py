"""What happened, as figures: facts heard from the other services, and the questions that are asked of them.

Permissions: `reporting.fact.{read,export}` (its scope says whose facts count), `reporting.staff_figures`,
`reporting.company_figures`, `reporting.books`.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, ValidationInfo, field_validator

from contracts import kinds
from contracts.language import N_
from contracts.message import Message, OwnedRecord, Question, attr
from contracts.money import HOME_CURRENCY

FactKind = Literal[
    "lead_found", "customer_found", "opportunity_found", "lead_converted", "activity_done", "stage_moved",
    "quote_sent", "opportunity_won", "opportunity_lost", "contract_signed", "payment_received",
    "instalment_fell_due", "ticket_opened", "ticket_closed", "complaint", "praise", "rating",
]  # fmt: skip


class Fact(OwnedRecord):
    """Something that happened, credited to a staff member; what was taken back is a second fact that counts −1."""

    label = N_("Fact")
    plural = N_("Facts")
    icon = "chart-dots"
    title = ("kind", "happened_on")
    sort = "-happened_at"
    creatable = False
    editable = False

    kind: FactKind = attr(N_("What happened"), readonly=True, in_list=True, filter=True)
    happened_on: date = attr(N_("Happened on"), readonly=True, in_list=True, filter=True)
    happened_at: datetime = attr(N_("Happened at"), readonly=True)
    recorded_at: datetime = attr(N_("Entered at"), readonly=True, in_list=True, filter=True)
    subject: str = attr(N_("Kind of record"), kind="entity", readonly=True, in_list=True, max_length=60)
    record_id: UUID = attr(N_("Record"), readonly=True)
    about_id: UUID | None = attr(N_("Belongs to"), None, readonly=True)
    customer_id: UUID | None = attr(
        N_("Customer"), None, ref="customer.customer", readonly=True, in_list=True, filter=True
    )
    detail: str | None = attr(N_("Detail"), None, readonly=True, in_list=True, filter=True, max_length=60)
    count: int = attr(N_("Count"), 1, readonly=True)
    amount: Decimal | None = attr(N_("Amount"), None, kind="amount", readonly=True, in_list=True)
    currency: str = attr(N_("Currency"), HOME_CURRENCY, readonly=True, max_length=3)
    value: int | None = attr(N_("Rating"), None, readonly=True)


class Period(Message):
    """From one day to another, both included, as the days are at the branch of whom a fact is credited to.

    as_of   as it stood then: facts entered later do not count, whenever they happened
    """

    model_config = ConfigDict(populate_by_name=True)

    since: date = Field(alias="from")
    until: date = Field(alias="to")
    as_of: datetime | None = attr(N_("As of"), None)

    @field_validator("since", "until", mode="before")
    @classmethod
    def _day(cls, value: Any) -> Any:
        return kinds.day(value)

    @field_validator("until")
    @classmethod
    def _forward(cls, value: date, info: ValidationInfo) -> date:
        since = info.data.get("since")
        if since is not None and value < since:
            raise kinds.problem("before", date=since)
        return value


class StaffFigures(Period, Question):
    """Each staff member's figures within the asker's rights; `staff_ids` narrows it."""

    staff_ids: tuple[UUID, ...] = ()


class CompanyFigures(Period, Question):
    """The sums of all facts within the asker's rights, whole and by month, branch or department."""

    by: Literal["month", "branch", "department"] = attr(N_("By"), "month")


class Books(Question):
    """What was signed, what came in and what must be open, as it was heard here."""


class Figures(Message):
    """One row of figures. A rate or an average with nothing under the line is None, never 0."""

    leads_found: int = 0
    customers_found: int = 0
    opportunities_found: int = 0
    leads_converted: int = 0
    activities: int = 0
    activities_by_kind: dict[str, int] = {}
    stage_moves: int = 0
    quotes_sent: int = 0
    won_count: int = 0
    won_amount: Decimal = Decimal("0.00")
    lost_count: int = 0
    success_rate: Decimal | None = None
    """Won ÷ (won + lost), in percent."""
    contracts_count: int = 0
    contracts_amount: Decimal = Decimal("0.00")
    payments_count: int = 0
    payments_amount: Decimal = Decimal("0.00")
    instalments_fell_due: int = 0
    tickets_opened: int = 0
    tickets_closed: int = 0
    complaints: int = 0
    praises: int = 0
    ratings: int = 0
    average_rating: Decimal | None = None
