"""The people of a customer as a tree: who reports to whom, who plays which part, and what links them besides (CON-03)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Blueprint
from werkzeug.wrappers import Response

from contracts.query import ListOf, Query
from gateway import api
from gateway.auth import require
from gateway.render import json, page, record_address, wanted
from gateway.rpc import Question, ask_all

blueprint = Blueprint("people", __name__)
MOST = 200
WIDE, HIGH, ACROSS, DOWN = 168, 56, 16, 44
"""A card and the gaps between cards, in pixels of the drawing."""


@dataclass
class Card:
    """Somebody in the drawing; `x` and `y` are the left upper corner."""

    id: str
    name: str
    job_title: str
    parts: list[dict[str, Any]] = field(default_factory=list)
    x: int = 0
    y: int = 0

    @property
    def stance(self) -> str:
        """The most outspoken one: against us before for us before neutral."""
        held = {part["stance"] for part in self.parts}
        return next((one for one in ("against_us", "for_us") if one in held), "neutral")


@blueprint.get("/customer/customer/<uuid:id>/people")
@api.described(summary="The people of a customer, what links them, and their parts in opportunities.")
def show(id: UUID) -> Response:
    """The drawing, and the same as a list for those who cannot see it."""
    require("customer.contact.read")
    of = {"customer_id": str(id)}
    contacts, links, parts = ask_all(
        *(_question(noun, of) for noun in ("contact", "contact_link", "stakeholder"))
    )
    if wanted() == "json":
        return json({"contacts": contacts["rows"], "links": links["rows"], "parts": parts["rows"]})
    cards = {row["id"]: Card(row["id"], row["name"], row["job_title"] or "") for row in contacts["rows"]}
    for part in parts["rows"]:
        if part["contact_id"] in cards:
            cards[part["contact_id"]].parts.append(part)
    lines = [link for link in links["rows"] if link["contact_id"] in cards and link["other_id"] in cards]
    width, height = arrange(
        cards, [(k["contact_id"], k["other_id"]) for k in lines if k["kind"] == "reports_to"]
    )
    return page(
        "page/people.html", "people", cards=list(cards.values()), by_id=cards, lines=lines, width=width, height=height,
        outside=[link for link in links["rows"] if link not in lines], labels=parts["labels"] | links["labels"],
        wide=WIDE, high=HIGH, back=record_address("customer.customer", id), id=id,
    )  # fmt: skip


def _question(noun: str, where: dict[str, str]) -> Question:
    query = Query(where=where, limit=MOST, sort="created_at")
    return Question("customer", "list", ListOf(entity=f"customer.{noun}", query=query))


def arrange(cards: dict[str, Card], reports: list[tuple[str, str]]) -> tuple[int, int]:
    """Put superiors above their people, each over the middle of hers; gives the size of the drawing."""
    below: dict[str, list[str]] = defaultdict(list)
    for one, superior in reports:
        below[superior].append(one)
    tops = [id for id in cards if id not in {one for one, _ in reports}]
    taken = 0
    for id in tops:
        taken = _place(cards, below, id, taken, 0)
    return (
        max((card.x + WIDE for card in cards.values()), default=0),
        max((card.y + HIGH for card in cards.values()), default=0),
    )


def _place(cards: dict[str, Card], below: dict[str, list[str]], id: str, left: int, depth: int) -> int:
    """Lay out somebody and her people from `left` on; gives where the next may begin."""
    right = left
    for one in below[id]:
        right = _place(cards, below, one, right, depth + 1)
    right = max(right, left + WIDE + ACROSS)
    cards[id].x, cards[id].y = left + (right - left - ACROSS - WIDE) // 2, depth * (HIGH + DOWN)
    return right
