"""Leads, customers, the people there, what we did and planned with them, and what colleagues remarked on it.

Permissions of this service: `customer.<lead|customer|contact|former_contract|activity|comment|pool_rule|value_rule|lifecycle_stage>.<read|create|update|archive|import|export>`;
verbs `customer.<follow|convert|drop|reopen|assign|release>_lead`, `customer.<complete|cancel|assign>_activity`,
`customer.<hand_over|release|classify|declassify|mark|unmark|set_credit>_customer`; `customer.lifecycle`, `customer.lifecycle_counts`; `customer.preview_value_rules`, `customer.apply_value_rules`; `customer.pool`, `customer.pick_lead`, `customer.pick_customer`; and the doors `customer.log_activity`, `customer.plan_activity`, `customer.add_comment`,
`customer.comments`, `customer.similar`, `customer.calendar`, `customer.my_day`, `customer.customer_file`.
Anybody, without being known: `customer.open_web_form`, `customer.send_web_form`; the forms themselves are
`customer.web_form.<read|create|update|archive|import|export>`.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, field_validator

from contracts import kinds
from contracts.errors import Refused
from contracts.language import N_
from contracts.lifecycle import Lifecycle
from contracts.message import Act, Command, Event, Listed, Message, OwnedRecord, Record, TaggedRecord, attr
from contracts.query import Of, Query

Pooled = Literal["customer.lead", "customer.customer"]
"""What goes into the pool (公海) when nobody works it."""

ValueClass = Literal["potential", "target", "key"]
"""潜在, 目标, 重点客户: how we manage a customer (CUS-05)."""
Loyalty = Literal["target", "potential", "prospect", "closed", "loyal"]
Remind = Literal["by_kind", "never", "at_start", "15_minutes_before", "1_hour_before", "1_day_before"]
Unit = Literal["day", "week", "month", "year"]
MOST_REPEATED = 60
"""Activities of one series."""
LinkKind = Literal["reports_to", "friend", "family", "schoolmate", "former_colleague", "rival"]
WishKind = Literal["need", "channel", "time", "topic", "taboo", "gift", "style"]
CreditStanding = Literal["good", "watch", "stop"]
"""Pays as agreed; is to be watched; gets nothing more until it is settled."""
"""目标 → 潜在 → 准客户 → 成交 → 忠诚: the step of the ladder on which a customer stands (CUS-06)."""

Entered = Literal[
    "customer_created", "in_contact", "opportunity_opened", "quote_sent", "quote_accepted", "opportunity_won",
    "contract_signed", "service_taken_over", "contract_completed", "second_contract",
]  # fmt: skip
"""Facts by which a customer enters a stage of its lifecycle (CUS-07)."""
Mark = Literal["entered", "planned", "lost", "returned"]
"""What a person says about a customer's lifecycle."""


Asked = Literal[
    "contact_name", "job_title", "phone", "mobile", "email", "address", "website", "need", "expected_amount"
]
"""What a web form may ask for, beside the company's name; nothing that would show strangers what we have."""


