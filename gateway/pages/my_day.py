"""What lies on my desk today: schedule, what is overdue, decisions waiting for me, tickets, remarks."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from contracts.errors import Problem
from contracts.language import N_
from gateway import api, auth
from gateway.frame import Menu
from gateway.render import json, page, wanted
from gateway.rpc import Question, ask_each

blueprint = Blueprint("my_day", __name__)
menu = Menu(N_("My day"), "sun", endpoint="my_day.show", permission="customer.my_day", place=10)
ME = "me"
LISTS: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "quotes": ("sales", "quote", {"state": "submitted"}, "sales.approve_quote"),
    "contracts": ("receivables", "contract", {"state": "submitted"}, "receivables.approve_contract"),
    "quotes_to_send": ("sales", "quote", {"state": "approved", "owner_id": ME}, "sales.send_quote"),
    "contracts_to_sign": (
        "receivables", "contract", {"state": "approved", "owner_id": ME}, "receivables.sign_contract"
    ),
    "overdue_instalments": (
        "receivables", "instalment", {"overdue": True, "state": "open"}, "receivables.instalment.read"
    ),
    "stalled": (
        "customer", "customer", {"owner_id": ME, "stalls_on__lte": "today", "is_lost": False}, "customer.mark_customer"
    ),
    "new_tickets": ("service_desk", "ticket", {"state": "open"}, "service_desk.assign_ticket"),
    "hand_overs": ("service_desk", "deal_handover", {"state": "open"}, "service_desk.accept_deal_handover"),
}  # fmt: skip
"""Panel → service, entity, condition, and the right that makes it this person's business."""
REMARKING = ("sales", "receivables", "service_desk")
"""Whoever else keeps remarks: those of the customer service are told with the day."""
ASKED = {
    "day": ("customer", "my_day", "customer.my_day"),
    "tickets": ("service_desk", "my_tickets", "service_desk.my_tickets"),
    "points": ("customer", "points", "customer.points"),
    **{f"{name}_remarks": (name, "my_comments", f"{name}.comment.read") for name in REMARKING},
}
"""Panel → a question of its own, and the right to ask it."""
SHOWN = 8


@blueprint.get("/my-day")
@api.described(summary="What lies on one's desk today: schedule, decisions, what is overdue, tickets.")
def show() -> Response:
    """One page, asked of every service in one flight."""
    auth.require("customer.my_day")
    may = auth.actor().may
    asked = {name: _own_question(name) for name, (*_, permission) in ASKED.items() if may(permission)}
    asked |= {name: _question(name) for name, (*_, permission) in LISTS.items() if may(permission)}
    answers = zip(asked, ask_each(*asked.values()), strict=True)
    found: dict[str, Any] = {"day": None}
    found |= {name: None if isinstance(answer, Problem) else answer for name, answer in answers}
    if wanted() == "json":
        return json(found)
    return page("page/my_day.html", found=found, labels=_labels(found), **_remarks(found))


def _remarks(found: dict[str, Any]) -> dict[str, Any]:
    """Of all services, the latest first, and how many there are."""
    day = found["day"] or {}
    more = [one for name in REMARKING for one in (found.get(f"{name}_remarks") or {}).get("rows", ())]
    remarks = sorted([*day.get("comments", ()), *more], key=lambda one: one["created_at"], reverse=True)
    told = (day.get("counts") or {}).get("comments") or {"count": 0, "capped": False}
    return {"remarks": remarks, "remark_count": {**told, "count": told["count"] + len(more)}}


def _question(name: str) -> Question:
    service, noun, where, _ = LISTS[name]
    sort = {"overdue_instalments": "due_on", "stalled": "stalls_on"}.get(name)
    mine = {key: str(auth.actor().id) if value == ME else value for key, value in where.items()}
    return Question(
        service,
        "list",
        {"entity": f"{service}.{noun}", "query": {"where": mine, "limit": SHOWN, "sort": sort}},
    )


def _own_question(name: str) -> Question:
    service, door, _ = ASKED[name]
    messages: dict[str, dict[str, Any]] = {
        "points": {"staff_id": str(auth.actor().id)}, "tickets": {"limit": SHOWN}
    }  # fmt: skip
    return Question(service, door, messages.get(name, {}))


def _labels(found: dict[str, Any]) -> dict[str, Any]:
    labels: dict[str, Any] = {}
    for part in found.values():
        labels |= (part or {}).get("labels", {})
    return labels
