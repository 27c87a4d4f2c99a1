"""One condition of a question as SQL: on a field, on related records, on days in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic_core import PydanticCustomError
from sqlalchemy import ColumnElement, and_, false, func, or_, select, true

from chassis import own_fields
from chassis.card_conditions import Cards
from chassis.database import Owned
from chassis.work import Work
from contracts import kinds, periods
from contracts.deleted_fields import GONE
from contracts.errors import FieldProblem, Invalid
from contracts.message import Attr
from contracts.query import COMPARISONS


def all_of(work: Work, cls: type[Any], where: dict[str, Any]) -> list[ColumnElement[bool]]:
    """Conditions on a class, as SQL: a field (its own, or of a related record), a comparison, a value; with «-» in front
    what must not be so. Raises Invalid."""
    return [_asked(work, cls, key, one) for key, value in where.items() for one in _each(key, value)]


def _each(key: str, value: Any) -> Sequence[Any]:
    """What must hold each by itself: the values of a list, where the comparison does not mean the list as a whole; of spans
    each two of them."""
    comparison = key.rpartition(".")[2].partition("__")[2]
    if comparison == "between" and isinstance(value, list | tuple) and value:
        return [value[at : at + 2] for at in range(0, len(value), 2)]
    is_each = isinstance(value, list | tuple) and value and comparison not in TAKES_SEVERAL
    return value if is_each else (value,)


def _asked(work: Work, cls: type[Any], key: str, value: Any) -> ColumnElement[bool]:
    if not key.startswith("-"):
        return _condition(work, cls, key, value)
    with _naming(key, value):
        return _condition(work, cls, key[1:], value).is_not(True)


def _condition(work: Work, cls: Any, key: str, value: Any) -> ColumnElement[bool]:
    if "." in key:
        return _related(work, cls, key, value)
    name, _, comparison = key.partition("__")
    if name == GONE:
        raise Invalid(FieldProblem(key, "field_deleted"))
    is_list = isinstance(value, list | tuple)
    comparison = "in" if is_list and comparison in ("", "eq") else comparison or "eq"
    a = cls.record.attrs().get(name) or _id_attr(name)
    column = own_fields.column(cls, a) if a is not None else None
    if a is None or comparison not in COMPARISONS or a.lines or column is None:
        raise Invalid(FieldProblem(key, "unknown"))
    is_own = own_fields.is_own(name)
    if a.kind == "file" and comparison != "empty":
        raise Invalid(FieldProblem(key, "unknown"))
    if comparison == "empty":
        is_array = a.many and not is_own
        empty = or_(column.is_(None), func.cardinality(column) == 0) if is_array else column.is_(None)
        return empty if _yes(key, value) else ~empty
    several = value if is_list else str(value).split(",")
    if comparison == "between":
        return _between(work, cls, key, several)
    if comparison == "month":
        return _in_month(work, key, a, column, several)
    if a.kind in ("date", "datetime"):
        if comparison == "in":
            return or_(false(), *(_dated(work, key, a, column, "eq", item) for item in several))
        return _dated(work, key, a, column, comparison, value)
    if comparison == "in":
        values = [_value(work, key, a, item) for item in several]
        if is_own:
            return or_(false(), *(own_fields.has_value(cls, a, value) for value in values))
        return column.overlap(values) if a.many else column.in_(values) if values else false()
    wanted = _value(work, key, a, value)
    if a.many or (is_own and wanted is not None and comparison == "eq"):
        has = own_fields.has_value(cls, a, wanted) if is_own else column.contains([wanted])
        return ~has if comparison == "ne" else has
    if wanted is None:
        return column.is_(None) if comparison == "eq" else column.is_not(None)
    if comparison == "contains":
        if not isinstance(wanted, str):  # a fragment of a number or an id means nothing
            raise Invalid(FieldProblem(key, "unknown"))
        return column.icontains(str(wanted), autoescape=True)
    return _COMPARE[comparison](column, wanted)


def _related(work: Work, cls: type[Any], key: str, value: Any) -> ColumnElement[bool]:
    """A condition on a record this one refers to, or on those that refer to this one: `contact.customer_id.job_title`.

    The rights on those records narrow the inner question by themselves. Of another service's record it is asked what stands
    on its card. Raises Invalid naming the whole key.
    """
    head, _, rest = key.partition(".")
    others, a = related(work), cls.record.attrs().get(head)
    with _naming(key, value):
        if a is not None and not a.many and a.ref in others:
            other = others[a.ref]
            return own_fields.column(cls, a).in_(select(other.id).where(_condition(work, other, rest, value)))
        if a is not None and not a.many and a.ref and "." not in rest:
            known = Cards(a.ref)
            return own_fields.column(cls, a).in_(known.those(work, _condition(work, known, rest, value)))
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
            has_none = _yes(key, value)
            return cls.id.not_in(theirs) if has_none else cls.id.in_(theirs)
        if not inner:
            raise Invalid(FieldProblem(key, "unknown"))
        return cls.id.in_(theirs.where(_condition(work, child, inner, value)))


@contextmanager
def _naming(key: str, value: Any) -> Iterator[None]:
    """What is wrong inside is told under the whole key."""
    try:
        yield
    except PydanticCustomError as error:
        raise Invalid(FieldProblem(key, error.type, value=str(value)[:80])) from None
    except Invalid as invalid:
        raise Invalid(*(FieldProblem(key, p.code, **p.params) for p in invalid.fields)) from None


def related(work: Work) -> dict[str, type[Any]]:
    """The classes of the same service whose rows belong to somebody, by entity: conditions may reach into these only,
    because what a person may see of the others is not decided row by row."""
    offered = [(cls.record.entity(), cls) for cls in work.entities.values() if not cls.retired]
    return {entity: cls for entity, cls in offered if issubclass(cls, Owned)}


_COMPARE: dict[str, Any] = {
    "eq": lambda column, value: column == value,
    "ne": lambda column, value: or_(column != value, column.is_(None)),
    "gte": lambda column, value: column >= value,
    "lte": lambda column, value: column <= value,
    "gt": lambda column, value: column > value,
    "lt": lambda column, value: column < value,
}


TAKES_SEVERAL = ("", "eq", "in", "between", "month")
"""Comparisons that mean a list as a whole: one of them, from the first to the second, in one of these months."""


def _between(work: Work, cls: Any, key: str, bounds: Sequence[Any]) -> ColumnElement[bool]:
    """From the first to the second, both included."""
    if len(bounds) != 2:
        raise Invalid(FieldProblem(key, "wrong"))
    name = key.partition("__")[0]
    with _naming(key, bounds):
        first, last = (f"{name}__gte", bounds[0]), (f"{name}__lte", bounds[1])
        return and_(_condition(work, cls, *first), _condition(work, cls, *last))


def _in_month(work: Work, key: str, a: Attr, column: Any, months: Sequence[Any]) -> ColumnElement[bool]:
    """In one of these months of whatever year: by number, or as `this_month` for the actor."""
    if a.kind not in ("date", "datetime") or a.many:
        raise Invalid(FieldProblem(key, "unknown"))
    at = column if a.kind == "date" else func.timezone(work.actor.timezone, column)
    return func.date_part("month", at).in_([_month(work, key, month) for month in months])


def _month(work: Work, key: str, value: Any) -> int:
    if value in MONTHS_IN_WORDS:
        first, _last = periods.span(value, work.today)
        assert first is not None
        return first.month
    with _naming(key, value):
        month = kinds.whole_number(value)
    if month is None or not 1 <= month <= 12:
        raise Invalid(FieldProblem(key, "not_a_choice", value=str(value)[:80]))
    return month


MONTHS_IN_WORDS = ("this_month", "last_month", "next_month")


def _id_attr(name: str) -> Attr | None:
    return Attr("id", "Id", "id") if name == "id" else None


def _dated(work: Work, key: str, a: Attr, column: Any, comparison: str, value: Any) -> ColumnElement[bool]:
    """A day, a moment, or days in words: of several days, «from» means the first and «until» the last."""
    if value in (None, ""):
        return column.is_(None) if comparison == "eq" else column.is_not(None)
    first, last = _span(work, key, a, value)
    from_first = column >= first if first is not None else true()
    to_last = column <= last if last is not None else true()
    if comparison == "eq":
        return and_(column.is_not(None), from_first, to_last)
    if comparison == "ne":
        return or_(column.is_(None), ~and_(from_first, to_last))
    if comparison in ("gte", "lt"):
        bound = first if first is not None else last
        return column >= bound if comparison == "gte" else column < bound
    if comparison in ("lte", "gt"):
        bound = last if last is not None else first
        return column <= bound if comparison == "lte" else column > bound
    raise Invalid(FieldProblem(key, "unknown"))


def _span(work: Work, key: str, a: Attr, value: Any) -> tuple[Any, Any]:
    """The first and last day or moment that is meant; None where it is open. Days are those of the actor."""
    try:
        if isinstance(value, str) and periods.is_period(value):
            days = periods.span(value, work.today)
        elif a.kind == "date" or (isinstance(value, str) and ":" not in value):
            days = (kinds.day(value),) * 2
        else:
            at = kinds.moment_as_written(value)
            at = at.replace(tzinfo=ZoneInfo(work.actor.timezone)) if at and at.tzinfo is None else at
            return at, at
    except PydanticCustomError as error:
        raise Invalid(FieldProblem(key, error.type, value=str(value)[:80])) from None
    if a.kind == "date":
        return days
    return _moment(work, days[0], time.min), _moment(work, days[1], time.max)


def _moment(work: Work, day: date | None, at: time) -> datetime | None:
    return datetime.combine(day, at, ZoneInfo(work.actor.timezone)) if day is not None else None


def _yes(key: str, value: Any) -> bool:
    """Whether «is empty» is asked for; without a word it is. Raises Invalid."""
    try:
        return kinds.flag(value) in (True, None)
    except PydanticCustomError as error:
        raise Invalid(FieldProblem(key, error.type, value=str(value)[:80])) from None


def _value(work: Work, key: str, a: Attr, value: Any) -> Any:
    """A condition's value in the field's own kind; bounds and lengths of input do not apply to questions."""
    try:
        if a.kind in ("ref", "id"):
            if value == "me":
                return work.actor.id
            return UUID(str(value)) if value not in (None, "") else None
        clean: Any = kinds.CLEAN.get(
            "text" if a.kind in ("email", "phone", "url", "choice") else a.kind, kinds.text
        )
        return clean(value)
    except (ValueError, PydanticCustomError) as error:
        code = error.type if isinstance(error, PydanticCustomError) else "not_an_id"
        raise Invalid(FieldProblem(key, code, value=str(value)[:80])) from None
