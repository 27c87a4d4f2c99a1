"""Why a customer has its scores (CUS-11)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from chassis.work import Work
from contracts.customer import Dimension, Judged, Score, ValueExplained, ValueOf
from services.customer import model
from services.customer.model.value_indicator import figure, points, scores
from services.customer.model.value_rule import THE_ONE

ONE_DIGIT = Decimal("0.1")


def value(work: Work, message: ValueOf) -> ValueExplained:
    """Figure by figure, as the applied indicators see the customer now."""
    customer = work.read(model.Customer, message.customer_id)
    applied = work.session.get(model.RulesApplied, THE_ONE)
    indicators = (applied.indicators or []) if applied is not None else []
    asked = [ask(one, work.today, work.now) for one in indicators for ask in (figure, points)]
    wanted = select(*scores(indicators, work.today, work.now).values(), *asked)
    *found, group = (row := work.session.execute(wanted.where(model.Customer.id == customer.id)).one())[:3]
    pairs = list(zip(row[3::2], row[4::2], strict=True))
    return ValueExplained(
        customer_id=customer.id, name=customer.name, applied_at=applied.at if applied is not None else None,
        value_group=group,
        scores=tuple(
            Score(dimension=dimension, score=score, judged=_judged(indicators, pairs, dimension))
            for dimension, score in zip(Dimension.__args__, found, strict=True)  # type: ignore[attr-defined]
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
