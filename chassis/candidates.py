"""Rows of a file on their way to becoming records: read, their references found, checked, compared with what is there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from pydantic_core import PydanticCustomError

from chassis import answers, flush, making, own_fields, scope, updating
from chassis.database import Owned
from chassis.entities import by_entity
from chassis.identity import new_id
from chassis.likes import Likes, called, field_of, in_the_books, keys_of
from chassis.naming import Names
from chassis.threads import Pause
from chassis.transfer import ORIGIN, Job
from chassis.work import Work
from contracts import kinds
from contracts.errors import FieldProblem, Invalid, Problem
from contracts.message import Attr, Message, Record
from contracts.transfer import MISSING

SEPARATOR = re.compile(r"[,;，；、\n]")
EXTRA = "+"
"""Among the keys of a row with extra columns: it is not set aside for its like, but adds to it."""


@dataclass(eq=False)
class Candidate:
    """One row of the file and how far it is."""

    position: int
    given: dict[str, Any]
    problems: list[FieldProblem] = field(default_factory=list)
    row: Any = None
    """The record it becomes, or, `linked`, the one in the books whose like it is and to which its extra columns belong."""
    linked: bool = False
    changes: dict[str, Any] | None = None
    """What the row changes on a record that is there."""
    before: dict[str, Any] = field(default_factory=dict)
    extra: Message | None = None
    more: list[Any] = field(default_factory=list)
    """Records that come with it."""
    added: int = 0
    """How many of them it refers to."""
    keys: list[str] | None = None
    unknown: list[tuple[str, str, str]] = field(default_factory=list)
    """Field, value and code of those values that name nothing we know, whatever becomes of them."""
    wants: dict[str, str] = field(default_factory=dict)
    """Field → name of a record that is to be made for it; «» where the file names none."""

    def new_rows(self) -> list[Any]:
        """What is to be written."""
        if self.problems:
            return []
        return [*([] if self.linked or self.changes is not None else [self.row]), *self.more]

    def made(self) -> list[list[Any]] | None:
        """What became of it, to be found again when it is taken back."""
        if self.problems:
            return None
        main: list[Any] = [self.row.record.entity(), str(self.row.id), 0 if self.linked else 1]
        if self.changes is not None:
            main = [*main[:2], self.row.ver, self.before]
        return [main, *([row.record.entity(), str(row.id), 1] for row in self.more)]


def consider(work: Work, job: Job, rows: list[Any]) -> list[Candidate]:
    """Find out what these rows of the file become. Nothing is written; numbers are drawn, but not for a dry run."""
    cls = work.entities[job.entity.rpartition(".")[2]]
    candidates = [Candidate(row.position, given_in(row.given)) for row in rows]
    if job.key is not None:
        updating.find(work, job, cls, candidates)
    names = _read(work, job, cls, candidates)  # held until the end: what it found need not be read again
    wanted = making.prepare(work, job, candidates)
    for c in candidates:
        if c.changes is not None and not c.problems:
            _guard(c, updating.change, work, c)
            if c.extra is not None and not c.problems:
                _guard(c, _bring_along, work, c)
    good = [c for c in candidates if not c.problems and c.changes is None]
    # before their own checks, which may announce them
    flush.number(work.session, work, [c.row for c in good])
    pause = Pause()
    for c in good:
        pause()
        flush.start(work, c.row)
        _guard(c, _check, work, c.row)
    good = [c for c in good if not c.problems]
    likes = in_the_books(work, cls, good) if job.duplicates != "take" else None
    for c in good:
        pause()
        keys = _compare(work, c, likes) if likes is not None else []
        if c.extra is not None and not c.problems:
            _guard(c, _bring_along, work, c)
        if likes is not None and not c.problems and not c.linked:
            _remember(c, likes, keys)
    making.hand_out(wanted, candidates)
    del names
    return candidates


def given_in(cells: dict[str, Any]) -> dict[str, Any]:
    """The cells that say something."""
    return {name: value for name, value in cells.items() if value is not None and str(value).strip() != ""}


def _read(work: Work, job: Job, cls: type[Any], candidates: list[Candidate]) -> Names:
    """Texts become values, names become records."""
    fields, names = _fields(cls.record), Names(work)
    extras = cls.record.importing.attrs() if cls.record.importing is not None else {}
    for name, a in (extras | fields).items():
        if a.ref and (texts := {t for c in candidates if name in c.given for t in _texts(a, c.given[name])}):
            names.look_up(a, texts | {said for t in texts if (said := answers.of(job.values, name, t))})
    reader = _Reader(work, job, extras | fields, names)
    pause = Pause()
    for c in candidates:
        pause()
        _guard(c, reader.read, c)
    return names


def _fields(record: type[Record]) -> dict[str, Attr]:
    """The fields a file may fill."""
    attrs = record.attrs().items()
    return {name: a for name, a in attrs if (not a.readonly or name in ORIGIN) and not a.lines}


class _Reader:
    """Makes records of texts: what is the same for all rows of a chunk is found out once."""

    def __init__(self, work: Work, job: Job, fields: dict[str, Attr], names: Names) -> None:
        self.cls = cls = work.entities[job.entity.rpartition(".")[2]]
        self.work, self.job, self.fields, self.names = work, job, fields, names
        self.missing = [name for name, said in job.values.items() if MISSING in said and name in fields]
        self.makes = by_entity(work)
        self.own = _fields(cls.record)
        self.draft, self.patch = cls.record.draft(), cls.record.patch()
        self.permission = f"{cls.record.entity()}.read"
        self.blank = flush.blank(work, cls)

    def read(self, c: Candidate) -> None:
        """The row's values, and the new record where it is one. Raises Problem."""
        values, owner = self._values(c)
        wrong = {problem.field for problem in c.problems}
        extra = {name: values.pop(name) for name in [name for name in values if name not in self.own]}
        origin = {name: values.pop(name) for name in ORIGIN if name in values}
        try:
            is_new = c.changes is None
            draft = (self.draft if is_new else self.patch).read(
                values, self.cls.record.variety(c.row, values)
            )
            origin = _origin(self.work, origin)
        except Invalid as invalid:
            c.problems += [problem for problem in invalid.fields if problem.field not in wrong]
        if extra and self.cls.record.importing is not None:
            try:
                c.extra = self.cls.record.importing.read(extra)
            except Invalid as invalid:
                c.problems += [problem for problem in invalid.fields if problem.field not in wrong]
        if c.changes is not None:
            c.changes = {} if c.problems else {name: getattr(draft, name) for name in draft.model_fields_set}
            return
        if not c.problems:
            c.row = self._row(draft, origin)
            if owner is not None and isinstance(c.row, Owned):
                _give(c.row, owner, self.names.within_reach(self.permission, owner))

    def _values(self, c: Candidate) -> tuple[dict[str, Any], Any]:
        """What the cells say, and whom the record is to belong to."""
        values: dict[str, Any] = {}
        owner: Any = None
        for name, value in c.given.items():
            if (a := self.fields.get(name)) is None:
                continue
            if isinstance(value, str) and value.startswith("="):
                c.problems.append(FieldProblem(name, "formula", value=value[:80]))
            elif a.kind == "file":
                c.problems.append(FieldProblem(name, "file_in_table", value=str(value)[:80]))
            elif a.ref:
                found = [one for text in _texts(a, value) if (one := self._meant(c, a, text)) is not None]
                ids = [item.id for item in found]
                values[name] = ids if a.many else next(iter(ids), None)
                owner = found[0] if name == "owner_id" and found else owner
            elif a.choices:
                chosen = [one for text in _texts(a, value) if (one := self._chosen(c, a, text)) is not None]
                if chosen:
                    values[name] = chosen if a.many else chosen[0]
            elif a.many and isinstance(value, str):
                values[name] = [part.strip() for part in SEPARATOR.split(value)]
            else:
                values[name] = _here(self.work, value) if a.kind == "datetime" else value
        for name in self.missing if c.changes is None else ():
            if values.get(name) is not None or any(problem.field == name for problem in c.problems):
                continue
            if (row := self._unknown(c, self.fields[name], MISSING, "required")) is not None:
                values[name] = row.id
        return values, owner

    def _meant(self, c: Candidate, a: Attr, text: str) -> Any:
        """The row or card this text means in this row of the file, None for none."""
        found = self.names.one(a, text)
        return self._unknown(c, a, text, found.code) if isinstance(found, FieldProblem) else found

    def _chosen(self, c: Candidate, a: Attr, text: str) -> str | None:
        """The choice this text means."""
        if text in a.choices:
            return text
        c.unknown.append((a.name, text, "not_a_choice"))
        answer = answers.effective(self.job.values, a.name, text, "not_a_choice")
        if answer == "set_aside":
            c.problems.append(FieldProblem(a.name, "not_a_choice", value=text[:80]))
        return answer if answer in a.choices else None

    def _unknown(self, c: Candidate, a: Attr, text: str, code: str) -> Any:
        """What becomes of a name that no record has, or several: as somebody answered."""
        c.unknown.append((a.name, text, code))
        answer = answers.effective(self.job.values, a.name, text, code)
        if answer in {"empty", "me"}:
            return None
        if answer == "make":
            if a.ref in self.makes:
                c.wants[a.name] = text
                return SimpleNamespace(id=new_id())
            if self.job.state == "checking":
                return SimpleNamespace(id=new_id())  # an entry that will be there before the run
        elif answer != "set_aside":
            found = self.names.one(a, answer)
            if not isinstance(found, FieldProblem):
                return found
        if answer == "make" and not a.required:
            return None
        c.problems.append(FieldProblem(a.name, code, **({"value": text[:80]} if text else {})))
        return None

    def _row(self, draft: Message, origin: dict[str, Any]) -> Any:
        given = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in draft.__dict__.items()
            if value is not None and name != "owner_id"
        }
        own = own_fields.take_out(given)
        row = flush.fresh(self.cls, {"id": new_id(), **self.blank, **given, **origin})
        if own:
            own_fields.put(row, own)
        return row


