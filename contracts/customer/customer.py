"""The companies and people we sell to, what they bought of old, and what hands them on."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal, NotRequired
from uuid import UUID

from contracts.customer.activity import FollowUpColumns
from contracts.customer.classes import Loyalty, ValueClass
from contracts.customer.pool import beyond_limit
from contracts.customer.segment import SegmentedRecord
from contracts.customer.value import ValueGroup
from contracts.language import N_
from contracts.message import Act, Event, Listed, Message, OwnedRecord, Question, attr
from contracts.query import CustomerFile, CustomerFileOf

Nature = Literal["company", "individual", "family"]
"""A family groups individuals, as a company may group others below it (CUS-15)."""
CreditStanding = Literal["good", "watch", "stop"]
"""Pays as agreed; is to be watched; gets nothing more until it is settled."""


class WholeCustomerOf(CustomerFileOf):
    """This service's share of the customer page; with `history` the customer too, and so many of its newest changes."""

    history: int = 0


class WholeCustomer(CustomerFile):
    """`stored` is the customer as the door `get` answers it, where its history was asked for."""

    stored: NotRequired[dict[str, Any]]


class CustomerExtras(FollowUpColumns):
    """What a file of existing customers may say beside the customer: whom we know there, a contract of former days, what
    we did there and what comes next."""

    contact_name: str | None = attr(
        N_("Contact person"),
        None,
        max_length=100,
        synonyms=("联系人", "联系人姓名", "姓名", "Full name", "Contact name"),
    )
    contact_job_title: str | None = attr(
        N_("Job title"),
        None,
        max_length=100,
        synonyms=("职务", "职位", "Title", "Position", "Organization title", "Organization 1 - Title"),
    )
    contact_mobile: str | None = attr(
        N_("Mobile"),
        None,
        kind="phone",
        synonyms=(
            "手机",
            "联系人电话",
            "联系人手机",
            "手机号",
            "Mobile phone",
            "Mobile phone number",
            "Cell phone",
        ),
    )
    contact_phone: str | None = attr(
        N_("Phone of the contact"), None, kind="phone", synonyms=("联系人座机", "Contact phone")
    )
    contact_email: str | None = attr(
        N_("E-mail of the contact"),
        None,
        kind="email",
        synonyms=("联系人邮箱", "联系人电子邮件", "Contact e-mail"),
    )
    contact_buying_role_id: UUID | None = attr(
        N_("Buying role"),
        None,
        ref="organization.choice",
        among={"list": "buying_role"},
        synonyms=("购买角色", "角色"),
    )
    contact_birthday: date | None = attr(
        N_("Birthday"), None, synonyms=("生日", "联系人生日", "Birthdate", "Date of birth")
    )
    contact_note: str | None = attr(
        N_("Note on the contact"), None, kind="long_text", synonyms=("联系人备注", "Contact notes")
    )
    value_class: ValueClass | None = attr(
        N_("Value class"), None, synonyms=("价值分类", "客户分类", "客户级别")
    )
    loyalty: Loyalty | None = attr(N_("Loyalty step"), None, synonyms=("忠诚阶梯", "客户阶段"))
    contract_number: str | None = attr(
        N_("Contract number"), None, max_length=60, synonyms=("合同编号", "合同号", "Contract no.")
    )
    contract_name: str | None = attr(N_("Contract name"), None, synonyms=("合同名称",))
    contract_amount: Decimal | None = attr(
        N_("Contract amount"), None, kind="amount", minimum=0, synonyms=("合同金额", "成交金额")
    )
    contract_signed_on: date | None = attr(
        N_("Signed on"), None, synonyms=("签订日期", "签约日期", "合同日期", "成交日期")
    )
    contract_paid: Decimal | None = attr(
        N_("Paid amount"),
        None,
        kind="amount",
        minimum=0,
        synonyms=("已付金额", "已收金额", "实收金额", "已回款", "回款金额", "已收款"),
    )
    contract_closed_on: date | None = attr(
        N_("Closed on"), None, synonyms=("结案日期", "完成日期", "交接日期", "验收日期")
    )