class Lead(TaggedRecord):
    """A company that might buy: where we heard of it, whom to talk to, what it needs."""

    label = N_("Lead")
    plural = N_("Leads")
    icon = "target"
    merges = True
    lifecycle: ClassVar[Lifecycle | None] = Lifecycle(
        start="new",
        edit=("new", "following"),
        follow="new -> following",
        convert="new, following -> converted",
        drop="new, following -> dropped",
        reopen="dropped -> following",
        assign="new, following ->",
        release="new, following ->",
    )

    number: str | None = attr(
        N_("Number"), None, readonly=True, in_list=True, filter=True, search=True, max_length=40
    )
    name: str = attr(
        N_("Company"), in_list=True, filter=True, search=True,
        synonyms=(
            "公司", "公司名称", "客户名称", "单位名称", "名称", "Company", "Company name", "Account name", "Organization name",
            "Organization 1 - Name", "Account",
        ),
    )  # fmt: skip
    contact_name: str | None = attr(
        N_("Contact person"), None, in_list=True, search=True, max_length=100,
        synonyms=("联系人", "联系人姓名", "姓名", "Contact", "Full name", "Contact name"),
    )  # fmt: skip
    job_title: str | None = attr(
        N_("Job title"),
        None,
        max_length=100,
        synonyms=("职务", "职位", "Title", "Position", "Organization title", "Organization 1 - Title"),
    )
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
        N_("Mobile"),
        None,
        kind="phone",
        search=True,
        synonyms=("手机", "移动电话", "手机号", "Mobile phone", "Mobile phone number", "Cell phone"),
    )
    email: str | None = attr(
        N_("E-mail"),
        None,
        kind="email",
        search=True,
        synonyms=("邮箱", "电子邮件", "Email", "E-mail address", "Email address", "E-mail 1 - Value"),
    )
    source_id: UUID | None = attr(
        N_("Source"), None, ref="organization.choice", among={"list": "lead_source"}, in_list=True, filter=True,
        synonyms=("来源", "线索来源", "Lead source"),
    )  # fmt: skip
    industry_id: UUID | None = attr(
        N_("Industry"), None, ref="organization.choice", among={"list": "industry"}, filter=True,
        synonyms=("行业", "所属行业", "行业类型"),
    )  # fmt: skip
    region_id: UUID | None = attr(
        N_("Region"), None, ref="organization.choice", among={"list": "region"}, filter=True,
        synonyms=("地区", "区域", "所在地区"),
    )  # fmt: skip
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
    website: str | None = attr(
        N_("Website"),
        None,
        kind="url",
        synonyms=("网址", "网站", "Web page", "Website URL", "Web site", "Website 1 - Value"),
    )
    need: str | None = attr(
        N_("Need"), None, kind="long_text", synonyms=("需求", "客户需求", "Notes", "Description")
    )
    expected_amount: Decimal | None = attr(
        N_("Expected amount"), None, kind="amount", minimum=0, in_list=True, filter=True,
        synonyms=("预计金额", "预期金额"),
    )  # fmt: skip
    next_step_on: date | None = attr(
        N_("Next step on"), None, in_list=True, filter=True, synonyms=("下次联系", "下次跟进", "下一步日期")
    )
    state: str = attr(N_("State"), "new", readonly=True, in_list=True, filter=True)
    customer_id: UUID | None = attr(N_("Customer"), None, ref="customer.customer", readonly=True)
    opportunity_id: UUID | None = attr(N_("Opportunity"), None, ref="sales.opportunity", readonly=True)


class WebForm(Record):
    """A form for the company's website: whoever fills it in becomes a lead of the person who gets them (users 7)."""

    label = N_("Web form")
    plural = N_("Web forms")
    icon = "world"
    title = ("name",)
    sort = "code"

    code: str = attr(
        N_("Name in the link"), max_length=40, in_list=True, search=True,
        help=N_("Small letters, digits, hyphens and underscores, such as fair-2027."),
    )  # fmt: skip
    name: str = attr(N_("Heading"), max_length=100, in_list=True, search=True)
    name_en: str | None = attr(N_("English heading"), None, max_length=100, search=True)
    text: str | None = attr(N_("What stands above the form"), None, kind="long_text")
    text_en: str | None = attr(N_("The same in English"), None, kind="long_text")
    asks: tuple[Asked, ...] = attr(N_("Asks for"), ("contact_name", "mobile", "email", "need"))
    asks_own_fields: bool = attr(
        N_("Also asks for own fields of leads"), False, help=N_("Except those that refer to something.")
    )
    thanks: str | None = attr(N_("What is said afterwards"), None, max_length=300)
    thanks_en: str | None = attr(N_("What is said afterwards, in English"), None, max_length=300)
    source_id: UUID | None = attr(
        N_("Source"),
        None,
        ref="organization.choice",
        among={"list": "lead_source"},
        in_list=True,
        filter=True,
    )
    staff_id: UUID = attr(N_("Who gets the leads"), ref="organization.staff", in_list=True, filter=True)
    is_open: bool = attr(N_("Open"), True, in_list=True, filter=True)


class OpenWebForm(Message):
    """What somebody on the website is shown."""

    code: str = attr(N_("Name in the link"), max_length=40)


class WebFormShown(Message):
    """A form as strangers see it; `asks` names fields of a lead, in their order."""

    name: str
    name_en: str | None
    text: str | None
    text_en: str | None
    thanks: str | None
    thanks_en: str | None
    asks: tuple[str, ...]


class SendWebForm(Command):
    """What somebody on the website wrote. Raises Invalid naming fields that were not asked, are wrong or missing."""

    code: str = attr(N_("Name in the link"), max_length=40)
    values: dict[str, Any]


