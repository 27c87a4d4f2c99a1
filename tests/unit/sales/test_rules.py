"""What an offer adds up to, what a chance is worth, which codes belong together."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from contracts.errors import Invalid
from contracts.money import total
from services.sales import rules

quantities = some.decimals("0.001", "100000", places=3)
prices = some.decimals("0", "10000000", places=2)
percents = some.decimals("0", "100", places=2)
NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "amount"),
    [
        ("3", "0.10", "0", "0.30"), ("1", "0.01", "50", "0.01"), ("0.333", "100.00", "0", "33.30"),
        ("7", "12800.00", "12.5", "78400.00"), ("1", "99.99", "100", "0.00"), ("3", "33.335", "0", "100.01"),
    ],
)  # fmt: skip
def test_a_line_is_rounded_half_up_once(quantity, price, discount, amount):
    assert rules.line_amount(Decimal(quantity), Decimal(price), Decimal(discount)) == Decimal(amount)


@given(quantities, prices, percents)
def test_a_discount_never_makes_a_line_negative_or_dearer(quantity, price, discount):
    assert 0 <= rules.line_amount(quantity, price, discount) <= rules.line_amount(quantity, price, Decimal(0))


@given(some.lists(some.tuples(prices, percents)))
def test_weighted_amounts_add_up_the_same_however_they_are_grouped(chances):
    worth = [rules.weighted(amount, rate) for amount, rate in chances]
    assert total(worth[::2]) + total(worth[1::2]) == total(worth)
    assert all(part == part.quantize(Decimal("0.01")) for part in worth)


def test_codes_continue_the_one_above_them():
    assert rules.code(" ａ０１０１ ", "A01") == "A0101"
    assert rules.code("b", None) == "B"
    for wrong, under in (("A01", "A01"), ("B01", "A"), ("", None), ("A 1", None), ("产品", None)):
        with pytest.raises(Invalid):
            rules.code(wrong, under)


def test_a_step_is_neither_in_the_future_nor_before_the_step_before_it():
    since = NOW - timedelta(days=3)
    assert rules.happened(None, NOW, since) == NOW
    assert rules.happened(since, NOW, since) == since
    for wrong in (NOW + timedelta(seconds=1), since - timedelta(seconds=1)):
        with pytest.raises(Invalid):
            rules.happened(wrong, NOW, since)
