"""Writes long lists into files in the background, one at a time, on behalf of whoever asked and with what she may do at that moment.

Who asked, how far it is and the result are kept by organization (docs/decisions/0035). Whatever ends this process, what it
had in hand is begun anew by the next writer that looks; nothing half-written is ever handed out.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from flask import Flask, current_app, g

from chassis.logs import log
from chassis.wire import Call, raise_problem
from contracts import addresses
from contracts.actor import Actor
from contracts.errors import Forbidden, NotFound, Problem, Unavailable
from contracts.organization import (
    PART,
    Export,
    ExportBroke,
    ExportLost,
    ExportStep,
    FailExport,
    FinishExport,
    PutExportPart,
    ReportExport,
    TakeExport,
)
from gateway import auth, definitions, languages
from gateway.entity_pages.list_files import Rows, content_of, pages_of
from gateway.frame import registry

PERIOD = 15.0
"""Seconds between two looks for what another process has left; what is asked for here is begun at once."""


class Exporter:
    """One process's writer of files."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._asked = threading.Event()

    def start(self) -> None:
        """In the background, for as long as the process lives."""
        threading.Thread(target=self._turn, name="exporter", daemon=True).start()

    def wake(self) -> None:
        """There is something to write."""
        self._asked.set()

    def _turn(self) -> None:
        while True:
            self._asked.wait(PERIOD)
            self._asked.clear()
            try:
                while self.write_next():
                    pass
            except Exception:
                log().exception("exporter failed")

    def write_next(self) -> bool:
        """Write the file that waited longest; whether there was one."""
        with self._app.test_request_context():
            g.call_id = uuid4().hex
            try:
                taken = _said("take_export", TakeExport())
            except Problem:
                return False  # organization is away; the next look is soon
        if taken is None:
            return False
        export, actor = Export.model_validate(taken["export"]), Actor.model_validate(taken["actor"])
        reader = {"Cookie": f"{languages.COOKIE}={export.language}"}
        address = self._app.extensions["guanxi-settings"].public_url
        with self._app.test_request_context(base_url=address, headers=reader):
            g.call_id = uuid4().hex
            _write_for(actor, _Writing(export))
        return True


def _write_for(actor: Actor, writing: _Writing) -> None:
    """Either the file is ready afterwards, or its owner is told that it will not be."""
    export = writing.export
    try:
        _act_for(actor)
        definitions.learn()
        languages.settle()
        writing.write()
    except ExportLost:
        log().info("export stopped", export=str(export.id))
    except Unavailable as problem:
        log().warning("export waits", export=str(export.id), part=problem.params.get("service"))
    except Exception as error:
        log().exception("export failed", export=str(export.id))
        why = Forbidden if isinstance(error, Forbidden) else ExportBroke
        writing.say("fail_export", FailExport, error=why.__name__)


class _Writing:
    """One file on its way from the list to organization."""

    def __init__(self, export: Export) -> None:
        self.export, self.done, self.size = export, 0, 0

    def write(self) -> None:
        """All of it."""
        export = self.export
        record = registry().record(export.list_of)
        if record is None:
            raise NotFound(entity=export.list_of)
        auth.require(f"{export.list_of}.export")
        address = addresses.read(export.query or "")
        content = content_of(record, address, self._reported(pages_of(record, address)), export.file_kind)
        for position, part in enumerate(_parts(content)):
            data = base64.b64encode(part).decode()
            self.say("put_export_part", PutExportPart, position=position, data=data)
            self.size += len(part)
        self.say("finish_export", FinishExport, done=self.done, size=self.size)

    def _reported(self, pages: Iterator[Rows]) -> Iterator[Rows]:
        """Tells how far it is after each thousand rows, and goes on with the rights of that moment."""
        for rows, labels in pages:
            yield rows, labels
            self.done += len(rows)
            _act_for(Actor.model_validate(self.say("report_export", ReportExport, done=self.done)))
            auth.require(f"{self.export.list_of}.export")

    def say(self, door: str, step: type[ExportStep], **what: Any) -> Any:
        """A step of this attempt, told to organization. Raises ExportLost when it is not ours any more."""
        return _said(door, step(id=self.export.id, attempt=self.export.attempts, **what))


def _act_for(actor: Actor) -> None:
    """What is asked from here on is asked on her behalf."""
    g.actor, g.token = actor, auth.sessions().token_of(actor)


def _said(door: str, message: Any) -> Any:
    """What organization answers to us, not to whom we write for."""
    body = message.model_dump(mode="json", exclude_unset=True)
    call = Call("organization", door, body, auth.sessions().own_token(), uuid4().hex, g.call_id)
    return raise_problem(current_app.extensions["guanxi-wire"].settle([call], 30)[0])


def _parts(content: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces that travel."""
    waiting = bytearray()
    for piece in content:
        waiting += piece
        while len(waiting) >= PART:
            yield bytes(waiting[:PART])
            del waiting[:PART]
    if waiting:
        yield bytes(waiting)
