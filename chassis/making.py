"""Records that rows of a file refer to and that are not there yet: made once each, with the first good row that needs them.

A class may say what such a record is to hold (`stand_in`), from the row that refers to it; else it has a name and no more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from chassis import flush, scope
from chassis.entities import by_entity
from chassis.identity import new_id
from chassis.likes import called, key_of, same_in_the_books, sure_keys
from chassis.transfer import Job
from chassis.work import Work
from contracts.errors import FieldProblem, Invalid


@dataclass(eq=False)
class Wanted:
    """A record that is to be made, and the rows of the file that refer to it."""

    row: Any
    users: list[tuple[Any, str]] = field(default_factory=list)
    """Candidate and the field in which it refers to it."""
    problems: list[FieldProblem] = field(default_factory=list)


def prepare(work: Work, job: Job, rows: list[Any]) -> list[Wanted]:
    """Give each row that wants one its record: one of the same kind and name that is there, or a new one for all that want it."""
    wanted: dict[tuple[str, str], Wanted] = {}
    for c in rows:
        for name, text in () if c.problems else c.wants.items():
            _want(work, wanted, c, name, text)
    kinds: dict[Any, list[Wanted]] = {}
    for one in wanted.values():
        if not one.problems:
            kinds.setdefault(type(one.row), []).append(one)
    for cls, several in kinds.items():
        flush.number(work.session, work, [one.row for one in several])
        for one in several:
            _check(work, job, one)
        _find_likes(work, cls, [one for one in several if not one.problems])
    for one in wanted.values():
        for c, name in one.users:
            if one.problems:
                c.problems += [FieldProblem(name, p.code, **p.params) for p in one.problems]
            else:
                setattr(c.row, name, one.row.id)
    return [one for one in wanted.values() if not one.problems]


def _want(work: Work, wanted: dict[tuple[str, str], Wanted], c: Any, name: str, text: str) -> None:
    if c.row is None or c.changes is not None:  # what changes a record refers to what is there
        c.problems.append(FieldProblem(name, "not_an_id", value=text[:80]))
        return
    cls = by_entity(work)[type(c.row).record.attrs()[name].ref]
    said = _said(c.row, cls, name, text)
    if not said:
        c.problems.append(FieldProblem(name, "required"))
        return
    key = (
        cls.record.entity(),
        repr(sorted((k, v) for k, v in said.items() if k in (*cls.record.title, "nature"))),
    )
    if key not in wanted:
        wanted[key] = _made(cls, said)
    wanted[key].users.append((c, name))


def _said(row: Any, cls: type[Any], name: str, text: str) -> dict[str, Any]:
    if (stand_in := getattr(type(row), "stand_in", None)) is not None:
        found: dict[str, Any] = stand_in(row, name, text)
        return found
    return {cls.record.title[0]: text} if text else {}


def _made(cls: type[Any], said: dict[str, Any]) -> Wanted:
    try:
        draft = cls.record.draft().read(said)
    except Invalid as invalid:
        return Wanted(None, problems=list(invalid.fields))
    given = {name: value for name, value in draft.__dict__.items() if value is not None}
    return Wanted(cls(id=new_id(), **given))


def _check(work: Work, job: Job, one: Wanted) -> None:
    flush.start(work, one.row)
    try:
        if (check := getattr(one.row, "check", None)) is not None:
            check(work)
    except Invalid as invalid:
        one.problems += invalid.fields
    if work.is_trial:  # made anew in each chunk; rows that refer to it are told to be alike all the same
        keys = [key_of(one.row, columns) for columns in type(one.row).alike.values()]
        one.row.id = uuid5(job.id, f"{one.row.record.entity()} {keys or flush.label(one.row)}")


def _find_likes(work: Work, cls: type[Any], several: list[Wanted]) -> None:
    """One that is there is taken; where it is out of reach, nobody makes it a second time."""
    likes = same_in_the_books(work, cls, several)
    for one in several:
        for key in sure_keys(one.row):
            if (like := likes.setdefault(key, one.row)) is one.row:
                continue
            if like.id != one.row.id and not scope.covers(work.actor, f"{cls.record.entity()}.read", like):
                one.problems.append(FieldProblem("", "duplicate", value=called(like)))
            one.row = like
            break


def hand_out(wanted: list[Wanted], rows: list[Any]) -> None:
    """Each new record comes with the first good row that refers to it; one that no good row refers to is not made."""
    given: set[UUID] = set()
    for one in wanted:
        if one.row.id in given or one.row.ver is not None:
            continue
        first = next((c for c, _ in one.users if not c.problems and not c.linked), None)
        if first is not None:
            first.more = [one.row, *first.more]
            first.added += 1
            given.add(one.row.id)
