"""The loyalty ladder and the value classes over time: how many stood where, and who moved (CUS-06)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from contracts.language import N_
from contracts.message import Event, Message, Question, Record, attr


class LadderReport(Record):
    """How often the ladder is told by bell and mail, and to whom (CUS-06). There is one."""

    label = N_("Ladder report")
    plural = N_("Ladder report")
    icon = "ladder"
    title = ("rhythm",)
    creatable = False

    rhythm: Literal["off", "monthly"] = attr(
        N_("How often"), "monthly", in_list=True, help=N_("Monthly: on the first day, of the month before.")
    )
    role_ids: tuple[UUID, ...] = attr(
        N_("For which roles"), (), ref="organization.role", in_list=True,
        help=N_("Each is told of the customers she may see. None chosen: everybody who may see the ladder of others."),
    )  # fmt: skip
    told_until: date | None = attr(N_("Told until"), None, readonly=True, in_list=True)


class LadderReported(Event):
    """A month is over: how many of the customers that `staff_id` sees stood on each step at its end, and who moved in it.

    went_up, went_down   the first of those that did
    """

    aggregate: ClassVar[str] = "staff_id"

    staff_id: UUID
    from_on: date
    to_on: date
    counts: dict[str, int]
    up: int
    down: int
    went_up: tuple[str, ...] = ()
    went_down: tuple[str, ...] = ()


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
