"""Bringing in a file: upload, columns, dry run, run, bad rows back, take back. The work is done in the service."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from flask import flash, request, url_for
from pydantic import ValidationError
from werkzeug.wrappers import Response

from contracts.errors import FieldProblem, Invalid, Problem
from contracts.message import Attr, Message, Record
from contracts.transfer import (
    AnswerUnknown,
    CancelJob,
    CheckImport,
    ForgetSource,
    ImportJob,
    ImportWish,
    JobOf,
    JobsOf,
    RunImport,
    Source,
    SourceOf,
    SourcesOf,
    StartImport,
    TakeBack,
)
from gateway import api, matching, reading, spreadsheets, unknown_values, wording
from gateway.auth import actor
from gateway.entity_pages.subject import find_record
from gateway.frame import screens
from gateway.languages import gettext as _
from gateway.render import go, idempotency_key, json, json_body, page, wanted
from gateway.rpc import Question, ask, ask_each
from gateway.staging import stager, uploads
from gateway.uploads import Upload

WORKING = frozenset({"staging", "checking", "running", "taking_back"})
FILE = api.files("file", **ImportWish.model_json_schema()["properties"])
"""The wishes beside the file; those that are objects travel as JSON text in their part of the form."""
STEPS = {
    "run": ("run_import", RunImport),
    "cancel": ("cancel_job", CancelJob),
    "take_back": ("take_back", TakeBack),
}


class Importable(Message):
    """Which fields a file may fill, the latest jobs, and the kinds of files that are known."""

    fields: list[dict[str, Any]]
    jobs: list[ImportJob]
    sources: list[Source]


@api.described(
    summary="Which fields a file may fill, the latest imports, the kinds of files that are known.",
    answers=Importable,
)
def start(service: str, noun: str) -> Response:
    """Choose a file; the latest imports below. A program is told which fields a file may fill."""
    record = find_record(service, noun, "import")
    if wanted() == "json":
        return json({"fields": [_told(a) for a in _fields(record).values()], **_latest(record)})
    return _start_page(record)


def _told(a: Attr) -> dict[str, Any]:
    shown = ("name", "kind", "required", "many", "choices", "ref", "among", "synonyms")
    return {**{name: getattr(a, name) for name in shown}, "label": wording.field_label(a)}


def _latest(record: type[Record]) -> dict[str, Any]:
    entity, service = record.entity(), record.service()
    jobs, sources = ask_each(
        Question(service, "jobs", JobsOf(entity=entity)),
        Question(service, "sources", SourcesOf(entity=entity)),
    )
    return {
        "jobs": [] if isinstance(jobs, Problem) else jobs["jobs"],
        "sources": [] if isinstance(sources, Problem) else sources["sources"],
    }


def _start_page(record: type[Record], problem: Problem | None = None) -> Response:
    status = problem.status if problem else 200
    said = wording.sentence(problem) if problem else ""
    return page(
        "entity/import.html", status=status, record=record, entity=record.entity(), said=said,
        largest=spreadsheets.LARGEST_FILE, **_latest(record),
    )  # fmt: skip


@api.described(
    summary="Bring in a file of records (xlsx, xls, ods, csv, vCard): its rows are read and looked at in the background until the "
    "job is «checked»; nothing is made before `run`.",
    takes=FILE,
    sends=api.FORM,
    answers=ImportJob,
    status=202,
)
def upload(service: str, noun: str) -> Response:
    """A file came. A person is asked about its columns; a program says what it wants of them, and the dry run begins."""
    record = find_record(service, noun, "import")
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Invalid(FieldProblem("file", "required"))
        wish = _wish() if wanted() == "json" else ImportWish()
        kept = uploads().keep(actor().id, sent.filename, sent.stream, spreadsheets.LARGEST_FILE)
        try:
            table = _seen(kept, wish.sheet)
        except Problem:
            uploads().drop(kept.id)
            raise
    except Problem as problem:
        if wanted() == "json":
            raise
        return _start_page(record, problem)
    if wanted() == "json":
        return json(_begin_as_told(record, kept, table, wish), 202)
    return go(url_for("entity.columns", service=service, noun=noun, upload=kept.id))


def _wish() -> ImportWish:
    """What a program says beside the file, each as a part of the form: objects in JSON. Raises Invalid."""
    given: dict[str, Any] = {}
    for name in ImportWish.model_fields:
        if text := request.form.get(name):
            try:
                given[name] = orjson.loads(text) if name in {"columns", "values"} else text
            except orjson.JSONDecodeError:
                raise Invalid(FieldProblem(name, "wrong")) from None
    return _checked(ImportWish, given)


def _checked(cls: type[Any], given: Mapping[str, Any]) -> Any:
    try:
        return cls.model_validate(given)
    except ValidationError as error:
        fields = {".".join(map(str, item["loc"][:1])) for item in error.errors(include_url=False)}
        raise Invalid(*(FieldProblem(name, "wrong") for name in sorted(fields))) from None


def _seen(upload: Upload, sheet: str | None = None) -> spreadsheets.Table:
    """What the file is like: it is looked into once for each sheet. Raises what `spreadsheets.opened` does."""
    looked = upload.noted
    if looked is None or (sheet and looked["sheet"] != sheet and sheet in looked["sheets"]):
        looked = reading.look(upload.place, upload.name, sheet)
        upload.note(looked)
    return reading.seen(looked)


def _fields(record: type[Record]) -> dict[str, Attr]:
    return matching.importable(record, screens())


def _source(record: type[Record], table: spreadsheets.Table) -> dict[str, Any]:
    """How a file with these titles was brought in the last time; nothing for one that is new to us."""
    asked = SourceOf(entity=record.entity(), titles=table.whole_titles)
    (found,) = ask_each(Question(record.service(), "source", asked))
    return found if isinstance(found, dict) else {"fields": {}, "values": {}}


def _places(table: spreadsheets.Table, fields: Mapping[str, Attr], source: Mapping[str, Any]) -> list[str]:
    remembered = {matching.folded(title): name for title, name in source["fields"].items()}
    return matching.match(table, fields, remembered)


@api.only_page("the form; a program names the columns beside the file")
def columns(service: str, noun: str, upload: UUID) -> Response:
    """Which column fills which field: as the last time, or guessed; shown, changeable."""
    record = find_record(service, noun, "import")
    kept = uploads().take(actor().id, upload)
    table = _seen(kept, request.args.get("sheet"))
    source = _source(record, table)
    return _columns_page(record, kept, table, _places(table, _fields(record), source), source)


def _columns_page(
    record: type[Record],
    upload: Upload,
    table: spreadsheets.Table,
    chosen: list[str],
    source: Mapping[str, Any],
    problem: Problem | None = None,
) -> Response:
    fields = _fields(record)
    required = [a for name, a in fields.items() if a.required and not a.only_for and name not in chosen]
    made = [a for a in required if unknown_values.can_make(record, a)]
    may_change = actor().may(f"{record.entity()}.update") and record.editable
    return page(
        "entity/import_columns.html", status=problem.status if problem else 200, record=record,
        entity=record.entity(), name=upload.name, table=table, chosen=chosen, fields=fields, source=source,
        missing=[a for a in required if a not in made], said=wording.sentence(problem) if problem else "",
        day_first=sorted(set(matching.day_first(table, fields, chosen).values())), address=request.path,
        keys=matching.keys(fields, chosen) if may_change else [],
    )  # fmt: skip


@api.only_page("the form; a program names the columns beside the file")
def use_columns(service: str, noun: str, upload: UUID) -> Response:
    """The person agreed to the columns: off goes the file, and every row is looked at."""
    record = find_record(service, noun, "import")
    kept, form = uploads().take(actor().id, upload), request.form
    table = _seen(kept)
    if form.get("sheet") and form["sheet"] != table.sheet:  # another sheet has other columns
        return go(url_for("entity.columns", service=service, noun=noun, upload=upload, sheet=form["sheet"]))
    fields, source = _fields(record), _source(record, table)
    chosen = [form.get(f"column.{n}", "") for n in range(len(table.titles))]
    chosen = [name if name in fields and name not in chosen[:n] else "" for n, name in enumerate(chosen)]
    wish = ImportWish(
        duplicates=form.get("duplicates") or "set_aside", key=form.get("key") or None, source=form.get("source") or None
    )  # fmt: skip
    try:
        if not any(chosen):
            raise Invalid()
        job = _begin(record, kept, table, chosen, wish, source)
    except Invalid as problem:
        return _columns_page(record, kept, table, chosen, source, problem)
    return go(url_for("entity.job", service=service, noun=noun, job=job["id"]))


def _begin_as_told(
    record: type[Record], upload: Upload, table: spreadsheets.Table, wish: ImportWish
) -> dict[str, Any]:
    """As a program wants it; what it does not say is remembered or guessed. Raises Invalid for a column or field that is not
    there."""
    fields, source = _fields(record), _source(record, table)
    chosen = _places(table, fields, source)
    if wish.columns is not None:
        strange = [title for title in wish.columns if title not in (*table.titles, *table.whole_titles)]
        strange += [name for name in wish.columns.values() if name and name not in fields]
        if strange:
            raise Invalid(*(FieldProblem("columns", "not_a_choice", value=name[:80]) for name in strange))
        chosen = [wish.columns.get(title, "") for title in table.whole_titles]
        chosen = [name if name not in chosen[:n] else "" for n, name in enumerate(chosen)]
    if wish.sheet and wish.sheet != table.sheet:
        raise Invalid(FieldProblem("sheet", "not_a_choice", value=wish.sheet[:80]))
    if not any(chosen):
        raise Invalid(FieldProblem("columns", "required"))
    return _begin(record, upload, table, chosen, wish, source)


def _begin(
    record: type[Record],
    upload: Upload,
    table: spreadsheets.Table,
    chosen: list[str],
    wish: ImportWish,
    source: Mapping[str, Any],
) -> dict[str, Any]:
    """Start a job and read the file into it. What was answered for files like this counts before what is proposed."""
    duplicates = wish.duplicates or "set_aside"
    used, fields = [name for name in chosen if name], _fields(record)
    values = unknown_values.proposed(record, fields, used)
    for answers in (source["values"], wish.values or {}):
        values |= {
            name: values.get(name, {}) | said for name, said in answers.items()
            if name in used or answers is wish.values
        }  # fmt: skip
    start = StartImport.read(
        {
            "id": upload.id, "entity": record.entity(), "file_name": upload.name, "columns": used,
            "titles": table.whole_titles, "places": chosen, "sheet": table.sheet, "expected": table.expected,
            "duplicates": duplicates, "key": wish.key if duplicates == "update" else None, "values": values,
            "source": wish.source or (None if source.get("is_mine") else source.get("name")),
        }
    )  # fmt: skip
    # a file is brought in once, however often somebody presses
    key = idempotency_key() or f"import {upload.id}"
    job: dict[str, Any] = ask(record.service(), "start_import", start, key=key)
    stager().begin(actor(), record, job, upload)
    return job


@api.described(summary="How far an import is, and what is wrong in its file.", answers=ImportJob)
def job(service: str, noun: str, job: UUID) -> Response:
    """How far it is; the page asks again while something goes on, also after a reload."""
    record = find_record(service, noun, "import")
    found = ask(service, "job", JobOf(id=job))
    found["can"] = [*found["can"], *(["go_on"] if _can_go_on(found) else [])]
    return json(found) if wanted() == "json" else _job_page(record, found)


def _can_go_on(found: Mapping[str, Any]) -> bool:
    """Whether the file whose reading stopped is still here."""
    return bool(found["is_stalled"]) and uploads().has(actor().id, UUID(str(found["id"])))


def _job_page(record: type[Record], found: dict[str, Any], problem: Problem | None = None) -> Response:
    fields = _fields(record)
    problems = [
        {**item, "label": wording.field_label(fields[item["field"]]) if item["field"] in fields else item["field"], "said": said(item)}
        for item in found["problems_sample"]
    ]  # fmt: skip
    is_working = found["state"] in WORKING and not found["is_stalled"]
    unknown = [] if is_working else unknown_values.shown(record, fields, found)
    return page(
        "entity/import_job.html", "job", status=problem.status if problem else 200, record=record,
        entity=record.entity(), job=found, problems=problems, is_working=is_working, unknown=unknown,
        pace=Pace.of(found, request.args), said=wording.sentence(problem) if problem else "",
        address=url_for("entity.job", service=record.service(), noun=record.noun(), job=found["id"]),
    )  # fmt: skip


@api.described(
    summary="Answer what is not known, and look at all rows again.",
    takes=AnswerUnknown,
    answers=ImportJob,
    status=202,
)
def check(service: str, noun: str, job: UUID) -> Response:
    """Answers to what is not known; all rows are looked at again."""
    record = find_record(service, noun, "import")
    if wanted() == "json":
        values = _checked(AnswerUnknown, json_body() if request.get_data() else {}).values
        return json(
            ask(service, "check_import", CheckImport(job_id=job, values=values), key=idempotency_key()), 202
        )
    found = ask(service, "job", JobOf(id=job))
    form = request.form
    triples = zip(form.getlist("field"), form.getlist("text"), form.getlist("answer"), strict=False)
    values = unknown_values.answers_of(found, triples)
    try:
        ask(service, "check_import", CheckImport(job_id=job, values=values), key=idempotency_key())
    except Invalid as problem:
        return _job_page(record, found, problem)
    return go(url_for("entity.job", service=service, noun=noun, job=job))


@api.described(summary="Read on a file whose reading was stopped.", answers=ImportJob, status=202)
def go_on(service: str, noun: str, job: UUID) -> Response:
    """Read on where a process that was killed stopped reading. Raises NotFound when the file is gone."""
    record = find_record(service, noun, "import")
    found = ask(service, "job", JobOf(id=job))
    if found["state"] == "staging":
        stager().begin(actor(), record, found, uploads().take(actor().id, job))
    if wanted() == "json":
        return json(found, 202)
    return go(url_for("entity.job", service=service, noun=noun, job=job))


@api.described(summary="Forget how files of one kind are brought in.", answers={})
def forget(service: str, noun: str, source: UUID) -> Response:
    """The next file of this kind is looked at with fresh eyes."""
    find_record(service, noun, "import")
    ask(service, "forget_source", ForgetSource(id=source))
    if wanted() == "json":
        return json(None)
    flash(_("Forgotten. The next file of this kind is looked at with fresh eyes."), "info")
    return go(url_for("entity.start_import", service=service, noun=noun))


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


@api.described(summary="Make the good rows, stop, or put away again all that was made.", answers=ImportJob)
def step(service: str, noun: str, job: UUID, step: str) -> Response:
    """Run, cancel or take back."""
    record = find_record(service, noun, "import")
    door, message = STEPS[step]
    if step == "run":  # entries of lists are made by whoever keeps the lists, with the person's rights
        found = ask(service, "job", JobOf(id=job))
        if door in found["can"]:
            unknown_values.make_entries(record, _fields(record), found)
    answer = ask(service, door, message(job_id=job), key=idempotency_key())
    if wanted() == "json":
        return json(answer)
    if step == "cancel":
        uploads().drop(job)
        flash(_("Stopped. What was made until then stays, and can be taken back."), "info")
    return go(url_for("entity.job", service=service, noun=noun, job=job))
