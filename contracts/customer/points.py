"""Credit for writing down what was done with customers (CON-06)."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.language import N_
from contracts.message import Message, Question, Record, attr
from contracts.query import Label


class PointRule(Record):
    """How many points an activity of one kind is worth to whoever did it and wrote it down; it may change from some day on."""

    label = N_("Points for an activity")
    plural = N_("Points for activities")
    icon = "award"
    title = ("points",)
    sort = "-points"

    kind_id: UUID = attr(
        N_("Kind"), ref="organization.choice", among={"list": "activity_kind"}, in_list=True, filter=True
    )
    points: int = attr(N_("Points earned"), minimum=0, maximum=1000, in_list=True)
    from_on: date | None = attr(
        N_("Counts from"),
        None,
        in_list=True,
        help=N_("Done on this day or later; empty: whenever it was done."),
    )


class PointsOf(Question):
    """Points of everybody whose activities the reader sees, or of one person with each activity; this month unless told."""

    answers: ClassVar[Points]

    from_on: date | None = attr(N_("From"), None)
    to_on: date | None = attr(N_("To"), None)
    staff_id: UUID | None = attr(N_("Staff member"), None, ref="organization.staff")


class PersonsPoints(Message):
    """What somebody earned; `late` of her activities were written down more than two days after they were done."""

    rank: int
    staff_id: UUID
    points: int
    activities: int
    late: int


class PointsEntry(Message):
    """One activity that counts: when it was done, and when that was written down."""

    activity_id: UUID
    subject: str
    kind_id: UUID
    customer_id: UUID | None = None
    lead_id: UUID | None = None
    done_at: datetime
    entered_at: datetime
    is_late: bool
    points: int


class Points(Message):
    """The ranking, the first first; `entries` only of one person, the newest first."""

    from_on: date
    to_on: date
    people: tuple[PersonsPoints, ...] = ()
    entries: tuple[PointsEntry, ...] = ()
    labels: dict[str, Label] = Field(default_factory=dict)
