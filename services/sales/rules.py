"""What an offer adds up to, what a chance is worth, which codes belong together."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from decimal import Decimal

from contracts.errors import FieldProblem, Invalid
from contracts.money import rounded

CODE = re.compile(r"[A-Z0-9][A-Z0-9.\-]*")
HUNDRED = Decimal(100)


def line_amount(quantity: Decimal, unit_price: Decimal, discount: Decimal) -> Decimal:
    """What a line costs after its discount (in percent): rounded once, so that lines add up to the total exactly."""
    return rounded(quantity * unit_price * (HUNDRED - discount) / HUNDRED)


def weighted(amount: Decimal, success_rate: Decimal) -> Decimal:
    """What a chance is worth by its stage; rounded for each opportunity, so that every breakdown adds up the same."""
    return rounded(amount * success_rate / HUNDRED)


def code(written: str, under: str | None) -> str:
    """A code in capitals that continues the one it stands under: A, A01 under A, A0101 under A01.

    Raises Invalid naming the field.
    """
    found = unicodedata.normalize("NFKC", written).strip().upper()
    if not CODE.fullmatch(found):
        raise Invalid(FieldProblem("code", "wrong", value=found))
    if under and (not found.startswith(under) or found == under):
        raise Invalid(FieldProblem("code", "must_begin_with", text=under, value=found))
    return found


def happened(at: datetime | None, now: datetime, since: datetime) -> datetime:
    """When a step was taken: now unless told, never in the future, never before the step before it."""
    at = at or now
    if at > now:
        raise Invalid(FieldProblem("happened_at", "after", date=now.date().isoformat()))
    if at < since:
        raise Invalid(FieldProblem("happened_at", "before", date=since.date().isoformat()))
    return at
