"""The list of an entity: a page of rows, its tabs, filters and columns; also as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from flask import request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from chassis.wire import raise_problem
from contracts import addresses, periods
from contracts.addresses import Condition, ListAddress
from contracts.errors import NotFound
from contracts.message import Attr, Record
from contracts.query import ListOf
from gateway import cells, languages, wording
from gateway.addresses import asked
from gateway.assets import icon
from gateway.auth import actor
from gateway.entity_pages import exports, views
from gateway.entity_pages.subject import find_record, labels_for, title_of
from gateway.fields import is_numeric, is_sortable
from gateway.frame import list_address, registry, screens
from gateway.languages import gettext as _
from gateway.related import attr_at, ways
from gateway.render import form_key, json, page, template_for, wanted
from gateway.rpc import Question, ask, ask_each
from gateway.screen import Screen, is_late

COMPARISONS_OF: dict[str, tuple[str, ...]] = {
    "text": ("contains", "eq", "ne", "empty"),
    "number": ("gte", "lte", "eq", "empty"),
    "date": ("eq", "ne", "gte", "lte", "lt", "gt", "empty"),
    "choice": ("eq", "ne", "empty"),
    "ref": ("eq", "ne", "empty"),
    "flag": ("eq",),
    "related": ("empty",),
    "file": ("empty",),
}
"""What the filter form offers for each family of kinds; addresses and JSON may use all of them."""
FAMILY = {
    "integer": "number", "amount": "number", "percent": "number", "number": "number", "date": "date",
    "datetime": "date", "choice": "choice", "ref": "ref", "flag": "flag", "related": "related",
    "file": "file",
}  # fmt: skip

ALWAYS = ("id", "number", "state", "currency", "archived_at")
"""What the rows of a page need whatever its columns are."""


@dataclass(frozen=True)
class Column:
    """A column as the page shows it."""

    attr: Attr
    sort: str
    """Address of the list ordered by this column, or the other way round; empty where it cannot be."""
    direction: str
    is_title: bool
    is_numeric: bool
    label: str
    value: cells.Cell
    """Writes the column's value of a row, ready for the page."""
    cell: Callable[[Mapping[str, Any]], str]
    """Writes the whole cell of the table around it."""


def listing(service: str, noun: str, suffix: str = "") -> Response:
    """Rows as a page, JSON or a file; the address says which rows."""
    kind = wanted()
    if kind in {"csv", "xlsx", "vcf"}:
        return exports.export(find_record(service, noun, "export"), asked(), kind)
    record = find_record(service, noun)
    address = asked()
    if kind == "json":
        query = address.query(totals="totals" in request.args)
        return json(ask(service, "list", ListOf(entity=record.entity(), query=query)))
    return _page(record, address)


def _page(record: type[Record], address: ListAddress) -> Response:
    screen = screens().of(record)
    tabs_question = views.question(record)
    query = address.query(totals=True)
    names = chosen_columns(record, address)
    message = ListOf(entity=record.entity(), query=query, fields=_needed(record, screen, names))
    questions = [Question(record.service(), "list", message)]
    answers = ask_each(*questions, *([tabs_question] if tabs_question else []))
    tabs = views.tabs(record, screen, address, answers[1] if tabs_question else None)
    if (first := views.opens_first(screen, address, tabs)) is not None:
        return redirect(first)
    found = raise_problem(answers[0])
    labels = found["labels"] | labels_for(condition_ids(record, address, found["labels"]))
    shown = columns(record, address, names, labels)
    values = {
        "record": record,
        "entity": record.entity(),
        "screen": screen,
        "address": address,
        "columns": shown,
        "written": cells.rows(
            found["rows"],
            (column.cell for column in shown),
            partial(title_of, record),
            _("Select %(what)s", what=""),
        ),
        "rows": found["rows"],
        "labels": labels,
        "found": found,
        "tabs": tabs,
        "is_home": views.is_home(screen, address),
        "chips": chips(record, address, labels),
        "title_of": title_of,
        "filterable": filterable(record, screen),
        "choosable": choosable(record, screen),
        "saves_views": tabs_question is not None,
        "keepers": _keepers(screen),
        "kept_as": views.of_keeper(address),
        "may": lambda action: actor().may(f"{record.entity()}.{action}"),
        "base": list_address(record.entity()),
        "query": address.written(),
        "file_kinds": exports.kinds(record),
        "export_key": form_key(),
        "here": request.full_path.rstrip("?"),
    }
    response = page(template_for(record.entity(), "list"), "list", "rows", **values)
    response.headers["X-Row-Count"] = languages.capped(found["count"], found["capped"])
    if "columns" in request.args and not address.view:
        views.remember_columns(response, record, names)
    return response


