"""The contract with its lines, its planned instalments and the steps of its execution."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Numeric, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from chassis import replicas
from chassis.audit import changed
from chassis.database import Kept, LineRow, Money, Owned, Searchable, Tagged
from chassis.derived import derived
from chassis.identity import new_id
from chassis.lifecycle import Lives
from chassis.work import Work
from contracts import receivables as messages
from contracts.errors import FieldProblem, Invalid
from contracts.money import HOME_CURRENCY
from contracts.receivables import InstalmentsMissing
from services.receivables import rules
from services.receivables.model.base import Base
from services.receivables.model.receivable import Instalment, Receivable


class ContractLine(LineRow, Base):
    record = messages.ContractLine

    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"), index=True)
    product_id: Mapped[UUID | None] = mapped_column()
    description: Mapped[str | None] = mapped_column(String(500))
    quantity: Mapped[Decimal] = mapped_column(Numeric)
    unit_price: Mapped[Decimal] = mapped_column(Money)
    discount: Mapped[Decimal] = mapped_column(Numeric)
    amount: Mapped[Decimal] = mapped_column(Money)

    @validates("quantity", "unit_price", "discount")
    def _price(self, name: str, value: Decimal) -> Decimal:
        """The amount follows from what it is made of, whenever one of them is set."""
        parts = {n: getattr(self, n) for n in ("quantity", "unit_price", "discount")} | {name: value}
        if None not in parts.values():
            self.amount = rules.line_amount(**parts)
        return value


class PlannedInstalment(LineRow, Base):
    record = messages.PlannedInstalment

    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"), index=True)
    due_on: Mapped[date] = mapped_column()
    amount: Mapped[Decimal] = mapped_column(Money)
    method_id: Mapped[UUID | None] = mapped_column()
    reminder_days: Mapped[int | None] = mapped_column()
    note: Mapped[str | None] = mapped_column(String(500))


class ExecutionStep(LineRow, Base):
    record = messages.ExecutionStep

    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    planned_on: Mapped[date | None] = mapped_column()
    begun_on: Mapped[date | None] = mapped_column()
    done_on: Mapped[date | None] = mapped_column()
    executor_id: Mapped[UUID | None] = mapped_column(index=True)
    quantity: Mapped[Decimal | None] = mapped_column(Numeric)
    amount: Mapped[Decimal | None] = mapped_column(Money)
    note: Mapped[str | None] = mapped_column(String(500))


class Contract(Searchable, Tagged, Owned, Lives, Kept, Base):
    record = messages.Contract
    listed = messages.ContractListed
    numbered = "HT-{branch}-{year}-{seq:05}"
    __table_args__ = (
        Index("ix_contract_customer_id_created_at", "customer_id", "created_at"),
        Index("ix_contract_opportunity_id", "opportunity_id"),
        Index("ix_contract_state_created_at", "state", "created_at"),
        Index("ix_contract_signed_on", "signed_on"),
        Index(
            "ix_contract_ends_on",
            "ends_on",
            postgresql_where=text("state = 'signed' and end_reminded_at is null"),
        ),
    )

    number: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    customer_id: Mapped[UUID] = mapped_column()
    contact_id: Mapped[UUID | None] = mapped_column()
    opportunity_id: Mapped[UUID | None] = mapped_column()
    quote_id: Mapped[UUID | None] = mapped_column()
    amount: Mapped[Decimal] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(3), default=HOME_CURRENCY)
    signed_on: Mapped[date | None] = mapped_column()
    starts_on: Mapped[date | None] = mapped_column()
    ends_on: Mapped[date | None] = mapped_column()
    end_reminder_days: Mapped[int] = mapped_column(default=30, server_default="30")
    end_reminded_at: Mapped[datetime | None] = derived()
    """When we told that it comes to its end: said once."""
    former_number: Mapped[str | None] = mapped_column(String(60))
    note: Mapped[str | None] = mapped_column(Text)
    lines: Mapped[list[ContractLine]] = relationship(
        cascade="all, delete-orphan", order_by=ContractLine.position
    )
    instalments: Mapped[list[PlannedInstalment]] = relationship(
        cascade="all, delete-orphan", order_by=PlannedInstalment.position
    )
    steps: Mapped[list[ExecutionStep]] = relationship(
        cascade="all, delete-orphan", order_by=ExecutionStep.position
    )

    def check(self, work: Work) -> None:
        """A draft is refused when its dates run backwards, its plan does not add up, or whoever is named works elsewhere."""
        if self.state != "draft":
            return
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise Invalid(FieldProblem("ends_on", "before", date=self.starts_on))
        if self.instalments:
            rules.must_add_up(self.amount, [planned.amount for planned in self.instalments])
        if self.contact_id is not None and changed(self, "contact_id", "customer_id"):
            with work.session.no_autoflush:
                for card in replicas.several(work.session, [self.contact_id]):
                    if card.customer_id != self.customer_id:
                        raise Invalid(FieldProblem("contact_id", "not_a_choice", value=card.label))

    def in_use(self, work: Work) -> bool:
        """Only what never came to anything may be put away."""
        return self.state not in ("draft", "cancelled")

    def submit(self, at: datetime) -> None:
        """Ask for a decision. Raises when there is nothing to decide on yet."""
        self.move("submit", at)
        if self.amount <= 0:
            raise Invalid(FieldProblem("amount", "too_small", min=messages.CENT))
        if not self.instalments:
            raise InstalmentsMissing(number=self.number)
        rules.must_add_up(self.amount, [planned.amount for planned in self.instalments])

    def sign(self, on: date, at: datetime) -> None:
        """Both sides have signed on this day."""
        self.move("sign", at)
        self.signed_on = on

    @property
    def was_signed(self) -> bool:
        """Whether money was, or still is, owed for it."""
        return self.signed_on is not None

    @property
    def executor_ids(self) -> tuple[UUID, ...]:
        """Everybody who has a part in carrying it out."""
        return tuple(dict.fromkeys(step.executor_id for step in self.steps if step.executor_id))

    def open_receivable(self) -> Receivable:
        """The whole amount is owed from now on, in the instalments that were agreed."""
        receivable = Receivable(
            id=new_id(), contract_id=self.id, customer_id=self.customer_id, name=self.name, amount=self.amount,
            currency=self.currency, remaining=self.amount,
        )  # fmt: skip
        receivable.belong_with(self)
        planned = sorted(self.instalments, key=lambda part: (part.due_on, part.position))
        for position, part in enumerate(planned, start=1):
            instalment = Instalment(
                contract_id=self.id, customer_id=self.customer_id, position=position, due_on=part.due_on,
                amount=part.amount, remaining=part.amount, method_id=part.method_id,
                reminder_days=part.reminder_days, currency=self.currency,
            )  # fmt: skip
            instalment.belong_with(self)
            receivable.instalments.append(instalment)
        rules.must_add_up(self.amount, [part.amount for part in planned])
        return receivable
