"""Segments: customers, leads or contacts that are treated alike because they fit one question (CUS-16, CUS-22)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from contracts.errors import Refused
from contracts.language import N_
from contracts.message import Act, Listed, Message, OwnedRecord, Question, TaggedRecord, attr

SegmentedList = Literal["customer.customer", "customer.lead", "customer.contact"]
Rhythm = Literal["daily", "weekly", "monthly", "by_hand"]
Trouble = Literal["owner_left", "not_allowed", "question_outdated"]
"""Why a segment cannot be gathered: its owner left, may not see such records, or a field of its question is gone."""


class Segment(OwnedRecord):
    """Whoever fits a question, gathered again by the calendar with the rights of the segment's owner.

    What is planned, tagged and written for each new member is its handling template.
    """

    label = N_("Segment")
    plural = N_("Segments")
    icon = "chart-pie"
    sort = "name"
    verbs = ("gather",)

    name: str = attr(N_("Name"), in_list=True, search=True, max_length=100)
    name_en: str | None = attr(N_("English name"), None, search=True, max_length=100)
    list_of: SegmentedList = attr(
        N_("Members are"), "customer.customer", kind="entity", in_list=True, filter=True
    )
    query: str = attr(
        N_("Who belongs to it"), kind="question", max_length=2000,
        help=N_("Filter the list until it shows the right ones, then choose «Keep as segment» there."),
    )  # fmt: skip
    rhythm: Rhythm = attr(N_("Gathered"), "weekly", in_list=True, filter=True)
    purpose: str | None = attr(N_("Purpose"), None, kind="long_text", max_length=2000)

    plan_kind_id: UUID | None = attr(
        N_("Plan an activity"), None, ref="organization.choice", among={"list": "activity_kind"},
        help=N_("For whoever looks after the new member, as far as you plan for her; else for yourself."),
    )  # fmt: skip
    plan_subject: str | None = attr(N_("Its subject"), None)
    plan_in_days: int = attr(N_("In how many days"), 0, minimum=0, maximum=365)
    plan_text: str | None = attr(N_("What is to be done"), None, kind="long_text")
    tag_id: UUID | None = attr(N_("Give the tag"), None, ref="organization.choice", among={"list": "tag"})
    strategy: str | None = attr(
        N_("Strategy"), None, kind="long_text", help=N_("Written where none stands yet.")
    )
    give_to_id: UUID | None = attr(
        N_("Give to"),
        None,
        ref="organization.staff",
        help=N_("Who looks after the new member from then on; not for contacts."),
    )
    again_in_days: int | None = attr(
        N_("After days"), None, minimum=1, maximum=365, help=N_("Only for who is still a member then.")
    )
    again_kind_id: UUID | None = attr(
        N_("Plan another activity"), None, ref="organization.choice", among={"list": "activity_kind"}
    )
    again_subject: str | None = attr(N_("Subject of the other"), None)
    again_text: str | None = attr(N_("What is to be done then"), None, kind="long_text")
    only_newcomers: bool = attr(
        N_("Only who joins later"), False,
        help=N_("Who belongs to it at the first gathering is left as she is."),
    )  # fmt: skip

    members: int = attr(N_("Members"), 0, readonly=True, in_list=True, filter=True)
    gathered_at: datetime | None = attr(N_("Last gathered"), None, readonly=True, in_list=True, filter=True)
    next_on: date | None = attr(N_("Gathered next on"), None, readonly=True, in_list=True, filter=True)
    trouble: Trouble | None = attr(N_("Cannot be gathered"), None, readonly=True, filter=True)


class SegmentListed(Listed):
    """Others know what the segments are called that stand on a customer's card."""

    entity = "customer.segment"


class SegmentedRecord(TaggedRecord):
    """One that can belong to segments."""

    segments: tuple[UUID, ...] = attr(N_("Segments"), (), ref="customer.segment", readonly=True, filter=True)


class SegmentOwnerLeft(Refused):
    """Nobody is there in whose name a member could be handled."""

    pattern = N_("Whoever the segment belongs to no longer works here.")


class GatherSegment(Act):
    """Look now who belongs to it."""


class SegmentTurnsOf(Question):
    """Who came and went, as far as the actor sees such records.

    before      the cursor behind the last one seen (from `SegmentTurns.next`)
    unhandled   only members for whom the template could not be followed
    """

    answers: ClassVar[SegmentTurns]

    segment_id: UUID
    limit: int = 20
    before: str | None = None
    unhandled: bool = False


class DayOfTurns(Message):
    """How many came and went on one day."""

    on: date
    came: int
    went: int


class Turned(Message):
    """Somebody joined or left a segment."""

    id: UUID
    record_id: UUID
    name: str
    at: datetime
    joined: bool
    handled_at: datetime | None = None
    unhandled: dict[str, Any] | None = None
    """The problem for which the template could not be followed for her."""
    again_on: date | None = None
    """When the second step is to be done."""


class SegmentTurns(Message):
    """The last days on which the segment changed, the newest changes, and how many wait to be handled or could not be."""

    days: tuple[DayOfTurns, ...]
    turned: tuple[Turned, ...]
    next: str | None = None
    waiting: int
    unhandled: int = 0
    is_gathering: bool
