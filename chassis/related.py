"""Rows that belong to something, as parts of a question (`chassis.prepared`): the first of them, and how many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, column, func, inspect, select
from sqlalchemy.dialects.postgresql import array

from chassis.prepared import Found, Part, Selected, rows_of
from chassis.work import Work
from contracts.message import Attr
from contracts.query import Related

LIMIT = bindparam("limit", type_=Integer())
ALWAYS = ("id", "ver", "created_at", "currency")
Names = dict[str, list[Selected]]
"""Kind of record → selects of the ids whose names are wanted."""


def shown(cls: type[Any]) -> dict[str, Attr]:
    """What is told of a row that belongs to something: what stands in lists."""
    mapped = inspect(cls).column_attrs
    attrs = cls.record.attrs()
    return {name: a for name, a in attrs.items() if name in mapped and (a.in_list or name in ALWAYS)}


def first_rows(
    cls: type[Any], *conditions: ColumnElement[bool], order: Iterable[Any], also: Iterable[str] = ()
) -> dict[str, Part]:
    """The first rows of a class that fit, under its noun, and how many fit where these are not all.

    also   further columns, of which something else is made
    """
    noun = cls.record.noun()
    rows = select(*(getattr(cls, name).label(name) for name in dict.fromkeys((*shown(cls), *also)))).where(
        *conditions
    )
    is_full = select(func.count()).select_from(rows_of(noun)).scalar_subquery() == LIMIT
    return {
        noun: Part(rows.order_by(*order).limit(LIMIT)),
        f"{noun} count": Part(select(func.count(cls.id).label("count")).where(*conditions, is_full)),
    }


def names(*classes: type[Any]) -> Names:
    """What the rows of these classes refer to."""
    found: Names = {}
    for cls in classes:
        by_entity: dict[str, list[str]] = {}
        for name, a in shown(cls).items():
            if a.ref and not a.many:
                by_entity.setdefault(a.ref, []).append(name)
        for entity, fields in by_entity.items():
            found.setdefault(entity, []).append(ids(cls.record.noun(), *fields))
    return found


def together(*several: Mapping[str, Iterable[Selected]]) -> Names:
    """All of these names."""
    found: Names = {}
    for one in several:
        for entity, wanted in one.items():
            found.setdefault(entity, []).extend(wanted)
    return found


def ids(part: str, *fields: str) -> Selected:
    """The ids that stand in these fields of a part's rows."""
    return select(func.unnest(array([column(name) for name in fields]))).select_from(rows_of(part))


def may_read(work: Work, cls: type[Any]) -> bool:
    """Whether the actor sees such rows at all: of others she is not told that there is none."""
    return work.actor.may(f"{cls.record.entity()}.read")


def told(work: Work, found: Found, classes: Iterable[type[Any]]) -> list[Related]:
    """As the answer tells them, those that the actor may read."""
    return [_related(found, cls) for cls in classes if may_read(work, cls)]


def _related(found: Found, cls: type[Any]) -> Related:
    noun, record = cls.record.noun(), cls.record
    rows, counted = found[noun], found.first(f"{noun} count")
    return Related(
        entity=record.entity(), count=max(len(rows), counted["count"] if counted else 0), rows=rows
    )
