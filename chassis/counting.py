"""How many rows a question means, up to a cap."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from contracts.query import Query

CAP = 10_000
"""A list says «10,000+» beyond this: counting further costs more than anybody learns from it."""
REMEMBERED_SECONDS = 30.0
MOST_REMEMBERED = 2000

Key = tuple[Any, ...]
_beyond: dict[Key, float] = {}
"""Questions that meant more than the cap → until when that is believed. To count ten thousand rows takes longer than to
read a page of them, and who turns pages or comes back to a list asks again and again."""


def count(session: Session, cls: type[Any], rows: Select[Any]) -> tuple[int, bool]:
    """How many rows these are, up to the cap, and whether it stopped there."""
    found: int = session.execute(up_to(cls, rows, CAP + 1)).scalar_one()
    return min(found, CAP), found > CAP


def count_again(
    session: Session, cls: type[Any], query: Query, rows: Select[Any], *within: ColumnElement[bool]
) -> tuple[int, bool]:
    """As `count`, for a list: that there were more than the cap a moment ago is remembered.

    Not where further conditions hold, which the question does not tell.
    """
    if within:
        return count(session, cls, rows)
    key = _key(session, cls, query)
    now = time.monotonic()
    if _beyond.get(key, 0.0) > now:
        return CAP, True
    found = count(session, cls, rows)
    if found[1]:
        if len(_beyond) >= MOST_REMEMBERED:
            _beyond.clear()
        _beyond[key] = now + REMEMBERED_SECONDS
    return found


def up_to(cls: type[Any], rows: Select[Any], most: Any) -> Select[int]:
    """The question how many rows these are, no further than told: by a number, or a place for one."""
    return select(func.count()).select_from(
        rows.with_only_columns(cls.id).order_by(None).limit(most).subquery()
    )


def _key(session: Session, cls: type[Any], query: Query) -> Key:
    """The conditions, and who asks: everybody sees other rows."""
    work = session.info.get("work")
    who = (work.actor.id, work.sees_everything) if work is not None else None
    return (
        id(session.bind),
        cls,
        who,
        query.text,
        query.archived,
        repr(query.where),
        repr((query.any_of, query.each_of)),
    )
