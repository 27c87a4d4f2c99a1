"""What we offer: lines with prices and discounts that add up exactly."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Numeric, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import own_fields, scope
from chassis.audit import changed
from chassis.database import Kept, LineRow, Money, Owned, Searchable, Tagged
from chassis.identity import new_id
from chassis.lifecycle import Lives
from chassis.work import Work
from contracts import sales as messages
from contracts.errors import FieldProblem, Invalid
from contracts.money import HOME_CURRENCY, LARGEST, total
from services.sales import rules
from services.sales.model.base import Base
from services.sales.model.opportunity import Opportunity, check_contact
from services.sales.model.product import Product


class QuoteLine(LineRow, Base):
    """One thing we offer."""

    record = messages.QuoteLine

    quote_id: Mapped[UUID] = mapped_column(ForeignKey("quote.id", ondelete="CASCADE"), index=True)
    product_id: Mapped[UUID | None] = mapped_column(ForeignKey("product.id"))
    description: Mapped[str | None] = mapped_column(String(200))
    quantity: Mapped[Decimal] = mapped_column(Numeric(), default=Decimal(1))
    unit_price: Mapped[Decimal] = mapped_column(Money)
    discount: Mapped[Decimal] = mapped_column(Numeric(), default=Decimal(0))
    amount: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))

    def complete(self, work: Work, at: int) -> None:
        """Name and list price come from the product where nothing else is written; the amount is worked out."""
        product = work.session.get(Product, self.product_id) if self.product_id else None
        if product is not None:
            self.description = self.description or product.name
            self.unit_price = self.unit_price if self.unit_price is not None else product.unit_price
        missing = [
            FieldProblem(f"lines.{at}.{name}", "required")
            for name in ("description", "unit_price")
            if getattr(self, name) is None
        ]
        if missing:
            raise Invalid(*missing)
        self.amount = rules.line_amount(self.quantity, self.unit_price, self.discount)

    def copy(self) -> QuoteLine:
        """The same line for another quote."""
        return QuoteLine(
            position=self.position, product_id=self.product_id, description=self.description,
            quantity=self.quantity, unit_price=self.unit_price, discount=self.discount,
        )  # fmt: skip


class Quote(Searchable, Tagged, Owned, Lives, Kept, Base):
    """An offer to a customer for an opportunity."""

    STANDING: ClassVar = ("submitted", "approved", "sent", "accepted")

    __table_args__ = (
        # the last net under AnotherQuoteAccepted: two customers' answers at once
        Index(
            "uq_quote_accepted",
            "opportunity_id",
            unique=True,
            postgresql_where=text("state = 'accepted'"),
        ),
        Index("ix_quote_state_created_at", "state", text("created_at DESC"), text("id DESC")),
    )
    record = messages.Quote
    part_of = ("opportunity_id",)
    listed = messages.QuoteListed
    numbered = "BJ-{branch}-{year}-{seq:05}"

    number: Mapped[str | None] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    opportunity_id: Mapped[UUID] = mapped_column(ForeignKey("opportunity.id"), index=True)
    customer_id: Mapped[UUID] = mapped_column(index=True)
    contact_id: Mapped[UUID | None] = mapped_column()
    valid_until: Mapped[date | None] = mapped_column()
    amount: Mapped[Decimal] = mapped_column(Money, default=Decimal("0.00"))
    currency: Mapped[str] = mapped_column(String(3), default=HOME_CURRENCY)
    terms: Mapped[str | None] = mapped_column(Text)
    revises_id: Mapped[UUID | None] = mapped_column(ForeignKey("quote.id"))
    sent_at: Mapped[datetime | None] = mapped_column()
    sent_by: Mapped[UUID | None] = mapped_column()
    answered_at: Mapped[datetime | None] = mapped_column()
    lines: Mapped[list[QuoteLine]] = relationship(
        cascade="all, delete-orphan", order_by=QuoteLine.position, lazy="selectin"
    )
    opportunity: Mapped[Opportunity] = relationship(back_populates="quotes")

    def check(self, work: Work) -> None:
        """A quote belongs to an open opportunity and its customer; its amount is the sum of its lines."""
        if changed(self, "opportunity_id"):
            self._join(work)
        elif changed(self, "contact_id"):
            check_contact(work, self.contact_id, self.customer_id)
        if self.state == "draft":
            for at, line in enumerate(self.lines):
                line.complete(work, at)
            self.amount = total(line.amount for line in self.lines)
            if self.amount > LARGEST:
                raise Invalid(FieldProblem("lines", "too_large", max=LARGEST))

    def _join(self, work: Work) -> None:
        opportunity = work.read(Opportunity, self.opportunity_id)
        opportunity.require_open()
        self.customer_id = opportunity.customer_id
        if self.ver is None:
            self.contact_id = self.contact_id or opportunity.contact_id
            if self.revises_id is None:
                own_fields.take_along(work, self, *own_fields.noted(opportunity))
        if self.revises_id is None and self.contact_id != opportunity.contact_id:
            # whom we deal with may work elsewhere by now
            check_contact(work, self.contact_id, self.customer_id)

    def belongs_to(self, work: Work) -> Opportunity | None:
        """Whoever writes it for a colleague leaves it where the opportunity lies, as long as she still sees it."""
        opportunity = work.read(Opportunity, self.opportunity_id)
        return opportunity if scope.covers(work.actor, "sales.quote.read", opportunity) else None

    def submit(self, today: date, now: datetime) -> None:
        """Ready for a decision."""
        self.move("submit", now)
        if not self.lines:
            raise messages.QuoteEmpty(number=self.number)
        self.require_valid(today)

    def send(self, by: UUID, today: date, now: datetime) -> None:
        """It goes out to the customer."""
        self.move("send", now)
        self.require_valid(today)
        self.sent_at, self.sent_by = now, by

    def accept(self, today: date, now: datetime) -> None:
        """The customer takes it."""
        self.move("accept", now)
        self.require_valid(today)
        self.answered_at = now

    def decline(self, now: datetime) -> None:
        """The customer does not want it."""
        self.move("decline", now)
        self.answered_at = now

    def require_valid(self, today: date) -> None:
        """Raises QuoteExpired after the last day it was meant to hold."""
        if self.valid_until is not None and self.valid_until < today:
            raise messages.QuoteExpired(number=self.number, expired_on=self.valid_until)

    def copy(self) -> Quote:
        """A new draft that says the same."""
        return Quote(
            id=new_id(), name=self.name, opportunity_id=self.opportunity_id, contact_id=self.contact_id, terms=self.terms,
            tags=list(self.tags), revises_id=self.id, lines=[line.copy() for line in self.lines],
        )  # fmt: skip

    @property
    def stands(self) -> bool:
        """Whether we may be held to it, or are about to be."""
        return self.state in self.STANDING and self.archived_at is None

    def in_use(self, work: Work) -> bool:
        """Put away only what nobody holds us to."""
        return self.stands