class Customer(SegmentedRecord):
    """A company, a person or a family we do business with, or that the company keeps a file on."""

    label = N_("Customer")
    plural = N_("Customers")
    icon = "building"
    merges = True
    differs_by = "nature"
    verbs = ("hand_over", "release", "classify", "declassify", "mark", "set_credit")
    at_once: ClassVar = {
        "hand_over": "hand_over_customer", "release": "hand_over_customer", "classify": "declassify_customer",
        "declassify": "", "mark": "unmark_customer.mark_id", "set_credit": "set_credit_customer",
    }  # fmt: skip
    importing: ClassVar[type[Message] | None] = CustomerExtras

    number: str | None = attr(
        N_("Number"), None, readonly=True, in_list=True, filter=True, search=True, max_length=40
    )
    name: str = attr(
        N_("Name"), in_list=True, filter=True, search=True,
        synonyms=(
            "客户名称", "公司", "公司名称", "单位名称", "名称", "Customer", "Company", "Company name", "Account name",
            "Organization name", "Organization 1 - Name",
        ),
    )  # fmt: skip
    short_name: str | None = attr(
        N_("Short name"), None, search=True, max_length=60, synonyms=("简称", "客户简称")
    )
    kind: Literal["end_customer", "partner", "internal"] = attr(
        N_("Kind"), "end_customer", in_list=True, filter=True, synonyms=("客户类型", "类型")
    )
    nature: Nature = attr(
        N_("Company or person"), "company", filter=True, synonyms=("客户性质", "性质", "企业或个人")
    )
    parent_id: UUID | None = attr(
        N_("Group or family"), None, ref="customer.customer", filter=True,
        help=N_("Of a company the one above it in its group, of a person the family."), listed_as=N_("Group or family members"),
        synonyms=("上级客户", "所属集团", "母公司", "所属家庭", "Parent account", "Parent company"),
    )  # fmt: skip
    contact_id: UUID | None = attr(
        N_("Contact of a customer"), None, ref="customer.contact", readonly=True, filter=True,
        help=N_("The person is known to us as a contact, and buys privately as well."),
    )  # fmt: skip
    company_id: UUID | None = attr(
        N_("Through company"), None, ref="customer.customer", readonly=True, filter=True,
        help=N_("The customer whose staff or family this is."), listed_as=N_("Private customers from here"),
    )  # fmt: skip
    value_class: ValueClass = attr(N_("Value class"), "potential", in_list=True, filter=True, readonly=True)
    loyalty: Loyalty = attr(N_("Loyalty step"), "target", in_list=True, filter=True, readonly=True)
    industry_id: UUID | None = attr(
        N_("Industry"), None, ref="organization.choice", among={"list": "industry"}, in_list=True, filter=True,
        synonyms=("行业", "所属行业", "行业类型"),
    )  # fmt: skip
    region_id: UUID | None = attr(
        N_("Region"), None, ref="organization.choice", among={"list": "region"}, in_list=True, filter=True,
        synonyms=("地区", "区域", "所在地区"),
    )  # fmt: skip
    source_id: UUID | None = attr(
        N_("Source"), None, ref="organization.choice", among={"list": "lead_source"}, filter=True,
        synonyms=("来源", "客户来源", "Account source", "Lead source", "Original source"),
    )  # fmt: skip
    phone: str | None = attr(
        N_("Phone"),
        None,
        kind="phone",
        in_list=True,
        search=True,
        synonyms=(
            "电话",
            "联系电话",
            "座机",
            "Tel",
            "Business phone",
            "Work phone",
            "Phone number",
            "Office phone",
            "Phone 1 - Value",
        ),
    )
    mobile: str | None = attr(
        N_("Mobile"), None, kind="phone", search=True, synonyms=("客户手机", "本人手机"),
        help=N_("Of a customer who is a person."),
    )  # fmt: skip
    birthday: date | None = attr(
        N_("Birthday"), None, filter=True, synonyms=("客户生日", "出生日期", "本人生日"),
        help=N_("Of a customer who is a person."),
    )  # fmt: skip
    email: str | None = attr(
        N_("E-mail"),
        None,
        kind="email",
        search=True,
        synonyms=("邮箱", "电子邮件", "Email", "E-mail address", "Email address", "E-mail 1 - Value"),
    )
    website: str | None = attr(
        N_("Website"),
        None,
        kind="url",
        synonyms=("网址", "网站", "Web page", "Website URL", "Web site", "Website 1 - Value"),
    )
    address: str | None = attr(
        N_("Address"),
        None,
        max_length=300,
        synonyms=(
            "地址",
            "公司地址",
            "Street",
            "Street address",
            "Business street",
            "Mailing street",
            "Billing street",
            "Address 1 - Formatted",
        ),
    )
    tax_number: str | None = attr(
        N_("Tax number"),
        None,
        search=True,
        max_length=40,
        synonyms=("税号", "统一社会信用代码", "纳税人识别号"),
    )
    background: str | None = attr(
        N_("Background"),
        None,
        kind="long_text",
        synonyms=("背景", "客户背景", "备注", "Notes", "Description"),
    )
    lead_id: UUID | None = attr(N_("Lead"), None, ref="customer.lead", readonly=True)

    strategic_value: Decimal | None = attr(
        N_("Strategic value"), None, kind="amount", minimum=0, filter=True, synonyms=("战略价值",),
        help=N_("What it is worth to us beyond what it pays: as a reference, a partner, a market."),
    )  # fmt: skip
    is_growth: bool = attr(
        N_("Growth customer"), False, filter=True, synonyms=("培育客户",),
        help=N_("Brings no profit today; we invest in it."),
    )  # fmt: skip
    strategy: str | None = attr(N_("Strategy"), None, kind="long_text", synonyms=("客户策略", "策略"))

    credit_standing: CreditStanding = attr(N_("Credit"), "good", readonly=True, filter=True)
    credit_limit: Decimal | None = attr(
        N_("Credit limit"), None, kind="amount", readonly=True, filter=True, help=N_("Empty: without limit.")
    )
    credit_days: int | None = attr(N_("Days to pay"), None, readonly=True, filter=True)
    credit_because: str | None = attr(N_("Reason of the credit"), None, kind="long_text", readonly=True)
    owed_amount: Decimal = attr(
        N_("Owes"), Decimal("0.00"), kind="amount", readonly=True, filter=True,
        help=N_("Of all signed contracts, due or not."),
    )  # fmt: skip

    value_rule_id: UUID | None = attr(
        N_("Value class by rule"), None, ref="customer.value_rule", readonly=True
    )
    loyalty_rule_id: UUID | None = attr(
        N_("Loyalty step by rule"), None, ref="customer.value_rule", readonly=True
    )
    is_classified_by_hand: bool = attr(N_("Value class by hand"), False, readonly=True, filter=True)
    classified_until: date | None = attr(N_("Value class by hand until"), None, readonly=True, filter=True)
    classified_because: str | None = attr(
        N_("Reason of the value class"), None, kind="long_text", readonly=True
    )
    is_loyalty_by_hand: bool = attr(N_("Loyalty step by hand"), False, readonly=True, filter=True)
    loyalty_until: date | None = attr(N_("Loyalty step by hand until"), None, readonly=True, filter=True)
    loyalty_because: str | None = attr(
        N_("Reason of the loyalty step"), None, kind="long_text", readonly=True
    )

    stage_id: UUID | None = attr(
        N_("Lifecycle stage"), None, ref="customer.lifecycle_stage", readonly=True, filter=True
    )
    stage_since: date | None = attr(N_("In this stage since"), None, readonly=True, filter=True)
    stalls_on: date | None = attr(
        N_("Stalls on"), None, readonly=True, filter=True, help=N_("Unless something happens before.")
    )
    is_lost: bool = attr(N_("Lost customer"), False, readonly=True, filter=True)

    value_group: ValueGroup | None = attr(N_("Value group"), None, readonly=True, filter=True)
    value_score: Decimal | None = attr(
        N_("Value score"),
        None,
        readonly=True,
        filter=True,
        help=N_("From 0 to 100, by the value indicators."),
    )
    propensity_score: Decimal | None = attr(
        N_("Buying propensity"), None, readonly=True, filter=True,
        help=N_("From 0 to 100, by the value indicators."),
    )  # fmt: skip
    third_score: Decimal | None = attr(
        N_("Score in the third dimension"), None, readonly=True, filter=True,
        help=N_("From 0 to 100, by the value indicators; what it means says the third value dimension."),
    )  # fmt: skip

    # figures: made anew from what the other services told and from our own activities
    contracts_count: int = attr(N_("Contracts"), 0, readonly=True, filter=True)
    contracts_amount: Decimal = attr(
        N_("Contract amount"), Decimal("0.00"), kind="amount", readonly=True, filter=True
    )
    last_contract_on: date | None = attr(N_("Last contract on"), None, readonly=True, filter=True)
    lifetime_value: Decimal = attr(
        N_("Lifetime value"), Decimal("0.00"), kind="amount", readonly=True, filter=True,
        help=N_("What was signed so far, and what the open opportunities may bring."),
    )  # fmt: skip
    paid_amount: Decimal = attr(N_("Paid amount"), Decimal("0.00"), kind="amount", readonly=True, filter=True)
    overdue_amount: Decimal = attr(
        N_("Overdue amount"), Decimal("0.00"), kind="amount", readonly=True, filter=True
    )
    open_opportunities: int = attr(N_("Open opportunities"), 0, readonly=True, filter=True)
    open_amount: Decimal = attr(
        N_("Open amount"), Decimal("0.00"), kind="amount", readonly=True, filter=True,
        help=N_("What the open opportunities may bring."),
    )  # fmt: skip
    won_opportunities: int = attr(N_("Won opportunities"), 0, readonly=True, filter=True)
    lost_opportunities: int = attr(N_("Lost opportunities"), 0, readonly=True, filter=True)
    open_tickets: int = attr(N_("Open tickets"), 0, readonly=True, filter=True)
    average_rating: Decimal | None = attr(N_("Average rating"), None, readonly=True, filter=True)
    last_activity_at: datetime | None = attr(N_("Last contact"), None, readonly=True, filter=True)
    next_activity_at: datetime | None = attr(N_("Next activity"), None, readonly=True, filter=True)
    open_activities: int = attr(N_("Planned activities"), 0, readonly=True, filter=True)
    expense_amount: Decimal = attr(
        N_("Expenses"), Decimal("0.00"), kind="amount", readonly=True, filter=True,
        help=N_("Of all that was done there."),
    )  # fmt: skip


