"""Batches: many records are picked, something is tried on them and seen, done to each, and can be taken back.

What was tried is undone, so that the preview is what the rules really say. What became of each record stands beside it, with
the values before and after: that is what people read, and what taking back goes by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import bulk, filters, labels, stars
from chassis.audit import Change, plain
from chassis.database import ChassisBase
from chassis.entities import by_entity, find_class
from chassis.identity import new_id
from chassis.many import Deed, Outcome, attempt
from chassis.threads import Pause
from chassis.work import Work
from contracts.batches import (
    MOST,
    OF_ALL,
    BatchesOf,
    BatchOf,
    CheckBatch,
    NotInThisState,
    PickBatch,
    RunBatch,
    TakeBackBatch,
    TooManyAtOnce,
)
from contracts.batches import Batch as Told
from contracts.errors import ChangedMeanwhile, NotFound
from contracts.query import ChangeMany


class Batch(ChassisBase):
    """Something done, or to be done, to many records of one kind, and by whom."""

    __tablename__ = "batch"
    __table_args__ = (
        Index("ix_batch_entity_done_at", "entity", "done_at"),
        Index("ix_batch_waits_since", "waits_since"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entity: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(20), default="picked")
    verb: Mapped[str] = mapped_column(String(60), default="")
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    how: Mapped[str] = mapped_column(String(10), default="set")
    note: Mapped[str | None] = mapped_column(Text)
    actor_id: Mapped[UUID] = mapped_column()
    actor_name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column()
    waits_since: Mapped[datetime | None] = mapped_column()
    """While it is not done; one that nobody does is forgotten."""
    done_at: Mapped[datetime | None] = mapped_column()
    undone_at: Mapped[datetime | None] = mapped_column()
    undone_by: Mapped[str | None] = mapped_column(String(200))
    undone_by_id: Mapped[UUID | None] = mapped_column()


class BatchRow(ChassisBase):
    """One of its records, and what became of it."""

    __tablename__ = "batch_row"
    __table_args__ = (Index("ix_batch_row_batch_id_state", "batch_id", "state", "position"),)

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    record_id: Mapped[UUID] = mapped_column()
    state: Mapped[str] = mapped_column(String(10), default="picked")
    name: Mapped[str | None] = mapped_column(String(200))
    seen: Mapped[int | None] = mapped_column()
    """The version in which it was tried."""
    problem: Mapped[dict[str, Any] | None] = mapped_column()
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_id: Mapped[UUID | None] = mapped_column()
    """The record that came of it: mostly itself."""


# -- doors ------------------------------------------------------------------------------------------------------------


def pick_batch(work: Work, message: PickBatch) -> Told:
    """These records, or all that the question means for this person. Raises TooManyAtOnce beyond 1,000."""
    cls = find_class(work, message.entity, "read")
    ids = list(dict.fromkeys(message.ids))
    if message.query is not None:
        within = [stars.starred(work, cls)] if message.query.starred else []
        ids = filters.ids(work, cls, message.query, MOST + 1, *within)
    return _told(work, _new(work, cls, ids, message.id))


def check_batch(work: Work, message: CheckBatch) -> Told:
    """Everything is done as when it is run, and then undone."""
    batch = _mine(work, message.batch_id, "picked", "checked")
    batch.verb, batch.values, batch.how, batch.note = message.verb, message.values, message.how, message.note
    batch.state, deed = "checked", _deed(work, batch)
    deed.look(work)
    work.session.flush()
    rows = _rows(work, batch)
    with work.trial():
        outcomes = _each(work, deed, rows, lambda row, _: deed.do(work, row))
    _write_down(work, batch, rows, outcomes, ("good", "bad"))
    return _told(work, batch)


def run_batch(work: Work, message: RunBatch) -> Told:
    """Each by itself; who was changed since it was tried stays as it is. Done already: what came of it then."""
    batch = _mine(work, message.batch_id, "checked", "done")
    if batch.state == "checked":
        _run(work, batch)
    return _told(work, batch)


def take_back_batch(work: Work, message: TakeBackBatch) -> Told:
    """From the last to the first. Taken back already: what came of it then."""
    batch = _mine(work, message.batch_id, "done", "taken_back")
    if batch.state == "done":
        deed, rows = _deed(work, batch), list(reversed(_rows(work, batch, "done")))
        work.require(deed.permission)
        work.note = message.note
        outcomes = _each(work, deed, rows, lambda row, one: deed.undo(work, row, one.made_id, one.changes))
        _write_down(work, batch, rows, outcomes, ("undone", "kept"))
        batch.state, batch.undone_at = "taken_back", work.now
        batch.undone_by_id, batch.undone_by = work.actor.id, work.actor.name
    return _told(work, batch)


def batch(work: Work, message: BatchOf) -> dict[str, Any]:
    """A batch, some of its records, and the names behind what changed in them."""
    found = _mine(work, message.id)
    wanted = select(BatchRow).where(BatchRow.batch_id == found.id, BatchRow.position > message.after)
    if message.state is not None:
        wanted = wanted.where(BatchRow.state == message.state)
    limit = max(1, min(message.limit, MOST))
    rows = list(work.session.scalars(wanted.order_by(BatchRow.position).limit(limit + 1)))
    shown = rows[:limit]
    return {
        "batch": _told(work, found).as_json(),
        "rows": [
            {"id": str(row.record_id), "place": row.position}
            | {name: getattr(row, name) for name in ("name", "state", "problem", "changes")}
            for row in shown
        ],
        "labels": _names(work, find_class(work, found.entity, "read"), shown)
        | labels.people(work, _whose([found]), by_entity(work)),
        "next": shown[-1].position if len(rows) > limit else None,
    }


def batches(work: Work, message: BatchesOf) -> dict[str, Any]:
    """What was done to many: by oneself, and by everybody where one may change all there are."""
    everybody = [entity for entity in by_entity(work) if _may_see_all(work, entity)]
    wanted = select(Batch).where(
        Batch.done_at.is_not(None), (Batch.actor_id == work.actor.id) | Batch.entity.in_(everybody)
    )
    if message.entity is not None:
        wanted = wanted.where(Batch.entity == f"{work.service}.{message.entity.rpartition('.')[2]}")
    wanted = wanted.order_by(Batch.done_at.desc(), Batch.id.desc()).limit(max(1, min(message.limit, 200)))
    found = list(work.session.scalars(wanted))
    return {
        "batches": [one.as_json() for one in _all_told(work, found)],
        "labels": labels.people(work, _whose(found), by_entity(work)),
    }


def change_many(work: Work, message: ChangeMany) -> dict[str, Any]:
    """The same values for all of them at once, untried. A record that cannot be changed is told with the reason."""
    cls = find_class(work, message.entity, "update")
    made = _new(work, cls, list(dict.fromkeys(message.ids)))
    made.verb, made.values, made.how, made.note = "update", message.values, message.how, message.note
    _deed(work, made).look(work)
    _run(work, made)
    left = _rows(work, made, "left")
    return {
        "changed": _told(work, made).counts.get("done", 0),
        "refused": [{"id": str(row.record_id), "name": row.name, **(row.problem or {})} for row in left],
        "batch_id": str(made.id),
    }


# -- inside -----------------------------------------------------------------------------------------------------------


def _new(work: Work, cls: Any, ids: list[UUID], id: UUID | None = None) -> Batch:
    if len(ids) > MOST:
        raise TooManyAtOnce(limit=MOST)
    made = Batch(
        id=id or new_id(), entity=cls.record.entity(), actor_id=work.actor.id, actor_name=work.actor.name,
        created_at=work.now, waits_since=work.now, values={},
    )  # fmt: skip
    work.add(made)
    work.session.flush()
    rows = [
        {"batch_id": made.id, "position": place, "record_id": id, "state": "picked", "changes": {}}
        for place, id in enumerate(ids)
    ]
    bulk.insert(work.session, BatchRow.__table__, rows)  # type: ignore[arg-type]
    return made


def _mine(work: Work, id: UUID, *states: str) -> Batch:
    """The batch, if it is the actor's or she may change all such records; held while something is done with it."""
    wanted = select(Batch).where(Batch.id == id)
    found = work.session.scalars(wanted.with_for_update() if states else wanted).first()
    if found is None or not (found.actor_id == work.actor.id or _may_see_all(work, found.entity)):
        raise NotFound(entity="batch", id=id)
    if states and found.state not in states:
        raise NotInThisState(state=found.state)
    return found


