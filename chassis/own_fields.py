"""Own fields in a service: which there are, and their values, kept in one column of the row they belong to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Date, DateTime, Numeric, Uuid, cast, select
from sqlalchemy import Boolean as Flag
from sqlalchemy.orm import Session

from chassis import definitions
from chassis.audit import plain
from chassis.house import House
from chassis.replicas import Replica
from contracts import own_fields
from contracts.message import Attr
from contracts.noted import Noted
from contracts.own_fields import by_logged, is_own, logged, of

__all__ = [
    "by_logged", "column", "has_value", "is_own", "keep", "know", "logged", "noted", "put", "said", "shared", "take_along",
    "take_out",
]  # fmt: skip

ENTITY = "organization.own_field"
CHOICE = "organization.own_choice"
SQL_TYPE: dict[str, Any] = {
    "integer": BigInteger, "number": Numeric, "percent": Numeric, "amount": Numeric, "date": Date,
    "datetime": DateTime(timezone=True), "flag": Flag, "ref": Uuid,
}  # fmt: skip
"""Kind → what its text in the column is compared and sorted as; all others as texts."""


def know(house: House, session: Session) -> None:
    """Let the descriptions of records have the own fields that there are now."""
    own_fields.know(definitions.known(house, session, ENTITY, own_fields.described))


def put(row: Any, values: dict[str, Any]) -> None:
    """Give a row values of own fields, files among them already taken over; an empty one is not kept."""
    entity = row.record.entity()
    keep(row, {logged(entity, name): value for name, value in values.items()})


def keep(row: Any, values: dict[str, Any]) -> None:
    """The same for values under the names they stand by."""
    merged = {**(row.own or {}), **{name: plain(value) for name, value in values.items()}}
    row.own = {name: value for name, value in merged.items() if value is not None and value != []}


def said(row: Any) -> dict[str, Any]:
    """What a row says in the own fields there are."""
    values = row.own or {}
    return {a.name: values[a.logged] for a in own_fields.of(row.record.entity()) if a.logged in values}


def take_out(values: dict[str, Any]) -> dict[str, Any]:
    """The values of own fields, taken out of all that were given."""
    return {name: values.pop(name) for name in [name for name in values if is_own(name)]}


def column(cls: type[Any], a: Attr) -> Any:
    """What a condition or an order on a field works on; None where the table has no such field."""
    if not is_own(a.name):
        return getattr(cls, a.name, None)
    kept = cls.own[a.logged]
    if a.many:
        return kept
    sql_type = SQL_TYPE.get(a.kind)
    return kept.astext if sql_type is None else cast(kept.astext, sql_type)


def has_value(cls: type[Any], a: Attr, value: Any) -> ColumnElement[bool]:
    """Rows that have this value, or have it among several; by the index on the whole column."""
    kept = [plain(value)] if a.many else plain(value)
    found: ColumnElement[bool] = (cls.own != {}) & cls.own.contains({a.logged: kept})
    return found


def noted(*rows: Any) -> tuple[Noted, ...]:
    """What is to be told of them to whoever makes another record out of them."""
    return tuple(Noted(entity=row.record.entity(), own=own) for row in rows if (own := said(row)))


def take_along(work: Any, row: Any, *sources: Noted) -> None:
    """What was noted on the records that a row is made of is noted on it too, as far as it says nothing of that itself; of
    several that say something the first counts.

    Fields go together by code and kind. An entry of a field's own list becomes the one of the same name in the other's list;
    files stay where they are (`field_files.take_along` takes those along as well).
    """
    for source in sources:
        there = said(row)
        wanted = {name: value for name, value in source.own.items() if name not in there}
        with work.session.no_autoflush:
            put(row, _fitting(work, source.entity, row.record.entity(), wanted))


def shared(source: str, target: str) -> dict[str, Attr]:
    """The own fields of one kind of record that another kind has as well, as that one has them: the same code and kind."""
    others = {a.name: a for a in of(source)}
    return {
        a.name: a
        for a in of(target)
        if (one := others.get(a.name)) is not None
        and (one.kind, one.ref, one.many) == (a.kind, a.ref, a.many)
    }


def _fitting(work: Any, source: str, target: str, values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _of_the_same_name(work, a, values[name])
        if a.ref == CHOICE and source != target
        else values[name]
        for name, a in shared(source, target).items()
        if name in values and a.kind != "file"
    }


def _of_the_same_name(work: Any, a: Attr, value: Any) -> Any:
    """The entries of a field's list that are called as these of another one's are; None without such a one."""
    chosen = [UUID(id) for id in (value if isinstance(value, list) else [value])]
    names = select(Replica.label).where(Replica.id.in_(chosen))
    same = select(Replica.id).where(
        Replica.entity == CHOICE,
        Replica.archived.is_(False),
        Replica.label.in_(names),
        Replica.data["field_id"].astext == a.among["field_id"],
    )
    ids = [str(id) for id in work.session.scalars(same.order_by(Replica.id))]
    return ids if a.many else next(iter(ids), None)
