"""Any record on paper: what its page says, and what belongs to it, for the printer or as a file (DAT-06)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import cn2an
from flask import Response

from chassis.wire import raise_problem
from contracts.errors import Problem
from contracts.message import Attr, Record
from contracts.query import GetOf, ListOf, Query
from gateway import api, languages, wording
from gateway.auth import actor
from gateway.entity_pages.list_files import XLSX, cell
from gateway.entity_pages.records import Link, links, title_of
from gateway.entity_pages.subject import called, find_record
from gateway.fields import filled, is_numeric
from gateway.frame import screens
from gateway.languages import gettext as _
from gateway.papers import Chapter, Column, Pair, Paper, Section, Table, Value, pdf, sheet, word
from gateway.render import json, named, page, record_address, wanted
from gateway.rpc import Question, ask_each
from gateway.screen import Part, Screen

MOST_ROWS = 100
"""Of each list beside a record."""
MOST_COLUMNS = 7
WIDE = frozenset({"long_text", "lines", "json"})
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WRITERS = {"pdf": (pdf.write, "application/pdf"), "docx": (word.write, WORD), "xlsx": (sheet.write, XLSX)}


@api.described(summary="A record as it is printed, with what belongs to it (DAT-06).", answers=Paper)
def paper(service: str, noun: str, id: UUID, suffix: str = "") -> Response:
    """A record as a page to print, or as a file. Whoever may read the record may print it."""
    record = find_record(service, noun)
    drawn = _draw(record, id)
    kind = wanted()
    if kind == "json":
        return json(asdict(drawn))
    if kind == "html":
        return page("entity/paper.html", paper=drawn, address=record_address(record.entity(), id))
    return sent(drawn, kind)


def sent(paper: Paper, kind: str) -> Response:
    """A paper as a file: pdf, docx or xlsx."""
    write, media_type = WRITERS[kind]
    return named(Response(write(paper), mimetype=media_type), f"{paper.file_name}.{kind}")


def stamp() -> str:
    """Who printed it, and when."""
    now = languages.moment(datetime.now(UTC))
    return _("Printed by %(name)s, %(moment)s", name=wording.own_name(actor()), moment=now)


@dataclass(frozen=True)
class Cells:
    """What is on a paper comes from rows of one entity and the names behind them."""

    record: type[Record]
    labels: Mapping[str, Any]

    def value(self, attr: Attr, row: Mapping[str, Any], currency: str | None = None) -> Value:
        """A field of a row, as people read it and as a spreadsheet takes it."""
        plain = cell(attr, row, self.labels, self.record.entity())
        if plain is None:
            return Value("")
        given = row[attr.name]
        if attr.kind == "file":
            return Value(str(given["name"]), plain)
        if attr.kind in WRITTEN and not attr.many:
            return Value(WRITTEN[attr.kind](given), plain, is_whole=attr.kind == "date")
        if attr.kind == "amount":
            return Value(languages.money(given, row.get("currency") or currency), plain)
        return Value(str(plain), plain, is_whole=attr.name == "number")

    def pairs(self, names: list[str], row: Mapping[str, Any], in_capitals: tuple[str, ...]) -> Iterator[Pair]:
        """Fields that say something, each under its title."""
        for name in names:
            attr = self.record.attrs()[name]
            value = self.value(attr, row)
            if value.text:
                yield Pair(wording.field_label(attr), value, attr.kind in WIDE or len(value.text) > 60)
            if name in in_capitals and (said := capitals(row.get(name), row.get("currency"))):
                title = _("%(amount)s in capitals", amount=wording.field_label(attr))
                yield Pair(title, Value(said), len(said) > 20)

    def table(
        self,
        title: str,
        attrs: list[Attr],
        rows: list[dict[str, Any]],
        note: str = "",
        currency: str | None = None,
    ) -> Table:
        """Rows under the titles of the fields that any of them fills."""
        said = [[self.value(attr, row, currency) for attr in attrs] for row in rows]
        filled_in = [at for at in range(len(attrs)) if any(values[at].text for values in said)][:MOST_COLUMNS]
        return Table(
            title,
            tuple(
                Column(
                    wording.field_label(attrs[at]), is_numeric(attrs[at]), attrs[at].kind in WIDE or not place
                )
                for place, at in enumerate(filled_in)
            ),
            tuple(tuple(values[at] for at in filled_in) for values in said),
            note,
        )


WRITTEN = {
    "date": languages.day, "datetime": languages.moment, "percent": languages.percent, "number": languages.number,
    "integer": languages.number,
}  # fmt: skip


def capitals(amount: Any, currency: str | None) -> str:
    """An amount of yuan as contracts write it, so that nobody adds a zero: 壹仟贰佰元整."""
    if amount in (None, "") or (currency or "CNY") != "CNY":
        return ""
    said: str = cn2an.an2cn(str(Decimal(str(amount)).quantize(Decimal("0.01"))), "rmb")
    return said


def _draw(record: type[Record], id: UUID) -> Paper:
    """Everything in one flight. A part that does not answer is named on the paper."""
    screen = screens().built_in(record)
    parts = screen.paper or (Part("", tuple(link.name for link in links(record, screen.related))),)
    beside = links(record, [name for part in parts for name in part.related])
    get = Question(record.service(), "get", GetOf(entity=record.entity(), id=id))
    stored, *lists = ask_each(get, *(_list_question(link, id) for link in beside))
    found = raise_problem(stored)
    row, rows = found["row"], Cells(record, found["labels"])
    tables = {
        link.name: _related(link, title_of(link, beside), answer, row)
        for link, answer in zip(beside, lists, strict=True)
    }
    chapters: list[Chapter] = []
    for part in parts:
        related = [tables[name] for name in part.related if name in tables]
        own = ((), ()) if chapters else (_sections(screen, rows, row), _lines(screen, rows, row))
        shown = (*own[1], *(table for table in related if table is not None))
        chapters.append(Chapter(_(part.title) if part.title else "", own[0], shown))
    return Paper(
        kind=wording.entity_label(record),
        title=called(record, row, found["labels"]),
        number=row.get("number") or "",
        state=wording.state(row["state"], record.entity()) if row.get("state") else "",
        chapters=tuple(c for c in chapters if c.sections or c.tables),
        printed=stamp(),
        language=languages.language(),
    )


def _sections(screen: Screen, rows: Cells, row: Mapping[str, Any]) -> tuple[Section, ...]:
    """The record's own fields, as its page groups them; the head of the paper says what names it, unless that is all."""
    said_above = {*rows.record.title, "number", "state"}
    names = [n for n, a in screen.shown(rows.record).items() if a.lines is None]
    further = [n for n in names if n not in said_above]
    return _grouped(screen, rows, row, further) or _grouped(screen, rows, row, names)