def _origin(work: Work, given: dict[str, Any]) -> dict[str, Any]:
    """When and by whom it was first entered; nothing was entered tomorrow. Raises Invalid."""
    if "created_at" in given:
        try:
            given["created_at"] = kinds.moment(_here(work, given["created_at"]))
        except PydanticCustomError:
            raise Invalid(FieldProblem("created_at", "not_a_time", value=given["created_at"])) from None
        if given["created_at"] is not None and given["created_at"] > work.now:
            raise Invalid(FieldProblem("created_at", "after", date=work.today))
    return given


def _here(work: Work, value: Any) -> Any:
    """A moment without a time zone is one where the actor is."""
    try:
        at = kinds.moment_as_written(value)
    except PydanticCustomError:
        return value  # the draft says what is wrong with it
    return at if at is None or at.tzinfo else at.replace(tzinfo=ZoneInfo(work.actor.timezone))


def _texts(a: Attr, value: Any) -> list[str]:
    if isinstance(value, str) and not a.many:
        return [value.strip()]
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    parts = value if isinstance(value, list) else SEPARATOR.split(str(value)) if a.many else [str(value)]
    return [text for part in parts if (text := str(part).strip())]


def _give(row: Any, owner: Any, within_reach: bool) -> None:
    """As `Work.give`, with the card in hand. Whoever imports gives only where she would still see it."""
    if not within_reach:
        raise Invalid(FieldProblem("owner_id", "out_of_reach", value=owner.label))
    row.owner_id, row.department_id, row.branch_id = owner.id, owner.department_id, owner.branch_id


