"""Dividing an amount loses no cent, and money covers the oldest due first."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Invalid
from contracts.money import CENT, total
from services.receivables import rules

amounts = st.integers(1, 10**14).map(lambda cents: Decimal(cents) * CENT)


@given(amount=st.integers(120, 10**14).map(lambda cents: Decimal(cents) * CENT), parts=st.integers(1, 120))
def test_equal_parts_add_up_and_differ_by_little(amount: Decimal, parts: int):
    found = rules.equal_parts(amount, parts)
    assert len(found) == parts
    assert total(found) == amount
    assert max(found) - min(found) <= CENT


@given(amount=st.integers(10_000, 10**14).map(lambda cents: Decimal(cents) * CENT), data=st.data())
def test_parts_by_percent_add_up(amount: Decimal, data):
    cuts = sorted(data.draw(st.sets(st.integers(1, 99), max_size=8)))
    percents = [Decimal(b - a) for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    found = rules.by_percent(amount, percents)
    assert total(found) == amount
    assert all(abs(part - amount * p / 100) < CENT for part, p in zip(found, percents, strict=True))


def test_a_third_of_a_hundred():
    assert rules.equal_parts(Decimal("100.00"), 3) == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
    assert rules.by_percent(Decimal("0.10"), [Decimal(30), Decimal(40), Decimal(30)]) == [
        Decimal("0.03"), Decimal("0.04"), Decimal("0.03"),
    ]  # fmt: skip


def test_two_cents_are_not_three_instalments():
    with pytest.raises(Invalid):
        rules.equal_parts(Decimal("0.02"), 3)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("30, 40", "does_not_add_up"), ("", "required"), (None, "required"), ("a lot", "not_a_number"),
        ("-10, 110", "not_a_number"), ("1e2", "not_a_number"), ("100, 0", "too_small"), ("NaN", "not_a_number"),
    ],
)  # fmt: skip
def test_percents_that_are_none(text: str | None, code: str):
    with pytest.raises(Invalid) as raised:
        rules.by_percent(Decimal(100), rules.percents(text))
    assert [(p.field, p.code) for p in raised.value.fields] == [("percents", code)]


@pytest.mark.parametrize(
    "text", ["30,40,30", "30 40 30", "30%、40%、30%", "３０，４０，３０", "30/40/30", "30.0; 40; 30"]
)
def test_percents_as_people_write_them(text: str):
    assert rules.percents(text) == [30, 40, 30]


def test_due_dates_keep_to_the_end_of_shorter_months():
    assert rules.due_dates(date(2026, 12, 31), 4, 1) == [
        date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31),
    ]  # fmt: skip
    assert rules.due_dates(date(2026, 1, 5), 2, 3) == [date(2026, 1, 5), date(2026, 4, 5)]
    assert rules.due_dates(date(2026, 1, 5), 2, 0) == [date(2026, 1, 5)] * 2
    with pytest.raises(Invalid) as refused:
        rules.due_dates(date(9999, 12, 1), 2, 1)
    assert [(p.field, p.code) for p in refused.value.fields] == [("first_due_on", "not_a_date")]


@given(parts=st.lists(amounts, min_size=1, max_size=12), share=st.fractions(0, 1))
def test_money_covers_the_oldest_first(parts: list[Decimal], share):
    paid = (total(parts) * Decimal(share.numerator) / Decimal(share.denominator)).quantize(CENT)
    paid = min(paid, total(parts))
    covered = rules.spread(paid, parts)
    assert total(covered) == paid
    assert all(0 <= cover <= part for cover, part in zip(covered, parts, strict=True))
    started = [cover < part for cover, part in zip(covered, parts, strict=True)]
    assert started == sorted(started)
    assert sum(0 < cover < part for cover, part in zip(covered, parts, strict=True)) <= 1


@given(
    quantity=st.decimals(0, 10**6, places=3), price=amounts, discount=st.decimals(0, 100, places=2)
)  # fmt: skip
def test_a_line_is_rounded_once(quantity: Decimal, price: Decimal, discount: Decimal):
    exact = quantity * price * (100 - discount) / 100
    assert abs(rules.line_amount(quantity, price, discount) - exact) <= Decimal("0.005")


def test_the_due_day_itself_is_not_overdue():
    day = date(2026, 3, 10)
    assert not rules.is_overdue(day, Decimal(1), day)
    assert rules.is_overdue(day, CENT, date(2026, 3, 11))
    assert not rules.is_overdue(day, Decimal(0), date(2027, 1, 1))


def test_reminder_days_end_with_the_due_day():
    day = date(2026, 3, 10)
    near = [rules.is_near(day, 3, date(2026, 3, n)) for n in (6, 7, 10, 11)]
    assert near == [False, True, True, False]
    assert not rules.is_near(day, None, day)
    assert rules.is_near(day, 0, day)
