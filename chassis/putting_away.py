"""Takes back what an import made: archives it, unless somebody has changed or used it since."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis import audit, flush, updating
from chassis.threads import Pause
from chassis.transfer import Job
from chassis.work import Work
from contracts.errors import Problem
from contracts.transfer import ChangedSince


def put_away(work: Work, job: Job, rows: list[Any]) -> list[dict[str, Any]]:
    """Archive what was made of these rows of the file; says for each what became of it."""
    with work.everything():
        records = _records(work, rows)
        outcomes, pause = [], Pause()
        for staged in rows:
            pause()
            outcome = {"job_id": job.id, "position": staged.position, "state": "undone", "problems": None}
            try:
                _put_away(work, staged, records)
            except Problem as problem:
                told = {"field": "", "code": type(problem).__name__, "params": problem.params}
                outcome.update(state="kept", problems=[told])
            outcomes.append(outcome)
        work.session.flush()
    return outcomes


def _put_away(work: Work, staged: Any, records: dict[UUID, Any]) -> None:
    parts = [(records.get(UUID(id)), ver) for _, id, ver, *_ in staged.made]
    for row, ver in parts:
        if ver and row is not None and row.archived_at is None and _changed_since(work, row, ver):
            raise ChangedSince(name=flush.label(row))
    main, own = parts[0][0], [row for row, ver in parts if ver and row is not None]
    if len(staged.made[0]) > 3:  # it changed a record that was there
        own = [row for row in own if row is not main]
        if main is not None and main.archived_at is None:
            updating.give_back(work, main, staged.made[0][3])
    for row in dict.fromkeys([main, *own]):
        if row is not None and hasattr(row, "taken_back"):
            row.taken_back(work, own)
    for row in own:
        row.archived_at = row.archived_at or work.now


def _changed_since(work: Work, row: Any, ver: int) -> bool:
    """Whether anything but the import itself (a line further down, or what was taken back already) changed it."""
    if row.ver == ver:
        return False
    work.session.flush()  # what was taken back already is in the log, and in the version
    entries = {
        entry.ver: (entry.call_id, entry.door)
        for entry in audit.history(work.session, row.record.entity(), row.id, row.ver)
        if entry.ver >= ver
    }
    own = {entries.get(ver), (work.call_id, work.door)}
    return any(entries.get(later) not in own for later in range(ver + 1, row.ver + 1))


def _records(work: Work, rows: list[Any]) -> dict[UUID, Any]:
    """Everything these rows made, locked, one look per kind."""
    wanted: dict[str, list[UUID]] = {}
    for staged in rows:
        for entity, id, *_ in staged.made:
            wanted.setdefault(entity.rpartition(".")[2], []).append(UUID(id))
    found: dict[UUID, Any] = {}
    for noun, ids in wanted.items():
        cls = work.entities[noun]
        statement = select(cls).where(cls.id.in_(ids)).order_by(cls.id).with_for_update(of=cls)
        found.update({row.id: row for row in work.session.scalars(statement)})
    return found