def _keepers(screen: Screen) -> list[type[Record]]:
    """The records that can keep which rows the list shows, where the person may make one."""
    found = [registry().record(name) for name in screen.kept_as if actor().may(f"{name}.create")]
    return [record for record in found if record is not None]


def _needed(record: type[Record], screen: Screen, names: tuple[str, ...]) -> tuple[str, ...]:
    """What the rows of a page need: the columns, what a row is called, and what decides how it looks."""
    due = (screen.due.field,) if screen.due else ()
    english = (f"{name}_en" for name in record.title)
    wanted = dict.fromkeys((*names, *record.title, *english, *ALWAYS, *due))
    return tuple(name for name in wanted if name in record.attrs())


def chosen_columns(record: type[Record], address: ListAddress | None = None) -> tuple[str, ...]:
    """What the address says, else what this browser was last told, else what the screen says."""
    address = address or asked()
    shown = screens().of(record).shown(record)
    stamps = {name: a for name, a in record.attrs().items() if name in {"created_at", "updated_at"}}
    for wish in (address.columns, views.remembered_columns(record)):
        names = tuple(name for name in wish if name in shown | stamps and not record.attrs()[name].lines)
        if names:
            return names
    return screens().of(record).list_columns(record)


def columns(
    record: type[Record], address: ListAddress, names: tuple[str, ...], labels: Mapping[str, Any]
) -> list[Column]:
    """Columns with the addresses behind their titles."""
    order = address.sort or record.sort
    screen, base = screens().of(record), list_address(record.entity())
    title = next((name for name in names if name in record.title), names[0] if names else "")
    found = []
    for name in names:
        attr = record.attrs()[name]
        direction = {name: "ascending", f"-{name}": "descending"}.get(order, "")
        first = f"-{name}" if attr.kind in {"amount", "number", "integer", "percent", "datetime"} else name
        turned = {"ascending": f"-{name}", "descending": name}.get(direction, first)
        sort = address.written(sort=turned) if is_sortable(attr) else ""
        label, number = wording.field_label(attr), is_numeric(attr)
        cell = cells.writer(attr, labels, record.entity())
        if name == title:
            write = cells.title_cell(cell, base, number)
        elif screen.due and name == screen.due.field:
            late = partial(is_late, screen)
            write = cells.due_cell(cell, label, number, late, icon("alert-triangle"), _("overdue"))
        else:
            write = cells.plain_cell(cell, label, number)
        found.append(Column(attr, sort, direction, name == title, number, label, cell, write))
    return found


def filterable(record: type[Record], screen: Screen) -> list[Attr]:
    """Fields offered as filters."""
    shown = screen.shown(record)
    stamps = [record.attrs()[name] for name in ("created_at", "updated_at")]
    return [a for a in shown.values() if a.filter or a.name == "state"] + stamps


def choosable(record: type[Record], screen: Screen) -> list[Attr]:
    """Fields that may be columns."""
    stamps = [record.attrs()[name] for name in ("created_at", "updated_at")]
    return [a for a in screen.shown(record).values() if a.lines is None and a.kind != "json"] + stamps


# -- filters ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chip:
    """A condition in words, with the address that drops it and the one that edits it."""

    label: str
    comparison: str
    value: str
    drop: str
    field: str
    group: int = 0


