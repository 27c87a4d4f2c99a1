"""Customers and the people there."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Kept, Owned, Searchable
from contracts import customer as messages
from services.customer import rules
from services.customer.model.base import Base


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
