"""The pool (公海): what nobody works, and how it is taken out."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Literal
from uuid import UUID

from contracts.errors import Refused
from contracts.language import N_
from contracts.message import Act, Command, Event, Message, Question, Record, attr
from contracts.query import Of, Query

Pooled = Literal["customer.lead", "customer.customer"]
"""What goes into the pool (公海) when nobody works it."""
KEPT_BACK = frozenset(
    {
        "contact_name", "job_title", "phone", "mobile", "birthday", "email", "address", "website", "tax_number", "background", "lead_id",
    }
)  # fmt: skip
"""What the pool does not tell: whoever wants to call them picks them."""


def beyond_limit() -> Any:
    """A field of a command that gives somebody more to work: why it may be more than the rules let her hold (LED-08)."""
    return attr(
        N_("Why beyond the limit"), None, max_length=300,
        help=N_("Only where it is more than the pool rules let her hold; she is told."),
    )  # fmt: skip


class PoolRule(Record):
    """How the pool of one kind works: for everybody, or for one person who can do more or less than others.

    A figure that is left empty in somebody's own rule is as in the rule for everybody; empty there it is without limit.
    """

    label = N_("Pool rule")
    plural = N_("Pool rules")
    icon = "ripple"
    sort = "name"

    name: str = attr(N_("Name"), in_list=True, search=True, max_length=60)
    applies_to: Pooled = attr(N_("Applies to"), "customer.lead", kind="entity", in_list=True, filter=True)
    staff_id: UUID | None = attr(
        N_("For whom"),
        None,
        ref="organization.staff",
        in_list=True,
        filter=True,
        help=N_("Empty: everybody."),
    )
    idle_days: int | None = attr(
        N_("Days without follow-up"), None, minimum=1, maximum=3650, in_list=True,
        help=N_("After so many days without a visit, a call or another activity it goes into the pool. Empty: never."),
    )  # fmt: skip
    remind_days: int | None = attr(
        N_("Reminds after days without a plan"), None, minimum=1, maximum=3650, in_list=True,
        help=N_("Whoever looks after it is told when nothing is planned and nobody was in contact for so many days."),
    )  # fmt: skip
    spans: Literal["branch", "company"] | None = attr(
        N_("Picks from the pool of"), None, in_list=True,
        help=N_("The pool of the own branch, or that of the whole company. Empty: the own branch."),
    )  # fmt: skip
    picks_a_day: int | None = attr(N_("Picks a day"), None, minimum=0, maximum=10_000, in_list=True)
    most_held: int | None = attr(
        N_("Holds at most"), None, minimum=0, maximum=1_000_000, in_list=True,
        help=N_("Whoever has so many takes no more from the pool, and is given more only for a reason."),
    )  # fmt: skip


class ReleaseLead(Act):
    """Into the pool: whoever has time for it may pick it."""


class ReleaseCustomer(Act):
    """Into the pool: whoever has time for it may pick it."""


class PickLead(Command):
    """Take a lead out of the pool and work it."""

    id: UUID


class PickCustomer(Command):
    """Take a customer out of the pool and look after it."""

    id: UUID


class NotInPool(Refused):
    """Somebody has it already, or nothing is to be done with it. Raised with `name`."""

    pattern = N_("{name} is not in the pool any more.")


class PickedEnough(Refused):
    """Raised with `limit`."""

    pattern = N_("You may pick {limit} a day; that many you have picked today.")


class HoldsEnough(Refused):
    """Raised with `limit`."""

    pattern = N_("You may hold {limit}; release some before you take more.")


class PoolOf(Of):
    """Which rows of the pool, asked as of any list; contacts and phone numbers are for whoever picks one."""

    entity: Pooled
    query: Query = Query()


class LoadsOf(Question):
    """How much of one kind everybody holds to whom the reader may give some, and how much the rules let each hold (LED-08)."""

    answers: ClassVar[Loads]

    entity: Pooled


class Load(Message):
    """What somebody holds; `most` as the rules say, None without a limit."""

    staff_id: UUID
    name: str
    name_en: str | None = None
    held: int
    most: int | None = None


class Loads(Message):
    """Whoever can take most stands first."""

    people: tuple[Load, ...] = ()


class LiesWithoutPlan(Event):
    """Of what somebody looks after, so many more have had neither contact nor plan for so many days; `names` are the first."""

    aggregate: ClassVar[str] = "owner_id"

    owner_id: UUID
    about: Pooled
    on: date
    days: int
    count: int
    names: tuple[str, ...]


class NextStepsDue(Event):
    """The next steps that somebody wrote down with so many leads are due; `names` are the first."""

    aggregate: ClassVar[str] = "owner_id"

    owner_id: UUID
    on: date
    count: int
    names: tuple[str, ...]


class WentToPool(Event):
    """A lead or customer belongs to nobody now; `idle_days` when it was for want of follow-up."""

    aggregate: ClassVar[str] = "record_id"

    about: str
    record_id: UUID
    number: str | None = None
    name: str
    from_id: UUID | None = None
    idle_days: int | None = None
