"""What is the same thing: rows whose class says in which columns two of them are alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from sqlalchemy import select, tuple_

from chassis import bulk, flush
from chassis.work import Work


class HasRow(Protocol):
    """Something on its way to becoming a record."""

    row: Any


Likes = dict[tuple[str, ...], dict[tuple[Any, ...], Any]]
"""(field, columns…) → key → the row in the books or the candidate further up that has it."""


def in_the_books(work: Work, cls: type[Any], candidates: Sequence[HasRow]) -> Likes:
    """What is there already of these, whoever has it: the company has it."""
    likes: Likes = {}
    for name, columns in cls.alike.items():
        keys = {key for c in candidates if (key := key_of(c.row, columns)) is not None}
        likes[name, *columns] = {
            key: row for row in _alike(work, cls, columns, keys) if (key := key_of(row, columns))
        }
    return likes


def _alike(work: Work, cls: type[Any], columns: tuple[str, ...], keys: set[tuple[Any, ...]]) -> list[Any]:
    if not keys:
        return []
    fields = [getattr(cls, name) for name in columns]
    same = bulk.among(fields[0], (key[0] for key in keys)) if len(fields) == 1 else tuple_(*fields).in_(keys)
    with work.everything():
        wanted = select(cls).where(same, cls.archived_at.is_(None)).order_by(cls.id.desc())
        return list(work.session.scalars(wanted))


def key_of(row: Any, columns: Iterable[str]) -> tuple[Any, ...] | None:
    key = tuple(getattr(row, name) for name in columns)
    return None if None in key else key


def called(row: Any) -> str:
    return " ".join(filter(None, (getattr(row, "number", None), flush.label(row))))
