"""What is behind «Filter»: the fields to choose from, the small form for one condition, and the address it means."""

from __future__ import annotations

from dataclasses import replace

from flask import request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from contracts import periods
from contracts.addresses import Condition, ListAddress
from contracts.errors import NotFound
from contracts.message import Attr, Record
from gateway import api
from gateway.addresses import asked
from gateway.entity_pages import chips
from gateway.entity_pages.chips import IS_FILLED, is_state
from gateway.entity_pages.subject import find_record, labels_for
from gateway.frame import list_address, screens
from gateway.languages import gettext as _
from gateway.related import askable, attr_at, followed, is_of_several, ways
from gateway.render import page

EMPTINESS = ("empty", IS_FILLED)
COMPARISONS_OF: dict[str, tuple[str, ...]] = {
    "text": ("contains", "-contains", "eq", "ne", *EMPTINESS),
    "number": ("gte", "lte", "between", "eq", "ne", *EMPTINESS),
    "date": ("eq", "gte", "lte", "between", "lt", "gt", "ne", "month", *EMPTINESS),
    "choice": ("eq", "ne", *EMPTINESS),
    "ref": ("eq", "ne", *EMPTINESS),
    "flag": ("eq",),
    "related": (IS_FILLED, "empty"),
    "file": (IS_FILLED, "empty"),
}
"""What the form offers for each family of kinds; addresses and JSON may use all of them. «-»: it must not hold."""
FAMILY = {
    **dict.fromkeys(chips.NUMBERS, "number"), "date": "date", "datetime": "date", "choice": "choice", "ref": "ref",
    "flag": "flag", "related": "related", "file": "file",
}  # fmt: skip
MONTHS = ("this_month", "next_month", "last_month", *map(str, range(1, 13)))

Group = tuple[str, list[Attr]]


def filterable(record: type[Record]) -> list[Group]:
    """Fields offered as filters under titles, all that people see: first what stands in the list and what it is mostly
    narrowed by, then by the sections of the form."""
    screen = screens().of(record)
    shown = {**screen.shown(record), **{a.name: a for a in record.attrs().values() if a.name in STAMPS}}
    offered = {a.name: a for a in askable(record) if a.name in shown}
    columns = screen.list_columns(record)
    first = [name for name in (*columns, *offered) if name in offered and _is_common(offered[name], columns)]
    rest = [name for name in offered if name not in first and name not in STAMPS]
    sections = [(_(title) if title else _("Others"), names) for title, names in screen.grouped(rest)]
    stamps = [name for name in STAMPS if name not in first]
    named = [(_("Often used"), dict.fromkeys(first)), *sections, (_("Entered and changed"), stamps)]
    return [(title, [offered[name] for name in names]) for title, names in named if names]


def _is_common(a: Attr, columns: tuple[str, ...]) -> bool:
    return a.name == "state" or a.name in COMMON or a.name in columns


STAMPS = ("created_at", "updated_at", "created_by", "updated_by")
COMMON = ("owner_id", "tags", "created_at")


@api.only_page("a form; conditions stand in the address of the list")
def filter_form(service: str, noun: str) -> Response:
    """The small form behind «Filter» of a list."""
    record = find_record(service, noun)
    action = url_for("entity.apply_filter", service=service, noun=noun)
    return condition_form(record, list_address(record.entity()), action, filterable(record), has_related=True)


def condition_form(
    record: type[Record], base: str, action: str, groups: list[Group], has_related: bool = False
) -> Response:
    """Comparison and value for one field, sent to `action`; without a field those of `groups` to choose from.

    `_at` is the place of the condition that is changed; without it there will be one more.
    """
    address = asked()
    place = request.args.get("_at", -1, type=int)
    now = address.conditions[place] if 0 <= place < len(address.conditions) else None
    field = now.field if now else request.args.get("_field", "")
    if not field:
        return page(
            "entity/filter_fields.html", "filter-form", base=base, query=address.written(), filterable=groups,
            has_related=has_related,
        )  # fmt: skip
    about = followed(record, field)
    if about is None:
        raise NotFound(entity=record.entity())
    owner, attr = about
    choices = owner.lifecycle.states if is_state(attr) and owner.lifecycle is not None else attr.choices
    family = "choice" if choices else FAMILY.get(attr.kind, "text")
    others = replace(address, conditions=address.but(now))
    labels = labels_for(chips.condition_ids(record, address, {}))
    return page(
        "entity/filter.html", "filter-form", entity=record.entity(), base=base, owner=owner.entity(),
        attr=attr, now=now, shown_as=_shown_as(now), family=family, choices=choices, comparisons=COMPARISONS_OF[family],
        periods=periods.NAMED, counted=periods.COUNTED, days=_days_in(now), months=MONTHS, kept=others.pairs(),
        label=_comparison_label, labels=labels, action=action,
        brackets=_brackets(record, others), query=address.written(), is_of_several=is_of_several(record, field) and attr.kind != "related",
        others=[c for c in chips.chips(record, address, labels) if c.field == field and c.at != place],
    )  # fmt: skip


