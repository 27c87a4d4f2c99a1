"""The cells of a list. A list has hundreds, so what is the same in all rows is looked up once, and plain kinds are written
without a template; kinds that need more go through their macro, as on every other page."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from markupsafe import Markup, escape

from contracts.message import Attr
from gateway import fields, languages, wording
from gateway.frame import list_address, may_open

Row = Mapping[str, Any]
Writer = Callable[[Any, Row], Any]
Cell = Callable[[Row], str]
"""Writes one column: a row's value as the list shows it, ready for the page."""


def writer(attr: Attr, labels: Mapping[str, Any], entity: str, is_linked: bool = True) -> Cell:
    """How a column is written; `is_linked`: what it refers to may be a link of its own."""
    write = _writer_of(attr, labels, entity)
    if attr.ref and not attr.many:
        write = partial(_reference, labels=labels, base=_base(attr.ref) if is_linked else "")
    name = attr.name
    # the same few people, states and days stand in most rows
    written: dict[Any, str] | None = {} if attr.name == "state" or attr.kind in REPEATED else None

    def cell(row: Row) -> str:
        value = row.get(name)
        if value is None or value == "" or value == []:
            return ""
        if written is None or isinstance(value, list):
            return _safe(write(value, row))
        found = written.get(value)
        if found is None:
            found = written[value] = _safe(write(value, row))
        return found

    return cell


def rows(
    shown: Iterable[Row], columns: Iterable[Callable[[Row], str]], title: Callable[[Row], str], select: str
) -> Markup:
    """The body of the table. `select` is what the box before a row is called, before the row's own name."""
    all_of_them, begin = tuple(columns), _safe(select)
    written = []
    for row in shown:
        id, mark = _safe(row["id"]), ' class="is-archived"' if row.get("archived_at") else ""
        written += [
            f'<tr data-row="{id}"{mark}><td class="cell-pick"><input type="checkbox" class="form-check-input" ',
            f'value="{id}" data-pick aria-label="{begin}{_safe(title(row))}"></td>',
            *[write(row) for write in all_of_them],
            "</tr>\n",
        ]
    return Markup("".join(written))


def _safe(value: Any) -> str:
    """As text for the page; a list has hundreds, and the standard library escapes them in half the time."""
    return str(value) if isinstance(value, Markup) else html.escape(str(value))


def plain_cell(cell: Cell, label: str, is_numeric: bool) -> Callable[[Row], str]:
    """A cell of the table; narrow screens show the label beside the value."""
    begin = f'<td{NUMBER if is_numeric else ""} data-label="{escape(label)}">'
    return lambda row: f"{begin}{cell(row)}</td>"


def title_cell(cell: Cell, base: str, is_numeric: bool) -> Callable[[Row], str]:
    """The cell that leads to the record."""
    begin = f'<td class="cell-title{" is-number" if is_numeric else ""}"><a href="{escape(base)}/'
    return lambda row: f'{begin}{_safe(row["id"])}">{cell(row) or _safe(row.get("number") or "—")}</a></td>'


def due_cell(
    cell: Cell, label: str, is_numeric: bool, is_late: Callable[[Row], bool], mark: str, word: str
) -> Callable[[Row], str]:
    """A cell that says when the day in it has passed."""
    begin = f'<td{NUMBER if is_numeric else ""} data-label="{escape(label)}">'

    def write(row: Row) -> str:
        said = cell(row)
        if is_late(row):
            said = f'<span class="is-late">{mark}{said} <small>{escape(word)}</small></span>'
        return f"{begin}{said}</td>"

    return write


NUMBER = ' class="is-number"'
REPEATED = frozenset({"ref", "choice", "date"})
AROUND = frozenset({"phone"})
"""Kinds whose macro writes nothing but the value into a text that is always the same."""
PLACE = "\ue000"
"""Stands for the value; no text has this character."""


def _writer_of(attr: Attr, labels: Mapping[str, Any], entity: str) -> Writer:
    if attr.name == "state":
        return partial(_badge, entity=entity)
    if attr.kind in AROUND and not attr.many:
        return _around(attr, entity)
    if attr.many or attr.lines is not None or attr.kind not in PLAIN:
        return lambda value, row: fields.show(attr, row, labels, entity, in_list=True)
    if attr.kind == "choice":
        return lambda value, row: wording.choice(value, entity)
    return PLAIN[attr.kind]


def _around(attr: Attr, entity: str) -> Writer:
    """What the macro writes around any value: it is asked once for all rows."""
    begin, *between = str(fields.show(attr, {attr.name: PLACE}, {}, entity, in_list=True)).split(PLACE)

    def write(value: Any, row: Row) -> Markup:
        said = html.escape(str(value))
        return Markup(begin + "".join([f"{said}{part}" for part in between]))

    return write


def _badge(value: str, row: Row, entity: str) -> Markup:
    return Markup('<span class="badge-state" data-tone="{}">{}</span>').format(
        wording.tone(value), wording.state(value, entity)
    )


def _base(entity: str) -> str:
    """Where the pages of such records are; nowhere, if the reader may not open them."""
    return list_address(entity) if may_open(entity) else ""


def _reference(value: str, row: Row, labels: Mapping[str, Any], base: str) -> Any:
    """The name, leading to the record where the reader may see such records (DAT-03)."""
    label = labels.get(str(value))
    name = wording.name_of(label, "—")
    return Markup(f'<a href="{base}/{escape(value)}">{escape(name)}</a>') if base and label else name


def _text(value: Any, row: Row) -> str:
    return str(value)


PLAIN: dict[str, Writer] = {
    "text": _text,
    "email": _text,
    "choice": _text,
    "ref": _text,
    "date": lambda value, row: languages.day(value),
    "amount": lambda value, row: languages.money(value, row.get("currency")),
    "number": lambda value, row: languages.number(value),
    "integer": lambda value, row: languages.number(value),
    "percent": lambda value, row: languages.percent(value),
}
"""Kinds that a list shows as nothing but their text."""
