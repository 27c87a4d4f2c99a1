"""The part of an address that says which rows, as a Query and back: the same in lists, views and exports.

`?state=open&state=won&amount__gte=1000&owner_id=me&due_on=this_month&match=any&q=acme&sort=-amount`

`?state=open&1.amount__gte=1000&1.customer_id.kind=partner`: open, and (of 1,000 or more, or of a partner).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from werkzeug.datastructures import MultiDict
from werkzeug.routing import BaseConverter

from contracts.message import Attr, Record
from contracts.query import COMPARISONS, Query
from gateway import languages
from gateway.related import attr_at

OWN_NAMES = frozenset(
    {"q", "sort", "after", "limit", "match", "archived", "starred", "columns", "view", "by"}
)
"""Parameters of the list itself; all others are conditions."""
PAGE_SIZE = 50
LARGEST_PAGE = 500
PERIODS = (
    "today", "yesterday", "tomorrow", "this_week", "last_week", "next_week", "this_month", "last_month", "next_month",
    "this_quarter", "last_quarter", "this_year", "last_year", "past", "future",
)  # fmt: skip


class NounConverter(BaseConverter):
    """A service, entity or verb in an address: lower-case letters and underscores."""

    regex = "[a-z][a-z_]*"


@dataclass(frozen=True)
class Condition:
    """One filter as it stands in the address: field, comparison, values.

    Filters with the same group stand in brackets: of those one must hold where of all others all must, and the other way
    round. Group 0 is none.
    """

    field: str
    comparison: str
    values: tuple[str, ...]
    group: int = 0

    @property
    def key(self) -> str:
        """As written in an address."""
        name = self.field if self.comparison == "eq" else f"{self.field}__{self.comparison}"
        return f"{self.group}.{name}" if self.group else name


@dataclass(frozen=True)
class ListAddress:
    """What an address says about a list."""

    conditions: tuple[Condition, ...] = ()
    text: str = ""
    sort: str = ""
    after: str = ""
    limit: int = PAGE_SIZE
    match: str = "all"
    archived: bool = False
    starred: bool = False
    columns: tuple[str, ...] = ()
    view: str = ""

    def pairs(self) -> list[tuple[str, str]]:
        """Back into address parameters, without the place in the list."""
        found = [(condition.key, value) for condition in self.conditions for value in condition.values]
        own = (
            ("q", self.text), ("sort", self.sort), ("match", self.match if self.match == "any" else ""),
            ("archived", "1" if self.archived else ""), ("starred", "1" if self.starred else ""),
            ("columns", ",".join(self.columns)), ("view", self.view),
        )  # fmt: skip
        return found + [(name, value) for name, value in own if value]

    def written(self, **changes: Any) -> str:
        """As a query string with some parts changed; the place in the list is forgotten."""
        changed = replace(self, **changes)
        pairs = changed.pairs() + ([("after", changed.after)] if "after" in changes else [])
        return "?" + urlencode(pairs) if pairs else "?"

    def without(self, condition: Condition) -> str:
        """The same list without one of its conditions."""
        return self.written(conditions=tuple(c for c in self.conditions if c != condition))

    @property
    def groups(self) -> list[int]:
        """The brackets there are."""
        return sorted({condition.group for condition in self.conditions} - {0})

    @property
    def is_plain(self) -> bool:
        """Nothing narrows the list."""
        return not self.conditions and not self.text and not self.archived and not self.starred

    def query(self, record: type[Record], me: UUID, totals: bool = False) -> Query:
        """What the service is asked."""
        parts = [_where(record, condition, me) for condition in self.conditions if not condition.group]
        groups = [
            [_where(record, condition, me) for condition in self.conditions if condition.group == group]
            for group in self.groups
        ]
        where: dict[str, Any] = {}
        any_of: tuple[dict[str, Any], ...] = ()
        each_of: tuple[tuple[dict[str, Any], ...], ...] = ()
        if self.match == "any" and len(parts) + len(groups) > 1:
            any_of = (*parts, *(_together(group) for group in groups))
        elif self.match == "any":
            where = _together([*parts, *(part for group in groups for part in group)])
        else:
            where, each_of = _together(parts), tuple(tuple(group) for group in groups)
        if self.archived:
            where["archived_at__empty"] = "no"
        return Query(
            where=where, any_of=any_of, each_of=each_of, text=self.text or None, sort=self.sort or None, after=self.after or None,
            limit=self.limit, totals=totals, archived=self.archived, starred=self.starred,
        )  # fmt: skip


def _together(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {key: value for part in parts for key, value in part.items()}


def read(args: MultiDict[str, str]) -> ListAddress:
    """From the parameters of a request."""
    conditions = []
    for key in args:
        if key in OWN_NAMES or key.startswith("_"):
            continue
        number, dot, rest = key.partition(".")
        group = int(number) if dot and number.isdecimal() and len(number) < 4 else 0
        field, _, comparison = (rest if group else key).partition("__")
        values = tuple(value for value in args.getlist(key) if value != "")
        if values:
            conditions.append(Condition(field, comparison or "eq", values, group))
    limit = args.get("limit", type=int) or PAGE_SIZE
    return ListAddress(
        conditions=tuple(conditions),
        text=(args.get("q") or "").strip()[:200],
        sort=args.get("sort", ""),
        after=args.get("after", ""),
        limit=max(1, min(limit, LARGEST_PAGE)),
        match="any" if args.get("match") == "any" else "all",
        archived=args.get("archived", "") in {"1", "true", "yes"},
        starred=args.get("starred", "") in {"1", "true", "yes"},
        columns=tuple(name for name in args.get("columns", "").split(",") if name),
        view=args.get("view", ""),
    )


def _where(record: type[Record], condition: Condition, me: UUID) -> dict[str, Any]:
    attr = attr_at(record, condition.field)
    values = [str(me) if value == "me" and attr and attr.ref else value for value in condition.values]
    if attr is not None and attr.kind in {"date", "datetime"}:
        if condition.comparison == "eq" and (values[0] in PERIODS or attr.kind == "datetime"):
            return _period(attr, values[0])
        values = [_day_or_word(attr, condition.comparison, value) for value in values]
    if condition.comparison == "eq" and len(values) > 1:
        return {condition.field: values}
    key = replace(condition, group=0).key
    if condition.comparison == "in":
        return {key: [part for value in values for part in value.split(",")]}
    return {key: values[0]}


def _day_or_word(attr: Attr, comparison: str, value: str) -> str:
    """«today» as a day; a day compared with a moment as that day's beginning or end where the person is."""
    if comparison not in COMPARISONS or comparison == "empty":
        return value
    if value in PERIODS:
        first, last = span(value, languages.today())
        value = str((last if comparison in {"lte", "gt"} else first) or languages.today())
    if attr.kind == "datetime" and len(value) == 10:
        return _moment(value, end=comparison in {"lte", "gt"})
    return value


