"""Who decides on an opportunity: in sums for many, with names for one."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from contracts.customer.people import LinkKind
from contracts.message import Message, Question
from contracts.query import Label


class BuyingCentresOf(Question):
    """How well we know and have met those who decide, for each of these opportunities (users, leap 8)."""

    answers: ClassVar[BuyingCentres]

    opportunity_ids: tuple[UUID, ...]


class BuyingCentre(Message):
    """The buying centre of one opportunity, added up.

    roles      role → how many people we know in it; the roles nobody is known in are there with 0
    decider    whether somebody is known who decides, and whether anything was done with her yet
    stances    how many people are for us, neutral, against us: of each what she says most outspokenly
    influence  the influence behind each stance, added up
    """

    opportunity_id: UUID
    roles: dict[str, int]
    decider: Literal["unknown", "never_met", "met"]
    stances: dict[str, int]
    influence: dict[str, int]


class BuyingCentres(Message):
    """Of each opportunity the reader may see; the names of the roles come along."""

    centres: tuple[BuyingCentre, ...] = ()
    labels: dict[str, Label] = {}


class BuyingCentreOf(Question):
    """Who plays which part when one opportunity is decided (CON-02, CON-03, CON-05)."""

    answers: ClassVar[WholeBuyingCentre]

    opportunity_id: UUID


class PartPlayed(Message):
    """The part somebody plays in it, as said for this opportunity, for all, or on the contact herself.

    part_id    the buying role that says so; None: her contact does, without unit, stance and influence
    is_met     whether anything was done with her yet
    """

    contact_id: UUID
    name: str
    job_title: str | None
    part_id: UUID | None
    role_id: UUID
    unit: str | None
    stance: str
    influence: int
    is_met: bool


class UnitCovered(Message):
    """How many people we know in each role for one unit of the client: those of the unit, and those of all units."""

    unit: str
    roles: dict[str, int]


class LinkBetween(Message):
    contact_id: UUID
    other_id: UUID
    kind: LinkKind
    name: str
    note: str | None


class PersonElsewhere(Message):
    """Somebody at another company to whom a link leads."""

    contact_id: UUID
    name: str
    customer_id: UUID | None


class WholeBuyingCentre(BuyingCentre):
    """The buying centre of one opportunity with the people in it whom the reader may see: the most influential first.

    unseen     how many others are counted
    units      the units of the client that parts name
    elsewhere  people of other companies, without a part here, to whom links of theirs lead
    links      what links the people among each other, and with those elsewhere
    """

    people: tuple[PartPlayed, ...] = ()
    unseen: int = 0
    units: tuple[UnitCovered, ...] = ()
    elsewhere: tuple[PersonElsewhere, ...] = ()
    links: tuple[LinkBetween, ...] = ()
    labels: dict[str, Label] = {}
