"""Remarks as a part of a question (`chassis.prepared`), and as entries of a timeline."""

from __future__ import annotations

from typing import Any

from sqlalchemy import column, func, select

from chassis import related
from chassis.prepared import Part, Selected, rows_of
from contracts.query import Happened, happened

PART = "remarks"
SHOWN = ("text", "about", "record_id", "mentions", "created_at", "created_by")
PEOPLE: tuple[Selected, ...] = (
    related.ids(PART, "created_by"),
    select(func.unnest(column("mentions"))).select_from(rows_of(PART)),
)
"""Who wrote them and whom they call: names that are wanted with the answer."""


def on(cls: Any, condition: Any) -> dict[str, Part]:
    """The latest remarks for which the condition holds, past row rights: whoever asks sees what they stand on."""
    rows = select(*(getattr(cls, name) for name in SHOWN)).where(condition, cls.archived_at.is_(None))
    latest = rows.order_by(cls.created_at.desc()).limit(related.LIMIT)
    return {PART: Part(latest, is_for_all=True)}


def on_rows(cls: Any, *parts: str) -> dict[str, Part]:
    """Those on the rows that these parts found."""
    ids: list[Selected] = [select(column("id")).select_from(rows_of(part)) for part in parts]
    return on(cls, cls.record_id.in_(ids[0].union_all(*ids[1:])))


def entry(row: dict[str, Any]) -> Happened:
    """As something that happened to the record."""
    text, of = row["text"], (row["about"], row["record_id"])
    return happened(
        row["created_at"], "commented", text[:80], of, row["created_by"], text=text, mentions=row["mentions"]
    )