class FormerContract(OwnedRecord):
    """A contract signed before we kept books here, as a file told it. Whoever keeps contracts has made it one."""

    label = N_("Former contract")
    plural = N_("Former contracts")
    icon = "history"
    creatable = False
    editable = False
    sort = "-signed_on"

    customer_id: UUID = attr(
        N_("Customer"), ref="customer.customer", readonly=True, in_list=True, filter=True
    )
    contract_id: UUID = attr(N_("Contract"), ref="receivables.contract", readonly=True, in_list=True)
    number: str | None = attr(
        N_("Contract number"), None, readonly=True, in_list=True, search=True, max_length=60
    )
    name: str = attr(N_("Contract name"), readonly=True, in_list=True, search=True)
    amount: Decimal = attr(N_("Contract amount"), kind="amount", readonly=True, in_list=True, filter=True)
    signed_on: date = attr(N_("Signed on"), readonly=True, in_list=True, filter=True)
    paid: Decimal = attr(N_("Paid amount"), kind="amount", readonly=True, in_list=True)
    closed_on: date | None = attr(N_("Closed on"), None, readonly=True, in_list=True, filter=True)


class HandOverCustomer(Act):
    """The customer gets another owner, with its contacts and what is planned there; of what the owner before does with it
    elsewhere, what is chosen (CUS-01, OPP-11)."""

    owner_id: UUID = attr(N_("New owner"), ref="organization.staff")
    with_opportunities: bool = attr(
        N_("Hand over the open opportunities as well"), True, help=N_("Those of the owner before.")
    )
    with_contracts: bool = attr(
        N_("Hand over the contracts that are under way as well"), True,
        help=N_("Those of the owner before, with what is owed for them."),
    )  # fmt: skip
    beyond_limit: str | None = beyond_limit()


