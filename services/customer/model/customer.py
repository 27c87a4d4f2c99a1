"""Customers and the people there."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Index, Numeric, String, Text, func, inspect, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from chassis.audit import changed
from chassis.database import Kept, Money, Owned, Reached, Searchable, Tagged
from chassis.derived import Retold, derived
from chassis.found_by import FoundBy
from chassis.identity import new_id
from chassis.replicas import Replica
from contracts import customer as messages
from contracts.errors import FieldProblem, Invalid
from contracts.transfer import ChangedSince
from services.customer import rules
from services.customer.model import group
from services.customer.model.base import Base
from services.customer.model.classified import Classified
from services.customer.model.former import FormerContract
from services.customer.model.lead import Lead
from services.customer.model.segment import Segmented
from services.customer.model.told_with import not_yet_told, refers
from services.customer.model.worked import Worked

PERSON = tuple(
    name.removeprefix("contact_") for name in messages.CustomerExtras.attrs() if name.startswith("contact_")
)
"""What a file may say of somebody at a customer."""
HERSELF = ("mobile", "phone", "email", "birthday")
"""Of these what a customer who is a person has as well."""
FOLLOWING = ("stakeholder", "contact_link", "wish")
"""Kinds of rows that stand at the company where somebody is, and follow her to another."""
PERSONAL = "individual"
"""The nature of a customer who is a person."""


class Customer(Retold, Worked, Classified, Segmented, Reached, Searchable, Tagged, Owned, Kept, Base):
    """A company we do business with."""

    record = messages.Customer
    listed = messages.CustomerListed
    told = messages.CustomerHandedOver
    numbered = "KH-{branch}-{year}-{seq:05}"
    alike: ClassVar[dict[str, tuple[str, ...]]] = {"name": ("name_key",), "tax_number": ("tax_key",)}
    found_by: ClassVar[dict[str, FoundBy]] = {
        "name": FoundBy(rules.name_key, "name_key"),
        "tax_number": FoundBy(rules.tax_key, "tax_key"),
        "phone": FoundBy(rules.phone_key, "reach", "phone", rules.dialled),
        "mobile": FoundBy(rules.phone_key, "reach", "phone", rules.dialled),
        "email": FoundBy(rules.mail_key, "reach", "email"),
    }
    suspects: ClassVar[dict[str, tuple[str, ...]]] = {
        "name": ("name_key",), "tax_number": ("tax_key",),
    }  # fmt: skip
    reached_by = ("phone", "email", "mail_domain", "website")
    alone_by = ("phone", "email")
    merged = (messages.RecordsMerged, messages.MergeUndone)

    __table_args__ = (
        Index("ix_customer_name_key", "name_key"),
        Index("ix_customer_segments", "segments", postgresql_using="gin"),
        Index("ix_customer_tax_key", "tax_key"),
        Index("ix_customer_name", "name"),
        Index("ix_customer_stage_id", "stage_id"),
        Index("ix_customer_parent_id", "parent_id", postgresql_where=text("parent_id is not null")),
        Index("ix_customer_contact_id", "contact_id", postgresql_where=text("contact_id is not null")),
        Index("ix_customer_company_id", "company_id", postgresql_where=text("company_id is not null")),
        Index("ix_customer_classified_at", text("classified_at NULLS FIRST")),
        Index("ix_customer_retold", "retold", postgresql_where=text("retold < 0")),
        Index("ix_customer_lifetime_value_id", "lifetime_value", "id"),
        Index("ix_customer_last_activity_at_id", text("last_activity_at DESC NULLS LAST"), text("id DESC")),
    )

    number: Mapped[str | None] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str | None] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(40))
    nature: Mapped[str] = mapped_column(String(20), default="company", server_default="company")
    parent_id: Mapped[UUID | None] = mapped_column()
    contact_id: Mapped[UUID | None] = mapped_column()
    company_id: Mapped[UUID | None] = mapped_column()
    industry_id: Mapped[UUID | None] = mapped_column()
    region_id: Mapped[UUID | None] = mapped_column()
    source_id: Mapped[UUID | None] = mapped_column()
    phone: Mapped[str | None] = mapped_column(String(60))
    mobile: Mapped[str | None] = mapped_column(String(60))
    birthday: Mapped[date | None] = mapped_column()
    email: Mapped[str | None] = mapped_column(String(200))
    website: Mapped[str | None] = mapped_column(String(500))
    address: Mapped[str | None] = mapped_column(String(300))
    tax_number: Mapped[str | None] = mapped_column(String(40))
    background: Mapped[str | None] = mapped_column(Text)
    lead_id: Mapped[UUID | None] = mapped_column()
    strategic_value: Mapped[Decimal | None] = mapped_column(Money)
    is_growth: Mapped[bool] = mapped_column(default=False, server_default="false")
    strategy: Mapped[str | None] = mapped_column(Text)

    credit_standing: Mapped[str] = mapped_column(String(20), default="good", server_default="good")
    credit_limit: Mapped[Decimal | None] = mapped_column(Money)
    credit_days: Mapped[int | None] = mapped_column()
    credit_because: Mapped[str | None] = mapped_column(Text)
    owed_amount: Mapped[Decimal] = derived(Money, default=Decimal("0.00"), server_default="0")

    stage_id: Mapped[UUID | None] = derived()
    stage_since: Mapped[date | None] = derived()
    stalls_on: Mapped[date | None] = derived()
    is_lost: Mapped[bool] = derived(default=False, server_default="false")

    value_score: Mapped[Decimal | None] = derived(Numeric(4, 1))
    propensity_score: Mapped[Decimal | None] = derived(Numeric(4, 1))
    third_score: Mapped[Decimal | None] = derived(Numeric(4, 1))
    value_group: Mapped[str | None] = derived(String(20))

    contracts_count: Mapped[int] = derived(default=0, server_default="0")
    contracts_amount: Mapped[Decimal] = derived(Money, default=Decimal("0.00"), server_default="0")
    last_contract_on: Mapped[date | None] = derived()
    lifetime_value: Mapped[Decimal] = derived(Money, default=Decimal("0.00"), server_default="0")
    paid_amount: Mapped[Decimal] = derived(Money, default=Decimal("0.00"), server_default="0")
    overdue_amount: Mapped[Decimal] = derived(Money, default=Decimal("0.00"), server_default="0")
    open_opportunities: Mapped[int] = derived(default=0, server_default="0")
    open_amount: Mapped[Decimal] = derived(Money, default=Decimal("0.00"), server_default="0")
    won_opportunities: Mapped[int] = derived(default=0, server_default="0")
    lost_opportunities: Mapped[int] = derived(default=0, server_default="0")
    open_tickets: Mapped[int] = derived(default=0, server_default="0")
    average_rating: Mapped[Decimal | None] = derived(Numeric(3, 2))
    last_activity_at: Mapped[datetime | None] = derived()
    next_activity_at: Mapped[datetime | None] = derived()
    open_activities: Mapped[int] = derived(default=0, server_default="0")
    expense_amount: Mapped[Decimal] = derived(Money, default=Decimal("0.00"), server_default="0")

    name_key: Mapped[str] = mapped_column(String(200))
    tax_key: Mapped[str | None] = mapped_column(String(40))

    @classmethod
    def from_lead(cls, lead: Lead) -> Customer:
        """What we knew of a lead, as the beginning of a customer's file."""
        customer = cls(
            id=new_id(), name=lead.name, kind="end_customer", lead_id=lead.id,
            industry_id=lead.industry_id, region_id=lead.region_id, source_id=lead.source_id, phone=lead.phone,
            website=lead.website, address=lead.address, background=lead.need,
        )  # fmt: skip
        if not lead.contact_name:  # else it is hers
            customer.mobile, customer.email = lead.mobile, lead.email
        customer.belong_with(lead)
        return customer

    @classmethod
    def from_contact(cls, contact: Contact, family: Customer | None) -> Customer:
        """Somebody we know as a contact, as a customer of her own."""
        customer = cls(
            id=new_id(), name=contact.name, kind="end_customer", nature="individual", contact_id=contact.id,
            company_id=contact.customer_id, parent_id=family.id if family else None,
            phone=contact.phone, mobile=contact.mobile, birthday=contact.birthday, email=contact.email,
        )  # fmt: skip
        customer.belong_with(contact)
        return customer

    with_opportunities = True
    with_contracts = True
    """Whether those of the owner before go along to the next."""

    def check(self, work: Any) -> None:
        """It fits into its group; only a person has a birthday (CUS-15); keep the keys by which its like is found; its owner may
        hold one more."""
        if self.birthday is not None and self.nature != PERSONAL and changed(self, "birthday", "nature"):
            raise Invalid(FieldProblem("birthday", "only_of_a_person"))
        if self.parent_id is not None and changed(self, "parent_id", "nature"):
            with work.session.no_autoflush, work.everything():
                parent = work.session.get(Customer, self.parent_id)
            if parent is not None:
                group.check_parent(work, self, parent)
        if self.ver is not None and changed(self, "nature"):
            group.check_children(work, self)
        self.classified_at = None  # rules may ask for anything that was changed
        if self.ver is not None and changed(self, "archived_at") and self.archived_at is None:
            self._stay_one_person(work)
        self.name_key = rules.name_key(self.name)
        self.reach = rules.reach_keys(
            phones=[self.mobile, self.phone], email=self.email, domain=self.email, website=self.website
        )
        self.tax_key = rules.tax_key(self.tax_number)
        self.check_owner(work)
        if self.ver is not None and changed(self, "owner_id"):
            work.entities["employment"].show_of(work, Contact.customer_id == self.id, self.owner_id)

    def _stay_one_person(self, work: Any) -> None:
        """Whoever buys privately is one customer, also when one that was put away comes back. Raises BuysPrivatelyAlready."""
        if self.contact_id is None:
            return
        with work.session.no_autoflush, work.everything():
            there = work.find_all(Customer, contact_id=self.contact_id, archived_at=None)
        for other in there:
            if other is not self:
                raise messages.BuysPrivatelyAlready(name=other.name, number=other.number)

    def imported(self, work: Any, extra: messages.CustomerExtras) -> list[Kept]:
        """A line of a file may also name somebody there, a contract of former days, what was done and what comes next: each
        once, however many lines."""
        if not inspect(self).persistent:
            said = {"value_class": extra.value_class, "loyalty": extra.loyalty}
            self.classify(said, None, work.note)  # the name of the file
            if self.nature == PERSONAL and not extra.contact_name:
                extra = self._be_the_person(extra)
        told = [Contact.told_by(extra, self), FormerContract.told_by(extra, self)]
        activities = work.entities["activity"].told_by(extra, self, work)
        new = not_yet_told(work, self, [row for row in (*told, *activities) if row is not None])
        for row in new:
            if isinstance(row, FormerContract):
                row.announce(work)
        return new

    def _be_the_person(self, extra: messages.CustomerExtras) -> messages.CustomerExtras:
        """In a line about a person who names nobody there, what it says of somebody is said of herself (CUS-15)."""
        for name in HERSELF:
            if getattr(self, name) is None:
                setattr(self, name, getattr(extra, f"contact_{name}"))
        return extra.model_copy(update={f"contact_{name}": None for name in HERSELF})

    def set_credit(self, standing: str, limit: Decimal | None, days: int | None, because: str) -> None:
        """As somebody with the right to says, and why."""
        self.credit_standing, self.credit_limit, self.credit_days = standing, limit, days
        self.credit_because = because

    def taken_back(self, work: Any, own: list[Kept]) -> None:
        """The import is taken back, but not where somebody has worked with the customer since.

        Raises ChangedSince when it is to be put away and has people or activities that the import did not make.
        """
        mine = [row.id for row in own]
        if self.id in mine and self._is_used(work, mine):
            raise ChangedSince(name=self.name)
        for row in own:
            if isinstance(row, FormerContract):
                row.withdraw(work)

    def _is_used(self, work: Any, apart_from: list[UUID]) -> bool:
        """Whether anything refers to it, here or as far as the cards of others tell."""
        chance = select(Replica.id).where(
            Replica.entity == "sales.opportunity", Replica.data["customer_id"].astext == str(self.id)
        )
        if work.session.execute(chance.limit(1)).first() is not None:
            return True
        tables = ("activity", "contact", "former_contract", "lead")
        return refers(work, "customer_id", self.id, tables, apart_from)


