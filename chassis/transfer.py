"""Bringing in many rows: the tables and the doors. The rows are worked off in the background (`chassis.importing`).

Who may import is decided when a pass is asked for; her authority is kept with the job and holds for every row of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis import answers, bulk, import_sources
from chassis.audit import plain
from chassis.database import ChassisBase
from chassis.entities import find_class
from chassis.identity import new_id
from chassis.replicas import several
from chassis.work import Work
from contracts.errors import FieldProblem, Forbidden, Invalid, NotFound, TooLarge
from contracts.message import Record
from contracts.transfer import (
    UNMAPPED,
    BadRows,
    BadRowsOf,
    CancelJob,
    CheckImport,
    ImportJob,
    JobOf,
    JobsOf,
    NotInThisPhase,
    RunImport,
    StageRows,
    StartImport,
    TakeBack,
)

BATCH = 5_000
LONGEST_CELL = 32_767
"""As long as a spreadsheet's cell can be."""
SAMPLE = 20
BEFORE, BEHIND = -1, 2**31 - 1
"""Places in front of the first and behind the last row."""
OPEN = ("checking", "running", "taking_back")
NEXT: dict[str, tuple[str, ...]] = {
    "staging": ("check_import", "run_import", "cancel_job"),
    "checking": ("cancel_job",),
    "checked": ("check_import", "run_import", "cancel_job"),
    "running": ("cancel_job",),
    "done": ("take_back",),
    "cancelled": ("check_import", "run_import", "take_back"),
    "taking_back": ("cancel_job",),
    "taken_back": (),
}
"""Phase → doors that make sense in it."""
STALLED = timedelta(seconds=60)
"""So long no row may come before we say that whoever reads the file has stopped."""


class Job(ChassisBase):
    """One file on its way into the books, with the authority of whoever started it."""

    __tablename__ = "import_job"
    __table_args__ = (
        Index(
            "ix_import_job_open",
            "created_at",
            postgresql_where=text("state in ('checking','running','taking_back')"),
        ),
        Index("ix_import_job_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entity: Mapped[str] = mapped_column(String(60))
    file_name: Mapped[str] = mapped_column(String(200))
    columns: Mapped[list[Any]] = mapped_column()
    duplicates: Mapped[str] = mapped_column(String(20))
    key: Mapped[str | None] = mapped_column(String(60))
    """The field by which a row finds the record it changes."""
    titles: Mapped[list[Any]] = mapped_column(default=list)
    places: Mapped[list[Any]] = mapped_column(default=list)
    """All columns of the file, and the field that each fills."""
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Field → value of the file → what is to become of it where it names nothing we know."""
    unknown: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Field → value → [rows, code]: those the last look found."""
    counts_unknown: Mapped[bool] = mapped_column(default=False)
    """Whether the present pass counts them: a run after a look does not, for what it makes is known from then on."""
    added: Mapped[int] = mapped_column(default=0)
    sheet: Mapped[str | None] = mapped_column(String(200))
    expected: Mapped[int | None] = mapped_column()
    staged_at: Mapped[datetime | None] = mapped_column()
    read_at: Mapped[datetime | None] = mapped_column()
    """When its last rows came; when the file had come whole."""
    state: Mapped[str] = mapped_column(String(20), default="staging")
    started_by: Mapped[UUID] = mapped_column()
    actor: Mapped[dict[str, Any]] = mapped_column()
    """Who asked for the present pass, with her rights at that moment."""
    call_id: Mapped[str] = mapped_column(String(100), default="")
    position: Mapped[int] = mapped_column(default=BEFORE)
    """The place of the last row worked in the present pass."""
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    good: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)
    made: Mapped[int] = mapped_column(default=0)
    kept: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column()
    worked_at: Mapped[datetime | None] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)


