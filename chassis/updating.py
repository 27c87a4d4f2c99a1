"""Rows of a file that change records which are there: found by the value of one field, and given back when it is taken back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis import bulk, entities, own_fields
from chassis.audit import plain
from chassis.found_by import Key
from chassis.transfer import Job, StagedRow
from chassis.work import Work
from contracts.errors import FieldProblem, Invalid


def find(work: Work, job: Job, cls: type[Any], candidates: list[Any]) -> None:
    """Give each row the record that has its value in the key; a row whose record there is none becomes a new one.

    The value may be written otherwise than in the books. One that two records have, or two rows of the file, names neither,
    unless it stands in one of them letter by letter.
    """
    a = cls.record.attrs()[job.key or ""]
    key = Key(cls, a)
    values = {c: key.clean(c.given[a.name]) for c in candidates if a.name in c.given}
    wanted = {value for value in values.values() if value is not None}
    found: dict[str, list[Any]] = {}
    for row in _locked(work, cls, key.where(wanted)) if wanted else ():
        found.setdefault(key.same(getattr(row, a.name)), []).append(row)
    seen = _made_before(work, job, [row.id for rows in found.values() for row in rows])
    for c, value in values.items():
        if value is not None:
            _point(work, c, key, value, found.get(key.same(value), []), seen)
        elif a.readonly:
            c.problems.append(FieldProblem(a.name, "not_an_id", value=str(c.given[a.name])[:80]))
        if a.readonly:
            c.given.pop(a.name)


def _locked(work: Work, cls: type[Any], condition: Any) -> Iterable[Any]:
    wanted = select(cls).where(condition, cls.archived_at.is_(None)).order_by(cls.id)
    with bulk.by_index(work.session):
        return list(work.session.scalars(wanted.with_for_update(of=cls)))


def _point(work: Work, c: Any, key: Key, value: Any, rows: list[Any], seen: dict[Any, int]) -> None:
    """The record that this row means, if there is one."""
    name, text = key.attr.name, str(value)[:80]
    exact = [row for row in rows if getattr(row, name) == value]
    rows = exact if len(exact) == 1 else rows
    mark = rows[0].id if len(rows) == 1 else key.same(value)
    earlier = seen.get(mark)
    if earlier is not None and earlier != c.position:
        c.problems.append(FieldProblem(name, "duplicate_row", row=earlier))
    elif len(rows) > 1:
        c.problems.append(FieldProblem(name, "ambiguous", value=text))
    elif rows and not work.may(f"{key.cls.record.entity()}.update", rows[0]):
        c.problems.append(FieldProblem(name, "out_of_reach", value=text))
    elif rows:
        c.row, c.changes = rows[0], {}
    elif key.attr.readonly:
        c.problems.append(FieldProblem(name, "not_an_id", value=text))
    seen[mark], c.keys = c.position, [f"{name} {mark}"]


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
