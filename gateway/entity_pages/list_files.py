"""A list as a file: CSV, a spreadsheet, business cards; texts stay texts, and nothing in them runs as a formula."""

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
from flask import request

from contracts.addresses import ListAddress
from contracts.message import Attr, Record
from contracts.query import ListOf
from gateway import languages, vcards, wording
from gateway.frame import screens
from gateway.languages import gettext as _
from gateway.papers.sheet import put
from gateway.render import record_address
from gateway.rpc import ask

AT_ONCE = 1000
MOST_ROWS = 1_048_575
"""What one sheet of a spreadsheet holds below its titles; more goes on in the next."""
RISKY = re.compile(r"[=+\-@\t\r]")
HARMLESS = re.compile(r"[+-]?[\d\s().,/#-]+")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = {"csv": "text/csv", "xlsx": XLSX, "vcf": "text/vcard"}


Rows = tuple[list[dict[str, Any]], Mapping[str, Any]]


def pages_of(record: type[Record], address: ListAddress) -> Iterator[Rows]:
    """All rows an address means that the person may see, a thousand at a time."""
    after = ""
    while True:
        query = replace(address, limit=AT_ONCE, after=after).query()
        found = ask(record.service(), "list", ListOf(entity=record.entity(), query=query), timeout=30)
        yield found["rows"], found["labels"]
        after = found["next"]
        if not after:
            return


def columns_of(record: type[Record], address: ListAddress) -> dict[str, Attr]:
    """`columns=` in the address picks columns; without it every field comes along that fits into a cell."""
    fields = {name: a for name, a in record.attrs().items() if a.lines is None}
    shown = screens().of(record).shown(record).keys() | {"created_at", "updated_at", "id"}
    picked = [name for name in address.columns if name in fields.keys() & shown]
    names = picked or [name for name in screens().of(record).shown(record) if name in fields]
    return {name: fields[name] for name in names}


def content_of(
    record: type[Record], address: ListAddress, pages: Iterator[Rows], kind: str
) -> Iterator[bytes]:
    """The file, piece by piece."""
    if kind == "vcf":
        return vcards_of(record, pages)
    attrs = columns_of(record, address)
    if kind == "csv":
        return csv_lines(attrs, pages, record.entity())
    return _sheet_of(attrs, pages, record.entity())


def _sheet_of(attrs: Mapping[str, Attr], pages: Iterator[Rows], entity: str) -> Iterator[bytes]:
    yield from chunks(spreadsheet(attrs, pages, entity))


def vcards_of(record: type[Record], pages: Iterator[Rows]) -> Iterator[bytes]:
    """Business cards; a row that names nobody has none."""
    fields = {key: record.attrs()[name] for key, name in screens().of(record).card.items()}
    for rows, labels in pages:
        for row in rows:
            values = {key: cell(attr, row, labels, record.entity()) for key, attr in fields.items()}
            said = {key: str(value) for key, value in values.items() if value is not None}
            if said:
                yield vcards.card(str(row["id"]), datetime.fromisoformat(row["updated_at"]), said)


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
    if attr.choices:
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
        formats = {"date": book.add_format({"num_format": "yyyy-mm-dd"})}
        formats["datetime"] = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        formats["amount"] = book.add_format({"num_format": "#,##0.00"})
        head = book.add_format({"bold": True})
        sheet, at = _sheet(book, attrs, head), 0
        for rows, labels in pages:
            for row in rows:
                if at == MOST_ROWS:
                    sheet, at = _sheet(book, attrs, head), 0
                at += 1
                for column, attr in enumerate(attrs.values()):
                    value = cell(attr, row, labels, entity)
                    if value is not None:
                        put(sheet, at, column, value, formats.get(attr.kind))
    made.seek(0)
    return made


def _sheet(book: Any, attrs: Mapping[str, Attr], head: Any) -> Any:
    """One more sheet, with its titles."""
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(0, len(attrs) - 1), 18)
    for column, attr in enumerate(attrs.values()):
        sheet.write_string(0, column, wording.field_label(attr), head)
    return sheet


def chunks(made: IO[bytes]) -> Iterator[bytes]:
    """A file in pieces; it is closed after the last."""
    with made:
        while chunk := made.read(65536):
            yield chunk
