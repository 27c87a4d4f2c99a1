"""The cells of a list. A list has hundreds, so what is the same in all rows is looked up once, and plain kinds are written
without a template; kinds that need more go through their macro, as on every other page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from markupsafe import Markup, escape

from contracts.message import Attr
from gateway import fields, languages, wording

Row = Mapping[str, Any]
Writer = Callable[[Any, Row], Any]


def writer(attr: Attr, labels: Mapping[str, Any], entity: str) -> Callable[[Row], Markup]:
    """Writes one column: a row's value as the list shows it."""
    write = _writer_of(attr, labels, entity)
    name = attr.name

    def cell(row: Row) -> Markup:
        value = row.get(name)
        return EMPTY if value is None or value == "" or value == [] else escape(write(value, row))

    return cell


EMPTY = Markup("")


def _writer_of(attr: Attr, labels: Mapping[str, Any], entity: str) -> Writer:
    if attr.name == "state":
        return partial(_badge, words={}, entity=entity)
    if attr.many or attr.lines is not None or attr.kind not in PLAIN:
        return lambda value, row: fields.show(attr, row, labels, entity, in_list=True)
    if attr.ref:
        return lambda value, row: wording.name_of(labels.get(str(value)), "—")
    if attr.kind == "choice":
        words: dict[str, str] = {}
        return lambda value, row: words.get(value) or words.setdefault(value, wording.choice(value, entity))
    return PLAIN[attr.kind]


def _badge(value: str, row: Row, words: dict[str, Markup], entity: str) -> Markup:
    if value not in words:
        words[value] = Markup('<span class="badge-state" data-tone="{}">{}</span>').format(
            wording.tone(value), wording.state(value, entity)
        )
    return words[value]


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
