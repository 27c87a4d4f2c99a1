"""The files of a record: a panel on its page, with room for more; the same for programs."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import IO, Any
from uuid import UUID, uuid4, uuid5

from flask import flash, g, request, stream_with_context
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from contracts.attachments import (
    LARGEST,
    MOST,
    PART,
    PICTURES,
    AttachFiles,
    AttachmentOf,
    AttachmentsOf,
    PartOf,
    PutPart,
    RemoveAttachment,
    RenameAttachment,
    RestoreAttachment,
)
from contracts.errors import FieldProblem, Invalid, Problem
from contracts.message import Attr, Command, Record
from gateway import api, file_texts, wording
from gateway.auth import actor
from gateway.entity_pages.subject import find_record
from gateway.languages import gettext as _
from gateway.letters import WEB, charset
from gateway.render import (
    form_key,
    go,
    idempotency_key,
    is_fragment,
    json,
    json_body,
    named,
    page,
    record_address,
    wanted,
)
from gateway.rpc import Question, ask, ask_all

STEPS: dict[str, type[Command]] = {
    "rename": RenameAttachment,
    "remove": RemoveAttachment,
    "restore": RestoreAttachment,
}
IN_FLIGHT = 4
"""Parts of a file on their way at once."""


@api.described(
    summary="The files on a record, newest first.",
    asks=(api.text("removed", "Those taken off as well.", enum=["1"]),),
    answers="Attachments",
)
def listing(service: str, noun: str, id: UUID) -> Response:
    """The panel, or the files as JSON."""
    record = find_record(service, noun)
    if wanted() == "json":
        return json(_asked(record, id))
    return _panel(record, id)


@api.described(takes=api.files("files", MOST), sends=api.FORM, answers="Attachments", status=201)
def add(service: str, noun: str, id: UUID) -> Response:
    """Put the sent files on the record: all of them or none."""
    record = find_record(service, noun)
    problem: Problem | None = None
    try:
        answer = _attach(record, id, [file for file in request.files.getlist("files") if file.filename])
    except Invalid as wrong:
        if wanted() == "json":
            raise
        problem = wrong
    if wanted() == "json":
        return json(answer, 201)
    if problem is None and not is_fragment():
        return go(record_address(record.entity(), id))
    return _panel(record, id, problem)


@api.described(media="application/octet-stream")
def download(service: str, noun: str, id: UUID, attachment: UUID) -> Response:
    """What is in a file; with `show` in the window, if it is of a kind in which nothing runs."""
    record = find_record(service, noun)
    where: dict[str, Any] = {"entity": record.entity(), "id": id, "attachment_id": attachment}
    found = ask(record.service(), "attachment", AttachmentOf(**where))
    is_shown = "show" in request.args and found["media_type"] in file_texts.SHOWN
    kind = found["media_type"] if is_shown else "application/octet-stream"
    if kind == file_texts.PDF:
        g.framed_by = ["'self'"]  # the record's page shows it within itself
    content = _content(record, where)
    if kind == file_texts.TEXT:  # in whatever letters it was saved
        first = next(content, b"")
        letters = charset(first)
        kind, content = f"{kind}; charset={WEB.get(letters, letters)}", chain([first], content)
    response = Response(stream_with_context(content), content_type=kind)
    response.headers["Content-Length"] = str(found["size"])
    return named(response, found["name"], is_shown)


@api.described(
    summary="Give a file another name, take it off the record, or bring it back.",
    takes=api.fields(name={"type": "string", "maxLength": 200, "description": "To rename it."}),
    answers="Attachment",
)
def change(service: str, noun: str, id: UUID, attachment: UUID, step: str) -> Response:
    """Give it another name, take it off, bring it back."""
    record = find_record(service, noun)
    command = STEPS[step]
    values: dict[str, Any] = {"entity": record.entity(), "id": str(id), "attachment_id": str(attachment)}
    if step == "rename":
        values["name"] = (json_body() if request.is_json else request.form).get("name") or ""
    problem: Problem | None = None
    try:
        answer = ask(record.service(), f"{step}_attachment", command.read(values), key=idempotency_key())
    except Invalid as wrong:
        if wanted() == "json":
            raise
        problem = wrong
    if wanted() == "json":
        return json(answer)
    if problem is None and not is_fragment():
        flash(_("Done."), "success")
        return go(record_address(record.entity(), id))
    return _panel(record, id, problem)


def _asked(record: type[Record], id: UUID) -> dict[str, Any]:
    message = AttachmentsOf(entity=record.entity(), id=id, removed="removed" in request.args)
    found: dict[str, Any] = ask(record.service(), "attachments", message)
    return found


def _panel(record: type[Record], id: UUID, problem: Problem | None = None) -> Response:
    found = _asked(record, id)
    said = []
    if problem is not None:
        said = [wording.field_sentence(p) for p in getattr(problem, "fields", [])] or [
            wording.sentence(problem)
        ]
    back = record_address(record.entity(), id)
    return page(
        "page/files.html", "files", status=problem.status if problem else 200, rows=found["rows"], labels=found["labels"],
        may_add=found["can"]["add"], said=said, address=f"{back}/attachments", back=back, key=form_key(), shown=file_texts.SHOWN,
        pictures=PICTURES, largest=LARGEST, most=MOST, with_removed="removed" in request.args,
    )  # fmt: skip


# -- sending ----------------------------------------------------------------------------------------------------------


def _attach(record: type[Record], id: UUID, sent: list[FileStorage]) -> Any:
    if not 0 < len(sent) <= MOST:
        raise Invalid(FieldProblem("files", "too_many_files", max=MOST))
    wrong = [problem for number, file in enumerate(sent) for problem in _unfit(file, f"files.{number}")]
    if wrong:
        raise Invalid(*wrong)
    key = idempotency_key()
    files = [
        received(record.service(), file, f"{key} {number}" if key else "") for number, file in enumerate(sent)
    ]
    message = AttachFiles.read({"entity": record.entity(), "id": str(id), "files": files})
    return ask(record.service(), "attach_files", message, key=key)


def _unfit(file: FileStorage, field: str) -> Iterator[FieldProblem]:
    if not 0 < (size := _size(file.stream)) <= LARGEST:
        code = "file_too_large" if size else "file_empty"
        yield FieldProblem(field, code, value=file.filename, limit=LARGEST // 2**20)


def received(service: str, file: FileStorage, key: str) -> dict[str, Any]:
    """Hand the file over part by part, to be put on a record by what follows; the same key is the same file."""
    file_id = uuid5(actor().id, key) if key else uuid4()
    kind = file_texts.media_type(file.filename or "", _head(file.stream))
    size = _size(file.stream)
    _send(service, file_id, file.stream)
    return {
        "file_id": str(file_id), "name": _plain(file.filename or ""), "size": size, "media_type": kind,
        "text": file_texts.text_of(kind, _spooled(file.stream)),
    }  # fmt: skip


def take_files(service: str, attrs: Mapping[str, Attr], values: dict[str, Any]) -> None:
    """Files chosen in a form's fields become these fields' values. Raises Invalid for one that is empty or too large."""
    chosen = {
        name: file
        for name, a in attrs.items()
        if a.kind == "file" and (file := request.files.get(f"{name}__file")) is not None and file.filename
    }
    if wrong := [problem for name, file in chosen.items() for problem in _unfit(file, name)]:
        raise Invalid(*wrong)
    key = idempotency_key()
    for name, file in chosen.items():
        values[name] = received(service, file, f"{key} {name}" if key else "")


def _size(stream: IO[bytes]) -> int:
    stream.seek(0, os.SEEK_END)
    size = stream.tell()
    stream.seek(0)
    return size


def _head(stream: IO[bytes]) -> bytes:
    head = stream.read(file_texts.HEAD)
    stream.seek(0)
    return head


def _plain(name: str) -> str:
    """Without the folders that some browsers send along, and without signs that no file has."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable()).strip()[-200:]


def _send(service: str, file_id: UUID, stream: IO[bytes]) -> None:
    """A few parts in a flight: a file is never in memory as a whole."""
    position = 0
    while parts := [part for _ in range(IN_FLIGHT) if (part := stream.read(PART))]:
        questions = [
            Question(
                service,
                "put_part",
                PutPart(file_id=file_id, position=position + n, data=base64.b64encode(part).decode()),
            )
            for n, part in enumerate(parts)
        ]
        ask_all(*questions)
        position += len(parts)
    stream.seek(0)


def _spooled(stream: IO[bytes]) -> IO[bytes]:
    """As a file that another process can read."""
    if hasattr(stream, "rollover"):
        stream.rollover()
    return stream


def _content(record: type[Record], where: dict[str, Any]) -> Iterator[bytes]:
    position = 0
    while (
        part := ask(record.service(), "attachment_part", PartOf(**where, position=position))["data"]
    ) is not None:
        yield base64.b64decode(part)
        position += 1