class Contact(Segmented, Reached, Searchable, Tagged, Owned, Kept, Base):
    """Somebody at a customer. Whoever may see the customer may see her: owner, department and branch are the customer's."""

    record = messages.Contact
    listed = messages.ContactListed
    part_of = ("customer_id",)
    alike: ClassVar[dict[str, tuple[str, ...]]] = {"name": ("customer_id", "name")}
    found_by: ClassVar[dict[str, FoundBy]] = {
        "phone": FoundBy(rules.phone_key, "reach", "phone", rules.dialled),
        "mobile": FoundBy(rules.phone_key, "reach", "phone", rules.dialled),
        "email": FoundBy(rules.mail_key, "reach", "email"),
    }
    suspects: ClassVar[dict[str, tuple[str, ...]]] = {
        "name": ("customer_id", "name"),
    }  # fmt: skip
    reached_by = ("phone", "email")
    alone_by = ("phone", "email")
    merged = (messages.RecordsMerged, messages.MergeUndone)

    __table_args__ = (
        Index("ix_contact_customer_id", "customer_id"),
        Index("ix_contact_segments", "segments", postgresql_using="gin"),
        Index("ix_contact_last_activity_at_id", text("last_activity_at DESC NULLS LAST"), text("id DESC")),
    )

    customer_id: Mapped[UUID] = mapped_column()
    name: Mapped[str] = mapped_column(String(100))
    job_title: Mapped[str | None] = mapped_column(String(100))
    phone: Mapped[str | None] = mapped_column(String(60))
    mobile: Mapped[str | None] = mapped_column(String(60))
    email: Mapped[str | None] = mapped_column(String(200))
    buying_role_id: Mapped[UUID | None] = mapped_column()
    family: Mapped[str | None] = mapped_column(String(300))
    education: Mapped[str | None] = mapped_column(String(300))
    birthday: Mapped[date | None] = mapped_column()
    hobbies: Mapped[str | None] = mapped_column(String(300))
    strategy: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    last_activity_at: Mapped[datetime | None] = derived()
    next_activity_at: Mapped[datetime | None] = derived()
    open_activities: Mapped[int] = derived(default=0, server_default="0")
    expense_amount: Mapped[Decimal] = derived(Money, default=Decimal("0.00"), server_default="0")

    @classmethod
    def told_by(cls, extra: messages.CustomerExtras, customer: Customer) -> Contact | None:
        """The person a line of a file names, if it does. Raises Invalid for one without a name."""
        said = {name: value for name in PERSON if (value := getattr(extra, f"contact_{name}")) is not None}
        if not said:
            return None
        if not extra.contact_name:
            raise Invalid(FieldProblem("contact_name", "required"))
        contact = cls(id=new_id(), customer_id=customer.id, **said)
        contact.belong_with(customer)
        return contact

    @classmethod
    def from_lead(cls, lead: Lead, customer: Customer) -> Contact | None:
        """The person a lead named, if it named one."""
        if not lead.contact_name:
            return None
        contact = cls(
            id=new_id(), customer_id=customer.id, name=lead.contact_name, job_title=lead.job_title, phone=lead.phone,
            mobile=lead.mobile, email=lead.email,
        )  # fmt: skip
        contact.belong_with(customer)
        return contact

    def stand_in(self, field: str, text: str) -> dict[str, Any]:
        """What a file that brings her tells of a customer we do not know: the company's name, or herself without one."""
        if text:
            return {"name": text}
        said = {name: getattr(self, name) for name in ("name", "mobile", "phone", "email")}
        return {"nature": PERSONAL, **{name: value for name, value in said.items() if value}}

    def its_own(self) -> list[str]:
        """Her cell phone and mail: colleagues share the number on their desks."""
        mobile = f"phone {rules.phone_key(self.mobile)}"
        return [
            key
            for key in super().its_own()
            if key == mobile or not (key.startswith("phone ") and not rules.is_cell(key[6:]))
        ]

    @property
    def same(self) -> tuple[Any, ...]:
        """What two lines that name one person agree in."""
        return ("contact", self.name)

    def check(self, work: Any) -> None:
        """What is named after her takes her new name; where she works now is where she can be met as a private customer."""
        self.reach = rules.reach_keys(phones=[self.mobile, self.phone], email=self.email)
        state: Any = inspect(self)
        if state.persistent and state.attrs.name.history.has_changes():
            self._pass_on_name(work)
        if state.persistent and state.attrs.customer_id.history.has_changes():
            with work.everything():
                for private in work.find_all(Customer, contact_id=self.id, archived_at=None):
                    private.company_id = self.customer_id
                for noun in FOLLOWING:
                    for row in work.find_all(work.entities[noun], contact_id=self.id, archived_at=None):
                        row.customer_id = self.customer_id
            company = self.belongs_to(work)
            work.entities["employment"].show_of(work, Contact.id == self.id, company and company.owner_id)

    def _pass_on_name(self, work: Any) -> None:
        tables = Base.metadata.tables
        for table in (tables["stakeholder"], tables["employment"]):
            work.session.execute(update(table).where(table.c.contact_id == self.id).values(name=self.name))
        link, arrow = tables["contact_link"], " → "
        first, other = (func.split_part(link.c.name, arrow, part) for part in (1, 2))
        for mine, name in (
            (link.c.contact_id, func.concat(self.name, arrow, other)),
            (link.c.other_id, func.concat(first, arrow, self.name)),
        ):
            work.session.execute(update(link).where(mine == self.id).values(name=name))
