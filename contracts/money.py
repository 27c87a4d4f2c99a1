"""Money is exact: a decimal with two places in a currency; rounding happens here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
LARGEST = Decimal("9999999999999999.99")
HOME_CURRENCY = "CNY"


def rounded(value: Decimal) -> Decimal:
    """To the cent, half away from zero (四舍五入), as Chinese invoices round."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def total(values: Iterable[Decimal]) -> Decimal:
    """Sum that is 0.00, not 0, when there is nothing."""
    return sum(values, Decimal("0.00"))


def shares(amount: Decimal, weights: Iterable[Decimal]) -> list[Decimal]:
    """Split an amount by weights to the cent: each share within a cent of its due, leftover cents to the later ones."""
    weights = list(weights)
    whole, seen, given = sum(weights, Decimal(0)), Decimal(0), Decimal("0.00")
    parts = []
    for weight in weights:
        # by what is due up to here, so that roundings never gather up in one share
        seen += weight
        due = (amount * seen / whole).quantize(CENT, rounding=ROUND_DOWN) if seen != whole else amount
        parts.append(due - given)
        given = due
    return parts


@dataclass(frozen=True)
class Amount:
    """A sum of money in one currency; arithmetic over two currencies raises ValueError."""

    value: Decimal
    currency: str = HOME_CURRENCY

    def _same(self, other: Amount) -> Decimal:
        if other.currency != self.currency:
            raise ValueError(f"cannot mix {self.currency} and {other.currency}")
        return other.value

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.value + self._same(other), self.currency)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.value - self._same(other), self.currency)
