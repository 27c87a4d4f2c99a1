"""Naming a colleague in a text: `@` and her login or her name. Only whoever may see the record can be named on it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from chassis.acting import people, who_see
from chassis.initials import initials
from chassis.replicas import Replica
from chassis.search import folded
from chassis.work import Work
from contracts.errors import FieldProblem, Invalid

SIGN = re.compile(r"(?<![A-Za-z0-9._+-])[@＠]")
"""Not the one inside an e-mail address."""
GOES_ON = re.compile(r"[A-Za-z0-9_]|[.-][A-Za-z0-9]")
"""After a name in letters: then it is a longer word that only begins like it."""

Names = dict[str, set[UUID]]


def resolve(work: Work, row: Any, field: str, text: str) -> tuple[str, list[UUID]]:
    """The text with everybody's name where a login was typed, and whom it names, each once.

    Raises Invalid naming `field` for a colleague who may not see the row, and for a name that several have.
    """
    if not SIGN.search(text):
        return text, []
    cards = {card.id: card for card in people(work)}
    found = mentioned(text, _names(cards.values()))
    if not found:
        return text, []
    seeing = {card.id for card in who_see(work, row)}
    written, at, named = "", 0, []
    for start, end, ids in found:
        among = [id for id in ids if id in seeing]
        said = text[start + 1 : end]
        if len(among) > 1:
            raise Invalid(FieldProblem(field, "ambiguous", value=said))
        if not among:
            raise Invalid(FieldProblem(field, "may_not_see", value=said))
        written += f"{text[at:start]}@{cards[among[0]].label}"
        named.append(among[0])
        at = end
    return written + text[at:], list(dict.fromkeys(named))


def mentioned(text: str, names: Names) -> list[tuple[int, int, set[UUID]]]:
    """Where the text names somebody: from the sign to the end of the longest name that stands there."""
    lengths = sorted({len(name) for name in names}, reverse=True)
    found = []
    for sign in SIGN.finditer(text):
        for length in lengths:
            end = sign.end() + length
            name = text[sign.end() : end]
            if len(name) < length or (ids := names.get(name.casefold())) is None:
                continue
            if name[-1].isascii() and GOES_ON.match(text, end):
                continue
            found.append((sign.start(), end, ids))
            break
    return found


def _names(cards: Iterable[Replica]) -> Names:
    names: Names = defaultdict(set)
    for card in cards:
        for name in _called(card):
            names[name.casefold()].add(card.id)
    return dict(names)


def _called(card: Replica) -> list[str]:
    return [name for name in (card.data.get("login"), card.label, card.label_en) if name]


def offered(work: Work, row: Any, fragment: str, limit: int) -> list[Replica]:
    """Colleagues that may be named on a row, by a fragment of login or name, or the initials of a Chinese one."""
    typed = folded(fragment)
    fitting = []
    for card in who_see(work, row):
        called = [folded(name) for name in (*_called(card), initials(card.label)) if name]
        if card.id != work.actor.id and any(typed in name for name in called):
            fitting.append((not any(name.startswith(typed) for name in called), card.label, card))
    return [card for *_, card in sorted(fitting, key=lambda one: one[:2])[:limit]]
