"""A Query as SQL: conditions, fragment, order, keyset page, capped count and sums. One concern each."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from pydantic_core import PydanticCustomError
from sqlalchemy import ColumnElement, Select, Uuid, and_, any_, cast, false, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from chassis import own_fields, search, tabular
from chassis.audit import plain
from chassis.counting import count_again
from chassis.database import Kept, Owned, Searchable
from contracts import kinds
from contracts.errors import FieldProblem, Invalid
from contracts.message import Attr, Record
from contracts.query import COMPARISONS, Query


def chosen(cls: type[Any], query: Query, *within: ColumnElement[bool]) -> Select[Any]:
    """The rows a query means, without order or page. Raises Invalid naming an unknown field or a wrong value.

    within   conditions of ours that hold whatever is asked
    """
    statement = select(cls)
    if not query.archived:
        statement = statement.where(cls.archived_at.is_(None))
    conditions = [*within, *_all_of(cls, query.where)]
    for groups in (query.any_of, *query.each_of):
        if groups:
            conditions.append(or_(*(and_(*_all_of(cls, group)) for group in groups)))
    if query.text and issubclass(cls, Searchable):
        found = search.matches(cls, query.text)
        if found is not None:
            conditions.append(found)
    return statement.where(*conditions)


def _all_of(cls: type[Any], where: dict[str, Any]) -> list[ColumnElement[bool]]:
    return [_condition(cls, key, value) for key, value in where.items()]


def _condition(cls: type[Any], key: str, value: Any) -> ColumnElement[bool]:
    if "." in key:
        return _related(cls, key, value)
    name, _, comparison = key.partition("__")
    comparison = comparison or ("in" if isinstance(value, list | tuple) else "eq")
    a = cls.record.attrs().get(name) or _id_attr(name)
    column = own_fields.column(cls, a) if a is not None else None
    if a is None or comparison not in COMPARISONS or a.lines or column is None:
        raise Invalid(FieldProblem(key, "unknown"))
    is_own = own_fields.is_own(name)
    if comparison == "empty":
        is_array = a.many and not is_own
        empty = or_(column.is_(None), func.cardinality(column) == 0) if is_array else column.is_(None)
        return empty if kinds.flag(value) in (True, None) else ~empty
    if comparison == "in":
        values = [
            _value(key, a, item)
            for item in (value if isinstance(value, list | tuple) else str(value).split(","))
        ]
        if is_own:
            return or_(false(), *(own_fields.has_value(cls, a, value) for value in values))
        return column.overlap(values) if a.many else column.in_(values) if values else false()
    wanted = _value(key, a, value)
    if is_own and wanted is not None and (a.many or comparison == "eq"):
        return own_fields.has_value(cls, a, wanted)
    if a.many:
        return column.contains([wanted])
    if wanted is None:
        return column.is_(None) if comparison == "eq" else column.is_not(None)
    if comparison == "contains":
        return column.icontains(str(wanted), autoescape=True)
    return _COMPARE[comparison](column, wanted)


def _related(cls: type[Any], key: str, value: Any) -> ColumnElement[bool]:
    """A condition on a record this one refers to, or on those that refer to this one: `contact.customer_id.job_title`.

    The rights on those records narrow the inner question by themselves. Raises Invalid naming the whole key.
    """
    head, _, rest = key.partition(".")
    others, a = related(cls), cls.record.attrs().get(head)  # type: ignore[arg-type]
    try:
        if a is not None and not a.many and a.ref in others:
            other = others[a.ref]
            return own_fields.column(cls, a).in_(select(other.id).where(_condition(other, rest, value)))
        child = others.get(f"{cls.record.service()}.{head}")
        field, _, inner = rest.partition(".")
        field, _, comparison = field.partition("__")
        back = child.record.attrs().get(field) if child is not None else None
        if child is None or back is None or back.many or back.ref != cls.record.entity():
            raise Invalid(FieldProblem(key, "unknown"))
        column = own_fields.column(child, back)
        theirs = select(column).where(child.archived_at.is_(None), column.is_not(None))
        if comparison:
            if comparison != "empty" or inner:
                raise Invalid(FieldProblem(key, "unknown"))
            has_none = kinds.flag(value) in (True, None)
            return cls.id.not_in(theirs) if has_none else cls.id.in_(theirs)
        if not inner:
            raise Invalid(FieldProblem(key, "unknown"))
        return cls.id.in_(theirs.where(_condition(child, inner, value)))
    except PydanticCustomError as error:
        raise Invalid(FieldProblem(key, error.type, value=str(value)[:80])) from None
    except Invalid as invalid:
        raise Invalid(*(FieldProblem(key, p.code, **p.params) for p in invalid.fields)) from None


@cache
def related(cls: Any) -> dict[str, type[Any]]:
    """The classes of the same service whose rows belong to somebody, by entity: conditions may reach into these only,
    because what a person may see of the others is not decided row by row."""
    mapped = (mapper.class_ for mapper in cls.registry.mappers)
    return {one.record.entity(): one for one in mapped if issubclass(one, Kept) and issubclass(one, Owned)}


_COMPARE: dict[str, Any] = {
    "eq": lambda column, value: column == value,
    "ne": lambda column, value: or_(column != value, column.is_(None)),
    "gte": lambda column, value: column >= value,
    "lte": lambda column, value: column <= value,
    "gt": lambda column, value: column > value,
    "lt": lambda column, value: column < value,
}


def _id_attr(name: str) -> Attr | None:
    return Attr("id", "Id", "id") if name == "id" else None


def _value(key: str, a: Attr, value: Any) -> Any:
    """A condition's value in the field's own kind; bounds and lengths of input do not apply to questions."""
    try:
        if a.kind in ("ref", "id"):
            return UUID(str(value)) if value not in (None, "") else None
        clean: Any = kinds.CLEAN.get(
            "text" if a.kind in ("email", "phone", "url", "choice") else a.kind, kinds.text
        )
        return clean(value)
    except (ValueError, PydanticCustomError) as error:
        code = error.type if isinstance(error, PydanticCustomError) else "not_an_id"
        raise Invalid(FieldProblem(key, code, value=str(value)[:80])) from None


def page(
    session: Session, cls: type[Any], query: Query, *within: ColumnElement[bool]
) -> tuple[list[Any], str | None]:
    """One page of rows in order, and the cursor behind its last row (None at the end)."""
    statement, name, limit = _paged(cls, query, chosen(cls, query, *within))
    rows = list(session.scalars(statement.limit(limit + 1)))
    more = len(rows) > limit
    return rows[:limit], cursor(getattr(rows[limit - 1], name), rows[limit - 1].id) if more else None


@dataclass(frozen=True)
class Table:
    """One page as plain values: its rows, the cursor behind the last, how many there are and whether that is capped."""

    rows: list[dict[str, Any]]
    next: str | None
    count: int
    capped: bool


def table(
    session: Session, cls: type[Any], query: Query, names: Iterable[str], *within: ColumnElement[bool]
) -> Table:
    """As `page`, but these columns as they travel, and counted."""
    found = chosen(cls, query, *within)
    counted = None
    if query.text and not (counted := count_again(session, cls, query, found, *within))[1]:
        found = picked(cls, found)
    statement, name, limit = _paged(cls, query, found)
    wanted = tabular.columns(cls, tuple(dict.fromkeys((*names, name, "id"))))
    taken = session.execute(statement.with_only_columns(*wanted.asked).limit(limit + 1))
    rows = [wanted.values(row) for row in taken]
    more = len(rows) > limit
    if counted is None:  # what fits on the first page is counted by now
        whole = not more and not query.after
        counted = (len(rows), False) if whole else count_again(session, cls, query, found, *within)
    rows = rows[:limit]
    return Table(rows, cursor(rows[-1][name], rows[-1]["id"]) if more else None, *counted)


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
    nullable = kept is None or getattr(
        kept.columns[0], "nullable", True
    )  # what is worked out has no such mark
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
        if a is not None and not a.lines and not a.many:
            return name, (wanted or "").startswith("-")
        if wanted and wanted is sort:
            raise Invalid(FieldProblem("sort", "unknown", value=wanted))
    return "created_at", True


def _beyond(cls: type[Any], column: Any, nullable: bool, descending: bool, cursor: tuple[Any, UUID]) -> Any:
    value, last = cursor
    past_id = cls.id < last if descending else cls.id > last
    if value is None:
        return and_(column.is_(None), past_id)
    kind = column.type.python_type
    value = kinds.moment(value) if kind.__name__ == "datetime" else value
    if not nullable:
        pair, seen = tuple_(column, cls.id), tuple_(value, last)
        return pair < seen if descending else pair > seen
    past = column < value if descending else column > value
    return or_(past, and_(column == value, past_id), column.is_(None))


def cursor(value: Any, id: UUID | str) -> str:
    """Where a page goes on: behind the row with this value and id."""
    return base64.urlsafe_b64encode(orjson.dumps([plain(value), str(id)])).decode().rstrip("=")


def _read_cursor(text: str) -> tuple[Any, UUID]:
    try:
        value, id = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return value, UUID(id)
    except (ValueError, TypeError, binascii.Error):
        raise Invalid(FieldProblem("after", "wrong", value=text[:40])) from None


def totals(session: Session, cls: type[Any], query: Query, *within: ColumnElement[bool]) -> dict[str, str]:
    """The sums of the money columns over all rows a query means, not only the page."""
    names = [
        name
        for name, a in cls.record.attrs().items()
        if a.kind == "amount" and a.in_list and own_fields.column(cls, a) is not None
    ]
    if not names:
        return {}
    columns = [own_fields.column(cls, cls.record.attrs()[name]) for name in names]
    sums = chosen(cls, query, *within).with_only_columns(
        *(func.coalesce(func.sum(one), 0) for one in columns)
    )
    row = session.execute(sums.order_by(None)).one()
    return {name: str(value) for name, value in zip(names, row, strict=True)}
