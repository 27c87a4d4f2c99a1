"""How we manage a customer: value class, step of the loyalty ladder, stages of its lifecycle; and the rules that say so."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from contracts.language import N_
from contracts.message import Act, Command, Event, Listed, Message, Question, Record, attr

ValueClass = Literal["potential", "target", "key"]
"""潜在, 目标, 重点客户: how we manage a customer (CUS-05)."""
Loyalty = Literal["target", "potential", "prospect", "closed", "loyal"]
"""目标 → 潜在 → 准客户 → 成交 → 忠诚: the step of the ladder on which a customer stands (CUS-06)."""
Decided = Literal["value_class", "loyalty"]
"""What rules decide about a customer."""
Entered = Literal[
    "customer_created", "in_contact", "opportunity_opened", "quote_sent", "quote_accepted", "opportunity_won",
    "contract_signed", "delivery_begun", "delivery_done", "implementation_begun", "implementation_done", "training_begun",
    "training_done", "acceptance_begun", "acceptance_done", "collection_begun", "collection_done", "after_sales_begun",
    "after_sales_done", "service_taken_over", "contract_completed", "second_contract",
]  # fmt: skip
"""Facts by which a customer enters a stage of its lifecycle (CUS-07)."""
Mark = Literal["entered", "planned", "lost", "returned"]
"""What a person says about a customer's lifecycle."""


class ValueRule(Record):
    """When a customer gets a value class, or stands on a step of the loyalty ladder: when it fits a question, as a list has it.

    Rules are asked in their order, the first that fits decides; what none fits is a potential or target customer. Without
    a question it fits every customer.
    """

    label = N_("Classification rule")
    plural = N_("Classification rules")
    icon = "ladder"
    sort = "position"

    position: int = attr(N_("Order"), minimum=0, maximum=100_000, in_list=True)
    name: str = attr(N_("Name"), in_list=True, search=True, max_length=100)
    name_en: str | None = attr(N_("English name"), None, search=True, max_length=100)
    value_class: ValueClass | None = attr(
        N_("Gives the value class"), None, in_list=True, filter=True,
        help=N_("Either a value class or a loyalty step."),
    )  # fmt: skip
    loyalty: Loyalty | None = attr(N_("Gives the loyalty step"), None, in_list=True, filter=True)
    query: str | None = attr(
        N_("Conditions"), None, kind="question", among={"list_of": "customer.customer"}, max_length=2000, in_list=True,
        help=N_("Filter the customers until the list shows the right ones, then choose «Keep as classification rule» there."),
    )  # fmt: skip


class ContactRhythm(Record):
    """How often customers of a value class are to be in contact with us: each class is managed differently (CUS-05)."""

    label = N_("Contact rhythm")
    plural = N_("Contact rhythms")
    icon = "calendar-repeat"
    title = ("value_class",)
    sort = "days"
    creatable = False

    value_class: ValueClass = attr(N_("Value class"), readonly=True, in_list=True)
    days: int | None = attr(
        N_("Days without contact"), None, minimum=1, maximum=3650, in_list=True,
        help=N_("Then whoever looks after the customer is told, once. Empty: as the pool rules say for all."),
    )  # fmt: skip


class ContactDue(Event):
    """With so many of her customers of a value class nobody was in contact for as long as the class asks for; `names` are the first."""

    aggregate: ClassVar[str] = "owner_id"

    owner_id: UUID
    value_class: ValueClass
    on: date
    days: int
    count: int
    names: tuple[str, ...]


class LifecycleStage(Record):
    """A stretch of the way from the first idea of a customer to its next purchase (CUS-07)."""

    label = N_("Lifecycle stage")
    plural = N_("Lifecycle stages")
    icon = "timeline"
    sort = "position"

    position: int = attr(N_("Order"), minimum=0, maximum=100_000, in_list=True)
    name: str = attr(N_("Name"), in_list=True, search=True, max_length=60)
    name_en: str | None = attr(N_("English name"), None, search=True, max_length=60, in_list=True)
    entered_by: Entered | None = attr(
        N_("Entered by the fact"), None, in_list=True, filter=True,
        help=N_("Also when a step of a contract's execution begins or all of its kind are done. Empty: by hand only."),
    )  # fmt: skip
    stalls_after_days: int | None = attr(
        N_("Stalls after days"), None, minimum=1, maximum=3650, in_list=True,
        help=N_("So many days without any movement. Empty: never."),
    )  # fmt: skip


class LifecycleStageListed(Listed):
    """Others know what the stage is called that stands on a customer's card."""

    entity = "customer.lifecycle_stage"


class ClassifyCustomer(Act):
    """A person knows better than the rules: the class or the step she names holds until a day, or until taken back."""

    value_class: ValueClass | None = attr(N_("Value class"), None, help=N_("Empty: stays as it is."))
    loyalty: Loyalty | None = attr(N_("Loyalty step"), None, help=N_("Empty: stays as it is."))
    until: date | None = attr(
        N_("Until"), None, help=N_("Empty: until somebody lets the rules decide again.")
    )
    note: str = attr(N_("Reason"), kind="long_text", max_length=1000)


class DeclassifyCustomer(Act):
    """The rules decide again."""

    what: Decided | None = attr(N_("What"), None, help=N_("Empty: both."))


class MarkCustomer(Act):
    """What no fact tells about where the customer stands: it entered a stage, is planned to, is lost, or came back."""

    mark: Mark = attr(N_("What"), "entered")
    stage_id: UUID | None = attr(N_("Stage"), None, ref="customer.lifecycle_stage")
    on: date | None = attr(N_("On"), None, help=N_("Empty: today."))
    note: str | None = attr(
        N_("Remark"), None, kind="long_text", max_length=1000, help=N_("Why it was lost.")
    )


class UnmarkCustomer(Act):
    """What was said by `mark_id` was a mistake."""

    mark_id: UUID


class ApplyValueRules(Command):
    """From now on the rules decide as they are written now."""


class CustomersStalled(Event):
    """With so many customers of hers nothing has moved for as long as their stage allows (CUS-07); `names` are the first."""

    aggregate: ClassVar[str] = "owner_id"

    owner_id: UUID
    on: date
    count: int
    names: tuple[str, ...]


class LifecycleOf(Question):
    """The way of one customer the actor may see, as it was known to have gone by a day."""

    customer_id: UUID
    as_of: date | None = attr(N_("As of"), None)


class LifecycleCounts(Question):
    """How many customers one sees stand in each stage, and the work that lies there (CUS-08)."""


class PreviewValueRules(Question):
    """How many customers would move if the rules were applied as they are written now."""

    answers: ClassVar[ValueRulesPreview]


class Move(Message):
    """So many customers that stand at `before` would stand at `after`; `field` is `value_class`, `loyalty` or `value_group`."""

    field: str
    before: str
    after: str
    count: int


class RuleName(Message):
    """What a rule is called."""

    name: str
    name_en: str | None = None


class ValueRulesPreview(Message):
    """Whether rules were changed since they were applied, and what applying them would do to the customers one sees.

    outdated   names of rules that fit nobody because a field of their question is gone
    uncounted  names of indicators that count no more because the field they measure was deleted
    """

    applied_at: datetime | None
    is_changed: bool
    customers: int
    moving: int
    moves: tuple[Move, ...]
    outdated: tuple[RuleName, ...] = ()
    uncounted: tuple[RuleName, ...] = ()
