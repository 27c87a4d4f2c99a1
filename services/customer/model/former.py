"""Contracts of former days that came with a file of existing customers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Kept, Money, Owned, Searchable
from chassis.identity import new_id
from contracts import customer as messages
from contracts.errors import FieldProblem, Invalid
from services.customer.model.base import Base

COLUMNS = tuple(name for name in messages.CustomerExtras.attrs() if name.startswith("contract_"))


class FormerContract(Searchable, Owned, Kept, Base):
    """A contract signed before we kept books here. Announced once; whoever keeps contracts has made it one of theirs."""

    record = messages.FormerContract
    part_of = ("customer_id",)

    __table_args__ = (Index("ix_former_contract_customer_id", "customer_id"),)

    customer_id: Mapped[UUID] = mapped_column()
    contract_id: Mapped[UUID] = mapped_column()
    number: Mapped[str | None] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    amount: Mapped[Decimal] = mapped_column(Money)
    signed_on: Mapped[date] = mapped_column()
    paid: Mapped[Decimal] = mapped_column(Money)
    closed_on: Mapped[date | None] = mapped_column()

    @classmethod
    def told_by(cls, extra: messages.CustomerExtras, customer: Any) -> FormerContract | None:
        """The contract a line of the file tells of, if it does. Raises Invalid where it cannot have been so."""
        if all(getattr(extra, name) is None for name in COLUMNS):
            return None
        amount, signed_on, paid = extra.contract_amount, extra.contract_signed_on, extra.contract_paid or 0
        missing = [name for name in ("contract_amount", "contract_signed_on") if getattr(extra, name) is None]
        problems = [FieldProblem(name, "required") for name in missing]
        if amount is not None and paid > amount:
            problems.append(FieldProblem("contract_paid", "too_large", max=amount))
        if signed_on is not None and extra.contract_closed_on and extra.contract_closed_on < signed_on:
            problems.append(FieldProblem("contract_closed_on", "before", date=signed_on))
        if problems:
            raise Invalid(*problems)
        told = cls(
            id=new_id(), contract_id=new_id(), customer_id=customer.id, number=extra.contract_number, amount=amount,
            name=extra.contract_name or customer.name, signed_on=signed_on, paid=Decimal(paid),
            closed_on=extra.contract_closed_on,
        )  # fmt: skip
        told.belong_with(customer)
        return told

    @property
    def same(self) -> tuple[Any, ...]:
        """What two lines that tell of one contract agree in."""
        return ("contract", self.number) if self.number else ("contract", self.signed_on, self.amount)

    def announce(self, work: Any) -> None:
        """It is to become a contract with its receivable and payments."""
        work.emit(messages.FormerContractImported.of(self))

    def withdraw(self, work: Any) -> None:
        """The file was wrong."""
        work.emit(messages.FormerContractWithdrawn.of(self))