class WebFormFilledIn(Event):
    """Somebody on the website wants something: a new lead for `owner_id`."""

    lead_id: UUID
    name: str
    contact_name: str | None = None
    need: str | None = None
    form_name: str
    owner_id: UUID


class CustomerExtras(Message):
    """What a file of existing customers may say beside the customer: whom we know there, a contract of former days."""

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


class Customer(TaggedRecord):
    """A company we do business with, or that the company keeps a file on."""

    label = N_("Customer")
    plural = N_("Customers")
    icon = "building"
    merges = True
    verbs = ("hand_over", "release", "classify", "declassify", "mark", "set_credit")
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
        synonyms=("来源", "客户来源"),
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
    is_classified_by_hand: bool = attr(N_("Classified by hand"), False, readonly=True, filter=True)
    classified_until: date | None = attr(N_("Classified by hand until"), None, readonly=True, filter=True)
    classified_because: str | None = attr(
        N_("Reason of the classification"), None, kind="long_text", readonly=True
    )

    stage_id: UUID | None = attr(
        N_("Lifecycle stage"), None, ref="customer.lifecycle_stage", readonly=True, filter=True
    )
    stage_since: date | None = attr(N_("In this stage since"), None, readonly=True, filter=True)
    stalls_on: date | None = attr(
        N_("Stalls on"), None, readonly=True, filter=True, help=N_("Unless something happens before.")
    )
    is_lost: bool = attr(N_("Lost customer"), False, readonly=True, filter=True)

    # figures: made anew from what the other services told and from our own activities
    contracts_count: int = attr(N_("Contracts"), 0, readonly=True, filter=True)
    contracts_amount: Decimal = attr(
        N_("Contract amount"), Decimal("0.00"), kind="amount", readonly=True, filter=True
    )
    last_contract_on: date | None = attr(N_("Last contract on"), None, readonly=True, filter=True)
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


class Contact(TaggedRecord):
    """Somebody at a customer: how to reach her, and what part she plays when her company buys."""

    label = N_("Contact")
    plural = N_("Contacts")
    icon = "user"
    merges = True
    verbs = ("change_job",)

    customer_id: UUID = attr(
        N_("Customer"), ref="customer.customer", in_list=True, filter=True,
        synonyms=(
            "客户", "客户名称", "公司", "公司名称", "Company", "Company name", "Account name", "Organization name",
            "Organization 1 - Name",
        ),
    )  # fmt: skip
    name: str = attr(
        N_("Name"), in_list=True, filter=True, search=True, max_length=100,
        synonyms=("姓名", "联系人", "联系人姓名", "Full name", "Contact name"),
    )  # fmt: skip
    job_title: str | None = attr(
        N_("Job title"),
        None,
        in_list=True,
        max_length=100,
        synonyms=("职务", "职位", "Title", "Position", "Organization title", "Organization 1 - Title"),
    )
    phone: str | None = attr(
        N_("Phone"),
        None,
        kind="phone",
        in_list=True,
        search=True,
        synonyms=("电话", "Business phone", "Work phone", "Phone number", "Office phone", "Phone 1 - Value"),
    )
    mobile: str | None = attr(
        N_("Mobile"),
        None,
        kind="phone",
        in_list=True,
        search=True,
        synonyms=("手机", "手机号", "Mobile phone", "Mobile phone number", "Cell phone"),
    )
    email: str | None = attr(
        N_("E-mail"),
        None,
        kind="email",
        in_list=True,
        search=True,
        synonyms=("邮箱", "电子邮件", "Email", "E-mail address", "Email address", "E-mail 1 - Value"),
    )
    buying_role_id: UUID | None = attr(
        N_("Buying role"), None, ref="organization.choice", among={"list": "buying_role"}, in_list=True, filter=True,
        synonyms=("购买角色", "角色"),
    )  # fmt: skip
    family: str | None = attr(N_("Family"), None, max_length=300, synonyms=("家庭",))
    education: str | None = attr(N_("Education"), None, max_length=300, synonyms=("学历", "毕业院校"))
    birthday: date | None = attr(N_("Birthday"), None, synonyms=("生日", "Birthdate", "Date of birth"))
    hobbies: str | None = attr(N_("Hobbies"), None, max_length=300, synonyms=("爱好",))
    strategy: str | None = attr(N_("Strategy"), None, kind="long_text", synonyms=("联系人策略", "策略"))
    note: str | None = attr(N_("Note"), None, kind="long_text", synonyms=("备注", "Notes", "Description"))
    owner_id: UUID | None = attr(
        N_("Owner"), None, ref="organization.staff", readonly=True, in_list=True, filter=True
    )