class GroupOf(Question):
    """The group a customer belongs to: what stands above and below it, and what they bring together."""

    answers: ClassVar[Group]

    customer_id: UUID


class GroupMember(Message):
    """One customer of a group, with its figures; `depth` below the highest that the reader may see."""

    id: UUID
    name: str
    nature: Nature
    depth: int
    figures: dict[str, Any]


class Group(Message):
    """A group as its reader may see it: from the top down, each below the one it belongs to.

    below   how many stand below the customer that was asked about
    sums    figures of it and all of those
    people  how many buy privately through it
    """

    members: tuple[GroupMember, ...] = ()
    below: int = 0
    sums: dict[str, Any] = {}
    people: int = 0


class SetCreditCustomer(Act):
    """How far the customer is trusted: whether more may be sold at all, how much it may owe, how soon it is to pay."""

    credit_standing: CreditStanding = attr(
        N_("Credit"), "good", help=N_("Stopped: no contract is signed until the credit is set again.")
    )
    credit_limit: Decimal | None = attr(
        N_("Credit limit"), None, kind="amount", minimum=0, help=N_("Empty: without limit.")
    )
    credit_days: int | None = attr(N_("Days to pay"), None, minimum=0, maximum=3650)
    note: str = attr(N_("Reason"), kind="long_text", max_length=1000)


