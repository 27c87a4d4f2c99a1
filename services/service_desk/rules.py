"""Due times, averages and trees: arithmetic of the service desk on plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

PROMISED = {"urgent": (1, 8), "high": (4, 24), "normal": (8, 72), "low": (24, 168)}
"""Hours until the first answer and until settlement, by priority, where no service level says otherwise."""

COUNTED = frozenset({"complaint", "praise"})
"""Kinds of ticket that count for the staff member they name."""


def due(opened_at: datetime, answer_hours: int, close_hours: int) -> tuple[datetime, datetime]:
    """When the first answer and the settlement are due: by the clock, nights and holidays included."""
    return opened_at + timedelta(hours=answer_hours), opened_at + timedelta(hours=close_hours)


def hours_between(begin: datetime, end: datetime) -> Decimal:
    """Hours to two places."""
    seconds = Decimal(max(0, round((end - begin).total_seconds())))
    return (seconds / 3600).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def average(values: Iterable[int | Decimal]) -> Decimal | None:
    """To two places; None when there is nothing to average."""
    found = [Decimal(value) for value in values]
    if not found:
        return None
    return (sum(found, Decimal(0)) / len(found)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def line_above(above: Mapping[UUID, UUID | None], start: UUID | None) -> list[UUID]:
    """`start` and what stands above it, up to the top; a circle is walked once."""
    found: list[UUID] = []
    at = start
    while at is not None and at not in found:
        found.append(at)
        at = above.get(at)
    return found


def tree(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries (`id`, `parent_id`, …) as a tree: each with its `children`; one whose parent is missing stands on top."""
    nodes = {entry["id"]: {**entry, "children": []} for entry in entries}
    top: list[dict[str, Any]] = []
    for node in nodes.values():
        parent = nodes.get(node["parent_id"])
        (parent["children"] if parent is not None else top).append(node)
    return top


def excerpt(body: str, fragment: str | None, around: int = 60) -> str:
    """The part of a text where the first fragment stands, in one line; its beginning when it stands nowhere."""
    line = " ".join(body.split())
    words = (fragment or "").split()
    at = line.casefold().find(words[0].casefold()) if words else -1
    begin = max(0, at - around)
    found = line[begin : begin + 2 * around + len(words[0] if words else "")]
    return ("…" if begin else "") + found + ("…" if begin + len(found) < len(line) else "")