class StagedRow(ChassisBase):
    """One row of the file as it came, what is wrong with it, and what was made of it."""

    __tablename__ = "import_row"
    __table_args__ = (
        Index("ix_import_row_bad", "job_id", "position", postgresql_where=text("state = 'bad'")),
    )

    job_id: Mapped[UUID] = mapped_column(ForeignKey("import_job.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(10), default="staged")
    """staged, good, bad; made; undone or kept when the job was taken back"""
    given: Mapped[dict[str, Any]] = mapped_column()
    """The values by field, as the file has them."""
    keys: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """What it shares with a row that is the same thing (name without suffix, tax number); for duplicates in the file."""
    problems: Mapped[list[Any] | None] = mapped_column()
    made: Mapped[list[Any] | None] = mapped_column()
    """[[entity, id, ver], …]: the row and what came with it, as the job left them; version 0: it was there before. One that
    was changed: [entity, id, ver, {field: [before, after]}]."""


ORIGIN = ("created_at", "created_by")
"""When and by whom a record was first entered elsewhere: the log tells who imported it."""


def importable(record: type[Record]) -> set[str]:
    """The fields a file may fill: those of the form, where it comes from, and what the record's `importing` adds."""
    own = {name for name, a in record.attrs().items() if not a.readonly and not a.lines}
    return own | set(ORIGIN) | set(record.importing.attrs() if record.importing is not None else ())


def start_import(work: Work, message: StartImport) -> ImportJob:
    """A file is about to come. Columns that people cannot fill (numbers, stamps) are let pass and not read."""
    cls = find_class(work, message.entity, "import")
    if not cls.record.creatable:
        raise Forbidden(permission=f"{cls.record.entity()}.import")
    fields = importable(cls.record)
    unknown = [name for name in message.columns if name not in fields and name not in cls.record.attrs()]
    if unknown or not fields & set(message.columns):
        raise Invalid(*(FieldProblem(name, "unknown") for name in unknown or ("columns",)))
    if message.duplicates == "update":
        _check_key(work, cls, message)
    job = Job(
        id=message.id or new_id(), entity=cls.record.entity(), file_name=message.file_name[:200],
        columns=[name for name in message.columns if name in fields or name == message.key],
        duplicates=message.duplicates, key=message.key if message.duplicates == "update" else None,
        titles=[title[:200] for title in message.titles], places=list(message.places), sheet=message.sheet,
        expected=message.expected, values=answers.checked(work, cls, message.values),
        started_by=work.actor.id, actor=work.actor.model_dump(mode="json"), created_at=work.now,
    )  # fmt: skip
    work.add(job)
    work.session.flush()
    import_sources.remember(work, job, message.source)
    return _told(work, job)


KEYS = frozenset({"text", "integer", "email", "phone", "id"})
"""Kinds of fields by which a record is found again."""


def _check_key(work: Work, cls: Any, message: StartImport) -> None:
    """Raises Forbidden for whoever may not change such records, Invalid for a field that tells nothing apart."""
    work.require(f"{cls.record.entity()}.update")
    a = cls.record.attrs().get(message.key or "")
    if (
        a is None
        or a.kind not in KEYS
        or a.many
        or a.ref
        or a.name not in message.columns
        or not cls.record.editable
    ):
        raise Invalid(FieldProblem("key", "not_a_choice", value=message.key or ""))


def stage_rows(work: Work, message: StageRows) -> ImportJob:
    """Some rows of the file. A place that is filled already stays as it is, so that a batch may come twice."""
    job = _mine(work, message.job_id, "stage_rows", lock=True)
    if len(message.rows) > BATCH:
        raise TooLarge(limit=BATCH)
    columns = {*job.columns, *(f"{UNMAPPED}{n}" for n in range(len(job.titles)))}
    job.staged_at = work.now
    rows = [
        {
            "job_id": job.id, "position": message.first + place, "state": "staged",
            "given": {name: _kept(value) for name, value in row.items() if name in columns},
        }
        for place, row in enumerate(message.rows)
    ]  # fmt: skip
    job.total += bulk.insert(work.session, StagedRow.__table__, rows, known=True)  # type: ignore[arg-type]
    return _told(work, job)


def _kept(value: Any) -> Any:
    """A cell as JSON keeps it: PostgreSQL takes no NUL, and nobody reads a novel in a cell."""
    return value.replace("\x00", "\ufffd")[:LONGEST_CELL] if isinstance(value, str) else value


def check_import(work: Work, message: CheckImport) -> ImportJob:
    """Look at every row, make nothing."""
    job = _mine(work, message.job_id, "check_import", lock=True)
    given = answers.checked(work, find_class(work, job.entity, "import"), message.values)
    if given:
        job.values = answers.merged(job.values, given)
        import_sources.remember(work, job)
    return _begin(work, message.job_id, "check_import", "checking")


def run_import(work: Work, message: RunImport) -> ImportJob:
    """Make the good rows. What an earlier run made is not made again."""
    return _begin(work, message.job_id, "run_import", "running")


def take_back(work: Work, message: TakeBack) -> ImportJob:
    """Put away again what the job made."""
    return _begin(work, message.job_id, "take_back", "taking_back")


def _begin(work: Work, job_id: UUID, door: str, phase: str) -> ImportJob:
    job = _mine(work, job_id, door, lock=True)
    work.require(f"{job.entity}.import")
    if phase != "taking_back":
        job.read_at = job.read_at or work.now
        job.counts_unknown = phase == "checking" or job.state != "checked"
        if job.counts_unknown:
            job.unknown = {}
    job.state, job.attempts, job.error, job.ended_at = phase, 0, None, None
    job.position = BEHIND if phase == "taking_back" else BEFORE
    job.actor, job.call_id = work.actor.model_dump(mode="json"), work.call_id
    job.done = job.made if phase == "running" else 0
    if phase != "taking_back":
        job.good = job.bad = 0
    return _told(work, job)


def cancel_job(work: Work, message: CancelJob) -> ImportJob:
    """Stop between two rows. What was made until then stays."""
    job = _mine(work, message.job_id, "cancel_job", lock=True)
    job.state, job.ended_at, job.error = "cancelled", work.now, message.error
    return _told(work, job)


def job(work: Work, message: JobOf) -> ImportJob:
    """How far it is."""
    return _told(work, _mine(work, message.id), sample=True)


def jobs(work: Work, message: JobsOf) -> dict[str, Any]:
    """The latest jobs: one's own, and those of entities one may import for everybody."""
    everybody = [
        name for cls in work.entities.values()
        if work.actor.scope(f"{(name := cls.record.entity())}.import") == "all"
    ]  # fmt: skip
    wanted = select(Job).where((Job.started_by == work.actor.id) | Job.entity.in_(everybody))
    if message.entity is not None:
        wanted = wanted.where(Job.entity == f"{work.service}.{message.entity.rpartition('.')[2]}")
    found = work.session.scalars(
        wanted.order_by(Job.created_at.desc()).limit(max(1, min(message.limit, 200)))
    )
    return {"jobs": [_told(work, job).as_json() for job in found]}


def bad_rows(work: Work, message: BadRowsOf) -> BadRows:
    """Rows that were set aside and why, in the order of the file."""
    job = _mine(work, message.job_id)
    limit = max(1, min(message.limit, BATCH))
    rows = _bad(work, job, message.after, limit + 1)
    more = len(rows) > limit
    return BadRows(
        rows=tuple({"row": row.position, "values": row.given, "problems": row.problems} for row in rows[:limit]),
        next=rows[limit - 1].position if more else None,
    )  # fmt: skip


def _bad(work: Work, job: Job, after: int, limit: int) -> list[StagedRow]:
    wanted = select(StagedRow).where(
        StagedRow.job_id == job.id, StagedRow.state == "bad", StagedRow.position > after
    )
    return list(work.session.scalars(wanted.order_by(StagedRow.position).limit(limit)))


def _mine(work: Work, id: UUID, door: str | None = None, *, lock: bool = False) -> Job:
    """The job, if it is the actor's or she may import this for everybody; refused where the door makes no sense now."""
    wanted = select(Job).where(Job.id == id)
    job = work.session.scalars(wanted.with_for_update() if lock else wanted).first()
    if job is None or not (
        job.started_by == work.actor.id or work.actor.scope(f"{job.entity}.import") == "all"
    ):
        raise NotFound(entity="import_job", id=id)
    if door is not None and door not in (
        *_next(job),
        *(["stage_rows"] if job.state == "staging" else []),
    ):
        raise NotInThisPhase(state=job.state)
    return job


def _next(job: Job) -> tuple[str, ...]:
    """The doors that make sense now: half a file is good for nothing, and nothing is taken back that was not made."""
    if job.state == "cancelled" and job.read_at is None:
        return ()
    return tuple(door for door in NEXT[job.state] if door != "take_back" or job.made)


def _told(work: Work, job: Job, *, sample: bool = False) -> ImportJob:
    problems: list[dict[str, Any]] = []
    if sample:
        for row in _bad(work, job, BEFORE, SAMPLE):
            problems += [{"row": row.position, **problem} for problem in row.problems or ()]
    starter = several(work.session, [job.started_by])
    shown = ("id", "entity", "file_name", "state", "duplicates", "key", "started_by", "error")
    counts = ("total", "done", "good", "bad", "made", "kept", "added", "sheet", "expected", "values")
    last = job.staged_at or job.created_at
    return ImportJob(
        **{name: getattr(job, name) for name in (*shown, *counts)},
        **{name: tuple(getattr(job, name)) for name in ("columns", "titles", "places")},
        unknown=answers.told(job.values, job.unknown),
        is_stalled=job.state == "staging" and work.now - last > STALLED,
        started_by_name=starter[0].label if starter else str(job.actor.get("name", "")),
        created_at=plain(job.created_at),
        ended_at=plain(job.ended_at),
        problems_sample=tuple(problems[:SAMPLE]),
        can=_next(job),
    )


def count_bad(work: Work, job: Job) -> int:
    """How many rows are set aside at present."""
    wanted = select(func.count()).where(StagedRow.job_id == job.id, StagedRow.state == "bad")
    return work.session.scalar(wanted) or 0
