"""The pool as a list: what lies there, without what only those need who work it."""

from __future__ import annotations

from typing import Any

from chassis import filters, labels
from chassis.entities import by_entity, find_class
from chassis.work import Work
from contracts.customer import PoolOf
from contracts.errors import FieldProblem, Invalid
from contracts.own_fields import is_own
from services.customer.model.pool_rule import open_rows, rows_in_reach

HIDDEN = frozenset(
    {
        "contact_name",
        "job_title",
        "phone",
        "mobile",
        "email",
        "address",
        "website",
        "tax_number",
        "background",
        "lead_id",
    }
)
"""Whoever wants to call them picks them."""


def pool(work: Work, message: PoolOf) -> dict[str, Any]:
    """Leads or customers that nobody works, as of any list: how many, what they may bring, whose branch they are of (LED-07)."""
    cls = find_class(work, message.entity, "read")
    query = message.query
    shown = {n: a for n, a in cls.record.attrs().items() if not a.lines and n not in HIDDEN and not is_own(n)}
    asked = [key.partition("__")[0] for part in (query.where, *query.any_of) for key in part]
    if unknown := [name for name in asked if name not in shown]:
        raise Invalid(*(FieldProblem(name, "unknown") for name in unknown))
    within = (cls.owner_id.is_(None), open_rows(cls), rows_in_reach(cls, work.actor))
    with work.everything():
        found = filters.table(work, cls, query, shown, *within)
        totals = filters.totals(work, cls, query, *within) if query.totals else {}
        named = labels.behind_values(work, found.rows, shown, by_entity(work))
    told = [{name: row[name] for name in shown} for row in found.rows]
    return {
        "rows": told, "labels": named, "next": found.next, "count": found.count, "capped": found.capped,
        "totals": totals,
    }  # fmt: skip
