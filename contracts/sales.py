"""What we sell and how far we are with it: products, stages, opportunities, quotes.

Permissions: `sales.<noun>.<read|create|update|archive|import|export>` for product_class, product, stage, opportunity and
quote; verbs `sales.<verb>_<noun>`; queries `sales.board`, `sales.forecast`, `sales.pipeline`, `sales.quote_trail`,
`sales.customer_file`.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from contracts import comments
from contracts.changes import RecordsChanged
from contracts.errors import Refused
from contracts.language import N_
from contracts.lifecycle import Lifecycle
from contracts.message import (
    Act,
    Event,
    Line,
    Listed,
    Message,
    Question,
    Record,
    Tagged,
    TaggedRecord,
    attr,
)
from contracts.money import HOME_CURRENCY
from contracts.noted import Noted
from contracts.query import Label

# ---- base data ----------------------------------------------------------------------------------------------------


class ProductClass(Record):
    """A group of products: a major class «A», or a minor class «A01» inside one."""

    label = N_("Product class")
    plural = N_("Product classes")
    icon = "category"
    sort = "code"

    code: str = attr(
        N_("Code"), in_list=True, search=True, max_length=20, synonyms=("代码", "类别代码", "产品类代码")
    )
    name: str = attr(N_("Name"), in_list=True, search=True, synonyms=("名称", "产品类别", "产品类名称"))
    name_en: str | None = attr(N_("Name in English"), None, in_list=True, search=True, synonyms=("英文名称",))
    parent_id: UUID | None = attr(
        N_("Belongs to"),
        None,
        ref="sales.product_class",
        in_list=True,
        filter=True,
        synonyms=("大类", "上级类别"),
    )


class Product(Tagged):
    """Something we sell, under a code that tells its class: A0101 is the first product of the minor class A01."""

    label = N_("Product")
    plural = N_("Products")
    icon = "package"
    sort = "code"

    code: str = attr(
        N_("Product code"),
        in_list=True,
        search=True,
        max_length=20,
        synonyms=("产品代码", "产品编号", "代码", "编码"),
    )
    name: str = attr(N_("Product name"), in_list=True, search=True, synonyms=("产品名称", "名称", "品名"))
    name_en: str | None = attr(N_("Name in English"), None, search=True, synonyms=("英文名称",))
    class_id: UUID = attr(
        N_("Product class"),
        ref="sales.product_class",
        in_list=True,
        filter=True,
        synonyms=("产品类别", "小类", "类别"),
    )
    spec: str | None = attr(N_("Spec"), None, in_list=True, search=True, synonyms=("规格", "产品规格"))
    model: str | None = attr(N_("Model"), None, in_list=True, search=True, synonyms=("型号", "产品型号"))
    unit_price: Decimal | None = attr(
        N_("Unit price"), None, kind="amount", minimum=0, in_list=True, filter=True, synonyms=("单价", "价格")
    )
    currency: str = attr(N_("Currency"), HOME_CURRENCY, readonly=True, max_length=3)
    unit: str | None = attr(N_("Unit"), None, in_list=True, max_length=20, synonyms=("计量单位", "单位"))
    remark: str | None = attr(N_("Remark"), None, kind="long_text", synonyms=("备注", "说明"))


class Stage(Record):
    """A step on the way to a sale, with the share of opportunities that are won once they are there."""

    label = N_("Stage")
    plural = N_("Stages")
    icon = "stairs"
    sort = "position"

    name: str = attr(N_("Name"), in_list=True, search=True, max_length=60, synonyms=("阶段", "阶段名称"))
    name_en: str | None = attr(N_("Name in English"), None, in_list=True, search=True, max_length=60)
    position: int = attr(N_("Position"), minimum=1, maximum=99, in_list=True, synonyms=("顺序", "序号"))
    success_rate: Decimal = attr(
        N_("Success rate, %"), kind="percent", minimum=0, maximum=100, in_list=True, synonyms=("成功率",)
    )
    asks_for_decider: bool = attr(
        N_("Decider must be met"), False, in_list=True, synonyms=("须见决策人",),
        help=N_("From this stage on, opportunities whose decider is unknown or was never met are marked."),
    )  # fmt: skip


# ---- documents ----------------------------------------------------------------------------------------------------


class Opportunity(TaggedRecord):
    """A chance to sell something to a customer: one project, one unit of management."""

    label = N_("Opportunity")
    plural = N_("Opportunities")
    icon = "target-arrow"

    number: str | None = attr(
        N_("Number"),
        None,
        readonly=True,
        in_list=True,
        search=True,
        max_length=60,
        synonyms=("项目编号", "机会编号"),
    )
    name: str = attr(
        N_("Name"), in_list=True, search=True, synonyms=("项目名称", "机会名称", "销售机会", "名称")
    )
    customer_id: UUID = attr(
        N_("Customer"), ref="customer.customer", in_list=True, filter=True, synonyms=("客户", "客户名称")
    )
    contact_id: UUID | None = attr(
        N_("Contact"), None, ref="customer.contact", filter=True, synonyms=("联系人",)
    )
    lead_id: UUID | None = attr(N_("Lead"), None, ref="customer.lead", readonly=True, filter=True)
    stage_id: UUID | None = attr(
        N_("Stage"), None, ref="sales.stage", in_list=True, filter=True, synonyms=("阶段", "销售阶段")
    )
    expected_amount: Decimal | None = attr(
        N_("Expected amount"), None, kind="amount", minimum=0, in_list=True, filter=True,
        synonyms=("预计金额", "预期金额", "期望值"),
    )  # fmt: skip
    currency: str = attr(N_("Currency"), HOME_CURRENCY, readonly=True, max_length=3)
    expected_on: date | None = attr(
        N_("Expected on"), None, in_list=True, filter=True, synonyms=("预计日期", "预计签单日期", "期望日期")
    )
    need: str | None = attr(
        N_("What the customer needs"), None, kind="long_text", synonyms=("需求", "客户需求")
    )
    competitors: str | None = attr(
        N_("Competitors"), None, in_list=True, filter=True, search=True, max_length=300,
        synonyms=("竞争对手", "主要竞争对手", "Competitor"), help=N_("Who else offers to the customer."),
    )  # fmt: skip
    state: str = attr(N_("State"), "open", kind="choice", readonly=True, in_list=True, filter=True)
    stage_since: datetime | None = attr(N_("In this stage since"), None, readonly=True, filter=True)
    closed_at: datetime | None = attr(N_("Closed at"), None, readonly=True, filter=True)
    won_amount: Decimal | None = attr(N_("Won amount"), None, kind="amount", readonly=True, filter=True)
    reason_id: UUID | None = attr(
        N_("Reason of the loss"), None, readonly=True, filter=True, ref="organization.choice",
        among={"list": "loss_reason"},
    )  # fmt: skip
    contract_id: UUID | None = attr(N_("Contract"), None, ref="receivables.contract", readonly=True)

    at_once: ClassVar = {"move": "move_opportunity", "lose": "reopen_opportunity"}
    lifecycle = Lifecycle(
        start="open",
        edit=("open",),
        move="open ->",
        win="open -> won",
        lose="open -> lost",
        reopen="won, lost -> open",
    )


class QuoteLine(Line):
    """One thing we offer: how many, at which price, with which discount."""

    product_id: UUID | None = attr(N_("Product"), None, ref="sales.product", synonyms=("产品",))
    description: str | None = attr(N_("Description"), None, synonyms=("说明", "描述"))
    quantity: Decimal = attr(
        N_("Quantity"), Decimal(1), kind="number", minimum=Decimal("0.001"), maximum=10**9, synonyms=("数量",)
    )
    unit_price: Decimal | None = attr(N_("Unit price"), None, kind="amount", minimum=0, synonyms=("单价",))
    discount: Decimal = attr(
        N_("Discount, %"), Decimal(0), kind="percent", minimum=0, maximum=100, synonyms=("折扣",)
    )
    amount: Decimal = attr(N_("Amount"), Decimal(0), kind="amount", readonly=True)


class Quote(TaggedRecord):
    """What we offer to a customer for an opportunity: lines that add up to an amount, valid until a day."""

    label = N_("Quote")
    plural = N_("Quotes")
    icon = "file-dollar"
    at_once: ClassVar = {"submit": "", "send": "", "withdraw": ""}

    number: str | None = attr(
        N_("Number"), None, readonly=True, in_list=True, search=True, max_length=60, synonyms=("报价编号",)
    )
    name: str = attr(N_("Name"), in_list=True, search=True, synonyms=("报价名称", "名称"))
    opportunity_id: UUID = attr(
        N_("Opportunity"), ref="sales.opportunity", in_list=True, filter=True, synonyms=("销售机会", "项目")
    )
    customer_id: UUID | None = attr(
        N_("Customer"), None, ref="customer.customer", readonly=True, in_list=True, filter=True
    )
    contact_id: UUID | None = attr(N_("Contact"), None, ref="customer.contact", synonyms=("联系人",))
    valid_until: date | None = attr(
        N_("Valid until"), None, in_list=True, filter=True, synonyms=("有效期至",)
    )
    lines: tuple[QuoteLine, ...] = attr(N_("Lines"), ())
    amount: Decimal = attr(N_("Amount"), Decimal(0), kind="amount", readonly=True, in_list=True, filter=True)
    currency: str = attr(N_("Currency"), HOME_CURRENCY, readonly=True, max_length=3)
    terms: str | None = attr(N_("Terms"), None, kind="long_text", synonyms=("条款",))
    state: str = attr(N_("State"), "draft", kind="choice", readonly=True, in_list=True, filter=True)
    revises_id: UUID | None = attr(N_("Revision of"), None, ref="sales.quote", readonly=True)
    sent_at: datetime | None = attr(N_("Sent at"), None, readonly=True, filter=True)
    sent_by: UUID | None = attr(N_("Sent by"), None, readonly=True, ref="organization.staff")
    answered_at: datetime | None = attr(N_("Answered at"), None, readonly=True)

    lifecycle = Lifecycle(
        start="draft",
        edit=("draft",),
        submit="draft -> submitted",
        approve="submitted -> approved",
        reject="submitted -> draft",
        send="approved -> sent",
        accept="sent -> accepted",
        decline="sent -> declined",
        withdraw="submitted, approved, sent, accepted -> withdrawn",
        revise="approved, sent, declined, withdrawn ->",
    )


class Comment(comments.Comment):
    """What a colleague remarked on an opportunity, a quote, a product."""


# ---- commands -----------------------------------------------------------------------------------------------------


class MoveOpportunity(Act):
    """It is at another stage now, forward or back."""

    stage_id: UUID = attr(N_("Stage"), ref="sales.stage")
    happened_at: datetime | None = attr(N_("When it happened, if not now"), None)


class WinOpportunity(Act):
    """The customer has decided for us: by the accepted quote, or for an amount agreed without one."""

    amount: Decimal | None = attr(
        N_("Amount"), None, kind="amount", minimum=Decimal("0.01"),
        help=N_("Only where no quote was accepted; otherwise the quote's amount counts."),
    )  # fmt: skip
    happened_at: datetime | None = attr(N_("When it happened, if not now"), None)


class LoseOpportunity(Act):
    """The customer has decided against us, and why."""

    reason_id: UUID = attr(N_("Reason"), ref="organization.choice", among={"list": "loss_reason"})
    competitors: str | None = attr(
        N_("Competitors"), None, max_length=300, help=N_("Who else offered, and to whom it was lost.")
    )
    happened_at: datetime | None = attr(N_("When it happened, if not now"), None)


# ---- questions ----------------------------------------------------------------------------------------------------


class BoardOf(Question):
    """The open opportunities as columns of cards, one for each stage, whoever came last on top.

    With `stage_id` only that column; with `after` (a column's `next`) the cards further down in it.
    """

    answers: ClassVar[Board]

    stage_id: UUID | None = None
    after: str | None = None
    limit: int = attr(N_("Cards"), 20, minimum=1, maximum=200)
    owner_id: UUID | None = None
    text: str | None = attr(N_("Text"), None)


class ForecastOf(Question):
    """What is expected from one day to another, both included; a missing day leaves that side open."""

    answers: ClassVar[Forecast]

    from_on: date | None = attr(N_("From"), None)
    to_on: date | None = attr(N_("To"), None)
    owner_id: UUID | None = None


class PipelineOf(Question):
    """How much is open at each stage, whenever it is expected."""

    answers: ClassVar[Pipeline]

    owner_id: UUID | None = None


class QuoteTrail(Question):
    """What was quoted for an opportunity, when, by whom, and how it was answered."""

    opportunity_id: UUID


# ---- answers ------------------------------------------------------------------------------------------------------


class Sum(Message):
    """Open opportunities added up. `weighted`: each amount times the success rate of its stage, rounded to the cent."""

    count: int = 0
    amount: Decimal = Decimal("0.00")
    weighted: Decimal = Decimal("0.00")


class StageSum(Sum):
    """The same at one stage."""

    stage_id: UUID
    success_rate: Decimal


class OwnerSum(Sum):
    """The same of one owner."""

    owner_id: UUID | None


class Column(StageSum):
    """One column of the board: its sums, and the first of its cards."""

    asks_for_decider: bool = False
    """Whether whoever decides is to be known and met by now."""
    cards: list[dict[str, Any]] = []
    next: str | None = None


class Board(Sum):
    """The board as its reader may see it."""

    columns: list[Column]
    labels: dict[str, Label] = {}


class DeciderAskedFor(Question):
    """Whether an opportunity is so far that whoever decides should be known and met (users, leap 8)."""

    answers: ClassVar[bool]

    opportunity_id: UUID


class Pipeline(Sum):
    """Sums within the reader's rights, and how much of the company they cover.

    company   how many such opportunities the company has
    unpriced  how many of those counted have no expected amount: they add nothing
    scope     how far the reader's rights reach: own, team, department, branch, all
    """

    company: int
    unpriced: int
    scope: str
    stages: list[StageSum]
    owners: list[OwnerSum]
    labels: dict[str, Label] = {}


class Forecast(Pipeline):
    """The same for what is expected in a period.

    undated   open without an expected day: in no forecast
    earlier   open, but expected before the period began
    """

    from_on: date | None
    to_on: date | None
    undated: int
    earlier: int


# ---- cards --------------------------------------------------------------------------------------------------------


class ProductClassListed(Listed):
    entity = "sales.product_class"
    carries = ("code", "parent_id")


class ProductListed(Listed):
    entity = "sales.product"
    carries = ("code", "class_id", "unit", "unit_price")


class StageListed(Listed):
    entity = "sales.stage"
    carries = ("position", "success_rate")


class OpportunityListed(Listed):
    entity = "sales.opportunity"
    carries = ("customer_id", "state")


class QuoteListed(Listed):
    entity = "sales.quote"
    carries = ("customer_id", "opportunity_id", "state")


# ---- facts --------------------------------------------------------------------------------------------------------


class OpportunityOpened(Event):
    """A chance to sell is being worked on: it entered its first stage."""

    opportunity_id: UUID
    number: str | None = None
    name: str
    customer_id: UUID
    contact_id: UUID | None = None
    lead_id: UUID | None = None
    owner_id: UUID | None = None
    stage_id: UUID
    expected_amount: Decimal | None = None
    expected_on: date | None = None
    opened_at: datetime


class OpportunityMoved(Event):
    """It went from one stage to another; `moved_at` is when it happened, which may be before it was entered."""

    opportunity_id: UUID
    customer_id: UUID
    owner_id: UUID | None = None
    from_stage_id: UUID
    to_stage_id: UUID
    expected_amount: Decimal | None = None
    moved_at: datetime


class QuotedLine(Message):
    """A line of the quote that was accepted."""

    product_id: UUID | None = None
    description: str | None = None
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal = Decimal(0)
    amount: Decimal


class OpportunityWon(Event):
    """The customer decided for us. `contract_id` names the contract that is to be drafted; the lines add up to `amount`."""

    opportunity_id: UUID
    number: str | None = None
    name: str
    customer_id: UUID
    contact_id: UUID | None = None
    lead_id: UUID | None = None
    owner_id: UUID | None = None
    stage_id: UUID
    amount: Decimal
    currency: str = HOME_CURRENCY
    quote_id: UUID | None = None
    contract_id: UUID
    lines: tuple[QuotedLine, ...] = ()
    noted: tuple[Noted, ...] = ()
    """What the quote and the opportunity say in own fields, for the contract; what stands first counts."""
    won_at: datetime


class OpportunityLost(Event):
    """The customer decided against us."""

    opportunity_id: UUID
    customer_id: UUID
    owner_id: UUID | None = None
    stage_id: UUID
    expected_amount: Decimal | None = None
    reason_id: UUID
    lost_at: datetime


class OpportunityReopened(Event):
    """A closed opportunity is worked on again, at the stage it was closed in.

    `contract_id` is the contract that the taken-back win had named: a draft of it is no longer wanted.
    """

    opportunity_id: UUID
    customer_id: UUID
    owner_id: UUID | None = None
    stage_id: UUID
    was: str
    contract_id: UUID | None = None
    reopened_at: datetime


class QuoteEvent(Event):
    """What every fact about a quote tells."""

    aggregate = "quote_id"

    quote_id: UUID
    number: str | None = None
    name: str
    opportunity_id: UUID
    customer_id: UUID
    owner_id: UUID | None = None
    amount: Decimal
    currency: str = HOME_CURRENCY


class QuoteSubmitted(QuoteEvent):
    """Somebody asks for a decision on a quote; without `approver_id` anybody who holds the right may decide."""

    requested_by: UUID
    approver_id: UUID | None = None


class QuoteApproved(QuoteEvent):
    """The quote may go out."""

    requested_by: UUID
    decided_by: UUID
    note: str | None = None


class QuoteRejected(QuoteEvent):
    """The quote must be changed before it may go out."""

    requested_by: UUID
    decided_by: UUID
    note: str | None = None


class QuoteSent(QuoteEvent):
    """The customer has it."""

    contact_id: UUID | None = None
    valid_until: date | None = None
    sent_at: datetime


class QuoteAccepted(QuoteEvent):
    """The customer took it as it stands."""

    accepted_at: datetime


class QuoteDeclined(QuoteEvent):
    """The customer did not want it."""

    declined_at: datetime


class QuoteWithdrawn(QuoteEvent):
    """We no longer stand by it."""

    was: str


class RecordCommented(comments.RecordCommented):
    """Somebody remarked on an opportunity, a quote, a product."""


# ---- refusals -----------------------------------------------------------------------------------------------------


class NoStages(Refused):
    pattern = N_("There is no stage yet. An administrator must set up the stages first.")


class NothingAgreed(Refused):
    pattern = N_("Nothing was agreed yet: no quote was accepted and no amount is given.")


class OpportunityClosed(Refused):
    """Raised with `state`."""

    pattern = N_("The opportunity is no longer open ({state}).")


class AlreadySigned(Refused):
    """Raised with `number` of the contract."""

    pattern = N_("The contract {number} is signed already; the win stands.")


class AnotherQuoteAccepted(Refused):
    """Raised with `number` of the other quote."""

    pattern = N_("The quote {number} was accepted for this opportunity. Withdraw it first.")


class QuoteExpired(Refused):
    """Raised with `number` and `expired_on`."""

    pattern = N_("Quote {number} expired on {expired_on}.")


class QuoteEmpty(Refused):
    """Raised with `number`."""

    pattern = N_("Quote {number} has no lines.")


class SalesRecordsChanged(RecordsChanged):
    """Opportunities, quotes, products or others of this service were entered or changed; only while a webhook asks for it."""