def _may_see_all(work: Work, entity: str) -> bool:
    return work.actor.scope(f"{entity}.update") == "all"


def _deed(work: Work, batch: Batch) -> Deed:
    cls = find_class(work, batch.entity, "read")
    values = dict(batch.values)
    work.note = batch.note
    if batch.verb not in OF_ALL and batch.note is not None:
        values["note"] = batch.note
    return Deed(cls, batch.verb, values, batch.how)  # type: ignore[arg-type]


def _rows(work: Work, batch: Batch, state: str | None = None) -> list[Any]:
    row = BatchRow
    wanted = select(
        row.position, row.record_id, row.state, row.name, row.seen, row.problem, row.changes, row.made_id
    )
    wanted = wanted.where(row.batch_id == batch.id).order_by(row.position)
    return list(work.session.execute(wanted.where(row.state == state) if state else wanted).all())


def _run(work: Work, batch: Batch) -> None:
    deed, rows = _deed(work, batch), _rows(work, batch)
    work.require(deed.permission)
    theirs = _changed_since(work, deed.cls, batch, [row.record_id for row in rows])

    def act(row: Any, one: Any) -> Any:
        if row.id in theirs:
            raise ChangedMeanwhile(entity=batch.entity, id=row.id, ver=row.ver)
        return deed.do(work, row)

    _write_down(work, batch, rows, _each(work, deed, rows, act), ("done", "left"))
    batch.state, batch.done_at, batch.waits_since = "done", work.now, None


