"""The rules by which a customer gets its value class and its step on the loyalty ladder."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, case, null, true
from sqlalchemy.orm import Mapped, mapped_column

from chassis.audit import plain
from chassis.database import Kept, Money, Searchable
from contracts import customer as messages
from contracts.errors import FieldProblem, Invalid
from services.customer.model.base import Base
from services.customer.model.customer import Customer

GIVES = {"value_class": "potential", "loyalty": "target"}
"""What rules decide, and what holds where none fits."""
LEAST = (
    "contracts_count", "contracts_amount", "paid_amount", "open_opportunities", "open_amount", "strategic_value",
)  # fmt: skip
"""Figures that a rule asks to be at least so much (`<figure>_from`)."""


class ValueRule(Searchable, Kept, Base):
    """One rule; it decides when the rules are applied (`RulesApplied`)."""

    record = messages.ValueRule

    position: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str | None] = mapped_column(String(100))
    value_class: Mapped[str | None] = mapped_column(String(40))
    loyalty: Mapped[str | None] = mapped_column(String(40))
    contracts_count_from: Mapped[int | None] = mapped_column()
    contracts_amount_from: Mapped[Decimal | None] = mapped_column(Money)
    paid_amount_from: Mapped[Decimal | None] = mapped_column(Money)
    contract_within_days: Mapped[int | None] = mapped_column()
    open_opportunities_from: Mapped[int | None] = mapped_column()
    open_amount_from: Mapped[Decimal | None] = mapped_column(Money)
    contact_within_days: Mapped[int | None] = mapped_column()
    strategic_value_from: Mapped[Decimal | None] = mapped_column(Money)

    def check(self, work: Any) -> None:
        """It decides one thing."""
        if (self.value_class is None) == (self.loyalty is None):
            raise Invalid(FieldProblem("loyalty", "either_class_or_step"))

    def written(self) -> dict[str, Any]:
        """As it is applied: what it gives, and what it asks."""
        names = (
            "id",
            *GIVES,
            "contract_within_days",
            "contact_within_days",
            *(f"{name}_from" for name in LEAST),
        )
        return {name: plain(getattr(self, name)) for name in names}


THE_ONE = 1
"""The id of the only row of `RulesApplied`."""


class RulesApplied(Base):
    """The rules and indicators that decide, as they were written when somebody applied them; one row."""

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column()
    rules: Mapped[list[Any]] = mapped_column()
    indicators: Mapped[list[Any] | None] = mapped_column()
    """None before there were any."""


def verdict(rules: list[dict[str, Any]], field: str, today: date, now: datetime) -> Any:
    """The id of the first of these rules that decides this field and fits a customer, for a query of customers."""
    asked = [(_fits(rule, today, now), UUID(rule["id"])) for rule in rules if rule[field] is not None]
    return case(*asked, else_=null()) if asked else null()


def _fits(rule: dict[str, Any], today: date, now: datetime) -> ColumnElement[bool]:
    asked: list[ColumnElement[bool]] = [true()]
    for name in LEAST:
        least = rule[f"{name}_from"]
        if least is not None:
            asked.append(getattr(Customer, name) >= Decimal(least))
    if (days := rule["contract_within_days"]) is not None:
        asked.append(Customer.last_contract_on >= today - timedelta(days=days))
    if (days := rule["contact_within_days"]) is not None:
        asked.append(Customer.last_activity_at >= now - timedelta(days=days))
    return and_(*asked)