class Stakeholder(OwnedRecord):
    """The part that somebody plays when her company buys: in one project, for one unit of the company, or altogether (CON-02,
    CON-05). Several parts of one person are several of these."""

    label = N_("Buying role")
    plural = N_("Buying centre")
    icon = "users-group"
    title = ("name",)
    sort = "-influence"

    name: str = attr(N_("Name"), "", readonly=True, in_list=True)
    contact_id: UUID = attr(N_("Contact"), ref="customer.contact", filter=True)
    customer_id: UUID | None = attr(N_("Customer"), None, ref="customer.customer", readonly=True, filter=True)
    role_id: UUID = attr(
        N_("Role"), ref="organization.choice", among={"list": "buying_role"}, in_list=True, filter=True
    )
    opportunity_id: UUID | None = attr(
        N_("Opportunity"),
        None,
        ref="sales.opportunity",
        in_list=True,
        filter=True,
        help=N_("Empty: in every one."),
    )
    unit: str | None = attr(
        N_("Unit"),
        None,
        max_length=100,
        in_list=True,
        filter=True,
        help=N_("Plant, department, subsidiary of the client."),
    )
    influence: int = attr(N_("Influence"), 3, minimum=1, maximum=5, in_list=True, filter=True)
    stance: Literal["for_us", "neutral", "against_us"] = attr(
        N_("Stance"), "neutral", in_list=True, filter=True
    )
    note: str | None = attr(N_("Note"), None, kind="long_text")
    owner_id: UUID | None = attr(N_("Owner"), None, ref="organization.staff", readonly=True, filter=True)


class ContactLink(OwnedRecord):
    """How two contacts are linked, at one company or across (CON-03): who reports to whom, and what is personal."""

    label = N_("Link between contacts")
    plural = N_("Links between contacts")
    icon = "hierarchy"
    title = ("name",)
    sort = "created_at"

    name: str = attr(N_("Name"), "", readonly=True, in_list=True)
    contact_id: UUID = attr(N_("Contact"), ref="customer.contact", filter=True)
    kind: LinkKind = attr(N_("How"), "reports_to", in_list=True, filter=True)
    other_id: UUID = attr(N_("Other contact"), ref="customer.contact", filter=True)
    customer_id: UUID | None = attr(N_("Customer"), None, ref="customer.customer", readonly=True, filter=True)
    note: str | None = attr(N_("Note"), None, kind="long_text")
    owner_id: UUID | None = attr(N_("Owner"), None, ref="organization.staff", readonly=True, filter=True)


class Employment(OwnedRecord):
    """Where a contact worked before (CON-04): kept when she changed her job, shown at her and at her old company."""

    label = N_("Former job")
    plural = N_("Former jobs")
    icon = "briefcase"
    title = ("name",)
    creatable = False
    editable = False
    sort = "-until_on"

    name: str = attr(N_("Name"), "", readonly=True, in_list=True)
    contact_id: UUID = attr(N_("Contact"), ref="customer.contact", readonly=True, filter=True)
    customer_id: UUID = attr(
        N_("Customer"), ref="customer.customer", readonly=True, in_list=True, filter=True
    )
    job_title: str | None = attr(N_("Job title"), None, readonly=True, in_list=True, max_length=100)
    from_on: date | None = attr(N_("From"), None, readonly=True)
    until_on: date = attr(N_("Until"), readonly=True, in_list=True, filter=True)
    note: str | None = attr(N_("Note"), None, kind="long_text", readonly=True)
    owner_id: UUID | None = attr(N_("Owner"), None, ref="organization.staff", readonly=True, filter=True)


class Wish(OwnedRecord):
    """What a customer, or one person there, needs or prefers, so that everybody serves them so (CUS-21, CAR-03, NTF-03)."""

    label = N_("Need or preference")
    plural = N_("Needs and preferences")
    icon = "heart"
    title = ("text",)
    sort = "-created_at"

    text: str = attr(N_("Text"), in_list=True, search=True, max_length=200)
    kind: WishKind = attr(N_("Kind"), "need", in_list=True, filter=True)
    customer_id: UUID = attr(N_("Customer"), ref="customer.customer", filter=True)
    contact_id: UUID | None = attr(N_("Contact"), None, ref="customer.contact", in_list=True, filter=True)
    owner_id: UUID | None = attr(N_("Owner"), None, ref="organization.staff", readonly=True, filter=True)


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


