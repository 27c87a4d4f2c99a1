"""Customers and the people there."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Kept, Owned, Searchable
from chassis.identity import new_id
from contracts import customer as messages
from services.customer import rules
from services.customer.model.base import Base
from services.customer.model.lead import Lead


class Customer(Searchable, Owned, Kept, Base):
    """A company we do business with."""

    record = messages.Customer
    listed = messages.CustomerListed
    numbered = "KH-{branch}-{year}-{seq:05}"
    alike = (("name_key",), ("tax_key",))

    __table_args__ = (
        Index("ix_customer_name_key", "name_key"),
        Index("ix_customer_phone_key", "phone_key"),
        Index("ix_customer_tax_key", "tax_key"),
        Index("ix_customer_name", "name"),
    )

    number: Mapped[str | None] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str | None] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(40))
    value_class: Mapped[str] = mapped_column(String(40))
    industry_id: Mapped[UUID | None] = mapped_column()
    region_id: Mapped[UUID | None] = mapped_column()
    source_id: Mapped[UUID | None] = mapped_column()
    phone: Mapped[str | None] = mapped_column(String(60))
    email: Mapped[str | None] = mapped_column(String(200))
    website: Mapped[str | None] = mapped_column(String(500))
    address: Mapped[str | None] = mapped_column(String(300))
    tax_number: Mapped[str | None] = mapped_column(String(40))
    background: Mapped[str | None] = mapped_column(Text)
    lead_id: Mapped[UUID | None] = mapped_column()
    name_key: Mapped[str] = mapped_column(String(200))
    phone_key: Mapped[str | None] = mapped_column(String(40))
    tax_key: Mapped[str | None] = mapped_column(String(40))

    @classmethod
    def from_lead(cls, lead: Lead) -> Customer:
        """What we knew of a lead, as the beginning of a customer's file."""
        customer = cls(
            id=new_id(), name=lead.name, kind="end_customer", value_class="potential", lead_id=lead.id,
            industry_id=lead.industry_id, region_id=lead.region_id, source_id=lead.source_id, phone=lead.phone,
            email=None if lead.contact_name else lead.email, website=lead.website, address=lead.address,
            background=lead.need,
        )  # fmt: skip
        customer.belong_with(lead)
        return customer

    def check(self, work: Any) -> None:
        """Keep the keys by which its like is found."""
        self.name_key = rules.name_key(self.name)
        self.phone_key = rules.phone_key(self.phone)
        self.tax_key = rules.tax_key(self.tax_number)


class Contact(Searchable, Owned, Kept, Base):
    """Somebody at a customer. Whoever may see the customer may see her: owner, department and branch are the customer's."""

    record = messages.Contact
    listed = messages.ContactListed
    alike = (("customer_id", "name"),)

    __table_args__ = (Index("ix_contact_customer_id", "customer_id"),)

    customer_id: Mapped[UUID] = mapped_column()
    name: Mapped[str] = mapped_column(String(100))
    job_title: Mapped[str | None] = mapped_column(String(100))
    phone: Mapped[str | None] = mapped_column(String(60))
    mobile: Mapped[str | None] = mapped_column(String(60))
    email: Mapped[str | None] = mapped_column(String(200))
    buying_role_id: Mapped[UUID | None] = mapped_column()
    birthday: Mapped[date | None] = mapped_column()
    hobbies: Mapped[str | None] = mapped_column(String(300))
    note: Mapped[str | None] = mapped_column(Text)

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

    def belongs_to(self, work: Any) -> Customer | None:
        """Her company's file."""
        with work.everything():
            found: Customer | None = work.session.get(Customer, self.customer_id)
        return found

    def check(self, work: Any) -> None:
        """She goes where her company's file goes."""
        if (customer := self.belongs_to(work)) is not None:
            self.belong_with(customer)
