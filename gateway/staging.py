"""Hands the rows of an uploaded file to the service that keeps such records, in the background, with the rights of whoever sent
it.

Rows that came already are known by their place, so whoever begins again sends nothing twice. What this process left, because it
ended or a part did not answer, is begun again by the next one that looks.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import IO, Any
from uuid import UUID, uuid4

from flask import Flask, current_app, g

from chassis.logs import log
from chassis.wire import raise_problem
from contracts.actor import Actor
from contracts.errors import NotFound, Problem, Unavailable
from contracts.message import Record
from contracts.transfer import CancelJob, CheckImport, JobOf, NotInThisPhase, StageRows
from gateway import auth, definitions, languages, matching, wording
from gateway.frame import registry, screens
from gateway.reading import look, reading, seen
from gateway.rpc import Question, ask, ask_each
from gateway.uploads import Upload, Uploads

BATCH = 1000
IN_FLIGHT = 4
AT_ONCE = 2
"""Files one process reads at the same time; others wait."""
PERIOD = 15.0
"""Seconds between two looks for what was left."""
MOST_TRIES = 10
"""After so many beginnings a file that ends whoever reads it is left to a person."""


class Stager:
    """One process's readers of files."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._turns = threading.Semaphore(AT_ONCE)
        self._busy: dict[str, threading.Thread] = {}

    def begin(self, actor: Actor, record: type[Record], job: dict[str, Any], upload: Upload) -> None:
        """Read the file of this job, unless we are at it; its rows are looked at when the last one has come."""
        self._begin(actor, record, job, upload, 1)

    def _begin(
        self, actor: Actor, record: type[Record], job: dict[str, Any], upload: Upload, tries: int
    ) -> None:
        lock = uploads().hold(upload.id) if job["id"] not in self._busy else None
        if lock is None:
            return
        task = {
            "actor": actor.model_dump(mode="json"),
            "entity": record.entity(),
            "language": languages.language(),
        }
        uploads().promise(upload.id, {**task, "tries": tries})
        thread = threading.Thread(
            target=self._read,
            args=(lock, task["language"], actor, record, job, upload),
            name="stager",
            daemon=True,
        )
        self._busy[job["id"]] = thread
        thread.start()

    def start(self) -> None:
        """Look for what was left, for as long as the process lives."""
        threading.Thread(target=self._turn, name="stager", daemon=True).start()

    def _turn(self) -> None:
        while True:
            try:
                self.resume()
            except Exception:
                log().exception("stager failed")
            time.sleep(PERIOD)

    def resume(self) -> None:
        """Go on with files that another process, or this one, did not read to their end."""
        with self._app.app_context():
            left = uploads().promised()
        for id, task in left.items():
            if str(id) not in self._busy and task["tries"] < MOST_TRIES:
                with self._context(task["language"]):
                    self._take_up(id, task)

    def _take_up(self, id: UUID, task: dict[str, Any]) -> None:
        actor = Actor.model_validate(task["actor"])
        try:
            _act_for(actor)
            definitions.learn()
            record = registry().record(task["entity"])
            upload = uploads().take(actor.id, id)
            job = ask(task["entity"].partition(".")[0], "job", JobOf(id=id))
        except Unavailable:
            return  # the next look is soon
        except Problem:
            uploads().forgo(id)
            return
        if job["state"] == "staging" and record is not None:
            self._begin(actor, record, job, upload, task["tries"] + 1)
        else:
            uploads().forgo(id)

    @contextlib.contextmanager
    def _context(self, language: str) -> Iterator[None]:
        address = self._app.extensions["guanxi-settings"].public_url
        cookie = f"{languages.COOKIE}={language}"
        with self._app.test_request_context(base_url=address, headers={"Cookie": cookie}):
            g.call_id = uuid4().hex
            yield

    def wait(self) -> None:
        """Until every file that was begun has been read."""
        for thread in list(self._busy.values()):
            thread.join()

    def _read(
        self,
        lock: IO[bytes],
        language: str,
        actor: Actor,
        record: type[Record],
        job: dict[str, Any],
        upload: Upload,
    ) -> None:
        try:
            with lock, self._turns, self._context(language):
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
        uploads().forgo(upload.id)
        log().info("import stopped", job=job["id"])
    except Unavailable as problem:
        log().warning("import waits", job=job["id"], part=problem.params.get("service"))
    except Problem as problem:
        uploads().forgo(upload.id)
        if (
            ask(record.service(), "job", JobOf(id=job["id"]))["state"] == "staging"
        ):  # and nobody else read it to its end
            end = CancelJob(job_id=job["id"], error=wording.sentence(problem))
            ask_each(Question(record.service(), "cancel_job", end))
    except Exception:
        uploads().forgo(upload.id)
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