def _period(attr: Attr, value: str) -> dict[str, Any]:
    today = languages.today()
    if value in PERIODS:
        first, last = span(value, today)
    else:
        try:
            first = last = date.fromisoformat(value)
        except ValueError:
            return {attr.name: value}
    found: dict[str, Any] = {}
    if first:
        found[f"{attr.name}__gte"] = str(first) if attr.kind == "date" else _moment(str(first), end=False)
    if last:
        found[f"{attr.name}__lte"] = str(last) if attr.kind == "date" else _moment(str(last), end=True)
    return found


def _moment(day: str, end: bool) -> str:
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return day
    local = datetime.combine(found, time.max if end else time.min, tzinfo=languages.zone())
    return local.astimezone(UTC).isoformat()


def span(period: str, today: date) -> tuple[date | None, date | None]:
    """First and last day of a period; None where it is open."""
    if period == "past":
        return None, today - timedelta(days=1)
    if period == "future":
        return today + timedelta(days=1), None
    which, _, unit = period.partition("_")
    if not unit:
        day = today + timedelta(days={"yesterday": -1, "today": 0, "tomorrow": 1}[which])
        return day, day
    first = _beginning(unit, today)
    if which == "last":
        first = _beginning(unit, first - timedelta(days=1))
    elif which == "next":
        first = _following(unit, first)
    return first, _following(unit, first) - timedelta(days=1)


def _beginning(unit: str, day: date) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1)


def _following(unit: str, first: date) -> date:
    if unit == "week":
        return first + timedelta(days=7)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
