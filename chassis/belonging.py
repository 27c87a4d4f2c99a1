"""What belongs to a whole has its owner: when it is new, when it is put elsewhere, and whenever the whole gets another.

A kind says by which fields it is a part (`Owned.part_of`); which way an owner changes (a verb, a form, a file, a merge) makes
no difference, because it is looked at when rows are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from chassis.audit import changed
from chassis.database import Kept, Owned

PLACE = ("owner_id", "department_id", "branch_id")
"""What a part has from its whole."""


def rejoin(work: Any, rows: Iterable[Any]) -> None:
    """Parts that were put elsewhere belong where they are now, if they were where they belonged before."""
    for row in rows:
        fields = getattr(row, "part_of", ())
        if not fields or row.ver is None or not changed(row, *fields) or changed(row, "owner_id"):
            continue
        whole = row.belongs_to(work)
        if whole is not None and (not _is_named(type(row)) or _stood_with(work, row)):
            row.belong_with(whole)


def follow(session: Session, work: Any) -> set[Kept]:
    """Parts go where their wholes go, parts of parts as well; gives those to which nothing else happened.

    One statement for each kind of part, however many wholes have got another owner.
    """
    led: set[Any] = set()
    only: set[Kept] = set()
    while moving := [row for row in _given_away(session) if row not in led]:
        led.update(moving)
        for wanted, field, wholes in _parts(work, moving):
            with work.everything():
                found = list(session.scalars(wanted))
            for part in found:
                whole = wholes.get(getattr(part, field))  # none: it is being put elsewhere
                if whole is None or (_is_named(type(part)) and part.owner_id != _before(whole)):
                    continue
                if not inspect(part).modified:
                    only.add(part)
                part.belong_with(whole)
                work.let_go.add(part)  # who may see it is decided by who may see the whole
    return only


def _given_away(session: Session) -> list[Any]:
    """Rows that belong to somebody else from now on."""
    return [
        row
        for row in session.dirty
        if isinstance(row, Owned) and isinstance(row, Kept) and row.ver is not None and changed(row, *PLACE)
    ]


def _parts(work: Any, wholes: list[Any]) -> Iterator[tuple[Any, str, dict[UUID, Any]]]:
    """Which rows are parts of these, by which field, and the wholes in question by their ids; one kind after the other."""
    for cls in work.entities.values():
        attrs, none_before = cls.record.attrs(), list[Any]()
        for field in getattr(cls, "part_of", ()):
            of, column = attrs[field].ref, getattr(cls, field)
            found = {row.id: row for row in wholes if of == row.record.entity()}
            if found:
                wanted = select(cls).where(column.in_(list(found)), *none_before)
                yield wanted.with_for_update(of=cls), field, found
            none_before.append(column.is_(None))


def _is_named(cls: type[Any]) -> bool:
    """Whether its owner may be named by hand: then it need not be that of the whole."""
    record = cls.record
    return record.editable and not record.attrs()["owner_id"].readonly


def _before(row: Any, field: str = "owner_id") -> Any:
    """What it said when it was read."""
    history = inspect(row).attrs[field].history
    return history.deleted[0] if history.deleted else getattr(row, field)


def _stood_with(work: Any, row: Any) -> bool:
    """Whether it had the owner of the whole that it was a part of."""
    for field in row.part_of:
        if (before := _before(row, field)) is not None:
            kind = row.record.attrs()[field].ref.rpartition(".")[2]
            with work.everything():
                whole = work.session.get(work.entities[kind], before)
            return whole is not None and _before(whole) == row.owner_id
    return False