def _shown_as(now: Condition | None) -> str:
    """The comparison that the form shows as chosen."""
    if now is None:
        return ""
    if now.comparison == "empty":
        return IS_FILLED if now.values[0] in chips.NO else "empty"
    return "-contains" if now.is_not and now.comparison == "contains" else now.comparison


def _comparison_label(attr: Attr, comparison: str) -> str:
    name = comparison.removeprefix("-")
    return chips.comparison_label(attr, Condition(attr.name, name, ("yes",), is_not=name != comparison))


@api.only_page("a form; conditions stand in the address of the list")
def related_filters(service: str, noun: str) -> Response:
    """The fields of related records, to choose one for a filter."""
    record, address = find_record(service, noun), asked()
    return page(
        "entity/filter_related.html", "filter-form", record=record, base=list_address(record.entity()), query=address.written(),
        ways=list(ways(record)),
    )  # fmt: skip


def _brackets(record: type[Record], address: ListAddress) -> list[tuple[str, str]]:
    """With what a condition may stand in brackets: a bracket there is, or a condition that stands alone."""
    labels = {chip.at: chip.label for chip in chips.chips(record, address, {})}
    named = [(c, labels[at]) for at, c in enumerate(address.conditions) if at in labels]
    whole = [
        (f"group {group}", " + ".join(label for c, label in named if c.group == group))
        for group in address.groups
    ]
    return whole + [(c.key, label) for c, label in named if not c.group]


def _bracketed(address: ListAddress, company: str) -> tuple[ListAddress, int]:
    """The address in which a new condition finds its company in brackets, and the number of those; 0 when it stands alone."""
    word, _, number = company.partition(" ")
    if word == "group" and number.isdecimal() and int(number) in address.groups:
        return address, int(number)
    alone = [c for c in address.conditions if not c.group and c.key == company]
    if not alone:
        return address, 0
    group = max([0, *address.groups]) + 1
    return replace(
        address, conditions=tuple(replace(c, group=group) if c in alone else c for c in address.conditions)
    ), group


def _days_in(now: Condition | None) -> tuple[str, int] | None:
    """The days in words, with their number, that a condition has as its value."""
    found = (periods.counted(value) for value in now.values) if now else ()
    return next((of_days for of_days in found if of_days), None)


def _written_days(value: str) -> str:
    """`last_n_days` with the number that was typed beside it; nothing without one."""
    if value not in periods.COUNTED:
        return value
    number = request.args.get("_days", "").strip()
    return value.replace("n_days", f"{int(number)}_days") if number.isdecimal() and len(number) < 6 else ""


@api.only_page("leads from the form to the address of the list")
def apply_filter(service: str, noun: str) -> Response:
    """From the filter form to the list it means."""
    record = find_record(service, noun)
    return redirect(url_for("entity.listing", service=service, noun=noun) + narrowed(record).written(), 303)


def narrowed(record: type[Record]) -> ListAddress:
    """The address that a filter form means: the one it was opened with, and its condition."""
    address = asked()
    field = request.args.get("_field", "")
    comparison, values = _asked_for(request.args.get("_comparison", "eq"))
    if attr_at(record, field) is not None and values:
        address, group = _bracketed(address, request.args.get("_with", ""))
        is_not = comparison.startswith("-") or bool(request.args.get("_not"))
        condition = Condition(field, comparison.removeprefix("-"), values, group, is_not)
        address = replace(address, conditions=_joined(address.conditions, condition))
    return address


def _asked_for(comparison: str) -> tuple[str, tuple[str, ...]]:
    """The comparison and its values; a span that is open at one end is «from» or «until»."""
    if comparison in EMPTINESS:
        return "empty", (
            "no" if comparison == IS_FILLED or "no" in request.args.getlist("_value") else "yes",
        )
    if comparison == "month":
        return comparison, tuple(filter(None, request.args.getlist("_month")))
    values = tuple(written for value in request.args.getlist("_value") if (written := _written_days(value)))
    if comparison != "between":
        return comparison, values
    first = tuple(value for value in values if not periods.is_period(value))[:1]
    last = tuple(filter(None, request.args.getlist("_until")))[:1]
    return {(True, False): "gte", (False, True): "lte"}.get(
        (bool(first), bool(last)), comparison
    ), first + last


def _joined(conditions: tuple[Condition, ...], new: Condition) -> tuple[Condition, ...]:
    """With one more; what may be one of several values is asked once, with all of them."""
    for at, known in enumerate(conditions):
        if (known.key, known.comparison) == (new.key, "eq"):
            values = tuple(dict.fromkeys((*known.values, *new.values)))
            return (*conditions[:at], replace(known, values=values), *conditions[at + 1 :])
    return (*conditions, new)
