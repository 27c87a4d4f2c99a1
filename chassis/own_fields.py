"""Own fields in a service: which there are, and their values, kept in one column of the row they belong to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, DateTime, Numeric, Uuid, cast
from sqlalchemy import Boolean as Flag
from sqlalchemy.orm import Session

from chassis import definitions
from chassis.audit import plain
from chassis.house import House
from contracts import own_fields
from contracts.message import Attr
from contracts.own_fields import is_own

__all__ = ["column", "has_value", "is_own", "know", "put", "take_out"]

ENTITY = "organization.own_field"
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
    merged = {**(row.own or {}), **{name: plain(value) for name, value in values.items()}}
    row.own = {name: value for name, value in merged.items() if value is not None and value != []}


def take_out(values: dict[str, Any]) -> dict[str, Any]:
    """The values of own fields, taken out of all that were given."""
    return {name: values.pop(name) for name in [name for name in values if is_own(name)]}


def column(cls: type[Any], a: Attr) -> Any:
    """What a condition or an order on a field works on; None where the table has no such field."""
    if not is_own(a.name):
        return getattr(cls, a.name, None)
    kept = cls.own[a.name]
    if a.many:
        return kept
    sql_type = SQL_TYPE.get(a.kind)
    return kept.astext if sql_type is None else cast(kept.astext, sql_type)


def has_value(cls: type[Any], a: Attr, value: Any) -> ColumnElement[bool]:
    """Rows that have this value, or have it among several; by the index on the whole column."""
    kept = [plain(value)] if a.many else plain(value)
    found: ColumnElement[bool] = (cls.own != {}) & cls.own.contains({a.name: kept})
    return found
