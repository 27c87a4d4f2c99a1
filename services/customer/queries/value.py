"""Why a customer has its scores (CUS-11)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from chassis.work import Work
from contracts.customer import Judged, Score, ValueExplained, ValueOf
from services.customer import model
from services.customer.model.value_indicator import DIMENSIONS, counting, figure, high_from, points, scores
from services.customer.model.value_rule import THE_ONE

ONE_DIGIT = Decimal("0.1")


def value(work: Work, message: ValueOf) -> ValueExplained:
    """Figure by figure, as the applied indicators see the customer now."""
    customer = work.read(model.Customer, message.customer_id)
    applied = work.session.get(model.RulesApplied, THE_ONE)
    indicators = counting(applied.indicators) if applied is not None else []
    asked = [ask(one, work.today, work.now) for one in indicators for ask in (figure, points)]
    high = applied.dimensions if applied is not None else None
    made = scores(indicators, high, work.today, work.now)
    row = work.session.execute(select(*made.values(), *asked).where(model.Customer.id == customer.id)).one()
    *found, group = row[: len(made)]
    pairs = list(zip(row[len(made) :: 2], row[len(made) + 1 :: 2], strict=True))
    dimensions = {dimension.code: dimension for dimension in work.find_all(model.ValueDimension)}
    return ValueExplained(
        customer_id=customer.id, name=customer.name, applied_at=applied.at if applied is not None else None,
        value_group=group,
        scores=tuple(
            Score(
                dimension=code, name=dimensions[code].name, name_en=dimensions[code].name_en, score=score,
                high_from=high_from(high, code), judged=_judged(indicators, pairs, code),
            )
            for code, score in zip(DIMENSIONS, found, strict=True)
        ),
    )  # fmt: skip


def _judged(indicators: list[dict[str, Any]], pairs: list[Any], dimension: str) -> tuple[Judged, ...]:
    mine = [
        (one, *pair) for one, pair in zip(indicators, pairs, strict=True) if one["dimension"] == dimension
    ]
    whole = sum(one["weight"] for one, _, _ in mine)
    return tuple(
        Judged(
            name=one["name"], name_en=one["name_en"], measure=one["measure"], worst=one["worst"], best=one["best"],
            weight=one["weight"], figure=Decimal(str(figure)) if figure is not None else None,
            points=Decimal(points).quantize(ONE_DIGIT), adds=(points * one["weight"] / whole).quantize(ONE_DIGIT),
        )
        for one, figure, points in mine
    )  # fmt: skip
