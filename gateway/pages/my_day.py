"""What lies on my desk today: schedule, what is overdue, decisions waiting for me, tickets, remarks."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from contracts.errors import Problem
from contracts.language import N_
from gateway import auth
from gateway.frame import Menu
from gateway.render import json, page, wanted
from gateway.rpc import Question, ask_each

blueprint = Blueprint("my_day", __name__)
menu = Menu(N_("My day"), "sun", endpoint="my_day.show", permission="customer.my_day", place=10)
LISTS = {
    "quotes": ("sales", "quote", {"state": "submitted"}, "sales.approve_quote"),
    "contracts": ("receivables", "contract", {"state": "submitted"}, "receivables.approve_contract"),
    "overdue_instalments": (
        "receivables",
        "instalment",
        {"overdue": True, "state": "open"},
        "receivables.instalment.read",
    ),
    "tickets": ("service_desk", "ticket", {"state": ["open", "assigned"]}, "service_desk.assign_ticket"),
    "hand_overs": ("service_desk", "deal_handover", {"state": "open"}, "service_desk.accept_deal_handover"),
}
"""Panel → service, entity, condition, and the right that makes it this person's business."""


@blueprint.get("/my-day")
def show() -> Response:
    """One page, asked of every service in one flight."""
    auth.require("customer.my_day")
    names = [name for name, (*_, permission) in LISTS.items() if auth.actor().may(permission)]
    day, *lists = ask_each(Question("customer", "my_day", {}), *(_question(name) for name in names))
    found: dict[str, Any] = {"day": None if isinstance(day, Problem) else day}
    found |= {
        name: None if isinstance(rows, Problem) else rows for name, rows in zip(names, lists, strict=True)
    }
    if wanted() == "json":
        return json(found)
    return page("page/my_day.html", found=found, labels=_labels(found))


def _question(name: str) -> Question:
    service, noun, where, _ = LISTS[name]
    sort = {"overdue_instalments": "due_on"}.get(name)
    return Question(
        service, "list", {"entity": f"{service}.{noun}", "query": {"where": where, "limit": 8, "sort": sort}}
    )


def _labels(found: dict[str, Any]) -> dict[str, Any]:
    labels: dict[str, Any] = {}
    for part in found.values():
        labels |= (part or {}).get("labels", {})
    return labels
