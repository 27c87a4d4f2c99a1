"""Hands the rows of an uploaded file to the service that keeps such records, in the background, with the rights of whoever sent
it.

Rows that came already are known by their place, so whoever begins again, after this process was killed, sends nothing twice.
"""

from __future__ import annotations

import threading
from typing import Any
from uuid import uuid4

from flask import Flask, current_app, g

from chassis.logs import log
from chassis.wire import raise_problem
from contracts.actor import Actor
from contracts.errors import NotFound, Problem, Unavailable
from contracts.message import Record
from contracts.transfer import CancelJob, CheckImport, JobOf, NotInThisPhase, StageRows
from gateway import auth, definitions, languages, matching, wording
from gateway.frame import screens
from gateway.reading import look, reading, seen
from gateway.rpc import Question, ask, ask_each
from gateway.uploads import Upload, Uploads

BATCH = 1000
IN_FLIGHT = 4
AT_ONCE = 2
"""Files one process reads at the same time; others wait."""


class Stager:
    """One process's readers of files."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._turns = threading.Semaphore(AT_ONCE)
        self._busy: dict[str, threading.Thread] = {}

    def begin(self, actor: Actor, record: type[Record], job: dict[str, Any], upload: Upload) -> None:
        """Read the file of this job, unless we are at it; its rows are looked at when the last one has come."""
        if job["id"] in self._busy:
            return
        cookie = f"{languages.COOKIE}={languages.language()}"
        thread = threading.Thread(
            target=self._read, args=(cookie, actor, record, job, upload), name="stager", daemon=True
        )
        self._busy[job["id"]] = thread
        thread.start()

    def wait(self) -> None:
        """Until every file that was begun has been read."""
        for thread in list(self._busy.values()):
            thread.join()

    def _read(
        self, cookie: str, actor: Actor, record: type[Record], job: dict[str, Any], upload: Upload
    ) -> None:
        try:
            address = self._app.extensions["guanxi-settings"].public_url
            with self._turns, self._app.test_request_context(base_url=address, headers={"Cookie": cookie}):
                g.call_id = uuid4().hex
                _stage(actor, record, job, upload)
        finally:
            self._busy.pop(job["id"], None)


def _stage(actor: Actor, record: type[Record], job: dict[str, Any], upload: Upload) -> None:
    """All rows, then the word that they are all. What is wrong with the file itself ends the job and says why."""
    try:
        _act_for(actor)
        definitions.learn()
        languages.settle()
        _send(actor, record, job, upload)
        ask(record.service(), "check_import", CheckImport(job_id=job["id"]))
        uploads().drop(upload.id)
    except (NotInThisPhase, NotFound):
        log().info("import stopped", job=job["id"])
    except Unavailable as problem:
        log().warning("import waits", job=job["id"], part=problem.params.get("service"))
    except Problem as problem:
        if (
            ask(record.service(), "job", JobOf(id=job["id"]))["state"] == "staging"
        ):  # and nobody else read it to its end
            end = CancelJob(job_id=job["id"], error=wording.sentence(problem))
            ask_each(Question(record.service(), "cancel_job", end))
    except Exception:
        log().exception("import failed", job=job["id"])


def _send(actor: Actor, record: type[Record], job: dict[str, Any], upload: Upload) -> None:
    fields = matching.importable(record, screens())
    places = list(job["places"])
    days = matching.day_first(
        seen(upload.noted or look(upload.place, upload.name, job["sheet"])), fields, places
    )
    to_values = matching.values_of(fields, places, record.entity(), days)
    waiting: list[Question] = []
    with reading(upload.place, upload.name, job["sheet"]) as table:
        for first, rows in table.batches(BATCH):
            staged = StageRows(job_id=job["id"], first=first, rows=tuple(map(to_values, rows)))
            waiting.append(Question(record.service(), "stage_rows", staged))
            if len(waiting) == IN_FLIGHT:
                _act_for(actor)
                _settle(waiting)
    _act_for(actor)
    _settle(waiting)


def _settle(waiting: list[Question]) -> None:
    for answer in ask_each(*waiting, timeout=60) if waiting else ():
        raise_problem(answer)
    waiting.clear()


def _act_for(actor: Actor) -> None:
    """What is asked from here on is asked on her behalf. What she may do is asked again when the rows are worked."""
    g.actor, g.token = actor, auth.sessions().token_of(actor)


def uploads() -> Uploads:
    """Where files wait."""
    found: Uploads = current_app.extensions["guanxi-uploads"]
    return found


def stager() -> Stager:
    """Who reads them."""
    found: Stager = current_app.extensions["guanxi-stager"]
    return found
