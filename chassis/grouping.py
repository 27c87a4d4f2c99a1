"""Rows of any list counted and summed by one or two of their fields: the same conditions, the same rights as the list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Numeric, String, cast, func, literal_column, select
from sqlalchemy.orm import aliased

from chassis import filters, labels, own_fields, stars
from chassis.audit import plain
from chassis.card_conditions import Cards
from chassis.conditions import related
from chassis.entities import by_entity, find_class
from chassis.work import Work
from contracts.errors import FieldProblem, Invalid
from contracts.message import Attr
from contracts.query import GROUPABLE, MEASURED, MOST_GROUPS, GroupedOf

SUMMED = ("amount",)
"""Kinds of fields of which a group shows the sum."""


def grouped(work: Work, message: GroupedOf) -> dict[str, Any]:
    """Groups of the rows a query means, the largest first: keys, how many, and the sum of each amount.

    What lies beyond the limit is told together, so that all groups and that rest are all rows; but where a field holds
    several values, such as tags, a row stands in the group of each. A field may be that of a record which the rows refer to
    (`customer_id.industry_id`): what the actor may not see of it counts as nothing. Raises Invalid naming a field that nothing
    is grouped by.
    """
    cls = find_class(work, message.entity, "read")
    keyed = [_keyed(work, cls, name) for name in message.by]
    attrs = [a for a, _key in keyed]
    if not 0 < len(attrs) <= 2 or len({a.name for a in attrs}) < len(attrs) or sum(a.many for a in attrs) > 1:
        raise Invalid(FieldProblem("by", "wrong"))
    within = [stars.starred(work, cls)] if message.query.starred else []
    rows = filters.chosen(work, cls, message.query, *within)
    keys = [key.label(f"key_{n}") for n, (_a, key) in enumerate(keyed)]
    sums = {name: own_fields.column(cls, a) for name, a in summed(cls).items()}
    figures = [func.count(), *(func.coalesce(func.sum(column), 0) for column in sums.values())]
    figures += [_figure(cls, message.figure)] if message.figure else []
    places: list[Any] = [literal_column(str(n + 1)) for n in range(len(keys))]
    wanted = rows.with_only_columns(*keys, *figures, maintain_column_froms=True).group_by(*places)
    wanted = wanted.order_by(None).order_by(func.count().desc(), *places).limit(MOST_GROUPS)
    found = work.session.execute(wanted).all()
    whole = work.session.execute(rows.with_only_columns(*figures).order_by(None)).one()
    at = len(keys)
    groups = [
        {"keys": [plain(key) for key in row[:at]], **_told(sums, row[at:], message.figure)} for row in found
    ]
    wanted_names: dict[str, set[Any]] = {}
    for n, a in enumerate(attrs):
        if a.ref:
            wanted_names.setdefault(a.ref, set()).update(g["keys"][n] for g in groups if g["keys"][n])
    named = labels.named(work, wanted_names, by_entity(work))
    return {
        "groups": groups, **_told(sums, whole, message.figure),
        "labels": {id: label.as_json() for id, label in named.items()},
    }  # fmt: skip


def summed(cls: type[Any]) -> dict[str, Attr]:
    """The amounts of a class that a group shows the sum of."""
    attrs = cls.record.attrs().items()
    return {
        name: a
        for name, a in attrs
        if a.kind in SUMMED and not a.lines and own_fields.column(cls, a) is not None
    }


def _told(names: dict[str, Any], values: Any, figure: str | None) -> dict[str, Any]:
    """How many rows, the sum of each amount, and the figure that was asked for."""
    sums = {name: str(value) for name, value in zip(names, values[1 : len(names) + 1], strict=True)}
    found: dict[str, Any] = {"count": values[0], "sums": sums}
    return {**found, "figure": plain(values[-1])} if figure else found


def _figure(cls: type[Any], asked: str) -> Any:
    """A sum or an average, to two places. Raises Invalid naming what is no number."""
    name, _, how = asked.rpartition("__")
    a = cls.record.attrs().get(name)
    is_measured = a is not None and not a.many and not a.lines and how in MEASURED.get(a.kind, ())
    column = own_fields.column(cls, a) if a is not None and is_measured else None
    if column is None:
        raise Invalid(FieldProblem("figure", "not_a_choice", value=asked))
    return func.round(cast(func.sum(column) if how == "sum" else func.avg(column), Numeric), 2)


def _keyed(work: Work, cls: type[Any], name: str) -> tuple[Attr, Any]:
    """The field, under the name by which it was asked for, and the key of a row."""
    head, dot, rest = name.partition(".")
    if not dot:
        a = _attr(cls.record, name)
        return a, _key(work, cls, a)
    back = cls.record.attrs().get(head)
    if back is None or not back.ref or back.many:
        raise Invalid(FieldProblem("by", "not_a_choice", value=name))
    own, id = related(work).get(back.ref), own_fields.column(cls, back)
    there: Any = Cards(back.ref) if own is None else aliased(own)
    a = _attr(there.record, rest)
    key = _column(there, a) if a.many else _key(work, there, a)
    one = (
        there.on(work, id, key)
        if own is None
        else select(key).where(there.id == id).correlate(cls).scalar_subquery()
    )
    return replace(a, name=name), _each(a, one) if a.many else one


def _attr(record: Any, name: str) -> Attr:
    a = record.attrs().get(name)
    if a is None or a.lines or (a.kind not in GROUPABLE and a.name != "state"):
        raise Invalid(FieldProblem("by", "not_a_choice", value=name))
    return a


def _key(work: Work, cls: type[Any], a: Attr) -> Any:
    """The value itself; of days and moments the month, on the actor's clock."""
    column = _column(cls, a)
    if a.kind == "datetime":
        column = func.timezone(work.actor.timezone, column)
    if a.kind in ("date", "datetime"):
        return func.to_char(column, literal_column("'YYYY-MM'"))
    if a.many:
        return _each(a, column)
    return cast(column, String) if a.kind == "ref" else column


def _column(cls: type[Any], a: Attr) -> Any:
    column = own_fields.column(cls, a)
    if column is None:
        raise Invalid(FieldProblem("by", "not_a_choice", value=a.name))
    return column


def _each(a: Attr, column: Any) -> Any:
    """Each of several values, or nothing where there is none."""
    if own_fields.is_own(a.name):
        return func.jsonb_array_elements_text(func.coalesce(column, literal_column("'[null]'::jsonb")))
    nothing: Any = literal_column("ARRAY[NULL]")
    some = func.nullif(column, cast(literal_column("'{}'"), column.type))
    each = func.unnest(func.coalesce(some, cast(nothing, column.type)))
    return cast(each, String) if a.ref else each
