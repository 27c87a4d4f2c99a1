"""Bringing in a file: upload, columns, dry run, run, bad rows back, take back. The work is done in the service."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from flask import current_app, flash, request, url_for
from werkzeug.wrappers import Response

from chassis.wire import raise_problem
from contracts.errors import FieldProblem, Invalid, Problem
from contracts.message import Attr, Record
from contracts.transfer import (
    CancelJob,
    CheckImport,
    JobOf,
    JobsOf,
    RunImport,
    StageRows,
    StartImport,
    TakeBack,
)
from gateway import matching, spreadsheets, wording
from gateway.auth import actor
from gateway.entity_pages.subject import find_record
from gateway.frame import list_address, screens
from gateway.languages import gettext as _
from gateway.render import go, idempotency_key, json, page, wanted
from gateway.rpc import Question, ask, ask_each
from gateway.uploads import Uploads

BATCH = 1000
IN_FLIGHT = 4
WORKING = frozenset({"staging", "checking", "running", "taking_back"})
STEPS = {
    "run": ("run_import", RunImport),
    "cancel": ("cancel_job", CancelJob),
    "take_back": ("take_back", TakeBack),
}


def start(service: str, noun: str) -> Response:
    """Choose a file; the latest imports below."""
    return _start_page(find_record(service, noun, "import"))


def _start_page(record: type[Record], problem: Problem | None = None) -> Response:
    answer = ask_each(Question(record.service(), "jobs", JobsOf(entity=record.entity())))[0]
    jobs = [] if isinstance(answer, Problem) else answer["jobs"]
    status = problem.status if problem else 200
    said = wording.sentence(problem) if problem else ""
    return page(
        "entity/import.html", status=status, record=record, entity=record.entity(), jobs=jobs, said=said,
        largest=spreadsheets.LARGEST_FILE,
    )  # fmt: skip


def upload(service: str, noun: str) -> Response:
    """A file came. A person is asked about its columns; a program gets the dry run at once."""
    record = find_record(service, noun, "import")
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Invalid(FieldProblem("file", "required"))
        name, data = sent.filename, sent.read(spreadsheets.LARGEST_FILE + 1)
        table = spreadsheets.read(name, data)
    except Problem as problem:
        if wanted() == "json":
            raise
        return _start_page(record, problem)
    if wanted() == "json":
        columns = matching.match(table, _fields(record), {})
        return json(_send(record, name, table, columns), 202)
    id = _uploads().keep(actor().id, name, data)
    return go(url_for("entity.columns", service=service, noun=noun, upload=id))


def _uploads() -> Uploads:
    found: Uploads = current_app.extensions["guanxi-uploads"]
    return found


def _fields(record: type[Record]) -> dict[str, Attr]:
    return matching.importable(record, screens())


def columns(service: str, noun: str, upload: UUID) -> Response:
    """Which column fills which field: guessed, shown, changeable."""
    record = find_record(service, noun, "import")
    name, data = _uploads().take(actor().id, upload)
    table = spreadsheets.read(name, data)
    fields = _fields(record)
    chosen = matching.match(table, fields, _remembered(record))
    return _columns_page(record, name, table, chosen)


def _columns_page(
    record: type[Record],
    name: str,
    table: spreadsheets.Table,
    chosen: list[str],
    problem: Problem | None = None,
) -> Response:
    fields = _fields(record)
    required = [a for name, a in fields.items() if a.required and not a.only_for and name not in chosen]
    return page(
        "entity/import_columns.html", status=problem.status if problem else 200, record=record,
        entity=record.entity(), name=name, table=table, chosen=chosen, fields=fields, missing=required,
        said=wording.sentence(problem) if problem else "", address=request.path,
        keys=matching.keys(fields, chosen) if actor().may(f"{record.entity()}.update") and record.editable else [],
    )  # fmt: skip


def use_columns(service: str, noun: str, upload: UUID) -> Response:
    """The person agreed to the columns: off goes the file, and every row is looked at."""
    record = find_record(service, noun, "import")
    name, data = _uploads().take(actor().id, upload)
    table = spreadsheets.read(name, data)
    fields = _fields(record)
    chosen = [request.form.get(f"column.{n}", "") for n in range(len(table.titles))]
    chosen = [name if name in fields and name not in chosen[:n] else "" for n, name in enumerate(chosen)]
    if not any(chosen):
        return _columns_page(record, name, table, chosen, Invalid())
    try:
        job = _send(record, name, table, chosen)
    except Invalid as problem:
        return _columns_page(record, name, table, chosen, problem)
    _uploads().drop(upload)
    response = go(url_for("entity.job", service=service, noun=noun, job=job["id"]))
    memory = {
        matching.folded(title): field for title, field in zip(table.titles, chosen, strict=True) if title
    }
    _remember(response, record, memory)
    return response


def _send(record: type[Record], name: str, table: spreadsheets.Table, chosen: list[str]) -> Any:
    """Start a job, hand over all rows, begin the dry run."""
    service, fields = record.service(), _fields(record)
    wish = {
        "duplicates": request.form.get("duplicates") or "set_aside",
        "key": request.form.get("key") or None,
    }
    if wish["duplicates"] != "update":
        wish["key"] = None
    used = [name for name in chosen if name]
    start = StartImport.read({"entity": record.entity(), "file_name": name, "columns": used, **wish})
    job = ask(service, "start_import", start, key=idempotency_key())
    to_values = matching.values_of(fields, chosen, record.entity())
    waiting: list[Question] = []
    for first, rows in table.batches(BATCH):
        staged = StageRows(job_id=job["id"], first=first, rows=tuple(to_values(cells) for cells in rows))
        waiting.append(Question(service, "stage_rows", staged))
        if len(waiting) == IN_FLIGHT:
            _settle(waiting)
    _settle(waiting)
    return ask(service, "check_import", CheckImport(job_id=job["id"]))


def _settle(waiting: list[Question]) -> None:
    for answer in ask_each(*waiting, timeout=60):
        raise_problem(answer)
    waiting.clear()


def _remembered(record: type[Record]) -> dict[str, str]:
    try:
        found = orjson.loads(request.cookies.get(f"import_{record.noun()}", "{}"))
    except orjson.JSONDecodeError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _remember(response: Response, record: type[Record], memory: Mapping[str, str]) -> None:
    text = orjson.dumps(memory).decode("ascii", "replace") if str(memory).isascii() else _escaped(memory)
    if len(text) < 3500:
        path = f"{list_address(record.entity())}/import"
        response.set_cookie(f"import_{record.noun()}", text, max_age=400 * 86400, samesite="Lax", path=path)


def _escaped(memory: Mapping[str, str]) -> str:
    """Cookies are ASCII."""
    return "".join(
        sign if ord(sign) < 128 else f"\\u{ord(sign):04x}" for sign in orjson.dumps(memory).decode()
    )


def job(service: str, noun: str, job: UUID) -> Response:
    """How far it is; the page asks again while something goes on, also after a reload."""
    record = find_record(service, noun, "import")
    found = ask(service, "job", JobOf(id=job))
    if wanted() == "json":
        return json(found)
    labels = {name: wording.field_label(attr) for name, attr in _fields(record).items()}
    problems = [
        {**item, "label": labels.get(item["field"], item["field"]), "said": said(item)}
        for item in found["problems_sample"]
    ]
    pace = Pace.of(found, request.args)
    return page(
        "entity/import_job.html", "job", record=record, entity=record.entity(), job=found, problems=problems,
        is_working=found["state"] in WORKING, pace=pace, address=request.path,
    )  # fmt: skip


@dataclass(frozen=True)
class Pace:
    """How fast a pass goes, from what the page saw first and sees now; the address of the next look carries it."""

    state: str
    done: int
    at: float
    a_second: int
    left: int

    @classmethod
    def of(cls, job: Mapping[str, Any], args: Mapping[str, str]) -> Pace:
        """A new pass begins to be measured anew."""
        now = time.time()
        try:
            done, at = int(args["done"]), float(args["at"])
        except (KeyError, ValueError):
            done, at = job["done"], now
        if args.get("state") != job["state"] or done > job["done"]:
            done, at = job["done"], now
        rate = (job["done"] - done) / (now - at) if now - at > 1 else 0
        left = (job["total"] - job["done"]) / rate if rate else 0
        return cls(job["state"], done, at, round(rate), round(left))

    @property
    def query(self) -> str:
        """For the next look."""
        return f"?state={self.state}&done={self.done}&at={self.at:.1f}"


def said(item: Mapping[str, Any]) -> str:
    """A problem of a row in words."""
    cls = Problem.known.get(item["code"])
    if cls is not None:
        return wording.sentence(Problem.from_dict({"code": item["code"], "params": item.get("params", {})}))
    return wording.field_sentence(FieldProblem(item["field"], item["code"], **item.get("params", {})))


def step(service: str, noun: str, job: UUID, step: str) -> Response:
    """Run, cancel or take back."""
    find_record(service, noun, "import")
    door, message = STEPS[step]
    answer = ask(service, door, message(job_id=job), key=idempotency_key())
    if wanted() == "json":
        return json(answer)
    if step == "cancel":
        flash(_("Stopped. What was made until then stays, and can be taken back."), "info")
    return go(url_for("entity.job", service=service, noun=noun, job=job))
