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
from contracts.own_fields import by_logged, is_own, logged

__all__ = [
    "by_logged", "column", "fitting", "has_value", "is_own", "keep", "know", "logged", "put", "said", "take_out",
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


def fitting(work: Any, source: type[Any], target: type[Any], values: dict[str, Any]) -> dict[str, Any]:
    """What a row of one kind says in own fields, for one of another kind: of fields with the same code and the same kind.

    An entry of a field's own list becomes the one of the same name in the other's list; files stay where they are.
    """
    before, after = source.record.attrs(), target.record.attrs()
    found = {}
    for name, value in values.items():
        one, other = before.get(name), after.get(name)
        if one is None or other is None or one.kind == "file":
            continue
        if (one.kind, one.ref, one.many) == (other.kind, other.ref, other.many):
            found[name] = _of_the_same_name(work, other, value) if one.ref == CHOICE else value
    return found


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
