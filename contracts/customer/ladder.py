"""The loyalty ladder and the value classes over time: how many stood where, and who moved (CUS-06)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from contracts.language import N_
from contracts.message import Message, Question, attr


class LadderOf(Question):
    """How many of the customers one sees stood on each step at the end of each month of a period, and who moved in it.

    by   by whose customers moves are told together, as they look after them now
    """

    answers: ClassVar[Ladder]

    field: Literal["loyalty", "value_class"] = attr(N_("Steps of"), "loyalty")
    from_on: date = attr(N_("From"))
    to_on: date = attr(N_("To"))
    by: Literal["owner_id", "department_id"] = attr(N_("By"), "owner_id")
    owner_id: UUID | None = attr(N_("Owner"), None, ref="organization.staff")
    department_id: UUID | None = attr(N_("Department"), None, ref="organization.department")


class Rung(Message):
    """The end of one month, or today: how many stood on each step."""

    on: date
    counts: dict[str, int]


class Climb(Message):
    """A customer that stands elsewhere at the end of the period than at its beginning."""

    customer_id: UUID
    name: str
    before: str
    after: str
    is_up: bool
    at: datetime


class Climbed(Message):
    """How many customers of one person or department went up and down."""

    id: UUID | None
    up: int
    down: int


class Ladder(Message):
    """Steps from the lowest; months; moves by whose they are; the latest moves themselves."""

    steps: tuple[str, ...]
    months: tuple[Rung, ...]
    up: int
    down: int
    moved: tuple[Climbed, ...]
    climbs: tuple[Climb, ...]
    labels: dict[str, Any] = {}
