"""What customers are worth to us and how likely they buy: a model of figures and weights that the company chooses."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from contracts.language import N_
from contracts.message import Message, Question, Record, attr

Dimension = Literal["value", "propensity", "third"]
"""价值 and 购买倾向: what a customer is worth, and how likely it buys (CUS-11, CUS-19); and one the company makes its own."""
ValueGroup = Literal["core", "dormant", "promising", "ordinary"]
"""High in the first two dimensions; in the first only; in the second only; in neither."""
Measure = Literal[
    "contracts_count", "contracts_amount", "paid_amount", "won_opportunities", "open_opportunities", "open_amount",
    "lost_opportunities", "lifetime_value", "owed_amount", "expense_amount", "strategic_value", "average_rating",
    "open_tickets", "overdue_amount", "days_since_contract", "days_since_contact", "contacts_count", "own_field",
]  # fmt: skip
"""Figures of a customer that an indicator can look at."""


class ValueDimension(Record):
    """A direction in which customers are judged: what it is called, and from how many points it counts as high (CUS-11).

    There are three, and a dimension without indicators says nothing. The first two make the groups.
    """

    label = N_("Value dimension")
    plural = N_("Value dimensions")
    icon = "axis-x"
    sort = "position"
    creatable = False

    position: int = attr(N_("Order"), readonly=True, in_list=True)
    name: str = attr(N_("Name"), in_list=True, search=True, max_length=60)
    name_en: str | None = attr(N_("English name"), None, search=True, max_length=60, in_list=True)
    code: Dimension = attr(N_("Dimension"), readonly=True, in_list=True)
    high_from: int = attr(
        N_("High from"),
        minimum=0,
        maximum=100,
        in_list=True,
        help=N_("Points of 100. Counts when the rules are applied."),
    )


class ValueIndicator(Record):
    """One figure by which customers are judged: 0 points at its worst, 100 at its best, evenly between (CUS-11)."""

    label = N_("Value indicator")
    plural = N_("Value indicators")
    icon = "gauge"
    sort = "position"

    position: int = attr(N_("Order"), minimum=0, maximum=100_000, in_list=True)
    name: str = attr(N_("Name"), in_list=True, search=True, max_length=100)
    name_en: str | None = attr(N_("English name"), None, search=True, max_length=100)
    dimension: Dimension = attr(N_("Dimension"), in_list=True, filter=True)
    measure: Measure = attr(N_("Figure"), in_list=True, filter=True)
    field_id: UUID | None = attr(
        N_("Own field"), None, ref="organization.own_field", among={"entity_name": "customer.customer"},
        help=N_("A field of your own on customers that holds a number or an amount."),
    )  # fmt: skip
    worst: Decimal = attr(
        N_("No points at"), in_list=True, help=N_("May be more than the best: the fewer days, the better.")
    )
    best: Decimal = attr(N_("Full points at"), in_list=True)
    weight: int = attr(N_("Weight"), minimum=1, maximum=1000, in_list=True)


class ValueOf(Question):
    """Why a customer has its scores."""

    answers: ClassVar[ValueExplained]

    customer_id: UUID


class Judged(Message):
    """What one indicator says about a customer: the figure, its points of 100, and what it adds to the score."""

    name: str
    name_en: str | None
    measure: Measure
    figure: Decimal | None
    worst: Decimal
    best: Decimal
    weight: int
    points: Decimal
    adds: Decimal


class Score(Message):
    """One dimension: the mean of its indicators' points by weight, from 0 to 100; None without any indicator."""

    dimension: Dimension
    name: str
    name_en: str | None
    high_from: int
    score: Decimal | None
    judged: tuple[Judged, ...]


class ValueExplained(Message):
    """The scores of a customer, figure by figure, as the applied indicators make them today."""

    customer_id: UUID
    name: str
    applied_at: datetime | None
    value_group: ValueGroup | None
    scores: tuple[Score, ...]
