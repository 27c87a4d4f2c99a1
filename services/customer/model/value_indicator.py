"""The figures by which customers are judged, and the scores that follow from them (CUS-11, CUS-19)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Integer, Numeric, String, case, cast, func, literal, null, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from chassis.audit import plain
from chassis.database import Kept, Searchable
from chassis.own_values import DroppedField
from chassis.replicas import Replica
from contracts import customer as messages
from contracts.errors import FieldProblem, Invalid
from contracts.own_fields import logged_as
from services.customer.model.base import Base
from services.customer.model.customer import Contact, Customer

HIGH = 50
"""From so many points on a dimension counts as high where nobody has applied anything else."""
DIMENSIONS: tuple[str, ...] = messages.Dimension.__args__  # type: ignore[attr-defined]
GONE = "gone"
"""Stands in an indicator as it is applied whose own field was deleted."""
NUMERIC = ("whole_number", "number", "amount", "percent")
"""Kinds of own fields that can be measured."""


class ValueDimension(Searchable, Kept, Base):
    """One of the three; what it says counts when the rules are applied (`RulesApplied`)."""

    record = messages.ValueDimension

    position: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str | None] = mapped_column(String(60))
    code: Mapped[str] = mapped_column(String(20), unique=True)
    high_from: Mapped[int] = mapped_column(Integer)


class ValueIndicator(Searchable, Kept, Base):
    """One figure; it counts when the rules are applied (`RulesApplied`)."""

    record = messages.ValueIndicator

    position: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str | None] = mapped_column(String(100))
    dimension: Mapped[str] = mapped_column(String(40))
    measure: Mapped[str] = mapped_column(String(40))
    field_id: Mapped[UUID | None] = mapped_column()
    worst: Mapped[Decimal] = mapped_column(Numeric())
    best: Mapped[Decimal] = mapped_column(Numeric())
    weight: Mapped[int] = mapped_column(Integer)

    def check(self, work: Any) -> None:
        """There is a way from the worst to the best, and an own field is one that can be measured."""
        if self.worst == self.best:
            raise Invalid(FieldProblem("best", "same_as_worst"))
        if self.measure != "own_field":
            self.field_id = None
        elif self.field_id is None:
            raise Invalid(FieldProblem("field_id", "required"))
        else:
            card = self._field(work)
            if card is None or card.entity_name != Customer.record.entity() or card.kind not in NUMERIC:
                raise Invalid(FieldProblem("field_id", "no_number"))

    def written(self, work: Any) -> dict[str, Any]:
        """As it is applied."""
        names = ("name", "name_en", "dimension", "measure", "worst", "best", "weight")
        own: dict[str, Any] = {}
        if self.field_id is not None:
            card = self._field(work)
            own = (
                {"own": logged_as(card.code, card.data.get("kept_as"))} if card is not None else {GONE: True}
            )
        return {name: plain(getattr(self, name)) for name in names} | own

    def _field(self, work: Any) -> Replica | None:
        """The card of the own field it measures; None: it was deleted."""
        session: Session = work.session
        if session.get(DroppedField, self.field_id) is not None:
            return None
        return session.get(Replica, self.field_id)


def counting(indicators: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Those that count: one whose field was deleted says nothing of anybody, so the others' weights are the whole."""
    return [one for one in indicators or [] if not one.get(GONE)]


def without(indicators: list[dict[str, Any]], own: str) -> list[dict[str, Any]]:
    """The same when the own field that stands under this name was deleted."""
    return [
        {name: value for name, value in one.items() if name != "own"} | {GONE: True}
        if one.get("own") == own
        else one
        for one in indicators
    ]


def figure(indicator: dict[str, Any], today: date, now: datetime) -> ColumnElement[Any]:
    """What the indicator looks at, for a query of customers; NULL where nothing is known."""
    match indicator["measure"]:
        case "days_since_contract":
            return cast(literal(today, Date) - Customer.last_contract_on, Integer)
        case "days_since_contact":
            return func.date_part("day", literal(now) - Customer.last_activity_at)
        case "contacts_count":
            people = Contact.__table__
            there = (people.c.customer_id == Customer.id, people.c.archived_at.is_(None))
            return select(func.count()).where(*there).correlate(Customer.__table__).scalar_subquery()
        case "own_field":
            return cast(Customer.own[indicator["own"]].astext, Numeric)
        case name:
            found: ColumnElement[Any] = getattr(Customer, name)
            return found


def points(indicator: dict[str, Any], today: date, now: datetime) -> ColumnElement[Any]:
    """From 0 at the worst to 100 at the best and beyond; nothing known is worth nothing."""
    worst, best = Decimal(indicator["worst"]), Decimal(indicator["best"])
    part = (cast(figure(indicator, today, now), Numeric) - worst) / literal(best - worst, Numeric)
    return func.least(func.greatest(part, 0), 1) * 100  # of NULL and 0 the greater is 0


def score(indicators: list[dict[str, Any]], dimension: str, today: date, now: datetime) -> ColumnElement[Any]:
    """The mean of the points by weight, to one digit; NULL without indicators."""
    mine = [one for one in counting(indicators) if one["dimension"] == dimension]
    if not mine:
        return null()
    whole = sum(points(one, today, now) * one["weight"] for one in mine)
    return func.round(whole / sum(one["weight"] for one in mine), 1)  # type: ignore[operator]


def high_from(dimensions: dict[str, int] | None, dimension: str) -> int:
    """From how many points on this dimension counts as high."""
    return (dimensions or {}).get(dimension, HIGH)


def scores(
    indicators: list[dict[str, Any]], dimensions: dict[str, int] | None, today: date, now: datetime
) -> dict[str, ColumnElement[Any]]:
    """The fields of a customer that follow from the indicators: a score for each dimension, and the group of the first two."""
    found = {f"{name}_score": score(indicators, name, today, now) for name in DIMENSIONS}
    value, propensity = found["value_score"], found["propensity_score"]
    is_worth, buys = (
        value >= high_from(dimensions, "value"),
        propensity >= high_from(dimensions, "propensity"),
    )
    group = case(
        (value.is_(None) | propensity.is_(None), null()),
        (is_worth & buys, "core"),
        (is_worth, "dormant"),
        (buys, "promising"),
        else_="ordinary",
    )
    return {**found, "value_group": group}
