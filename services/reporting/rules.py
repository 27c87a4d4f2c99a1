"""How figures are made of facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from contracts.money import rounded
from contracts.reporting import Figures


@dataclass(frozen=True)
class Sums:
    """What the facts of one kind (and detail) come to."""

    kind: str
    detail: str | None
    count: int
    amount: Decimal
    value: int


COUNTS = {
    "lead_found": "leads_found",
    "customer_found": "customers_found",
    "opportunity_found": "opportunities_found",
    "lead_converted": "leads_converted",
    "activity_done": "activities",
    "stage_moved": "stage_moves",
    "quote_sent": "quotes_sent",
    "opportunity_won": "won_count",
    "opportunity_lost": "lost_count",
    "contract_signed": "contracts_count",
    "payment_received": "payments_count",
    "instalment_fell_due": "instalments_fell_due",
    "ticket_opened": "tickets_opened",
    "ticket_closed": "tickets_closed",
    "complaint": "complaints",
    "praise": "praises",
    "rating": "ratings",
}
AMOUNTS = {
    "opportunity_won": "won_amount",
    "contract_signed": "contracts_amount",
    "payment_received": "payments_amount",
}


def figures(facts: Iterable[Sums]) -> Figures:
    """One row of figures. Rates with nothing under the line stay None."""
    found: dict[str, Any] = {"activities_by_kind": {}}
    stars = 0
    for fact in facts:
        name = COUNTS[fact.kind]
        found[name] = found.get(name, 0) + fact.count
        if fact.kind in AMOUNTS:
            name = AMOUNTS[fact.kind]
            found[name] = found.get(name, Decimal("0.00")) + fact.amount
        if fact.kind == "activity_done":
            by_kind = found["activities_by_kind"]
            by_kind[fact.detail or ""] = by_kind.get(fact.detail or "", 0) + fact.count
        stars += fact.value
    won, ended = found.get("won_count", 0), found.get("won_count", 0) + found.get("lost_count", 0)
    found["success_rate"] = rounded(Decimal(100 * won) / ended) if ended > 0 else None
    ratings = found.get("ratings", 0)
    found["average_rating"] = rounded(Decimal(stars) / ratings) if ratings > 0 else None
    return Figures(**found)
