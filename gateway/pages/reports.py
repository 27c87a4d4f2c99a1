"""What a manager looks at: the forecast, his people's figures, what is owed to whom; inside his rights."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from contracts.errors import Problem, Unavailable
from contracts.language import N_
from gateway import api, auth
from gateway.frame import Menu
from gateway.languages import today
from gateway.render import json, page, wanted
from gateway.rpc import Question, ask_each

blueprint = Blueprint("reports", __name__)
menu = Menu(N_("Reports"), "chart-bar", endpoint="reports.show", permission="sales.forecast", place=110)
FIGURES = (
    ("leads_found", N_("Leads"), ""), ("customers_found", N_("Customers"), ""),
    ("opportunities_found", N_("Opportunities"), ""), ("activities", N_("Activities"), ""),
    ("stage_moves", N_("Stage moves"), ""), ("quotes_sent", N_("Quotes"), ""), ("won_count", N_("Won"), ""),
    ("won_amount", N_("Won amount"), "money"), ("lost_count", N_("Lost"), ""),
    ("success_rate", N_("Success rate"), "percent"), ("contracts_amount", N_("Signed amount"), "money"),
    ("payments_amount", N_("Money received"), "money"), ("tickets_closed", N_("Tickets closed"), ""),
    ("complaints", N_("Complaints"), ""), ("praises", N_("Praises"), ""), ("average_rating", N_("Rating"), ""),
)  # fmt: skip
"""Figures of a staff member: name, title, and how the value is written."""


@blueprint.get("/reports")
@api.described(asks=(api.text("from", format="date"), api.text("to", format="date")))
def show() -> Response:
    """Forecast, figures and receivables of one period, three services in one flight."""
    auth.require("sales.forecast")
    since, until = _period()
    span = {"from": since, "to": until}
    forecast, figures, owed = ask_each(
        Question("sales", "forecast", {"from_on": since, "to_on": until}),
        Question("reporting", "staff_figures", span),
        Question("receivables", "per_rep", {}),
    )
    found = {"forecast": _or_none(forecast), "figures": _or_none(figures), "owed": _or_none(owed)}
    if wanted() == "json":
        return json(found | span)
    labels: dict[str, Any] = {}
    for part in found.values():
        labels |= (part or {}).get("labels", {})
    return page(
        "page/reports.html", "report", **found, labels=labels, since=since, until=until, columns=FIGURES
    )


def _or_none(answer: Any) -> Any:
    """A part that does not answer, or that the person may not ask, is simply not shown."""
    if isinstance(answer, Unavailable):
        return {"missing": True}
    return None if isinstance(answer, Problem) else answer


def _period() -> tuple[str, str]:
    """This quarter unless told."""
    now = today()
    first = now.replace(month=now.month - (now.month - 1) % 3, day=1)
    after = (first + timedelta(days=95)).replace(day=1)
    last = after - timedelta(days=1)
    return request.args.get("from") or first.isoformat(), request.args.get("to") or last.isoformat()
