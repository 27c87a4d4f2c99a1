"""The list of an entity: a page of rows, its tabs and columns; also as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import request
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from chassis.wire import raise_problem
from contracts import cards
from contracts.addresses import ListAddress
from contracts.batches import MOST
from contracts.deleted_fields import GONE
from contracts.errors import Problem
from contracts.message import Attr, Record
from contracts.query import COMPARISONS, ListOf
from gateway import api, cells, languages, wording
from gateway.addresses import asked
from gateway.assets import icon
from gateway.auth import actor
from gateway.entity_pages import batches, exports, views
from gateway.entity_pages.chips import chips, condition_ids
from gateway.entity_pages.subject import find_record, labels_for, title_of
from gateway.fields import is_numeric, is_sortable
from gateway.frame import list_address, registry, screens
from gateway.languages import gettext as _
from gateway.related import askable
from gateway.render import form_key, json, page, template_for, wanted
from gateway.rpc import Question, ask, ask_each
from gateway.screen import Screen, is_late

ALWAYS = ("id", "number", "state", "currency", "archived_at")
"""What the rows of a page need whatever its columns are."""

NOTHING: dict[str, Any] = {"rows": [], "labels": {}, "next": None, "count": 0, "capped": False, "totals": {}}
"""What fits a condition on a field that was deleted."""


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


def _each() -> Iterator[api.Described]:
    for record in registry().records.values():
        asks, answer = (*api.WHICH_ROWS, *api.PAGED, *_filters(record)), api.schema_of(record, "Page")
        yield api.of_record(
            record, "list", f"{record.plural or record.label}: one page", asks=asks, answers=answer
        )


def _filters(record: type[Record]) -> Iterator[api.Parameter]:
    """The conditions of an address, as programs are told of them."""
    note = f"One or several values. With a comparison: `FIELD__` and one of {', '.join(COMPARISONS)}."
    for a in askable(record):
        yield api.text(a.name, note)
        if not a.many and a.ref.partition(".")[0] != record.service():
            yield from (api.text(f"{a.name}.{name}", note) for name in cards.carried(a.ref))


@api.described(
    summary="A list as a file: a table, a spreadsheet, business cards.",
    asks=(*api.WHICH_ROWS, *api.PAGED),
    each=_each,
)
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
    return _page(record, address.listed)


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
    is_gone = any(condition.field == GONE for condition in address.conditions)
    found = NOTHING if is_gone and isinstance(answers[0], Problem) else raise_problem(answers[0])
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
        "is_gone": is_gone,
        "title_of": title_of,
        "saves_views": tabs_question is not None,
        "keepers": _keepers(screen),
        "kept_as": views.of_keeper(address),
        "may": lambda action: actor().may(f"{record.entity()}.{action}"),
        "base": list_address(record.entity()),
        "fit": (fit := batches.fit(record, address.archived)),
        "merges": (
            merges := record.merges and not address.archived and actor().may(f"{record.entity()}.merge")
        ),
        "does_many": bool(fit or merges or actor().may(f"{record.entity()}.export")),
        "most_at_once": MOST,
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


STAMPS = ("created_at", "updated_at", "id")
"""What no form shows and a list may."""


def chosen_columns(record: type[Record], address: ListAddress | None = None) -> tuple[str, ...]:
    """What the address says, else what this browser was last told, else what the screen says."""
    address = address or asked()
    shown = screens().of(record).shown(record)
    stamps = {name: a for name, a in record.attrs().items() if name in STAMPS}
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
        cell = cells.writer(attr, labels, record.entity(), is_linked=name != title)
        if name == title:
            write = cells.title_cell(cell, base, number)
        elif screen.due and name == screen.due.field:
            late = partial(is_late, screen)
            write = cells.due_cell(cell, label, number, late, icon("alert-triangle"), _("overdue"))
        else:
            write = cells.plain_cell(cell, label, number)
        found.append(Column(attr, sort, direction, name == title, number, label, cell, write))
    return found


@api.only_page("a form; the columns stand in the address of the list")
def columns_form(service: str, noun: str) -> Response:
    """The small form behind «Columns» of a list: the shown ones first, in their order."""
    record, address = find_record(service, noun), asked()
    shown = chosen_columns(record, address)
    others = [a for a in _choosable(record) if a.name not in shown]
    return page(
        "entity/columns.html",
        "columns-form",
        base=list_address(record.entity()),
        address=address,
        shown=shown,
        choosable=[*(record.attrs()[name] for name in shown), *others],
    )


def _choosable(record: type[Record]) -> list[Attr]:
    """Fields that may be columns."""
    stamps = [record.attrs()[name] for name in STAMPS]
    shown = screens().of(record).shown(record)
    return [a for a in shown.values() if a.lines is None and a.kind != "json"] + stamps
