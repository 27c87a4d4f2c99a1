"""Do the books agree? The kept figures are compared with the entries they are made of."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import Select, case, func, or_, select

from chassis.logs import log
from chassis.work import Work
from contracts.receivables import CheckBooks
from services.receivables import model

Contract, Receivable, Instalment, Payment = model.Contract, model.Receivable, model.Instalment, model.Payment
NOTHING = Decimal("0.00")
MOST = 100
"""As many differences are shown; one is already too many."""


class BooksDisagree(Exception):
    """Kept figures do not follow from their entries."""


def check_books(work: Work, message: CheckBooks) -> dict[str, Any]:
    """Contract amounts, receivables, instalments and payments against each other, and every row that disagrees."""
    with work.everything():
        return compare(work)


def prove_books(work: Work) -> None:
    """The nightly comparison. A difference is a mistake of ours: the job counts as failed, until somebody has mended it."""
    found = compare(work)
    for difference in found["differences"]:
        log().error("books disagree", **difference)
    if not found["agree"]:
        numbers = ", ".join(sorted({difference["number"] for difference in found["differences"]})[:5])
        raise BooksDisagree(f"{len(found['differences'])}: {numbers}")


def compare(work: Work) -> dict[str, Any]:
    """The totals, and each receivable or contract whose figures do not follow from its entries."""
    contracts, payments, open_amount, count = work.session.execute(_totals()).one()
    differences = [
        {"entity": "receivables.receivable", "id": str(id), "number": number, "what": what,
         "kept": str(kept), "entries": str(entries)}
        for id, number, *pairs in work.session.execute(_receivables())
        for what, kept, entries in zip(_WHAT, pairs[::2], pairs[1::2], strict=True)
        if kept != entries
    ] + [
        {"entity": "receivables.contract", "id": str(id), "number": number, "what": "receivable",
         "kept": str(kept), "entries": str(entries)}
        for id, number, kept, entries in work.session.execute(_contracts())
    ]  # fmt: skip
    return {
        "agree": not differences and contracts - payments == open_amount,
        "checked": count,
        "totals": {"contracts": str(contracts), "payments": str(payments), "open": str(open_amount)},
        "differences": differences[:MOST],
    }


def _totals() -> Select[Any]:
    """Σ signed contracts, Σ payments, Σ open receivables, and how many receivables there are."""
    signed = select(func.coalesce(func.sum(Contract.amount), NOTHING)).where(
        Contract.signed_on.is_not(None), Contract.state != "cancelled"
    )
    paid = select(func.coalesce(func.sum(Payment.amount), NOTHING))
    left = select(func.coalesce(func.sum(Receivable.remaining), NOTHING))
    count = select(func.count(Receivable.id))
    return select(
        signed.scalar_subquery(), paid.scalar_subquery(), left.scalar_subquery(), count.scalar_subquery()
    )


_WHAT = ("paid", "remaining", "instalments", "instalments paid", "instalments remaining", "state")


def _receivables() -> Select[Any]:
    """Receivables of which a figure is not what the payments and instalments say: pairs (kept, entries)."""
    paid = (
        select(Payment.receivable_id, func.sum(Payment.amount).label("sum"))
        .group_by(Payment.receivable_id)
        .subquery()
    )
    parts = (
        select(
            Instalment.receivable_id, func.sum(Instalment.amount).label("amount"),
            func.sum(Instalment.paid).label("paid"), func.sum(Instalment.remaining).label("remaining"),
        )
        .group_by(Instalment.receivable_id)
        .subquery()
    )  # fmt: skip
    entries = func.coalesce(paid.c.sum, NOTHING)
    owed = case((Receivable.state == "cancelled", NOTHING), else_=Receivable.amount)
    left = owed - entries
    state = case((Receivable.state == "cancelled", "cancelled"), (left == 0, "settled"), else_="open")
    pairs = (
        (Receivable.paid, entries), (Receivable.remaining, left), (Receivable.amount, parts.c.amount),
        (entries, parts.c.paid), (left, parts.c.remaining), (Receivable.state, state),
    )  # fmt: skip
    return (
        select(Receivable.id, Receivable.number, *(side for pair in pairs for side in pair))
        .outerjoin(paid, paid.c.receivable_id == Receivable.id)
        .outerjoin(parts, parts.c.receivable_id == Receivable.id)
        .where(or_(*(kept.is_distinct_from(made) for kept, made in pairs)))
        .order_by(Receivable.number)
        .limit(MOST)
    )


def _contracts() -> Select[Any, Any, Any, Any]:
    """Signed contracts without a receivable, or with one of another amount."""
    return (
        select(Contract.id, Contract.number, Contract.amount, Receivable.amount)
        .outerjoin(Receivable, Receivable.contract_id == Contract.id)
        .where(Contract.signed_on.is_not(None), Receivable.amount.is_distinct_from(Contract.amount))
        .order_by(Contract.number)
        .limit(MOST)
    )
