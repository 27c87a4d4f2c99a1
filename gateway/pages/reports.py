"""What a manager looks at: the forecast, his people's figures, what is owed to whom; inside his rights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from contracts import addresses
from contracts.errors import Problem, Unavailable
from contracts.language import N_
from contracts.message import Record
from contracts.organization import ViewsOf
from gateway import api, auth
from gateway.entity_pages.views import place
from gateway.frame import Menu, registry, screens
from gateway.languages import gettext as _
from gateway.languages import today
from gateway.render import json, page, wanted
from gateway.rpc import Question, ask_each

blueprint = Blueprint("reports", __name__)
PERMISSION = "organization.saved_view.read"
"""Whoever keeps reports finds them here; of the figures each sees those she may ask for."""
menu = Menu(N_("Reports"), "chart-bar", endpoint="reports.show", permission=PERMISSION, place=110)
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
    auth.require(PERMISSION)
    since, until = _period()
    span = {"from": since, "to": until}
    forecast, figures, owed, views = ask_each(
        Question("sales", "forecast", {"from_on": since, "to_on": until}),
        Question("reporting", "staff_figures", span),
        Question("receivables", "per_rep", {}),
        Question("organization", "views", ViewsOf(grouped=True)),
    )
    kept = _kept(views)
    found = {"forecast": _or_none(forecast), "figures": _or_none(figures), "owed": _or_none(owed)}
    if wanted() == "json":
        return json(found | span | {"kept": [one.told() for one in kept]})
    labels: dict[str, Any] = {}
    for part in found.values():
        labels |= (part or {}).get("labels", {})
    return page(
        "page/reports.html", "report", **found, labels=labels, since=since, until=until, columns=FIGURES,
        kept=kept, shipped=_shipped(),
    )  # fmt: skip


@dataclass(frozen=True)
class Report:
    """A list counted by group: one that comes with Guanxi, or one that somebody keeps."""

    title: str
    record: type[Record]
    query: str
    audience: str = ""
    view_id: str = ""

    @property
    def address(self) -> str:
        """Where it is read."""
        return place(self.record, self.query)

    def told(self) -> dict[str, str]:
        """As programs are told of it."""
        return {
            "id": self.view_id, "name": self.title, "list_of": self.record.entity(), "query": self.query, "audience": self.audience,
            "address": self.address,
        }  # fmt: skip


def _kept(views: Any) -> list[Report]:
    """Those that are for whoever looks, of lists she may read."""
    found = []
    for row in views["rows"] if isinstance(views, dict) else []:
        record = registry().record(row["list_of"])
        if record is not None and auth.actor().may(f"{record.entity()}.read"):
            query = replace(addresses.read(row["query"]), view=row["id"]).written().removeprefix("?")
            found.append(Report(row["name"], record, query, row["audience"], row["id"]))
    return found


def _shipped() -> list[Report]:
    readable = [one for one in registry().records.values() if auth.actor().may(f"{one.entity()}.read")]
    return [Report(_(v.title), one, v.query) for one in readable for v in screens().of(one).reports]


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