class Activity(OwnedRecord):
    """Something done or planned with a lead or a customer: a visit, a call, a meeting. Its owner is who does it."""

    label = N_("Activity")
    plural = N_("Activities")
    icon = "calendar-event"
    title = ("subject",)
    sort = "-starts_at"
    lifecycle: ClassVar[Lifecycle | None] = Lifecycle(
        start="planned",
        edit=("planned", "done"),
        complete="planned -> done",
        cancel="planned -> cancelled",
        assign="planned",
        repeat="planned ->",
    )

    kind_id: UUID = attr(
        N_("Kind"), ref="organization.choice", among={"list": "activity_kind"}, in_list=True, filter=True,
        synonyms=("类型", "活动类型", "跟进方式"),
    )  # fmt: skip
    subject: str = attr(N_("Subject"), in_list=True, filter=True, search=True, synonyms=("主题", "标题"))
    text: str | None = attr(N_("Text"), None, kind="long_text", search=True, synonyms=("内容", "说明"))
    lead_id: UUID | None = attr(N_("Lead"), None, ref="customer.lead", in_list=True, filter=True)
    customer_id: UUID | None = attr(
        N_("Customer"),
        None,
        ref="customer.customer",
        in_list=True,
        filter=True,
        synonyms=("客户", "客户名称"),
    )
    contact_id: UUID | None = attr(N_("Contact"), None, ref="customer.contact", synonyms=("联系人",))
    opportunity_id: UUID | None = attr(N_("Opportunity"), None, ref="sales.opportunity", filter=True)
    starts_at: datetime = attr(
        N_("Starts at"), in_list=True, filter=True, synonyms=("开始时间", "时间", "日期")
    )
    ends_at: datetime | None = attr(N_("Ends at"), None, filter=True, synonyms=("结束时间",))
    done_at: datetime | None = attr(N_("Done at"), None, in_list=True, filter=True, synonyms=("完成时间",))
    outcome: str | None = attr(N_("Outcome"), None, kind="long_text", synonyms=("结果",))
    remind: Remind = attr(
        N_("Remind"), "by_kind", help=N_("As its kind says (Administration → Reminders), or as you choose.")
    )
    repeats: str | None = attr(N_("Repetition"), None, readonly=True, filter=True, max_length=100)
    state: str = attr(N_("State"), "planned", readonly=True, in_list=True, filter=True)


class Comment(OwnedRecord):
    """What a colleague remarked on a record: advice of a manager, a hint. It is seen by whoever sees the record."""

    label = N_("Comment")
    plural = N_("Comments")
    icon = "message"
    title = ("text",)
    creatable = False
    editable = False

    about: str = attr(N_("About"), readonly=True, max_length=60, filter=True)
    """The kind of record, such as `customer.activity`."""
    record_id: UUID = attr(N_("Record"), kind="id", readonly=True)
    text: str = attr(N_("Text"), kind="long_text", readonly=True, in_list=True)
    owner_id: UUID | None = attr(N_("Owner"), None, ref="organization.staff", readonly=True)


class ReminderRule(Record):
    """How long before an activity of one kind its owner is reminded; a kind may have several."""

    label = N_("Reminder")
    plural = N_("Reminders")
    icon = "bell-ringing"
    title = ("minutes",)
    sort = "minutes"

    kind_id: UUID = attr(
        N_("Kind"), ref="organization.choice", among={"list": "activity_kind"}, in_list=True, filter=True
    )
    minutes: int = attr(N_("Minutes before"), minimum=0, maximum=43_200, in_list=True)


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
        N_("Person"), None, ref="organization.staff", in_list=True, filter=True, help=N_("Empty: everybody.")
    )
    idle_days: int | None = attr(
        N_("Days without follow-up"), None, minimum=1, maximum=3650, in_list=True,
        help=N_("After so many days without a visit, a call or another activity it goes into the pool. Empty: never."),
    )  # fmt: skip
    picks_a_day: int | None = attr(N_("Picks a day"), None, minimum=0, maximum=10_000, in_list=True)
    most_held: int | None = attr(
        N_("Holds at most"), None, minimum=0, maximum=1_000_000, in_list=True,
        help=N_("Whoever has so many takes no more from the pool."),
    )  # fmt: skip