def _check(work: Work, row: Any) -> None:
    if (check := getattr(row, "check", None)) is not None:
        check(work)


def _bring_along(work: Work, c: Candidate) -> None:
    """What the class makes of the extra columns: further records, news for others."""
    with work.everything():
        try:
            c.more = list(c.row.imported(work, c.extra))
        except Invalid as invalid:
            if c.changes is None or {problem.code for problem in invalid.fields} != {"duplicate"}:
                raise
            return  # it changes the record; what it says beside that was told before
        flush.settle(work.session, work, c.more)
        for row in c.more:
            _check(work, row)


def _guard(c: Candidate, step: Callable[..., None], *given: Any) -> None:
    """A problem belongs to the row, not to the job."""
    try:
        step(*given)
    except Invalid as invalid:
        c.problems += invalid.fields
    except Problem as problem:
        c.problems.append(FieldProblem("", type(problem).__name__, **problem.params))


def _compare(work: Work, c: Candidate, likes: Likes) -> list[str]:
    """Is it there already? Then its extra columns go to the one that is; without any, or out of reach, it is set aside. So is
    what may be there, being reached in the same way. The keys by which it was compared."""
    keys = keys_of(c.row)
    found = [(key, likes[key]) for key in keys if key in likes]
    same = [
        row
        for key, like in found
        if key.partition(" ")[0] in c.row.alike and isinstance(row := _row(like), type(c.row))
    ]
    if same and c.extra is not None and scope.covers(work.actor, f"{same[0].record.entity()}.read", same[0]):
        c.row, c.linked = same[0], True
        return keys
    for key, like in {id(like): (key, like) for key, like in reversed(found)}.values():
        name = field_of(c.row, key)
        if isinstance(like, Candidate):
            c.problems.append(FieldProblem(name, "duplicate_row", row=like.position))
        else:
            c.problems.append(FieldProblem(name, "duplicate", value=called(like)))
    return keys


def _row(like: Any) -> Any:
    return like.row if isinstance(like, Candidate) else like


def _remember(c: Candidate, likes: Likes, keys: list[str]) -> None:
    """Rows further down are compared with this one, in this chunk and (by its keys) in those to come."""
    likes |= dict.fromkeys(keys, c)
    c.keys = [*(c.keys or ()), *keys] or None
    if c.keys and c.extra is not None:
        c.keys.append(EXTRA)
