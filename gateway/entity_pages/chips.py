"""The conditions of an address as a person reads them, each with the way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts import addresses, periods
from contracts.addresses import Condition, ListAddress
from contracts.message import Attr, Record
from gateway import languages, wording
from gateway.entity_pages.subject import labels_for
from gateway.frame import registry
from gateway.languages import gettext as _
from gateway.related import followed, is_of_several

NO = frozenset({"no", "false", "0"})
IS_FILLED = "filled"
"""How the form calls «is empty: no»."""


@dataclass(frozen=True)
class Chip:
    """A condition in words, with the address that drops it."""

    label: str
    comparison: str
    value: str
    drop: str
    field: str
    group: int = 0
    at: int = 0
    """Its place among the conditions of the address, by which it is changed."""


def chips(record: type[Record], address: ListAddress, labels: Mapping[str, Any]) -> list[Chip]:
    """The conditions of an address as a person reads them."""
    found = []
    for at, condition in enumerate(address.conditions):
        about = followed(record, condition.field)
        if about is not None:
            owner, attr = about
            label, comparison = _label(record, attr, condition), comparison_label(attr, condition)
            if condition.is_not and label == wording.field_label(attr) and condition.comparison != "contains":
                comparison = _("not: %(comparison)s", comparison=comparison)
            found.append(
                Chip(
                    label, comparison, _value(owner, attr, condition, labels), address.without(condition), condition.field,
                    condition.group, at,
                )
            )  # fmt: skip
    return sorted(found, key=lambda chip: chip.group)


def conditions_of(list_of: str, query: str) -> list[Chip]:
    """A question that somebody keeps, as a person reads it."""
    record, address = registry().record(list_of), addresses.read(query)
    if record is None:
        return []
    found = chips(record, address, labels_for(condition_ids(record, address, {})))
    return [Chip(_("Search"), _("contains"), address.text, "", "q"), *found] if address.text else found


def _label(record: type[Record], attr: Attr, condition: Condition) -> str:
    """What it is about; where none of the records that refer to this one may be so, that there is none."""
    label = wording.field_label(attr)
    is_none = condition.is_not and is_of_several(record, condition.field)
    return _("without %(what)s", what=label) if is_none else label


def comparison_label(attr: Attr, condition: Condition) -> str:
    """The comparison in words that fit the kind."""
    if condition.comparison in ("empty", IS_FILLED):
        is_filled = condition.comparison == IS_FILLED or (condition.values[:1] and condition.values[0] in NO)
        if attr.kind == "related":
            return _("there are some") if is_filled else _("there are none")
        return _("is filled in") if is_filled else _("is empty")
    if attr.kind in {"date", "datetime"}:
        dated = {
            "eq": _("is"), "ne": _("is not (or empty)"), "gte": _("from"), "lte": _("until"), "gt": _("after"),
            "lt": _("before"), "between": _("from … to …"), "month": _("in the month"),
        }  # fmt: skip
        return dated.get(condition.comparison, condition.comparison)
    words = {
        "eq": _("is"), "ne": _("is not"), "in": _("is one of"), "gte": "≥", "lte": "≤", "gt": ">", "lt": "<",
        "between": _("from … to …"),
        "contains": _("does not contain") if condition.is_not else _("contains"),
    }  # fmt: skip
    return words.get(condition.comparison, condition.comparison)


def _value(owner: type[Record], attr: Attr, condition: Condition, labels: Mapping[str, Any]) -> str:
    if condition.comparison == "empty":
        return ""
    if condition.comparison == "month":
        return ", ".join(map(month_name, condition.values))
    said = [_said(owner, attr, value, labels) for value in condition.values]
    return (" – " if condition.comparison == "between" else ", ").join(said)


def month_name(value: str) -> str:
    """«May», «this month»."""
    return (
        languages.month(int(value)) if value.isdecimal() and 1 <= int(value) <= 12 else wording.period(value)
    )


def _said(owner: type[Record], attr: Attr, value: str, labels: Mapping[str, Any]) -> str:
    if attr.kind in {"date", "datetime"} and periods.is_period(value):
        return wording.period(value)
    if attr.ref:
        return _("me") if value == "me" else wording.name_of(labels.get(value), value[:8])
    if is_state(attr):
        return wording.state(value, owner.entity())
    if attr.kind == "choice":
        return wording.choice(value, owner.entity())
    if attr.kind == "flag":
        return _("yes") if value in {"yes", "true", "1"} else _("no")
    return languages.number(value) if attr.kind in NUMBERS else value


NUMBERS = frozenset({"integer", "amount", "percent", "number"})


def is_state(attr: Attr) -> bool:
    """Whether it is where a record stands in its life, its own or that of a related one."""
    return attr.name.rpartition(".")[2] == "state"


def condition_ids(
    record: type[Record], address: ListAddress, known: Mapping[str, Any]
) -> dict[str, set[str]]:
    """Ids in filter chips whose names did not come with the rows."""
    found: dict[str, set[str]] = {}
    for condition in address.conditions:
        about = followed(record, condition.field)
        if about is not None and about[1].ref:
            unknown = {value for value in condition.values if value != "me" and value not in known}
            found.setdefault(about[1].ref, set()).update(unknown)
    return found
