"""Rows that stand below each other: what is below, and that nobody stands below herself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from contracts.errors import FieldProblem, Invalid


def below(session: Session, cls: type[Any], column: str, top: UUID) -> tuple[UUID, ...]:
    """Ids of all rows below `top`, at any depth, itself not included; safe if the tree should bite its tail."""
    parent = getattr(cls, column)
    found = select(cls.id).where(parent == top).cte("below", recursive=True)
    found = found.union(select(cls.id).join(found, parent == found.c.id))
    return tuple(id for id in session.scalars(select(found.c.id)) if id != top)


def above(session: Session, cls: type[Any], column: str, bottom: UUID | None) -> tuple[UUID, ...]:
    """The row and all it stands below, at any height; safe if the tree should bite its tail."""
    found: dict[UUID, None] = {}
    while bottom is not None and bottom not in found:
        found[bottom] = None
        bottom = session.scalar(select(getattr(cls, column)).where(cls.id == bottom))
    return tuple(found)


def refuse_loop(session: Session, row: Any, column: str) -> None:
    """Raises Invalid naming the column when the row would stand below itself."""
    above = getattr(row, column)
    if above is not None and (above == row.id or above in below(session, type(row), column, row.id)):
        raise Invalid(FieldProblem(column, "below_itself"))


def refuse_taken(session: Session, row: Any, field: str, **also: Any) -> None:
    """Raises Invalid naming the field when another row has this value already."""
    value = getattr(row, field)
    if value is None:
        return
    cls = type(row)
    others = select(cls.id).filter_by(**{field: value}, **also).where(cls.id != row.id)
    if session.execute(others).first() is not None:
        raise Invalid(FieldProblem(field, "taken", value=value))
