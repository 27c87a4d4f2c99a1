"""The people at a customer: their parts in buying, whom they know, where they worked, what they wish."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from contracts.customer.segment import SegmentedRecord
from contracts.errors import Refused
from contracts.language import N_
from contracts.message import Act, Event, Listed, Message, OwnedRecord, Question, attr

LinkKind = Literal["reports_to", "friend", "family", "schoolmate", "former_colleague", "rival"]
WishKind = Literal["need", "channel", "time", "topic", "taboo", "gift", "style"]


class Contact(SegmentedRecord):
    """Somebody at a customer: how to reach her, and what part she plays when her company buys."""

    label = N_("Contact")
    plural = N_("Contacts")
    icon = "address-book"
    merges = True
    verbs = ("change_job", "sell_privately")

    customer_id: UUID = attr(
        N_("Customer"), ref="customer.customer", in_list=True, filter=True,
        synonyms=(
            "客户", "客户名称", "公司", "公司名称", "Company", "Company name", "Account name", "Organization name",
            "Organization 1 - Name", "Account", "Associated company", "Company / Account", "Primary company",
        ),
    )  # fmt: skip
    name: str = attr(
        N_("Full name"), in_list=True, filter=True, search=True, max_length=100,
        synonyms=("姓名", "名称", "联系人", "联系人姓名", "Name", "Contact name"),
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
        synonyms=("手机", "手机号", "Mobile phone", "Mobile phone number", "Cell phone", "Phone (Mobile)"),
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
    education: str | None = attr(
        N_("Education"), None, max_length=300, synonyms=("学历", "毕业院校", "Schools")
    )
    birthday: date | None = attr(N_("Birthday"), None, synonyms=("生日", "Birthdate", "Date of birth"))
    hobbies: str | None = attr(N_("Hobbies"), None, max_length=300, synonyms=("爱好", "Hobby"))
    strategy: str | None = attr(N_("Strategy"), None, kind="long_text", synonyms=("联系人策略", "策略"))
    note: str | None = attr(N_("Note"), None, kind="long_text", synonyms=("备注", "Notes", "Description"))
    owner_id: UUID | None = attr(
        N_("Owner"), None, ref="organization.staff", readonly=True, in_list=True, filter=True
    )
    last_activity_at: datetime | None = attr(N_("Last contact"), None, readonly=True, filter=True)
    next_activity_at: datetime | None = attr(N_("Next activity"), None, readonly=True, filter=True)
    open_activities: int = attr(N_("Planned activities"), 0, readonly=True, filter=True)
    expense_amount: Decimal = attr(
        N_("Expenses"), Decimal("0.00"), kind="amount", readonly=True, filter=True,
        help=N_("Of all that was done with her."),
    )  # fmt: skip


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
        alike_in="contact_id.customer_id",
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
    contact_id: UUID = attr(
        N_("Contact"), ref="customer.contact", filter=True, listed_as=N_("Links to others")
    )
    kind: LinkKind = attr(N_("How"), "reports_to", in_list=True, filter=True)
    other_id: UUID = attr(
        N_("Other contact"), ref="customer.contact", filter=True, listed_as=N_("Links from others")
    )
    customer_id: UUID | None = attr(N_("Customer"), None, ref="customer.customer", readonly=True, filter=True)
    note: str | None = attr(N_("Note"), None, kind="long_text")
    owner_id: UUID | None = attr(N_("Owner"), None, ref="organization.staff", readonly=True, filter=True)


class Employment(OwnedRecord):
    """Where a contact worked before (CON-04): kept when she changed her job, or written down; shown at her and at her old company."""

    label = N_("Former job")
    plural = N_("Former jobs")
    icon = "briefcase"
    title = ("name",)
    sort = "-until_on"

    name: str = attr(N_("Name"), "", readonly=True, in_list=True)
    contact_id: UUID = attr(N_("Contact"), ref="customer.contact", filter=True)
    customer_id: UUID | None = attr(
        N_("Customer"),
        None,
        ref="customer.customer",
        filter=True,
        help=N_("Where she worked, if it is one of ours."),
    )
    employer: str | None = attr(
        N_("Employer"), None, in_list=True, filter=True, max_length=200, synonyms=("单位", "任职单位", "公司"),
        help=N_("Of a customer its name is filled in."),
    )  # fmt: skip
    job_title: str | None = attr(
        N_("Job title"), None, in_list=True, max_length=100, synonyms=("职务", "职位")
    )
    from_on: date | None = attr(N_("From"), None, synonyms=("入职日期", "开始日期"))
    until_on: date | None = attr(
        N_("Until"), None, in_list=True, filter=True, synonyms=("离职日期", "结束日期")
    )
    note: str | None = attr(N_("Note"), None, kind="long_text")
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
    channel_id: UUID | None = attr(
        N_("Best reached by"), None, ref="organization.choice", among={"list": "activity_kind"}, filter=True,
        help=N_("What is planned with them is of this kind, unless another one is chosen."),
    )  # fmt: skip
    owner_id: UUID | None = attr(N_("Owner"), None, ref="organization.staff", readonly=True, filter=True)


class Subject(Message):
    """A record that somebody is dealing with."""

    entity: str
    id: UUID


class WishesAbout(Question):
    """What the customers behind these records need and prefer (NTF-03). Of the people there: of those named, else of all."""

    about: tuple[Subject, ...]


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
    phone: str | None = attr(N_("New phone"), None, kind="phone")
    email: str | None = attr(N_("New e-mail"), None, kind="email")
    drops_reach: bool = attr(
        N_("Drop the old phone and e-mail"), False,
        help=N_("Those of the old company, where nothing new is said. The mobile stays."),
    )  # fmt: skip


class SellPrivatelyContact(Act):
    """She buys for herself or her family: a customer of her own, linked to her, her company and her family (CON-07)."""

    family_id: UUID | None = attr(
        N_("Family"),
        None,
        ref="customer.customer",
        among={"nature": "family"},
        help=N_("One we know already."),
    )
    family_name: str | None = attr(
        N_("New family"), None, help=N_("Its name, such as «Family Wang». Others can join it later.")
    )


class BuysPrivatelyAlready(Refused):
    """Raised with `name` and `number`: a contact becomes a customer of her own once."""

    pattern = N_("{name} is a customer already: {number}.")


class ContactListed(Listed):
    entity = "customer.contact"
    carries = ("customer_id", "job_title", "phone", "mobile", "email")


class WishChanged(Event):
    """Somebody wrote down, or changed, what a customer needs or prefers."""

    wish_id: UUID
    customer_id: UUID
    contact_id: UUID | None = None
    kind: str
    text: str
    owner_id: UUID | None = None
    also_ids: tuple[UUID, ...] = ()
    """Colleagues to whom the customer is shown, and those who planned something with it."""
