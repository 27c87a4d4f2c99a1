"""Rows of a file that change records which are there: found by the value of one field, and given back when it is taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis import entities, own_fields
from chassis.audit import plain
from chassis.transfer import Job, StagedRow
from chassis.work import Work
from contracts import kinds
from contracts.errors import FieldProblem, Invalid


def find(work: Work, job: Job, cls: type[Any], candidates: list[Any]) -> None:
    """Give each row the record that has its value in the key; a row whose record there is none becomes a new one.

    A value that two records have, or two rows of the file, names neither.
    """
    a = cls.record.attrs()[job.key or ""]
    keys = {c: str(kinds.text(c.given[a.name])) for c in candidates if c.given.get(a.name) is not None}
    if not keys:
        return
    column = own_fields.column(cls, a)
    values = [
        int(key) if a.kind == "integer" else key
        for key in keys.values()
        if a.kind != "integer" or key.isdecimal()
    ]
    wanted = (
        select(cls)
        .where(column.in_(values), cls.archived_at.is_(None))
        .order_by(cls.id)
        .with_for_update(of=cls)
    )
    found: dict[str, list[Any]] = {}
    for row in work.session.scalars(wanted):
        found.setdefault(str(getattr(row, a.name)), []).append(row)
    seen = _made_before(work, job, [row.id for rows in found.values() for row in rows])
    for c, key in keys.items():
        rows = found.get(key, [])
        earlier = seen.get(key) or next((seen[row.id] for row in rows if row.id in seen), None)
        if earlier is not None and earlier != c.position:
            c.problems.append(FieldProblem(a.name, "duplicate_row", row=earlier))
        elif len(rows) > 1:
            c.problems.append(FieldProblem(a.name, "ambiguous", value=key))
        elif rows and not work.may(f"{cls.record.entity()}.update", rows[0]):
            c.problems.append(FieldProblem(a.name, "out_of_reach", value=key))
        elif rows:
            c.row, c.changes = rows[0], {}
        seen[key], c.keys = c.position, [f"{a.name} {key}"]
        if a.readonly:
            c.given.pop(a.name)
            if not rows:
                c.problems.append(FieldProblem(a.name, "not_an_id", value=key))


def _made_before(work: Work, job: Job, ids: list[UUID]) -> dict[Any, int]:
    """Records that rows further up made or changed, and which."""
    first = StagedRow.made[0][1].astext
    wanted = select(first, StagedRow.position).where(
        StagedRow.job_id == job.id, StagedRow.state == "made", first.in_([str(id) for id in ids])
    )
    return {UUID(id): position for id, position in work.session.execute(wanted)}


def change(work: Work, c: Any) -> None:
    """Let the row say what it has to say; what it leaves empty stays. Nothing is written yet."""
    row, record = c.row, c.row.record
    life = record.lifecycle
    if life is not None and row.state not in life.editable:
        raise entities.NotEditable(state=row.state)
    before = {name: plain(getattr(row, name)) for name in c.changes}
    entities.check_references(work, record, c.changes)
    entities.apply(work, row, c.changes)
    after = {name: plain(getattr(row, name)) for name in c.changes}
    c.before = {
        own_fields.logged(record.entity(), name): [before[name], after[name]]
        for name in c.changes
        if before[name] != after[name]
    }
    if (check := getattr(row, "check", None)) is not None:
        try:
            check(work)
            work.checked.add(row)
        except Invalid:
            work.session.expire(row)
            raise


def give_back(work: Work, row: Any, changes: dict[str, list[Any]]) -> None:
    """The record reads as before the file changed it."""
    entities.put_back(work, row, {name: before for name, (before, _after) in changes.items()})
