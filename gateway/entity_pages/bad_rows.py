"""The rows of an import that were set aside, as a file of the same kind with a column that says why."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator, Mapping
from typing import IO, Any
from uuid import UUID

import xlsxwriter
from flask import Response, request, stream_with_context

from contracts.message import Attr
from contracts.transfer import UNMAPPED, BadRows, BadRowsOf, JobOf
from gateway import api, wording
from gateway.entity_pages.import_pages import said
from gateway.entity_pages.list_files import XLSX, chunks, harmless
from gateway.entity_pages.subject import find_record
from gateway.frame import screens
from gateway.joined_columns import own_titles
from gateway.languages import gettext as _
from gateway.matching import importable
from gateway.render import json, named
from gateway.rpc import ask

AT_ONCE = 1000


@api.described(
    summary="The rows of an import that were set aside, with the reasons.", answers=BadRows,
    asks=(api.text("after", "`next` of the rows before.", type="integer"),),
)  # fmt: skip
def bad_rows(service: str, noun: str, job: UUID, suffix: str) -> Response:
    """As the file came: all its columns, the row's number and the reasons behind them."""
    record = find_record(service, noun, "import")
    about = ask(service, "job", JobOf(id=job))
    fields = importable(record, screens())
    columns = _columns(about, fields)
    rows = _pages(service, job, request.args.get("after", 0, int))
    first = next(rows)
    if suffix == "json":
        return json(first)
    head = [*(title for title, _place in columns), _("Row in the file"), _("What is wrong")]
    body = _lines([place for _title, place in columns], fields, record.entity(), first, rows)
    stem = about["file_name"].rpartition(".")[0] or "import"
    name = f"{stem} {_('bad rows')}.{suffix}"
    if suffix == "csv":
        return named(Response(stream_with_context(_csv(head, body)), mimetype="text/csv"), name)
    return named(Response(chunks(_xlsx(head, body)), mimetype=XLSX), name)


def _columns(about: Mapping[str, Any], fields: Mapping[str, Attr]) -> list[tuple[str, str]]:
    """Titles of the file and under which name the cells of each were sent; of a job that knows none, its fields."""
    titles = own_titles(list(about["titles"]))
    if not titles:
        return [(wording.field_label(fields[name]), name) for name in about["columns"] if name in fields]
    return [(title, about["places"][n] or f"{UNMAPPED}{n}") for n, title in enumerate(titles)]


def _pages(service: str, job: UUID, after: int | None) -> Iterator[dict[str, Any]]:
    while after is not None:
        found = ask(service, "bad_rows", BadRowsOf(job_id=job, after=after, limit=AT_ONCE))
        yield found
        after = found["next"]


def _lines(
    places: list[str],
    fields: Mapping[str, Attr],
    entity: str,
    first: dict[str, Any],
    rest: Iterator[dict[str, Any]],
) -> Iterator[list[str]]:
    for page in (first, *rest):
        for row in page["rows"]:
            cells = [_cell(fields.get(name), row["values"].get(name), entity) for name in places]
            yield [*cells, str(row["row"]), _reasons(fields, row["problems"])]


def _cell(attr: Attr | None, value: Any, entity: str) -> str:
    if value is None:
        return ""
    return wording.choice(value, entity) if attr is not None and value in attr.choices else str(value)


def _reasons(fields: Mapping[str, Attr], problems: list[dict[str, Any]]) -> str:
    found = []
    for item in problems:
        attr = fields.get(item["field"])
        found.append(f"{wording.field_label(attr)}: {said(item)}" if attr else said(item))
    return " · ".join(found)


def _csv(head: list[str], body: Iterator[list[str]]) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([harmless(title) for title in head])
    for line in body:
        writer.writerow([harmless(cell) for cell in line])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def _xlsx(head: list[str], body: Iterator[list[str]]) -> IO[bytes]:
    made = tempfile.TemporaryFile()  # noqa: SIM115 (handed to the response, which closes it)
    with xlsxwriter.Workbook(made, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(head):
            sheet.write_string(0, column, title, bold)
        for at, line in enumerate(body, start=1):
            for column, cell in enumerate(line):
                if cell:
                    sheet.write_string(at, column, cell[:32767])
    made.seek(0)
    return made