def _changed_since(work: Work, cls: Any, batch: Batch, ids: list[UUID]) -> set[UUID]:
    """Those that somebody saved after they were tried; from now on nobody does. Figures that are kept up by themselves do
    not count: nobody has seen them otherwise."""
    work.session.execute(select(cls.id).where(cls.id.in_(ids)).order_by(cls.id).with_for_update(of=cls))
    saved = select(BatchRow.record_id).join(
        Change, (Change.record_id == BatchRow.record_id) & (Change.ver > BatchRow.seen)
    )
    return set(
        work.session.scalars(saved.where(BatchRow.batch_id == batch.id, Change.entity == batch.entity))
    )


def _each(work: Work, deed: Deed, rows: list[Any], act: Callable[[Any, Any], Any]) -> list[Outcome]:
    """What becomes of each; the log knows it by the door at which it would be done to one alone."""
    pause, own, note, found = Pause(), work.door, work.note, []
    work.door = f"{work.service}.{deed.door}"
    for one in rows:
        pause()
        work.note = note
        found.append(attempt(work, deed.cls, one.record_id, lambda row, one=one: act(row, one)))  # type: ignore[misc]
    work.door = own
    return found


def _write_down(
    work: Work, batch: Batch, rows: list[Any], outcomes: list[Outcome], states: tuple[str, str]
) -> None:
    well, ill = states
    found = []
    for row, outcome in zip(rows, outcomes, strict=True):
        told = {"batch_id": batch.id, "position": row.position, "state": ill if outcome.problem else well}
        told["problem"] = outcome.problem
        if well != "undone":  # what was done to it stays to be read
            is_same = batch.verb in OF_ALL and not outcome.changes and not outcome.problem
            told |= {"state": "same"} if is_same else {}
            told |= {
                "name": outcome.name, "changes": outcome.changes, "made_id": outcome.made_id,
                "seen": outcome.seen if well == "good" else row.seen,
            }  # fmt: skip
        found.append(told)
    bulk.update(work.session, BatchRow.__table__, found)  # type: ignore[arg-type]


def _told(work: Work, batch: Batch) -> Told:
    (told,) = _all_told(work, [batch])
    return told


def _all_told(work: Work, batches: Sequence[Batch]) -> list[Told]:
    row, counts = BatchRow, defaultdict[UUID, dict[str, int]](dict)
    counted = select(row.batch_id, row.state, func.count()).where(
        row.batch_id.in_([one.id for one in batches])
    )
    for id, state, number in work.session.execute(counted.group_by(row.batch_id, row.state)):
        counts[id][state] = number
    shown = (
        "id", "entity", "state", "verb", "values", "how", "note", "actor_id", "actor_name", "undone_by", "undone_by_id",
    )  # fmt: skip
    return [
        Told(
            **{name: getattr(one, name) for name in shown}, total=sum(counts[one.id].values()), counts=counts[one.id],
            **{name: plain(getattr(one, name)) for name in ("created_at", "done_at", "undone_at")},
            can=_can(work, one, counts[one.id]),
        )
        for one in batches
    ]  # fmt: skip


def _whose(batches: Sequence[Batch]) -> set[UUID | None]:
    """Who did them and who took them back."""
    return {id for one in batches for id in (one.actor_id, one.undone_by_id)}


def _can(work: Work, batch: Batch, counts: Mapping[str, int]) -> tuple[str, ...]:
    if batch.state in ("picked", "checked"):
        return ("check_batch", *(["run_batch"] if counts.get("good") else []))
    is_back = batch.state == "done" and counts.get("done") and _deed(work, batch).back
    return ("take_back_batch",) if is_back else ()


def _names(work: Work, cls: Any, rows: list[Any]) -> dict[str, Any]:
    """The names behind ids that a change tells of."""
    wanted = labels.Wanted()
    for name, a in cls.record.attrs().items():
        for row in rows if a.ref else ():
            for value in row.changes.get(name) or ():
                wanted.add(a.ref, value if isinstance(value, list) else [value])
    return {id: label.as_json() for id, label in labels.named(work, wanted, by_entity(work)).items()}
