"""Companies that might buy, and what becomes of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from contracts.customer.activity import FollowUpColumns
from contracts.customer.pool import beyond_limit
from contracts.customer.segment import SegmentedRecord
from contracts.language import N_
from contracts.lifecycle import Lifecycle
from contracts.message import Act, Event, Listed, Message, attr
from contracts.noted import Noted


class Lead(SegmentedRecord):
    """A company that might buy: where we heard of it, whom to talk to, what it needs."""

    label = N_("Lead")
    plural = N_("Leads")
    icon = "user-search"
    merges = True
    at_once: ClassVar = {
        "follow": "", "drop": "reopen_lead", "reopen": "drop_lead", "assign": "assign_lead", "release": "assign_lead",
    }  # fmt: skip
    importing: ClassVar[type[Message] | None] = FollowUpColumns
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
            "Organization 1 - Name", "Account", "Associated company", "Company / Account",
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
        synonyms=("来源", "线索来源", "Lead source", "Original source"),
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
    expected_on: date | None = attr(
        N_("Expected on"), None, filter=True, synonyms=("预计日期", "预计成交日期", "预计签约日期", "Close date"),
        help=N_("When it may be decided."),
    )  # fmt: skip
    next_step_on: date | None = attr(
        N_("Next step on"), None, in_list=True, filter=True, synonyms=("下次联系", "下次跟进", "下一步日期")
    )
    web_form_id: UUID | None = attr(N_("Web form"), None, ref="customer.web_form", readonly=True, filter=True)
    is_suspect: bool = attr(
        N_("Perhaps from a program"), False, readonly=True, filter=True,
        help=N_("It came by a web form and filled in a field no person sees. Reopen it if it is genuine."),
    )  # fmt: skip
    state: str = attr(N_("State"), "new", readonly=True, in_list=True, filter=True)
    customer_id: UUID | None = attr(N_("Customer"), None, ref="customer.customer", readonly=True, filter=True)
    opportunity_id: UUID | None = attr(N_("Opportunity"), None, ref="sales.opportunity", readonly=True)


class FollowLead(Act):
    """Somebody takes the lead in hand."""

    next_step_on: date | None = attr(N_("Next step on"), None)


class ConvertLead(Act):
    """The lead has become a customer with a chance to sell. Without `customer_id` a new customer is made of it; not where we
    seem to have it already, unless `is_another` says that this is another company (users 1)."""

    customer_id: UUID | None = attr(
        N_("Existing customer"), None, ref="customer.customer", help=N_("Leave empty to make a new customer.")
    )
    opportunity_name: str | None = attr(N_("Opportunity"), None, help=N_("Empty: called as the lead."))
    expected_amount: Decimal | None = attr(N_("Expected amount"), None, kind="amount", minimum=0)
    expected_on: date | None = attr(N_("Expected on"), None)
    is_another: bool = attr(
        N_("This is another company"), False, help=N_("Only where we seem to have it already: a new customer is made all the same.")
    )  # fmt: skip


class DropLead(Act):
    """Nothing will come of it."""


class ReopenLead(Act):
    """There is hope again."""


class AssignLead(Act):
    """A colleague is to work it: out of the pool, or instead of whoever has it."""

    owner_id: UUID = attr(N_("Assign to"), ref="organization.staff")
    beyond_limit: str | None = beyond_limit()


class LeadAssigned(Event):
    """Somebody was given a lead to work; `beyond_limit` says why it should be more than the rules let her hold."""

    lead_id: UUID
    number: str | None = None
    name: str
    from_id: UUID | None = None
    to_id: UUID
    note: str | None = None
    beyond_limit: str | None = None


class LeadListed(Listed):
    entity = "customer.lead"
    carries = ("state", "source_id", "industry_id", "region_id", "expected_amount", "customer_id")


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
    noted: tuple[Noted, ...] = ()
    """What the lead says in own fields, for the opportunity."""


class LeadDropped(Event):
    """Nothing will come of a lead, for now."""

    lead_id: UUID
    owner_id: UUID | None = None
    source_id: UUID | None = None
