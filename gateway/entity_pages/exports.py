"""A list as a file: CSV that streams, or a spreadsheet; texts stay texts, and nothing in them runs as a formula."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any
from urllib.parse import urljoin

import xlsxwriter
from flask import Response, request, stream_with_context

from contracts.addresses import ListAddress
from contracts.message import Attr, Record
from contracts.query import ListOf
from gateway import languages, wording
from gateway.entity_pages.subject import find_record
from gateway.frame import screens
from gateway.languages import gettext as _
from gateway.matching import importable
from gateway.render import named, record_address
from gateway.rpc import ask

AT_ONCE = 1000
MOST_ROWS = 1_048_575
"""What one sheet holds."""
EXACT = Decimal(10) ** 13
"""Beyond this a spreadsheet's number would lose cents, so the amount is written as text."""
RISKY = re.compile(r"[=+\-@\t\r]")
HARMLESS = re.compile(r"[+-]?[\d\s().,/#-]+")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export(record: type[Record], address: ListAddress, chosen: tuple[str, ...], kind: str) -> Response:
    """All rows an address means. `columns=` in the address picks columns; without it every field comes along."""
    names = chosen if "columns" in request.args else all_columns(record)
    attrs = {name: record.attrs()[name] for name in names}
    pages = _pages(record, replace(address, limit=AT_ONCE, after=""))
    # The first page is asked for now, so that a refusal is an answer and not half a file.
    first = next(pages)
    stem = f"{wording.entity_plural(record)} {languages.today()}"
    if kind == "csv":
        lines = csv_lines(attrs, _chained(first, pages), record.entity())
        response = Response(stream_with_context(lines), mimetype="text/csv")
    else:
        made = spreadsheet(attrs, _chained(first, pages), record.entity())
        response = Response(chunks(made), mimetype=XLSX)
    return named(response, f"{stem}.{kind}")


def all_columns(record: type[Record]) -> tuple[str, ...]:
    """Every field that fits into a cell."""
    return tuple(name for name, a in screens().of(record).shown(record).items() if a.lines is None)


Rows = tuple[list[dict[str, Any]], Mapping[str, Any]]


def _pages(record: type[Record], address: ListAddress) -> Iterator[Rows]:
    seen, after = 0, ""
    while True:
        query = replace(address, after=after).query()
        found = ask(record.service(), "list", ListOf(entity=record.entity(), query=query), timeout=30)
        yield found["rows"], found["labels"]
        seen, after = seen + len(found["rows"]), found["next"]
        if not after or seen >= MOST_ROWS:
            return


def _chained(first: Rows, rest: Iterator[Rows]) -> Iterator[Rows]:
    yield first
    yield from rest


def cell(attr: Attr, row: Mapping[str, Any], labels: Mapping[str, Any], entity: str) -> Any:
    """A value as people write it: names for ids, words for choices, numbers and dates as such."""
    value = row.get(attr.name)
    if value is None or value == "" or value == []:
        return None
    if attr.kind == "file":
        address = f"{record_address(entity, row['id'])}/attachments/{value['id']}"
        return f"{value['name']} {urljoin(request.host_url, address)}"
    if attr.many:
        return "; ".join(str(_single(attr, item, labels, entity)) for item in value)
    return _single(attr, value, labels, entity)


def _single(attr: Attr, value: Any, labels: Mapping[str, Any], entity: str) -> Any:
    if attr.ref:
        return wording.name_of(labels.get(str(value)), value)
    if attr.name == "state":
        return wording.state(value, entity)
    if attr.kind == "choice":
        return wording.choice(value, entity)
    if attr.kind == "flag":
        return _("yes") if value else _("no")
    if attr.kind in {"amount", "number", "percent", "integer"}:
        return Decimal(str(value))
    if attr.kind == "date":
        return date.fromisoformat(str(value))
    if attr.kind == "datetime":
        return datetime.fromisoformat(languages.local_input(value))
    return str(value)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula; phone numbers and signed numbers stay as they are."""
    return "'" + text if RISKY.match(text) and not HARMLESS.fullmatch(text) else text


def csv_lines(attrs: Mapping[str, Attr], pages: Iterator[Rows], entity: str) -> Iterator[bytes]:
    """CSV with a byte order mark, so that Excel reads Chinese."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([wording.field_label(attr) for attr in attrs.values()])
    for rows, labels in pages:
        for row in rows:
            values = (cell(attr, row, labels, entity) for attr in attrs.values())
            writer.writerow(
                ["" if v is None else harmless(str(v)) if isinstance(v, str) else v for v in values]
            )
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def spreadsheet(attrs: Mapping[str, Attr], pages: Iterator[Rows], entity: str) -> IO[bytes]:
    """XLSX in a temporary file; memory stays flat however many rows come."""
    made = tempfile.TemporaryFile()  # noqa: SIM115 (handed to the response, which closes it)
    with xlsxwriter.Workbook(made, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        formats = {"date": book.add_format({"num_format": "yyyy-mm-dd"})}
        formats["datetime"] = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        formats["amount"] = book.add_format({"num_format": "#,##0.00"})
        head = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(0, len(attrs) - 1), 18)
        for column, attr in enumerate(attrs.values()):
            sheet.write_string(0, column, wording.field_label(attr), head)
        at = 0
        for rows, labels in pages:
            for row in rows:
                at += 1
                for column, attr in enumerate(attrs.values()):
                    _write(sheet, at, column, cell(attr, row, labels, entity), formats.get(attr.kind))
    made.seek(0)
    return made


def _write(sheet: Any, at: int, column: int, value: Any, style: Any) -> None:
    if value is None:
        return
    if isinstance(value, Decimal) and abs(value) < EXACT:
        sheet.write_number(at, column, float(value), style)
    elif isinstance(value, date):
        sheet.write_datetime(at, column, value, style)
    else:
        sheet.write_string(at, column, str(value)[:32767])


def chunks(made: IO[bytes]) -> Iterator[bytes]:
    """A file in pieces; it is closed after the last."""
    with made:
        while chunk := made.read(65536):
            yield chunk


def template(service: str, noun: str) -> Response:
    """An empty file with the columns an import takes."""
    record = find_record(service, noun, "import")
    attrs = importable(record, screens())
    made = spreadsheet(attrs, iter(()), record.entity())
    name = _("%(what)s import", what=wording.entity_plural(record))
    return named(Response(chunks(made), mimetype=XLSX), f"{name}.xlsx")
