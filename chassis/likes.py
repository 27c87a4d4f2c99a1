"""What is the same thing: rows whose class says in which columns, or by which ways of reaching them, two of them are alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ARRAY, Text, cast, func, literal, select, tuple_, union_all
from sqlalchemy.dialects.postgresql import array

from chassis import bulk, flush
from chassis.database import Reached
from chassis.work import Work


class HasRow(Protocol):
    """Something on its way to becoming a record."""

    row: Any


Likes = dict[str, Any]
"""Key, behind the field that it is of → the row in the books or the candidate further up that has it."""


def hold(work: Work, cls: type[Any], keys: Iterable[str]) -> None:
    """Nobody else who asks for a record of this kind with one of these keys hears an answer before we are through: what we
    are about to make is there for whoever asks at the same moment. Always in one order, so that two never wait for each
    other."""
    held = sorted({f"{cls.record.entity()} {key}" for key in keys})
    if held and not work.is_trial:
        each = func.unnest(cast(held, ARRAY(Text))).column_valued("key")
        lock = func.pg_advisory_xact_lock(func.hashtextextended(each, 0))
        work.session.execute(select(func.count(lock.cast(Text))))


def in_the_books(work: Work, cls: type[Any], candidates: Sequence[HasRow]) -> Likes:
    """What is there already of these or may be, whoever has it: the company has it."""
    hold(work, cls, (key for c in candidates for key in keys_of(c.row)))
    return _reached(work, cls, candidates) | _same(work, cls, candidates)


def same_in_the_books(work: Work, cls: type[Any], candidates: Sequence[HasRow]) -> Likes:
    """What is certainly there already of these."""
    hold(work, cls, (key for c in candidates for key in sure_keys(c.row)))
    return _same(work, cls, candidates)


def _same(work: Work, cls: type[Any], candidates: Sequence[HasRow]) -> Likes:
    likes: Likes = {}
    for name, columns in cls.alike.items():
        keys = {key for c in candidates if (key := key_of(c.row, columns)) is not None}
        for row in _alike(work, cls, columns, keys):
            if (key := key_of(row, columns)) is not None:
                likes[_written(name, key)] = row
    return likes


def _alike(work: Work, cls: type[Any], columns: tuple[str, ...], keys: set[tuple[Any, ...]]) -> list[Any]:
    if not keys:
        return []
    fields = [getattr(cls, name) for name in columns]
    same = bulk.among(fields[0], (key[0] for key in keys)) if len(fields) == 1 else tuple_(*fields).in_(keys)
    with work.everything():
        wanted = select(cls).where(same, cls.archived_at.is_(None)).order_by(cls.id.desc())
        return list(work.session.scalars(wanted))


def _reached(work: Work, cls: type[Any], candidates: Sequence[HasRow]) -> Likes:
    """What is reached in the same way, also among what such a row may have become already (there also of the same name); in
    one statement."""
    reach = {key for c in candidates for key in _its_own(c.row)}
    kinds: list[Any] = [cls, *(work.entities[noun] for noun in cls.becomes)]
    parts: list[Any] = []
    for number, kind in enumerate(kinds):
        if reach and issubclass(kind, Reached):
            shared = kind.reach.overlap(cast(list(reach), ARRAY(Text)))
            parts.append(
                select(literal(number), kind.id, kind.reach).where(shared, kind.archived_at.is_(None))
            )
        for name, columns in cls.alike.items() if number else ():
            names = {getattr(c.row, columns[0]) for c in candidates} - {None}
            if names and kind.alike.get(name) == columns and len(columns) == 1:
                kept = getattr(kind, columns[0])
                key = cast(array([func.concat(f"{name} ", kept)]), ARRAY(Text))
                parts.append(
                    select(literal(number), kind.id, key).where(
                        bulk.among(kept, names), kind.archived_at.is_(None)
                    )
                )
    if not parts:
        return {}
    with work.everything():
        with bulk.by_index(work.session):
            found = list(work.session.execute(union_all(*parts)).tuples())
        rows = {
            id: row
            for number, kind in enumerate(kinds)
            for id, row in _rows(work, kind, number, found).items()
        }
    # the first of a kind, and one's own kind before what one may have become
    said = sorted(((number, id, key) for number, id, keys in found for key in keys), reverse=True)
    return {key: rows[id] for _number, id, key in said}


def _rows(
    work: Work, kind: type[Any], number: int, found: Iterable[tuple[int, UUID, Any]]
) -> dict[UUID, Any]:
    ids = [id for at, id, _keys in found if at == number]
    return {row.id: row for row in work.session.scalars(select(kind).where(kind.id.in_(ids)))} if ids else {}


def keys_of(row: Any) -> list[str]:
    """All by which it is compared: what says that it is the same first."""
    return [*sure_keys(row), *_its_own(row)]


def sure_keys(row: Any) -> list[str]:
    """By which it is the same."""
    return [
        _written(name, key)
        for name, columns in row.alike.items()
        if (key := key_of(row, columns)) is not None
    ]


def _its_own(row: Any) -> list[str]:
    return row.its_own() if isinstance(row, Reached) else []


def _written(name: str, key: tuple[Any, ...]) -> str:
    return f"{name} {'|'.join(map(str, key))}"


def field_of(row: Any, key: str) -> str:
    """The field of a row that says this."""
    kind, _, said = key.partition(" ")
    fields = (n for n, by in row.found_by.items() if by.kind == kind and by.read(getattr(row, n)) == said)
    return next(fields, kind)


def key_of(row: Any, columns: Iterable[str]) -> tuple[Any, ...] | None:
    """What it says in these columns; None where one is silent."""
    key = tuple(getattr(row, name) for name in columns)
    return None if None in key else key


def called(row: Any) -> str:
    """Its number and name."""
    return " ".join(filter(None, (getattr(row, "number", None), flush.label(row))))
