"""Money adds up to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.money import Amount, rounded, shares, total

AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=2)


@given(AMOUNTS, st.lists(st.integers(1, 1000), min_size=1, max_size=24))
def test_shares_add_up_to_the_whole(amount, weights):
    parts = shares(amount, map(Decimal, weights))
    assert total(parts) == amount
    assert all(part == rounded(part) for part in parts)
    exact = [amount * weight / sum(weights) for weight in weights]
    assert all(abs(part - due) < Decimal("0.01") for part, due in zip(parts, exact, strict=True))


@pytest.mark.parametrize(
    ("given_", "wanted"), [("0.005", "0.01"), ("2.675", "2.68"), ("-0.005", "-0.01"), ("1.004", "1.00")]
)
def test_half_a_cent_goes_up_as_on_a_chinese_invoice(given_, wanted):
    assert rounded(Decimal(given_)) == Decimal(wanted)


def test_two_currencies_cannot_be_mixed():
    with pytest.raises(ValueError, match="CNY and USD"):
        Amount(Decimal(1)) + Amount(Decimal(1), "USD")