def chips(record: type[Record], address: ListAddress, labels: Mapping[str, Any]) -> list[Chip]:
    """The conditions of an address as a person reads them."""
    found = []
    for condition in address.conditions:
        attr = attr_at(record, condition.field)
        if attr is not None:
            value = ", ".join(_said(record, attr, value, labels) for value in condition.values)
            value = "" if condition.comparison == "empty" else value
            found.append(
                Chip(
                    wording.field_label(attr), comparison_label(attr, condition), value,
                    address.without(condition), condition.field, condition.group,
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


def comparison_label(attr: Attr, condition: Condition) -> str:
    """The comparison in words that fit the kind."""
    if attr.kind == "related":
        return _("there are some") if condition.values[0] in {"no", "false", "0"} else _("there are none")
    if condition.comparison == "empty":
        return _("is filled in") if condition.values[0] in {"no", "false", "0"} else _("is empty")
    if attr.kind in {"date", "datetime"}:
        dated = {
            "eq": _("is"), "ne": _("is not (or empty)"), "gte": _("from"), "lte": _("until"), "gt": _("after"),
            "lt": _("before"),
        }  # fmt: skip
        return dated.get(condition.comparison, condition.comparison)
    words = {
        "eq": _("is"), "ne": _("is not"), "in": _("is one of"), "gte": "≥", "lte": "≤", "gt": ">", "lt": "<",
        "contains": _("contains"),
    }  # fmt: skip
    return words.get(condition.comparison, condition.comparison)


def _said(record: type[Record], attr: Attr, value: str, labels: Mapping[str, Any]) -> str:
    if attr.kind in {"date", "datetime"} and periods.is_period(value):
        return wording.period(value)
    if attr.ref:
        return _("me") if value == "me" else wording.name_of(labels.get(value), value[:8])
    if attr.name == "state":
        return wording.state(value, record.entity())
    if attr.kind == "choice":
        return wording.choice(value, record.entity())
    if attr.kind == "flag":
        return _("yes") if value in {"yes", "true", "1"} else _("no")
    return languages.number(value) if FAMILY.get(attr.kind) == "number" else value


def condition_ids(
    record: type[Record], address: ListAddress, known: Mapping[str, Any]
) -> dict[str, set[str]]:
    """Ids in filter chips whose names did not come with the rows."""
    found: dict[str, set[str]] = {}
    for condition in address.conditions:
        attr = attr_at(record, condition.field)
        if attr is not None and attr.ref:
            unknown = {value for value in condition.values if value != "me" and value not in known}
            found.setdefault(attr.ref, set()).update(unknown)
    return found


def filter_form(service: str, noun: str) -> Response:
    """The small form behind «Filter» of a list."""
    record = find_record(service, noun)
    return condition_form(record, url_for("entity.apply_filter", service=service, noun=noun))


def condition_form(record: type[Record], action: str) -> Response:
    """Comparison and value for one field, sent to `action`."""
    attr = attr_at(record, request.args.get("_field", ""))
    if attr is None:
        raise NotFound(entity=record.entity())
    group = request.args.get("_group", 0, type=int)
    address = asked()
    now = next((c for c in address.conditions if (c.field, c.group) == (attr.name, group)), None)
    others = replace(address, conditions=tuple(c for c in address.conditions if c != now))
    choices: tuple[str, ...] = attr.choices
    if attr.name == "state" and record.lifecycle is not None:
        choices = record.lifecycle.states
    family = "choice" if choices else FAMILY.get(attr.kind, "text")
    ids = {attr.ref: set(now.values) - {"me"}} if now and attr.ref else {}
    return page(
        "entity/filter.html", "filter-form", record=record, entity=record.entity(), attr=attr, now=now,
        family=family, choices=choices, comparisons=COMPARISONS_OF[family], periods=periods.NAMED, counted=periods.COUNTED, days=_days_in(now),
        kept=others.pairs(), label=comparison_label, condition=Condition, labels=labels_for(ids),
        action=action, group=group,
        brackets=_brackets(record, others),
    )  # fmt: skip


def related_filters(service: str, noun: str) -> Response:
    """The fields of related records, to choose one for a filter."""
    record = find_record(service, noun)
    return page(
        "entity/filter_related.html", "filter-form", record=record, entity=record.entity(), ways=list(ways(record)),
        address=asked(),
    )  # fmt: skip


def _brackets(record: type[Record], address: ListAddress) -> list[tuple[str, str]]:
    """With what a condition may stand in brackets: a bracket there is, or a condition that stands alone."""
    shown = [(condition, attr_at(record, condition.field)) for condition in address.conditions]
    labels = [(c, wording.field_label(a)) for c, a in shown if a is not None]
    whole = [
        (f"group {group}", " + ".join(label for c, label in labels if c.group == group))
        for group in address.groups
    ]
    return whole + [(c.key, label) for c, label in labels if not c.group]


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


def apply_filter(service: str, noun: str) -> Response:
    """From the filter form to the list it means."""
    record = find_record(service, noun)
    return redirect(url_for("entity.listing", service=service, noun=noun) + narrowed(record).written(), 303)


def narrowed(record: type[Record]) -> ListAddress:
    """The address that a filter form means: the one it was opened with, and its condition."""
    field, comparison = request.args.get("_field", ""), request.args.get("_comparison", "eq")
    values = tuple(written for value in request.args.getlist("_value") if (written := _written_days(value)))
    address = asked()
    if attr_at(record, field) is not None and (values or comparison == "empty"):
        values = values or ("yes",)
        if comparison == "empty":
            values = ("no",) if "no" in values else ("yes",)
        address, group = _bracketed(address, request.args.get("_with", ""))
        address = replace(
            address, conditions=(*address.conditions, Condition(field, comparison, values, group))
        )
    return address
