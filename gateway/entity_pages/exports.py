"""The file of a list: within the request where it is short, in the background where it is long; and the empty one of an import."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flask import Response, current_app, redirect, request, stream_with_context
from werkzeug.wrappers import Response as AnyResponse

from contracts.addresses import ListAddress
from contracts.errors import FieldProblem, Invalid, NotFound
from contracts.message import Record
from contracts.organization import StartExport
from contracts.query import GroupedOf, ListOf
from gateway import api, languages, wording
from gateway.addresses import asked
from gateway.entity_pages.list_files import MEDIA_TYPES, XLSX, Rows, chunks, content_of, pages_of, spreadsheet
from gateway.entity_pages.subject import find_record
from gateway.frame import list_address, screens
from gateway.languages import gettext as _
from gateway.matching import FOUND_BY, importable
from gateway.render import go, idempotency_key, json, json_body, named, record_address, wanted
from gateway.rpc import ask

COMES_AT_ONCE = 2000
"""Rows of a file that somebody waits for; more are written in the background."""


def kinds(record: type[Record]) -> tuple[str, ...]:
    """The kinds of file its list can become."""
    return ("xlsx", "csv", "vcf") if screens().of(record).card else ("xlsx", "csv")


def export(record: type[Record], address: ListAddress, kind: str) -> Response:
    """All rows an address means, as a file within this request."""
    if kind not in kinds(record):
        raise NotFound(entity=record.entity())
    pages = pages_of(record, address)
    # The first page is asked for now, so that a refusal is an answer and not half a file.
    first = next(pages)
    content = content_of(record, address, _chained(first, pages), kind)
    return named(
        Response(stream_with_context(content), mimetype=MEDIA_TYPES[kind]), f"{file_name(record)}.{kind}"
    )


@api.described(
    summary="Have a list written into a file in the background (DAT-04); the answer is its organization.export.",
    asks=api.WHICH_ROWS,
    takes=api.fields("file_kind", file_kind={"type": "string", "enum": ["xlsx", "csv", "vcf"]}),
    answers="Answer",
    status=202,
)
def begin(service: str, noun: str) -> AnyResponse:
    """A file of a list, as a person asks for it: a short one comes at once, a long one in the background (DAT-04)."""
    record = find_record(service, noun, "export")
    kind = (json_body() if request.is_json else request.form).get("file_kind") or ""
    if kind not in kinds(record):
        raise Invalid(FieldProblem("file_kind", "not_a_choice", value=str(kind)[:20]))
    address = asked()
    found = ask(
        service, "list", ListOf(entity=record.entity(), query=replace(address, limit=1, after="").query())
    )
    if wanted() == "html" and not found["capped"] and found["count"] <= COMES_AT_ONCE:
        return redirect(f"{list_address(record.entity())}.{kind}{address.written()}", 303)
    total = _exact(record, address) if found["capped"] else found["count"]
    message = StartExport(
        name=file_name(record), list_of=record.entity(), query=address.written().lstrip("?"), file_kind=kind,
        language=languages.language(), total=total,
    )  # fmt: skip
    started = ask("organization", "start_export", message, key=idempotency_key())
    current_app.extensions["guanxi-exporter"].wake()
    if wanted() == "json":
        return json(started, 202)
    return go(record_address("organization.export", started["row"]["id"]))


def _exact(record: type[Record], address: ListAddress) -> int:
    """How many rows, also where a list would only say that there are many."""
    grouped = GroupedOf(entity=record.entity(), query=address.query(), by=("created_at",))
    found: int = ask(record.service(), "grouped", grouped, timeout=30)["count"]
    return found


def _chained(first: Rows, rest: Iterator[Rows]) -> Iterator[Rows]:
    yield first
    yield from rest


def file_name(record: type[Record]) -> str:
    """What a file of its list is called today, without the ending."""
    return f"{wording.entity_plural(record)} {languages.today()}"


@api.described(media=XLSX)
def template(service: str, noun: str) -> Response:
    """An empty file with the columns an import takes."""
    record = find_record(service, noun, "import")
    attrs = {name: a for name, a in importable(record, screens()).items() if name not in FOUND_BY}
    made = spreadsheet(attrs, iter(()), record.entity())
    name = _("%(what)s import", what=wording.entity_plural(record))
    return named(Response(chunks(made), mimetype=XLSX), f"{name}.xlsx")
