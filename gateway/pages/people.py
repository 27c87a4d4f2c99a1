"""The people of a customer as a tree: who reports to whom, who plays which part, what links them besides, who was there (CON-03)."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from flask import Blueprint
from werkzeug.wrappers import Response

from contracts.query import ListOf, Query
from gateway import api
from gateway.auth import actor, require
from gateway.render import json, page, record_address, wanted
from gateway.rpc import Question, ask_all

blueprint = Blueprint("people", __name__)
MOST = 200
WIDE, HIGH, ACROSS, DOWN = 176, 72, 16, 44
"""A card and the gaps between cards, in pixels of the drawing."""
LOW = 52
"""A card of somebody at another company."""
KINDS = ("contact", "contact_link", "stakeholder", "employment", "elsewhere")
Row = Mapping[str, Any]


@dataclass
class Card:
    """Somebody in the drawing; `x` and `y` are the left upper corner."""

    id: str
    name: str
    job_title: str
    parts: list[Row] = field(default_factory=list)
    is_elsewhere: bool = False
    company_id: str | None = None
    """Where she works, told of whoever works elsewhere."""
    x: int = 0
    y: int = 0

    @property
    def high(self) -> int:
        """How high her card is."""
        return LOW if self.is_elsewhere else HIGH

    @property
    def middle(self) -> int:
        """Half-way across her card."""
        return self.x + WIDE // 2

    @property
    def roles(self) -> list[str]:
        """Each once."""
        return list(dict.fromkeys(part["role_id"] for part in self.parts))

    @property
    def units(self) -> list[str]:
        """The units of the client for which she plays a part, each once."""
        return list(dict.fromkeys(part["unit"] for part in self.parts if part["unit"]))

    @property
    def stance(self) -> str:
        """The most outspoken one: against us before for us before neutral."""
        held = {part["stance"] for part in self.parts}
        return next((one for one in ("against_us", "for_us") if one in held), "neutral")

    @property
    def influence(self) -> int:
        """The most she has in any part; 0 where nobody has said."""
        return max((part["influence"] or 0 for part in self.parts), default=0)


def fitted(text: str, most: int) -> str:
    """As much of a text as stands in a card, in half-width letters: a Chinese one is as wide as two."""
    used = 0
    for at, letter in enumerate(text):
        used += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if used > most:
            return text[: max(at - 1, 0)] + "…"
    return text


@dataclass
class Tie:
    """What links somebody with somebody at another company: kinds of links, and for each whether it is said of the one elsewhere."""

    one: Card
    other: Card
    is_below: bool
    """Whether the other one stands below this one; else it is linked with several and stands below the first."""
    kinds: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def is_beside(self) -> bool:
        """Whether this one stands in the row above the other's, beside the one whom that stands below."""
        return self.one.y == self.other.y - HIGH - DOWN


@dataclass(frozen=True)
class Drawing:
    """People on their places, the links between them, with people elsewhere, and links that lead out of the drawing."""

    cards: dict[str, Card]
    lines: list[Row]
    ties: list[Tie]
    outside: list[Row]
    links: list[Row]
    width: int
    height: int
    wide: ClassVar = WIDE
    fitted = staticmethod(fitted)

    @property
    def people(self) -> list[Card]:
        """Those whom it is about."""
        return [card for card in self.cards.values() if not card.is_elsewhere]

    def company_of(self, link: Row) -> str | None:
        """Where the one of its ends works that works elsewhere."""
        ends = (self.cards.get(link[name]) for name in ("contact_id", "other_id"))
        return next((card.company_id for card in ends if card is not None and card.is_elsewhere), None)


def drawn(
    people: Iterable[tuple[str, str, str | None]],
    parts: Iterable[Row],
    links: list[Row],
    elsewhere: Iterable[Card] = (),
) -> Drawing:
    """People by id, name and job title, with the parts they play, below those they report to; people elsewhere below those
    they are linked with."""
    cards = {id: Card(id, name, job_title or "") for id, name, job_title in people}
    for part in parts:
        if part["contact_id"] in cards:
            cards[part["contact_id"]].parts.append(part)
    here = set(cards)
    others = {card.id: card for card in elsewhere if card.id not in here}
    lines = [link for link in links if {link["contact_id"], link["other_id"]} <= here]
    below = [(k["contact_id"], k["other_id"]) for k in lines if k["kind"] == "reports_to"]
    ties, outside = _tied(cards, others, links)
    cards |= {tie.other.id: tie.other for tie in ties}
    below += [(tie.other.id, tie.one.id) for tie in ties if tie.is_below]
    return Drawing(cards, lines, ties, outside, links, *arrange(cards, below))


