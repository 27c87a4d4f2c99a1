"""The arithmetic of contracts and receivables: dividing an amount, spreading money over instalments, due dates."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from contracts.errors import FieldProblem, Invalid
from contracts.money import CENT, rounded, shares, total

HUNDRED = Decimal(100)


def line_amount(quantity: Decimal, unit_price: Decimal, discount: Decimal) -> Decimal:
    """What a line comes to, its discount (percent) taken off, to the cent."""
    return rounded(quantity * unit_price * (HUNDRED - discount) / HUNDRED)


def equal_parts(amount: Decimal, parts: int) -> list[Decimal]:
    """The amount in equal parts to the cent; the later ones take the cents left over.

    Raises Invalid when there are fewer cents than parts.
    """
    return _payable(shares(amount, [Decimal(1)] * parts), "parts")


def by_percent(amount: Decimal, percents: Sequence[Decimal]) -> list[Decimal]:
    """The amount divided by percents, which must add up to 100."""
    if any(percent <= 0 for percent in percents):
        raise Invalid(FieldProblem("percents", "too_small", min="0.01"))
    if sum(percents) != HUNDRED:
        raise Invalid(FieldProblem("percents", "does_not_add_up", sum=sum(percents), expected=HUNDRED))
    return _payable(shares(amount, percents), "percents")


def _payable(parts: list[Decimal], field: str) -> list[Decimal]:
    if any(part < CENT for part in parts):
        raise Invalid(FieldProblem(field, "too_large", max="1 per 0.01"))
    return parts


def percents(text: str | None) -> list[Decimal]:
    """«30, 40, 30» as numbers; blanks, commas (of either width), slashes and percent signs all separate."""
    found = [part for part in re.split(r"[\s,、/;%]+", unicodedata.normalize("NFKC", text or "")) if part]
    if not found:
        raise Invalid(FieldProblem("percents", "required"))
    if not all(re.fullmatch(r"\d{1,3}(\.\d{1,4})?", part) for part in found):
        raise Invalid(FieldProblem("percents", "not_a_number", value=text))
    return [Decimal(part) for part in found]


def due_dates(first: date, count: int, every_months: int) -> list[date]:
    """The first day and those so many months apart; the 31st becomes the last day of a shorter month. Raises Invalid where
    the calendar ends."""
    try:
        return [_months_later(first, number * every_months) for number in range(count)]
    except ValueError:
        raise Invalid(FieldProblem("first_due_on", "not_a_date", value=first.isoformat())) from None


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def must_add_up(amount: Decimal, parts: Sequence[Decimal]) -> None:
    """A plan that is a cent off is no plan. Raises Invalid."""
    if total(parts) != amount:
        raise Invalid(FieldProblem("instalments", "does_not_add_up", sum=total(parts), expected=amount))


def spread(paid: Decimal, instalments: Sequence[Decimal]) -> list[Decimal]:
    """How much of the money that came in covers each instalment: the oldest due first.

    Depends on the sum alone, not on the order in which payments and reversals arrived.
    """
    covered = []
    for amount in instalments:
        part = min(amount, paid)
        covered.append(part)
        paid -= part
    return covered


def is_overdue(due_on: date, remaining: Decimal, today: date) -> bool:
    """Money is still open and its day has passed; the due day itself is not yet too late."""
    return remaining > 0 and due_on < today


def is_near(due_on: date, reminder_days: int | None, today: date) -> bool:
    """The reminder days before a due date have begun, and the date has not passed."""
    return reminder_days is not None and due_on - timedelta(days=reminder_days) <= today <= due_on