class SimilarTo(Question):
    """Do we have this company, or this person, already? Asked while somebody types, and before a lead becomes a customer.

    A company is also known by the people there, a person also by companies and leads that are reached in the same way.

    customer_id   where the person works: one of the same name there
    except_id     the record that is being changed
    lead_id       instead of what is typed: what this lead says, compared with customers and the people there
    """

    called: ClassVar[str] = "similar"

    about: Literal["company", "person"] = "company"
    name: str | None = attr(N_("Name"), None)
    phone: str | None = attr(N_("Phone"), None)
    mobile: str | None = attr(N_("Mobile"), None)
    email: str | None = attr(N_("E-mail"), None, kind="text")
    website: str | None = attr(N_("Website"), None, kind="text")
    tax_number: str | None = attr(N_("Tax number"), None)
    customer_id: UUID | None = None
    except_id: UUID | None = None
    lead_id: UUID | None = None


class CustomerListed(Listed):
    entity = "customer.customer"
    carries = (
        "kind", "nature", "value_class", "loyalty", "industry_id", "region_id", "source_id", "credit_standing",
        "credit_limit", "segments", "tags", "stage_id", "value_group",
    )  # fmt: skip


class RecordsMerged(Event):
    """Several leads, customers or contacts were the same: whatever refers to those that went refers to the kept one."""

    aggregate: ClassVar[str] = "kept_id"

    merge_id: UUID
    entity: str
    kept_id: UUID
    gone_ids: tuple[UUID, ...]


class MergeUndone(Event):
    """They are several again: what this merge turned turns back."""

    aggregate: ClassVar[str] = "kept_id"

    merge_id: UUID
    entity: str
    kept_id: UUID
    gone_ids: tuple[UUID, ...]


class CustomerHandedOver(Event):
    """Another colleague looks after this customer from now on; what of the one before is to go along with it."""

    customer_id: UUID
    number: str | None = None
    name: str
    from_id: UUID | None = None
    to_id: UUID
    note: str | None = None
    beyond_limit: str | None = None
    with_opportunities: bool = False
    with_contracts: bool = False


class FormerContractImported(Event):
    """A file of existing customers told of a contract signed in former days; it becomes one under `contract_id`."""

    contract_id: UUID
    customer_id: UUID
    number: str | None = None
    name: str
    amount: Decimal
    signed_on: date
    paid: Decimal = Decimal("0.00")
    closed_on: date | None = None
    owner_id: UUID | None = None


class FormerContractWithdrawn(Event):
    """The import that told of this contract was taken back: it never was."""

    contract_id: UUID
    customer_id: UUID