def _grouped(screen: Screen, rows: Cells, row: Mapping[str, Any], names: list[str]) -> tuple[Section, ...]:
    grouped = [
        (title, tuple(rows.pairs(inside, row, screen.in_capitals))) for title, inside in screen.grouped(names)
    ]
    return tuple(Section(_(title) if title else "", pairs) for title, pairs in grouped if pairs)


def _lines(screen: Screen, rows: Cells, row: Mapping[str, Any]) -> tuple[Table, ...]:
    """The lines of a document, each kind a table."""
    found = []
    for attr in screen.shown(rows.record).values():
        if attr.lines is not None and row.get(attr.name):
            columns, inner = filled(attr, row[attr.name], rows.labels), Cells(attr.lines, rows.labels)
            found.append(
                inner.table(wording.field_label(attr), columns, row[attr.name], currency=row.get("currency"))
            )
    return tuple(found)


def _list_question(link: Link, id: UUID) -> Question:
    query = Query(where={link.attr.name: str(id)}, limit=MOST_ROWS)
    return Question(link.record.service(), "list", ListOf(entity=link.record.entity(), query=query))


def _related(link: Link, title: str, answer: Any, of: Mapping[str, Any]) -> Table | None:
    """A list beside the record: what its own list would show, but not again what the record itself says."""
    record = link.record
    if isinstance(answer, Problem):
        return Table(title, note=_("This part does not answer at the moment."))
    if not answer["rows"]:
        return None
    names = [
        n for n in screens().of(record).list_columns(record)
        if n != link.attr.name and not (record.attrs()[n].ref and all(row[n] == of.get(n) for row in answer["rows"]))
    ]  # fmt: skip
    shown, all_of_them = len(answer["rows"]), languages.capped(answer["count"], answer["capped"])
    note = (
        _("The first %(shown)s of %(all)s.", shown=shown, all=all_of_them) if answer["count"] > shown else ""
    )
    return Cells(record, answer["labels"]).table(
        title, [record.attrs()[n] for n in names], answer["rows"], note
    )
