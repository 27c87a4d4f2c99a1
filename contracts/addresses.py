"""The part of an address that says which rows, as a Query and back: the same in lists, views, segments and exports.

`?state=open&state=won&amount__gte=1000&owner_id=me&due_on=next_14_days&match=any&q=acme&sort=-amount`

`?state=open&1.amount__gte=1000&1.customer_id.kind=partner`: open, and (of 1,000 or more, or of a partner).

`?state=open&by=stage_id&by=owner_id&figure=expected_amount__sum&chart=pie`: not the rows, but how many and how much by these fields.

`?-name__contains=test&-activity.customer_id.state=planned`: without «test» in its name and without a planned activity.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from contracts.query import Query

OWN_NAMES = frozenset(
    {
        "q",
        "sort",
        "after",
        "limit",
        "match",
        "archived",
        "starred",
        "columns",
        "view",
        "by",
        "figure",
        "chart",
    }
)
"""Parameters of the list itself; all others are conditions."""
PAGE_SIZE = 50
LARGEST_PAGE = 500
MOST_GROUPED = 2
"""Fields by which rows are counted at once."""
YES = frozenset({"1", "true", "yes"})
AS_A_WHOLE = frozenset({"", "eq", "in", "ne", "month"})
"""Comparisons of which several values are one condition: one of them, none of them. Of others each value is one of its own, and of spans each two."""


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
    is_not: bool = False
    """It must not hold."""

    @property
    def key(self) -> str:
        """As written in an address."""
        return f"{self.group}.{self.asked}" if self.group else self.asked

    @property
    def asked(self) -> str:
        """As a service is asked."""
        name = self.field if self.comparison == "eq" else f"{self.field}__{self.comparison}"
        return f"-{name}" if self.is_not else name


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
    by: tuple[str, ...] = ()
    """The fields by which its rows are counted; none: it is a list."""
    figure: str = ""
    chart: str = ""

    def pairs(self) -> list[tuple[str, str]]:
        """Back into address parameters, without the place in the list."""
        found = [(condition.key, value) for condition in self.conditions for value in condition.values]
        own = (
            ("q", self.text), ("sort", self.sort), ("match", self.match if self.match == "any" else ""),
            ("archived", "1" if self.archived else ""), ("starred", "1" if self.starred else ""),
            ("columns", ",".join(self.columns)), ("view", self.view), *(("by", name) for name in self.by),
            ("figure", self.figure), ("chart", self.chart),
        )  # fmt: skip
        return found + [(name, value) for name, value in own if value]

    def written(self, **changes: Any) -> str:
        """As a query string with some parts changed; the place in the list is forgotten."""
        return _written(replace(self, **changes) if changes else self, "after" in changes)

    def without(self, condition: Condition) -> str:
        """The same list without one of its conditions."""
        return self.written(conditions=self.but(condition))

    def but(self, condition: Condition | None) -> tuple[Condition, ...]:
        """All conditions but this one."""
        return tuple(c for c in self.conditions if c != condition)

    @property
    def listed(self) -> ListAddress:
        """The rows that are counted, as a list."""
        return replace(self, by=(), figure="", chart="")

    @property
    def groups(self) -> list[int]:
        """The brackets there are."""
        return sorted({condition.group for condition in self.conditions} - {0})

    @property
    def is_plain(self) -> bool:
        """Nothing narrows the list, and it is one."""
        return (
            not self.by and not self.conditions and not self.text and not self.archived and not self.starred
        )

    def query(self, totals: bool = False) -> Query:
        """What the service is asked."""
        parts = [_where(condition) for condition in self.conditions if not condition.group]
        groups = [
            [_where(condition) for condition in self.conditions if condition.group == group]
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


@lru_cache(maxsize=5000)  # a list has a dozen addresses, the same for everybody who opens it
def _written(address: ListAddress, is_after: bool) -> str:
    pairs = address.pairs() + ([("after", address.after)] if is_after else [])
    return "?" + urlencode(pairs) if pairs else "?"


def _together(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """All of these; what is asked twice of a field has each of its values."""
    found: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            found[key] = [*_listed(found[key]), *_listed(value)] if key in found else value
    return found


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@lru_cache(maxsize=1000)  # every page of a list reads those of all its tabs
def read(query: str) -> ListAddress:
    """From what stands behind the question mark of an address."""
    return of(parse_qsl(query.removeprefix("?")))


def of(pairs: Iterable[tuple[str, str]]) -> ListAddress:
    """From the parameters of an address, each as often as it stands there."""
    args: dict[str, list[str]] = {}
    for key, value in pairs:
        args.setdefault(key, []).append(value)

    def said(name: str) -> str:
        return args.get(name, [""])[0].replace("\x00", "")

    conditions = []
    for key in args:
        if key in OWN_NAMES or key.startswith("_"):
            continue
        number, dot, rest = key.partition(".")
        group = int(number) if dot and number.isdecimal() and len(number) < 4 else 0
        asked = rest if group else key
        field, _, comparison = asked.removeprefix("-").partition("__")
        values = tuple(value for value in args[key] if value != "")
        several = _apart(comparison, values)
        conditions += [
            Condition(field, comparison or "eq", some, group, asked.startswith("-"))
            for some in several
            if some
        ]
    limit = int(said("limit")[:9]) if said("limit").isdecimal() else 0
    return ListAddress(
        conditions=tuple(conditions),
        text=said("q").strip()[:200],
        sort=said("sort"),
        after=said("after"),
        limit=max(1, min(limit or PAGE_SIZE, LARGEST_PAGE)),
        match="any" if said("match") == "any" else "all",
        archived=said("archived") in YES,
        starred=said("starred") in YES,
        columns=tuple(name for name in said("columns").split(",") if name),
        view=said("view"),
        by=tuple(name for name in args.get("by", ()) if name)[:MOST_GROUPED],
        figure=said("figure"),
        chart=said("chart"),
    )


def _apart(comparison: str, values: tuple[str, ...]) -> list[tuple[str, ...]]:
    """What is said of a field by one comparison, as the conditions it is."""
    if comparison == "between":  # each two values are a span
        return [values[at : at + 2] for at in range(0, len(values), 2)]
    return [values] if comparison in AS_A_WHOLE else [(value,) for value in dict.fromkeys(values)]


def _where(condition: Condition) -> dict[str, Any]:
    if condition.comparison == "in":
        return {condition.asked: [part for value in condition.values for part in value.split(",")]}
    return {condition.asked: list(condition.values) if len(condition.values) > 1 else condition.values[0]}
