"""The same done to many records, each for itself: as if somebody had done it to that one alone, with her rights and its rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from chassis import audit, entities
from chassis.constraints import broken
from chassis.database import Kept
from chassis.flush import label
from chassis.work import Work
from contracts.batches import OF_ALL, ChangedSinceBatch, How, NothingTakesBack
from contracts.errors import FieldProblem, Invalid, Problem
from contracts.message import STAMPS, Record

DOORS = {"update": "change_many", "archive": "archive", "restore": "restore"}
OPPOSITE = {"archive": "restore", "restore": "archive"}
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Deed:
    """What is to be done to each: fields changed, put away, brought back, or a verb that its record says is fit for many."""

    cls: type[Any]
    verb: str
    values: dict[str, Any] = field(default_factory=dict)
    how: How = "set"

    @property
    def door(self) -> str:
        """The door by which the log knows it."""
        return DOORS.get(self.verb) or f"{self.verb}_{self.cls.record.noun()}"

    @property
    def back(self) -> str:
        """What takes it back: a door of the service, or the opposite of what is done to every kind; empty: nothing."""
        if self.verb in OF_ALL:
            return OPPOSITE.get(self.verb, self.verb)
        return self._back[0]

    @property
    def _back(self) -> tuple[str, str]:
        """The door, and the field in which it is told what was made beside the record, if it asks for that."""
        said: str = self.cls.record.at_once.get(self.verb, "")
        door, _, field = said.partition(".")
        return door, field

    def look(self, work: Work) -> None:
        """Raises what is wrong for all of them: no such verb, no right to it, values that are none."""
        record: type[Record] = self.cls.record
        if self.verb not in (*OF_ALL, *record.at_once):
            raise Invalid(FieldProblem("verb", "not_a_choice", value=self.verb[:60]))
        work.require(self.permission)
        if self.verb == "update":
            record.patch().read(self.values)
            _must_fit_many(record, self.values, self.how)
        elif self.verb not in OF_ALL:
            work.doors[self.door].message.read({**self.values, "id": NOBODY})

    @property
    def permission(self) -> str:
        """What whoever does it must be allowed."""
        record: type[Record] = self.cls.record
        if self.verb in OF_ALL:
            return f"{record.entity()}.{'archive' if self.verb in OPPOSITE else 'update'}"
        return f"{record.service()}.{self.door}"

    def do(self, work: Work, row: Any) -> Any:
        """To one of them; gives the record that came of it."""
        if self.verb == "update":
            return entities.change_row(work, self.cls, row.id, None, self._values(row))
        if self.verb in OPPOSITE:
            return _put(work, self.verb, self.cls, row.id)
        work.made = None
        made = _at_door(work, self.door, {**self.values, "id": row.id})
        return made if isinstance(made, Kept) else work.made or row

    def _values(self, row: Any) -> dict[str, Any]:
        """What a row is to hold in the end."""
        if self.how == "set":
            return self.values
        patch = self.cls.record.patch().read(self.values)
        told = {name: audit.plain(getattr(patch, name)) or () for name in self.values}
        return {name: _joined(row, name, given, self.how) for name, given in told.items()}

    def undo(self, work: Work, row: Any, made_id: UUID, changes: dict[str, list[Any]]) -> Any:
        """One of them reads as before. Raises ChangedSinceBatch where what was left behind is not there any more."""
        there = entities.by_name(self.cls.record, {name: name for name in changes})
        if audit.reading(row, there.values()) != {name: changes[name][1] for name in there.values()}:
            raise ChangedSinceBatch(name=label(row))
        before = {name: changes[name][0] for name in there.values()}
        patch = self.cls.record.patch().model_fields
        by_hand = {logged: before[logged] for name, logged in there.items() if name in patch}
        if self.verb == "update":
            entities.put_back(work, entities.open_by_hand(work, self.cls, row.id), by_hand)
        elif self.verb in OPPOSITE:
            _put(work, self.back, self.cls, row.id)
        else:
            _at_door(work, self.back, self._asked_back(work, row, made_id, before))
            work.session.flush()
            now = audit.reading(row, by_hand)
            left = {name: value for name, value in by_hand.items() if now[name] == changes[name][1]}
            entities.put_back(work, row, left)
        return row

    def _asked_back(self, work: Work, row: Any, made_id: UUID, before: dict[str, Any]) -> dict[str, Any]:
        """What the door that takes it back wants to know: what the record said before, in the same fields."""
        if not self.back:
            raise NothingTakesBack(verb=self.verb)
        asked = work.doors[self.back].message.model_fields
        shared = [n for n in self.cls.record.attrs() if n in asked and n not in ("id", "ver", "note")]
        values = {**audit.reading(row, shared), **{n: before[n] for n in shared if n in before}}
        field = self._back[1]
        which = {"id": row.id, field: made_id} if field else {"id": made_id}
        return {**values, **which, **({"note": work.note} if "note" in asked else {})}


def _put(work: Work, verb: str, cls: type[Any], id: UUID) -> Any:
    do = entities.put_row_away if verb == "archive" else entities.bring_row_back
    return do(work, cls, id)


def _at_door(work: Work, name: str, values: dict[str, Any]) -> Any:
    """What a door of this service does, with the right it asks for, in this transaction."""
    door = work.doors[name]
    work.permission = door.needs(work.service)
    work.require(work.permission)
    return door.function(work, door.message.read(values))


@dataclass(frozen=True)
class Outcome:
    """What became of one of them; `problem` says why nothing did."""

    name: str | None = None
    problem: dict[str, Any] | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)
    """{field: [before, after]}"""
    seen: int | None = None
    """The version it was found in."""
    made_id: UUID | None = None


def attempt(work: Work, cls: type[Any], id: UUID, act: Callable[[Any], Any]) -> Outcome:
    """Do something to one row, or nothing at all of it."""
    work.touched.clear()  # what was done to others is settled
    name = None
    with step_of(work) as step:
        work.permission = None
        row = work.get(cls, id)  # locked: nobody else changes it meanwhile
        name, seen, before = label(row), row.ver, _reading(row)
        made = act(row)
        work.session.flush()
        work.stay_visible()
        after = _reading(row)
    work.touched.clear()
    if step.problem is not None:
        return Outcome(name, step.problem)
    changes = {name: [before[name], value] for name, value in after.items() if value != before[name]}
    return Outcome(name, None, changes, seen, made.id)


@dataclass
class Step:
    """A part of what is done; `problem` says why nothing of it is."""

    problem: dict[str, Any] | None = None


@contextmanager
def step_of(work: Work) -> Iterator[Step]:
    """What is done within is done whole or, when it is refused, not at all; the rest goes on."""
    step, savepoint = Step(), work.session.begin_nested()
    try:
        yield step
        work.session.flush()
        savepoint.commit()
    except (Problem, IntegrityError) as error:
        savepoint.rollback()
        step.problem = _told(error if isinstance(error, Problem) else broken(error))


def _reading(row: Any) -> dict[str, Any]:
    """What people see of a row, without its lines."""
    attrs = row.record.attrs().items()
    return audit.reading(
        row, [a.logged for n, a in attrs if not a.lines and (n not in STAMPS or n == "archived_at")]
    )


def _must_fit_many(record: type[Record], values: dict[str, Any], how: How) -> None:
    """Lines are each record's own; only to what holds several values something is added or taken away."""
    attrs = record.attrs()
    unfit = [name for name in values if attrs[name].lines or (how != "set" and not attrs[name].many)]
    if unfit:
        raise Invalid(*(FieldProblem(name, "wrong") for name in unfit))


def _joined(row: Any, name: str, given: Iterable[str], how: How) -> list[str]:
    there = [str(value) for value in getattr(row, name) or ()]
    if how == "take":
        return [value for value in there if value not in given]
    return list(dict.fromkeys([*there, *given]))


def _told(problem: Problem) -> dict[str, Any]:
    if isinstance(problem, Invalid) and problem.fields:
        first = problem.fields[0].as_dict()
        return {"field": first["field"], "code": first["code"], "params": first.get("params", {})}
    return {"field": "", "code": type(problem).__name__, "params": problem.params}
