"""A Query as SQL: conditions, fragment, order, keyset page, capped count and sums. One concern each."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from pydantic_core import PydanticCustomError
from sqlalchemy import ColumnElement, Select, Uuid, and_, any_, cast, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from chassis import own_fields, search, tabular
from chassis.audit import plain
from chassis.conditions import all_of
from chassis.counting import count_again
from chassis.database import Searchable
from chassis.work import Work
from contracts import kinds
from contracts.errors import FieldProblem, Invalid
from contracts.message import Record
from contracts.query import Query


def chosen(work: Work, cls: type[Any], query: Query, *within: ColumnElement[bool]) -> Select[Any]:
    """The rows a query means, without order or page. Raises Invalid naming an unknown field or a wrong value.

    «me» is the actor, and days are counted from the day it is for her.

    within   conditions of ours that hold whatever is asked
    """
    statement = select(cls)
    if not query.archived:
        statement = statement.where(cls.archived_at.is_(None))
    return statement.where(*within, *conditions(work, cls, query))


def conditions(work: Work, cls: type[Any], query: Query) -> list[ColumnElement[bool]]:
    """What a query asks of each row. Raises Invalid as `chosen` does."""
    found = all_of(work, cls, query.where)
    for groups in (query.any_of, *query.each_of):
        if groups:
            found.append(or_(*(and_(*all_of(work, cls, group)) for group in groups)))
    if query.text and issubclass(cls, Searchable):
        fragment = search.matches(cls, query.text)
        if fragment is not None:
            found.append(fragment)
    return found


def page(
    work: Work, cls: type[Any], query: Query, *within: ColumnElement[bool]
) -> tuple[list[Any], str | None]:
    """One page of rows in order, and the cursor behind its last row (None at the end)."""
    statement, name, limit = _paged(cls, query, chosen(work, cls, query, *within))
    rows = list(work.session.scalars(statement.limit(limit + 1)))
    more = len(rows) > limit
    return rows[:limit], cursor(getattr(rows[limit - 1], name), rows[limit - 1].id) if more else None


def ids(work: Work, cls: type[Any], query: Query, most: int, *within: ColumnElement[bool]) -> list[UUID]:
    """Of all rows a query means those that come first in its order, as many as told."""
    found = chosen(work, cls, query, *within)
    statement, _, _ = _paged(cls, query, picked(cls, found) if query.text else found)
    return list(work.session.scalars(statement.with_only_columns(cls.id).limit(most)))


@dataclass(frozen=True)
class Table:
    """One page as plain values: its rows, the cursor behind the last, how many there are and whether that is capped."""

    rows: list[dict[str, Any]]
    next: str | None
    count: int
    capped: bool


def table(
    work: Work, cls: type[Any], query: Query, names: Iterable[str], *within: ColumnElement[bool]
) -> Table:
    """As `page`, but these columns as they travel, and counted."""
    session, found = work.session, chosen(work, cls, query, *within)
    counted = None
    if query.text and not (counted := count_again(session, cls, query, found, *within))[1]:
        found = picked(cls, found)
    statement, name, limit = _paged(cls, query, found)
    wanted = tabular.columns(cls, tuple(dict.fromkeys((*names, name, "id"))))
    rows = wanted.read(session, statement.limit(limit + 1))
    more = len(rows) > limit
    if counted is None:  # what fits on the first page is counted by now
        whole = not more and not query.after
        counted = (len(rows), False) if whole else count_again(session, cls, query, found, *within)
    rows = rows[:limit]
    return Table(rows, cursor(rows[-1][name], rows[-1]["id"]) if more else None, *counted)


def in_order(cls: type[Any], found: Select[Any]) -> Select[Any]:
    """Those rows in the order that their kind has unless told."""
    return _paged(cls, Query(), found)[0]


def picked(cls: type[Any], few: Select[Any]) -> Select[Any]:
    """The same rows, found before they are sorted; for conditions that only a few rows fit.

    Left to itself the database walks along the index of the order until it has met a page of rows that fit: right for a
    fragment that every other name has, a walk through the whole table for one that hardly any has.
    """
    ids = few.with_only_columns(func.array_agg(cls.id)).scalar_subquery()
    return select(cls).where(cls.id == any_(cast(ids, ARRAY(Uuid))))


def _paged(cls: type[Any], query: Query, found: Select[Any]) -> tuple[Select[Any], str, int]:
    """Those rows from the cursor on, in order; the field that order goes by, and how many make a page."""
    name, descending = _order(cls.record, query.sort)
    column = own_fields.column(cls, cls.record.attrs()[name])
    kept = cls.__mapper__.column_attrs.get(name)
    # what is worked out has no such mark
    nullable = kept is None or getattr(kept.columns[0], "nullable", True)
    if query.after:
        found = found.where(_beyond(cls, column, nullable, descending, _read_cursor(query.after)))
    order = [column.desc() if descending else column.asc(), cls.id.desc() if descending else cls.id.asc()]
    if nullable:
        order[0] = order[0].nulls_last()
    return found.order_by(*order), name, max(1, min(query.limit, 1000))


def _order(record: type[Record], sort: str | None) -> tuple[str, bool]:
    for wanted in (sort, record.sort):
        name = (wanted or "").lstrip("-")
        a = record.attrs().get(name)
        if a is not None and not a.lines and not a.many and a.kind != "file":
            return name, (wanted or "").startswith("-")
        if wanted and wanted is sort:
            raise Invalid(FieldProblem("sort", "unknown", value=wanted))
    return "created_at", True


def _beyond(cls: type[Any], column: Any, nullable: bool, descending: bool, cursor: tuple[Any, UUID]) -> Any:
    value, last = cursor
    past_id = cls.id < last if descending else cls.id > last
    if value is None:
        return and_(column.is_(None), past_id)
    value = _come_back(column.type.python_type, value)
    if not nullable:
        pair, seen = tuple_(column, cls.id), tuple_(value, last)
        return pair < seen if descending else pair > seen
    past = column < value if descending else column > value
    return or_(past, and_(column == value, past_id), column.is_(None))


COMES_BACK: dict[type[Any], Callable[[Any], Any]] = {
    datetime: kinds.moment, date: kinds.day, Decimal: kinds.number, int: kinds.whole_number, bool: kinds.flag,
    UUID: lambda value: UUID(value), str: lambda value: value if isinstance(value, str) and "\x00" not in value else None,
}  # fmt: skip


def _come_back(kind: type[Any], value: Any) -> Any:
    """A cursor's value in the column's own kind; whoever made one up is told. Raises Invalid."""
    try:
        found = COMES_BACK[kind](value) if kind in COMES_BACK else value
    except (ValueError, TypeError, AttributeError, PydanticCustomError):
        found = None
    if found is None:
        raise Invalid(FieldProblem("after", "wrong", value=str(value)[:40]))
    return found


def cursor(value: Any, id: UUID | str) -> str:
    """Where a page goes on: behind the row with this value and id."""
    return base64.urlsafe_b64encode(orjson.dumps([plain(value), str(id)])).decode().rstrip("=")


def _read_cursor(text: str) -> tuple[Any, UUID]:
    try:
        value, id = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return value, UUID(id)
    except (ValueError, TypeError, binascii.Error):
        raise Invalid(FieldProblem("after", "wrong", value=text[:40])) from None


def totals(work: Work, cls: type[Any], query: Query, *within: ColumnElement[bool]) -> dict[str, str]:
    """The sums of the money columns over all rows a query means, not only the page."""
    names = [
        name
        for name, a in cls.record.attrs().items()
        if a.kind == "amount" and a.in_list and own_fields.column(cls, a) is not None
    ]
    if not names:
        return {}
    columns = [own_fields.column(cls, cls.record.attrs()[name]) for name in names]
    sums = chosen(work, cls, query, *within).with_only_columns(
        *(func.coalesce(func.sum(one), 0) for one in columns)
    )
    row = work.session.execute(sums.order_by(None)).one()
    return {name: str(value) for name, value in zip(names, row, strict=True)}
