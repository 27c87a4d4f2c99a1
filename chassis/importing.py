"""Works off imports in the background: look at rows, make them, put them away again; a chunk is a transaction.

What became of a row is written in the transaction that makes it, so whatever kills the process, no row is made twice.
A chunk that fails is worked row by row; the one that cannot be done is set aside with the others.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from chassis import answers, bulk
from chassis.candidates import EXTRA, Candidate, consider
from chassis.constraints import broken
from chassis.house import House
from chassis.keeping import keep
from chassis.logs import log
from chassis.putting_away import put_away
from chassis.transfer import BEFORE, OPEN, Job, StagedRow, count_bad
from chassis.work import Work
from contracts.actor import Actor
from contracts.errors import Problem, Unexpected

CHUNK = 500
SHORT, LONG = 0.3, 1.0
"""Seconds a chunk may take: while it lasts, whoever wants to cancel the job or needs a number waits."""
IDLE = 1.0
"""Seconds between two looks for work."""
DOOR = {"checking": "check_import", "running": "run_import", "taking_back": "take_back"}


class Importer:
    """The imports of one service. Several processes may have one: a chunk is in one hand only."""

    def __init__(self, house: House, chunk: int = CHUNK) -> None:
        self.house, self.chunk, self.most = house, chunk, chunk
        self._one_by_one: dict[UUID, int] = {}
        """Job → how many of its next rows are worked one by one, because together they failed."""

    def run_due(self) -> float:
        """Work one chunk of the job that waited longest; gives the seconds until it is worth looking again."""
        job_id, position, begun = None, BEFORE, time.monotonic()
        try:
            with self.house.sessions.begin() as session:
                session.execute(text("SET LOCAL statement_timeout = '10min'"))
                job = session.scalars(_next_job()).first()
                if job is None:
                    return IDLE
                job_id, position = job.id, job.position
                if job.state == "checking":  # what a crash forgets of it is looked at once more
                    session.execute(text("SET LOCAL synchronous_commit = off"))
                actor = Actor.model_validate(job.actor)
                work = Work(session, actor, self.house, door=DOOR[job.state], call_id=job.call_id)
                work.note = job.file_name
                self._advance(work, job)
        except OperationalError:
            raise  # the database is away: whoever drives us waits for it
        except Exception as error:
            log().exception("import failed", service=self.house.name, job=str(job_id), after=position)
            if job_id is None:
                return IDLE
            self._fail(job_id, position, error)
        self._pace(time.monotonic() - begun)
        return 0.0

    def _pace(self, took: float) -> None:
        """Smaller chunks on a busy machine, larger ones again when it is idle."""
        if took > LONG:
            self.chunk = max(self.chunk // 2, min(20, self.most))
        elif took < SHORT:
            self.chunk = min(self.chunk * 2, self.most)

    def run_all(self) -> None:
        """Work until nothing is left to do."""
        while self.run_due() == 0.0:
            pass

    def _advance(self, work: Work, job: Job) -> None:
        alone = self._one_by_one.get(job.id, 0)
        size = 1 if alone else self.chunk
        rows = list(work.session.execute(_rows(job, size)).all())
        job.worked_at = work.now
        if rows:
            PASSES[job.state](work, job, rows)
            job.position, job.done = rows[-1].position, min(job.total, job.done + len(rows))
        if len(rows) < size:
            self._end(work, job)
        elif alone:
            self._one_by_one[job.id] = alone - 1

    def _end(self, work: Work, job: Job) -> None:
        if job.state == "checking":
            work.session.flush()
            find_twins(work, job)
        job.state = {"checking": "checked", "running": "done", "taking_back": "taken_back"}[job.state]
        job.ended_at, job.done = self.house.clock(), job.total
        self._one_by_one.pop(job.id, None)
        log().info(
            "import", service=self.house.name, job=str(job.id), state=job.state, made=job.made, bad=job.bad
        )

    def _fail(self, job_id: UUID, position: int, error: Exception) -> None:
        """Go on row by row where a chunk failed; set the row aside where one alone did."""
        with self.house.sessions.begin() as session:
            job = session.scalars(select(Job).where(Job.id == job_id).with_for_update()).one()
            if job.state not in OPEN or job.position != position:
                return
            if not self._one_by_one.get(job_id):
                self._one_by_one[job_id] = self.chunk
                return
            place = session.execute(_rows(job, 1)).one().position
            row = session.get_one(StagedRow, (job_id, place))
            row.problems = [_problem(error, job_id)]
            row.state = "kept" if job.state == "taking_back" else "bad"
            job.position, job.done = place, job.done + 1
            job.bad, job.kept = job.bad + (row.state == "bad"), job.kept + (row.state == "kept")


def _next_job() -> Any:
    wanted = (
        select(Job).where(Job.state.in_(OPEN)).order_by(Job.worked_at.asc().nulls_first(), Job.created_at)
    )
    return wanted.limit(1).with_for_update(skip_locked=True)


def _rows(job: Job, size: int) -> Any:
    """The next rows of the present pass. Taking back goes from the last to the first: what came later leans on it."""
    row = StagedRow
    wanted = select(row.position, row.given, row.made, row.state).where(row.job_id == job.id).limit(size)
    if job.state == "taking_back":
        return wanted.where(row.state == "made", row.position < job.position).order_by(row.position.desc())
    waiting = row.state.in_(("staged", "good", "bad", "undone"))
    return wanted.where(waiting, row.position > job.position).order_by(row.position)


def _problem(error: Exception, job_id: UUID) -> dict[str, Any]:
    try:
        problem = broken(error) if isinstance(error, IntegrityError) else error
    except IntegrityError as unforeseen:
        problem = unforeseen
    if not isinstance(problem, Problem):
        problem = Unexpected(number=job_id)
    return {"field": "", "code": type(problem).__name__, "params": problem.params}


# -- the passes ---------------------------------------------------------------------------------------------------


def check(work: Work, job: Job, rows: list[Any]) -> None:
    """A dry run: everything is done as when it is made, and then undone."""
    with work.trial():
        candidates = consider(work, job, rows)
    _write_down(work, job, candidates, "good")


def make(work: Work, job: Job, rows: list[Any]) -> None:
    """Good rows become records: rows, change log, cards, and what became of each, together."""
    candidates = consider(work, job, rows)
    keep(work, [row for candidate in candidates for row in candidate.new_rows()])
    work.session.flush()  # records that were there and are changed now
    _write_down(work, job, candidates, "made")


def undo(work: Work, job: Job, rows: list[Any]) -> None:
    """Put away what was made of these rows."""
    outcomes = put_away(work, job, rows)
    bulk.update(work.session, StagedRow.__table__, outcomes)  # type: ignore[arg-type]
    undone = sum(outcome["state"] == "undone" for outcome in outcomes)
    job.made, job.kept = job.made - undone, job.kept + len(outcomes) - undone


PASSES: dict[str, Callable[[Work, Job, list[Any]], None]] = {
    "checking": check,
    "running": make,
    "taking_back": undo,
}


def _write_down(work: Work, job: Job, candidates: list[Candidate], well: str) -> None:
    outcomes = [
        {
            "job_id": job.id, "position": c.position, "state": "bad" if c.problems else well,
            "keys": c.keys if well == "good" else None,  # rows made are compared in the books
            "problems": [problem.as_dict() for problem in c.problems] or None, "made": c.made() if well == "made" else None,
        }
        for c in candidates
    ]  # fmt: skip
    bulk.update(work.session, StagedRow.__table__, outcomes)  # type: ignore[arg-type]
    bad = sum(outcome["state"] == "bad" for outcome in outcomes)
    job.bad, job.good = job.bad + bad, job.good + len(outcomes) - bad
    if job.counts_unknown:
        job.unknown = answers.counted(job.unknown, [one for c in candidates for one in c.unknown])
    if well == "made":
        job.made += len(outcomes) - bad
        job.added += sum(c.added for c in candidates if not c.problems)


def find_twins(work: Work, job: Job) -> None:
    """Set aside good rows that are the same thing as an earlier good row of the file."""
    if job.duplicates == "take":
        return
    statement = """
        UPDATE import_row r SET state = 'bad', problems = jsonb_build_array(jsonb_build_object(
            'field', twin.field, 'code', 'duplicate_row', 'params', jsonb_build_object('row', twin.earlier::text)))
        FROM (SELECT position, min(first) AS earlier, min(field) AS field
              FROM (SELECT s.position, split_part(key, ' ', 1) AS field, :extra = ANY(s.keys) AS adds,
                           first_value(s.position) OVER (PARTITION BY key ORDER BY s.position) AS first
                    FROM import_row s CROSS JOIN unnest(s.keys) AS key
                    WHERE s.job_id = :job AND s.state = 'good' AND key <> :extra) AS keyed
              WHERE position > first GROUP BY position, adds HAVING NOT (adds AND bool_or(field = ANY(:sure)))) AS twin
        WHERE r.job_id = :job AND r.position = twin.position"""
    sure = list(work.entities[job.entity.rpartition(".")[2]].alike)
    work.session.connection().execute(text(statement), {"job": job.id, "extra": EXTRA, "sure": sure})
    before, job.bad = job.bad, count_bad(work, job)
    job.good -= job.bad - before