class ValueRule(Record):
    """When a customer gets a value class, or stands on a step of the loyalty ladder: all its conditions must hold.

    Rules are asked in their order, the first that fits decides; what none fits is a potential or target customer.
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
    contracts_count_from: int | None = attr(N_("Contracts, at least"), None, minimum=1, in_list=True)
    contracts_amount_from: Decimal | None = attr(
        N_("Contract amount, at least"), None, kind="amount", minimum=0
    )
    paid_amount_from: Decimal | None = attr(N_("Paid amount, at least"), None, kind="amount", minimum=0)
    contract_within_days: int | None = attr(
        N_("Last contract within days"), None, minimum=1, maximum=36_500, in_list=True
    )
    open_opportunities_from: int | None = attr(
        N_("Open opportunities, at least"), None, minimum=1, in_list=True
    )
    open_amount_from: Decimal | None = attr(N_("Open amount, at least"), None, kind="amount", minimum=0)
    contact_within_days: int | None = attr(
        N_("Last contact within days"), None, minimum=1, maximum=36_500, in_list=True
    )
    strategic_value_from: Decimal | None = attr(
        N_("Strategic value, at least"), None, kind="amount", minimum=0
    )


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
        N_("Entered by the fact"), None, in_list=True, filter=True, help=N_("Empty: by hand only.")
    )
    stalls_after_days: int | None = attr(
        N_("Stalls after days"), None, minimum=1, maximum=3650, in_list=True,
        help=N_("So many days without any movement. Empty: never."),
    )  # fmt: skip


# -- commands -----------------------------------------------------------------------------------------------------


class FollowLead(Act):
    """Somebody takes the lead in hand."""

    next_step_on: date | None = attr(N_("Next step on"), None)


class ConvertLead(Act):
    """The lead has become a customer with a chance to sell. Without `customer_id` a new customer is made of it."""

    customer_id: UUID | None = attr(
        N_("Existing customer"), None, ref="customer.customer", help=N_("Leave empty to make a new customer.")
    )
    opportunity_name: str | None = attr(N_("Opportunity"), None)
    expected_amount: Decimal | None = attr(N_("Expected amount"), None, kind="amount", minimum=0)
    expected_on: date | None = attr(N_("Expected on"), None)


class DropLead(Act):
    """Nothing will come of it."""


class ReopenLead(Act):
    """There is hope again."""


class AssignLead(Act):
    """A colleague is to work it: out of the pool, or instead of whoever has it."""

    owner_id: UUID = attr(N_("Assign to"), ref="organization.staff")


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


class LogActivity(Command):
    """A visit or call that took place, and, when given, the next step that was agreed."""

    id: UUID | None = None
    """The id of the activity, where whoever asks makes it."""
    kind_id: UUID = attr(N_("Kind"), ref="organization.choice", among={"list": "activity_kind"})
    subject: str = attr(N_("Subject"))
    text: str | None = attr(N_("Text"), None, kind="long_text")
    outcome: str | None = attr(N_("Outcome"), None, kind="long_text")
    lead_id: UUID | None = attr(N_("Lead"), None, ref="customer.lead")
    customer_id: UUID | None = attr(N_("Customer"), None, ref="customer.customer")
    contact_id: UUID | None = attr(N_("Contact"), None, ref="customer.contact")
    opportunity_id: UUID | None = attr(N_("Opportunity"), None, ref="sales.opportunity")
    happened_at: datetime | None = attr(N_("Happened at"), None)
    """Now unless told."""
    next_subject: str | None = attr(N_("Next step"), None)
    next_at: datetime | None = attr(N_("Next step at"), None)
    next_kind_id: UUID | None = attr(
        N_("Kind of next step"), None, ref="organization.choice", among={"list": "activity_kind"}
    )


class ChangeJobContact(Act):
    """She works somewhere else now; where she worked before is kept. Without a new company she is put away as well."""

    customer_id: UUID | None = attr(
        N_("New company"),
        None,
        ref="customer.customer",
        help=N_("Empty: she left for somewhere we do not know."),
    )
    job_title: str | None = attr(N_("Job title"), None, max_length=100)
    on: date | None = attr(N_("Since"), None, help=N_("Empty: today."))


class PlanActivity(Command):
    """Something to do, for oneself or (by a manager) for one of his people."""

    id: UUID | None = None
    kind_id: UUID = attr(N_("Kind"), ref="organization.choice", among={"list": "activity_kind"})
    subject: str = attr(N_("Subject"))
    text: str | None = attr(N_("Text"), None, kind="long_text")
    lead_id: UUID | None = attr(N_("Lead"), None, ref="customer.lead")
    customer_id: UUID | None = attr(N_("Customer"), None, ref="customer.customer")
    contact_id: UUID | None = attr(N_("Contact"), None, ref="customer.contact")
    opportunity_id: UUID | None = attr(N_("Opportunity"), None, ref="sales.opportunity")
    starts_at: datetime = attr(N_("Starts at"))
    ends_at: datetime | None = attr(N_("Ends at"), None)
    owner_id: UUID | None = attr(N_("For"), None, ref="organization.staff")
    remind: Remind = attr(N_("Remind"), "by_kind")


class CompleteActivity(Act):
    """It was done; what came of it."""

    outcome: str | None = attr(N_("Outcome"), None, kind="long_text")
    done_at: datetime | None = attr(N_("Done at"), None)
    """Now unless told."""


class CancelActivity(Act):
    """It will not take place; of a series also not what comes after it, if so wished."""

    following: bool = attr(N_("Also all that follow in its series"), False)


class RepeatActivity(Act):
    """The same again and again: each time is an activity of its own, planned at once, up to a day or a number of times.

    The hour stays the same on the actor's clock, summer and winter. A month without the day is left out.
    """

    every: int = attr(N_("Every"), 1, minimum=1, maximum=366)
    unit: Unit = attr(N_("Unit"), "week")
    times: int | None = attr(N_("Times in all"), None, minimum=2, maximum=MOST_REPEATED)
    until: date | None = attr(N_("Until"), None)


class AssignActivity(Act):
    """Somebody else is to do it."""

    owner_id: UUID = attr(N_("Assign to"), ref="organization.staff")


class HandOverCustomer(Act):
    """The customer gets another owner, with its contacts and what is planned there."""

    owner_id: UUID = attr(N_("New owner"), ref="organization.staff")


class ClassifyCustomer(Act):
    """A person knows better than the rules: the class or the step she names holds until a day, or until taken back."""

    value_class: ValueClass | None = attr(N_("Value class"), None, help=N_("Empty: stays as it is."))
    loyalty: Loyalty | None = attr(N_("Loyalty step"), None, help=N_("Empty: stays as it is."))
    until: date | None = attr(
        N_("Until"), None, help=N_("Empty: until somebody lets the rules decide again.")
    )
    note: str = attr(N_("Reason"), kind="long_text", max_length=1000)


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


class DeclassifyCustomer(Act):
    """The rules decide again."""


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


class AddComment(Command):
    """A remark on a record of this service."""

    id: UUID | None = None
    about: str = attr(N_("About"), max_length=60)
    record_id: UUID
    text: str = attr(N_("Comment"), kind="long_text", max_length=4000)


# -- questions ----------------------------------------------------------------------------------------------------


class SimilarTo(Message):
    """Do we have this company already? Asked while somebody types."""

    name: str | None = attr(N_("Name"), None)
    phone: str | None = attr(N_("Phone"), None)
    tax_number: str | None = attr(N_("Tax number"), None)
    except_id: UUID | None = None


class CalendarOf(Message):
    """Activities that touch a span of time (`from` to `to`), of one person or of all whose activities the actor sees."""

    model_config = ConfigDict(populate_by_name=True)

    since: datetime = Field(alias="from")
    until: datetime = Field(alias="to")
    staff_id: UUID | None = None

    @field_validator("since", "until", mode="before")
    @classmethod
    def _moment(cls, value: Any) -> Any:
        return kinds.moment(value)


class BirthdaysOf(Message):
    """Birthdays of the contacts I look after: of the next `days` days, or all (CAR-03, NTF-03)."""

    days: int | None = attr(N_("Days"), None, minimum=0, maximum=366)


class MyDay(Message):
    """What lies on my desk today."""


class CommentsOf(Message):
    """What was remarked on one record the actor may see."""

    about: str
    record_id: UUID


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


class LifecycleOf(Message):
    """The way of one customer the actor may see, as it was known to have gone by a day."""

    customer_id: UUID
    as_of: date | None = attr(N_("As of"), None)


class LifecycleCounts(Message):
    """How many customers one sees stand in each stage, and the work that lies there (CUS-08)."""


class PreviewValueRules(Message):
    """How many customers would move if the rules were applied as they are written now."""


class Move(Message):
    """So many customers that stand at `before` would stand at `after`; `field` is `value_class` or `loyalty`."""

    field: str
    before: str
    after: str
    count: int


class ValueRulesPreview(Message):
    """Whether rules were changed since they were applied, and what applying them would do to the customers one sees."""

    applied_at: datetime | None
    is_changed: bool
    customers: int
    moving: int
    moves: tuple[Move, ...]


# -- events -------------------------------------------------------------------------------------------------------


class LeadListed(Listed):
    entity = "customer.lead"
    carries = ("state", "source_id", "industry_id", "region_id", "expected_amount", "customer_id")


class CustomerListed(Listed):
    entity = "customer.customer"
    carries = (
        "kind", "value_class", "loyalty", "industry_id", "region_id", "source_id", "credit_standing", "credit_limit",
    )  # fmt: skip


class ContactListed(Listed):
    entity = "customer.contact"
    carries = ("customer_id", "job_title", "phone", "mobile", "email")


class LeadConverted(Event):
    """A lead became a customer; whoever keeps opportunities opens one under `opportunity_id`."""

    lead_id: UUID
    customer_id: UUID
    contact_id: UUID | None = None
    opportunity_id: UUID
    name: str
    expected_amount: Decimal | None = None
    expected_on: date | None = None
    owner_id: UUID | None = None
    source_id: UUID | None = None


class WentToPool(Event):
    """A lead or customer belongs to nobody now; `idle_days` when it was for want of follow-up."""

    aggregate: ClassVar[str] = "record_id"

    about: str
    record_id: UUID
    number: str | None = None
    name: str
    from_id: UUID | None = None
    idle_days: int | None = None


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


class LeadDropped(Event):
    """Nothing will come of a lead, for now."""

    lead_id: UUID
    owner_id: UUID | None = None
    source_id: UUID | None = None


class ActivityPlanned(Event):
    """Something is to be done by `owner_id`; comes again, with the new owner, when it is given to somebody else."""

    activity_id: UUID
    subject: str
    kind: str | None = None
    owner_id: UUID | None = None
    planned_by: UUID | None = None
    customer_id: UUID | None = None
    lead_id: UUID | None = None
    opportunity_id: UUID | None = None
    starts_at: datetime
    is_repeated: bool = False
    """One more of a series; of the first it was told already."""


class WishChanged(Event):
    """Somebody wrote down, or changed, what a customer needs or prefers."""

    wish_id: UUID
    customer_id: UUID
    contact_id: UUID | None = None
    kind: str
    text: str
    owner_id: UUID | None = None


class ActivityComesUp(Event):
    """It begins in so many minutes or less, and its owner is to be reminded. Once for each moment of reminding."""

    activity_id: UUID
    subject: str
    owner_id: UUID | None = None
    customer_id: UUID | None = None
    lead_id: UUID | None = None
    starts_at: datetime
    minutes: int


class ActivityDone(Event):
    """A visit, a call, a meeting took place. `kind` is the code of its kind in the list activity_kind."""

    activity_id: UUID
    kind: str | None = None
    subject: str
    customer_id: UUID | None = None
    lead_id: UUID | None = None
    opportunity_id: UUID | None = None
    owner_id: UUID | None = None
    done_at: datetime


class ActivityCommented(Event):
    """Somebody remarked on an activity."""

    comment_id: UUID
    activity_id: UUID
    owner_id: UUID | None = None
    author_id: UUID
    subject: str = ""
    text: str

    aggregate: ClassVar[str] = "activity_id"


class RecordCommented(Event):
    """Somebody remarked on a lead, a customer, a contact."""

    comment_id: UUID
    about: str
    record_id: UUID
    owner_id: UUID | None = None
    author_id: UUID
    name: str = ""
    text: str

    aggregate: ClassVar[str] = "record_id"


class CustomerHandedOver(Event):
    """Another colleague looks after this customer from now on."""

    customer_id: UUID
    number: str | None = None
    name: str
    from_id: UUID | None = None
    to_id: UUID
    note: str | None = None


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