def _tied(
    cards: Mapping[str, Card], others: Mapping[str, Card], links: Iterable[Row]
) -> tuple[list[Tie], list[Row]]:
    """Who here is linked with whom elsewhere, and the links that lead to nobody who can be drawn."""
    ties: dict[tuple[str, str], Tie] = {}
    outside: list[Row] = []
    for link in links:
        ends = link["contact_id"], link["other_id"]
        here = [id for id in ends if id in cards]
        there = [id for id in ends if id in others]
        if len(here) == len(there) == 1:
            one, other = here[0], there[0]
            is_first = all(tie.other.id != other for tie in ties.values())
            tie = ties.setdefault((one, other), Tie(cards[one], others[other], is_first))
            tie.kinds.append((link["kind"], link["contact_id"] == other))
        elif len(here) < 2:
            outside.append(link)
    return list(ties.values()), outside


@blueprint.get("/customer/customer/<uuid:id>/people")
@api.described(
    summary="The people of a customer, what links them, their parts in opportunities, and who was there before."
)
def show(id: UUID) -> Response:
    """The drawing, and the same as a list for those who cannot see it."""
    require("customer.contact.read")
    asked = {
        name: one
        for name, one in _questions(str(id)).items()
        if actor().may(f"customer.{'contact_link' if name == 'elsewhere' else name}.read")
    }
    found = dict(zip(asked, ask_all(*asked.values()), strict=True))
    contacts, links, parts, former, linked = (found[noun]["rows"] if noun in found else [] for noun in KINDS)
    elsewhere = [row for row in linked if row["customer_id"] != str(id)]
    if wanted() == "json":
        return json(
            {"contacts": contacts, "links": links, "parts": parts, "former": former, "elsewhere": elsewhere}
        )
    people = [(row["id"], row["name"], row["job_title"]) for row in contacts]
    return page(
        "page/people.html", "people", former=former,
        drawing=drawn(
            people,
            [*parts, *_plain(contacts, parts)],
            links,
            [from_elsewhere(row["id"], row) for row in elsewhere],
        ),
        labels={id: label for answer in found.values() for id, label in answer["labels"].items()},
        left_out=found["contact"]["count"] - len(contacts), back=record_address("customer.customer", id), id=id,
    )  # fmt: skip


def _questions(id: str) -> dict[str, Question]:
    """What is asked of a customer's people. Links stand at the companies of both."""
    return {
        "contact": _list("contact", Query(where={"customer_id": id}, limit=MOST, sort="created_at")),
        "contact_link": _list("contact_link", Query(any_of=({"contact_id.customer_id": id}, {"other_id.customer_id": id}), limit=MOST, sort="created_at")),
        "stakeholder": _list("stakeholder", Query(where={"contact_id.customer_id": id}, limit=MOST, sort="-influence")),
        "employment": _list("employment", Query(where={"customer_id": id}, limit=MOST)),
        "elsewhere": _list("contact", Query(any_of=({"contact_link.contact_id.other_id.customer_id": id}, {"contact_link.other_id.contact_id.customer_id": id}), limit=MOST, sort="created_at")),
    }  # fmt: skip


def from_elsewhere(id: str, row: Row) -> Card:
    """The card of somebody at another company."""
    return Card(id, row["name"], "", is_elsewhere=True, company_id=row["customer_id"])


def _list(noun: str, query: Query) -> Question:
    return Question("customer", "list", ListOf(entity=f"customer.{noun}", query=query))


def _plain(contacts: Iterable[Row], parts: Iterable[Row]) -> list[Row]:
    """Roles that stand on contacts, unless a part says the same with influence and stance."""
    said = {(part["contact_id"], part["role_id"]) for part in parts}
    return [
        {
            "contact_id": row["id"],
            "role_id": row["buying_role_id"],
            "stance": "neutral",
            "influence": 0,
            "unit": None,
        }
        for row in contacts
        if row.get("buying_role_id") and (row["id"], row["buying_role_id"]) not in said
    ]


def arrange(cards: dict[str, Card], reports: list[tuple[str, str]]) -> tuple[int, int]:
    """Put superiors above their people, each over the middle of hers; gives the size of the drawing. Each stands once, also
    where links go in a circle."""
    below: dict[str, list[str]] = defaultdict(list)
    for one, superior in reports:
        below[superior].append(one)
    led = {one for one, _ in reports}
    taken, placed = 0, set[str]()
    for id in sorted(
        cards, key=lambda id: (id in led, not below.get(id))
    ):  # whoever leads, then whoever stands alone
        if id not in placed:
            taken = _place(cards, below, placed, id, (taken, 0))
    return (
        max((card.x + WIDE for card in cards.values()), default=0),
        max((card.y + card.high for card in cards.values()), default=0),
    )


def _place(
    cards: dict[str, Card], below: dict[str, list[str]], placed: set[str], id: str, at: tuple[int, int]
) -> int:
    """Lay out somebody and her people from left, depth on; gives where the next may begin."""
    left, depth = at
    right = left
    placed.add(id)
    for one in below[id]:
        if one not in placed:
            right = _place(cards, below, placed, one, (right, depth + 1))
    right = max(right, left + WIDE + ACROSS)
    cards[id].x, cards[id].y = left + (right - left - ACROSS - WIDE) // 2, depth * (HIGH + DOWN)
    return right
