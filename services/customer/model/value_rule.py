"""The rules by which a customer gets its value class and its step on the loyalty ladder."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg2
from sqlalchemy import ColumnElement, String, and_, case, false, null, select, true
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from chassis import filters
from chassis.audit import changed, plain
from chassis.database import Kept, Searchable
from contracts import addresses
from contracts import customer as messages
from contracts.errors import FieldProblem, Invalid
from contracts.query import Query
from services.customer.model.base import Base
from services.customer.model.classified import TOLD
from services.customer.model.customer import Customer

GIVES = {"value_class": "potential", "loyalty": "target"}
"""What rules decide, and what holds where none fits."""
DECIDED = frozenset((*GIVES, *(name for told in TOLD.values() for name in told)))
"""What follows from the rules: a rule that asked for it would contradict itself."""


class ValueRule(Searchable, Kept, Base):
    """One rule; it decides when the rules are applied (`RulesApplied`)."""

    record = messages.ValueRule

    position: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str | None] = mapped_column(String(100))
    value_class: Mapped[str | None] = mapped_column(String(40))
    loyalty: Mapped[str | None] = mapped_column(String(40))
    query: Mapped[str | None] = mapped_column(String(2000))

    def check(self, work: Any) -> None:
        """It decides one thing, by a question that can be asked of any customer on any day."""
        if (self.value_class is None) == (self.loyalty is None):
            raise Invalid(FieldProblem("loyalty", "either_class_or_step"))
        if self.query is not None and changed(self, "query"):
            asked = addresses.read(self.query)
            kept = addresses.ListAddress(conditions=asked.conditions, text=asked.text, match=asked.match)
            self.query = kept.written().removeprefix("?") or None
            for condition in asked.conditions:
                _check_condition(condition)
            self._try(work)

    def _try(self, work: Any) -> None:
        """Ask it of one customer: what the database refuses is refused here. Raises Invalid."""
        try:
            asked = select(Customer.id).where(*filters.conditions(work, Customer, self.question()))
            connection = work.session.connection()
            with connection.begin_nested():
                connection.execute(asked.limit(1))
        except Invalid as invalid:
            raise Invalid(FieldProblem("query", "wrong_condition", value=invalid.fields[0].field)) from None
        except DBAPIError as error:
            if not isinstance(error.orig, psycopg2.DataError):
                raise
            raise Invalid(FieldProblem("query", "wrong_condition", value=self.query)) from None

    def question(self) -> Query:
        """Whom it fits."""
        return addresses.read(self.query or "").query()

    def written(self) -> dict[str, Any]:
        """As it is applied: what it gives, and what it asks."""
        return {name: plain(getattr(self, name)) for name in ("id", *GIVES, "query")}


def _check_condition(condition: addresses.Condition) -> None:
    """Nobody asks when rules are asked, and they do not hang on what they decide. Raises Invalid."""
    if condition.comparison != "contains" and "me" in condition.values:
        raise Invalid(FieldProblem("query", "nobody_is_me"))
    if condition.field in DECIDED:
        raise Invalid(FieldProblem("query", "decided_by_rules"))


THE_ONE = 1
"""The id of the only row of `RulesApplied`."""


class RulesApplied(Base):
    """The rules and indicators that decide, as they were written when somebody applied them; one row."""

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column()
    rules: Mapped[list[Any]] = mapped_column()
    indicators: Mapped[list[Any] | None] = mapped_column()
    """None before there were any."""
    dimensions: Mapped[dict[str, Any] | None] = mapped_column()
    """Dimension → from how many points it is high; None before anybody could say."""


def verdict(work: Any, rules: list[dict[str, Any]], field: str) -> Any:
    """The id of the first of these rules that decides this field and fits a customer, for a query of customers."""
    asked = [(fits(work, rule), UUID(rule["id"])) for rule in rules if rule[field] is not None]
    return case(*asked, else_=null()) if asked else null()


def fits(work: Any, rule: dict[str, Any]) -> ColumnElement[bool]:
    """Whether it fits a customer; nobody, once a field of its question is gone."""
    try:
        query = addresses.read(rule["query"] or "").query()
        return and_(true(), *filters.conditions(work, Customer, query))
    except Invalid:
        return false()
