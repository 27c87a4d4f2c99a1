"""When an own field is deleted, its values go from all rows here: what mentions it at once, the values in stretches.

The field is known nowhere any more by then, and its values stand under a name that no other field ever gets, so nothing
hangs on how soon this is done, or how often (docs/decisions/0069).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text, and_, cast, delete, func, select, text, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from chassis import bulk, flush, search
from chassis.attachments import Attachment, FilePart
from chassis.audit import Change
from chassis.batches import Batch
from chassis.database import ChassisBase, Searchable
from chassis.entities import by_entity
from chassis.field_files import KIND as FILE
from chassis.house import House
from chassis.import_sources import ImportSource
from chassis.logs import log
from chassis.own_fields import CHOICE, ENTITY
from chassis.replicas import Replica
from chassis.threads import Pause
from chassis.transfer import Job, StagedRow
from chassis.work import Work
from contracts.actor import Actor
from contracts.deleted_fields import FieldUse, FieldUseOf, Gone, Mention
from contracts.errors import NotFound
from contracts.message import Attr
from contracts.organization import OwnFieldDeleted
from contracts.own_fields import PREFIX, logged_as
from contracts.transfer import UNMAPPED

STRETCH = 500
"""Rows of one transaction."""
SETTLED = timedelta(seconds=5)
"""After so long no process believes that the field is there."""
IDLE, SOON, NEXT = 10.0, 1.0, 0.02
"""Seconds until it is worth looking again: for work, for a field that was deleted just now, for the next stretch."""
RIGHT = "organization.delete_own_field"
UNFINISHED = ("staging", "checked", "cancelled")
"""States in which an import may still be run."""


class DroppedField(ChassisBase):
    """A field that was deleted, and how far its values are gone here."""

    __tablename__ = "dropped_field"
    __table_args__ = (Index("ix_dropped_field_open", "heard_at", postgresql_where=text("done_at IS NULL")),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    entity: Mapped[str] = mapped_column(String(60))
    kept_as: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    heard_at: Mapped[datetime] = mapped_column()
    walked_to: Mapped[UUID | None] = mapped_column()
    """The last row that was looked at; None before the first."""
    rows: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many had a value."""
    done_at: Mapped[datetime | None] = mapped_column()


# -- what hangs on a field --------------------------------------------------------------------------------------------


def field_use(work: Work, message: FieldUseOf) -> FieldUse:
    """Records that have a value, and what people keep that mentions it. Of what she may not see she hears that it is there."""
    work.require(RIGHT)
    gone, kept_as = _defined(work, message.field_id)
    with work.everything():
        mentions = [
            _mention(work, row) for row, _name, _after in _mentioning(work, gone) if row.archived_at is None
        ]
        return FieldUse(values=_count(work, gone.entity, kept_as), mentions=tuple(mentions))


def _defined(work: Work, field_id: UUID) -> tuple[Gone, str]:
    """The field, and the name under which its values stand. Raises NotFound."""
    own = by_entity(work).get(ENTITY)
    found: Any = work.session.get(own or Replica, field_id)
    if found is None or (own is None and found.entity != ENTITY):
        raise NotFound(entity=ENTITY, id=field_id)
    kept_as = found.kept_as if own is not None else found.data.get("kept_as")
    return Gone(field_id, found.entity_name, PREFIX + found.code), logged_as(found.code, kept_as)


def _count(work: Work, entity: str, kept_as: str) -> int:
    cls = by_entity(work).get(entity)
    if cls is None:
        return 0
    return work.session.scalar(select(func.count()).select_from(cls).where(cls.own.has_key(kept_as))) or 0


def _mention(work: Work, row: Any) -> Mention:
    entity = row.record.entity()
    is_seen = work.actor.kind == "system" or work.may(f"{entity}.read", row)
    return Mention(entity=entity, id=row.id if is_seen else None, name=flush.label(row) if is_seen else "")


def _mentioning(work: Work, gone: Gone) -> Iterator[tuple[Any, str, Any]]:
    """Rows that mention it by a question or by its id, in which field, and what that reads without it."""
    for cls in work.entities.values():
        for a in cls.record.built_in().values():
            column = getattr(cls, a.name, None)
            if column is None:
                continue
            if a.kind == "question":
                for row in _rows(work, cls, column.contains(gone.name, autoescape=True)):
                    query, list_of = getattr(row, a.name), a.among.get("list_of") or row.list_of
                    if gone.is_meant(query, list_of):
                        yield row, a.name, _fitting(a, gone, query, list_of)
            elif a.ref == ENTITY and cls.record.entity() != CHOICE:
                for row in _rows(work, cls, column.contains([gone.id]) if a.many else column == gone.id):
                    there = getattr(row, a.name)
                    yield row, a.name, [id for id in there if id != gone.id] if a.many else there


def _fitting(a: Attr, gone: Gone, query: str, list_of: str) -> str:
    """The question without the field; where that is too long to be kept, only that the field is gone."""
    without = gone.without(query, list_of)
    return without if len(without) <= (a.max_length or len(without)) else f"gone={gone.id}"


def _rows(work: Work, cls: Any, condition: Any) -> list[Any]:
    return list(work.session.scalars(select(cls).where(condition).order_by(cls.id)))


# -- when it is deleted -----------------------------------------------------------------------------------------------


def drop(work: Work, event: OwnFieldDeleted) -> Gone | None:
    """What mentions the field says no longer what hangs on it, and its values are taken out from now on. None: it is none of
    ours, or we have heard of it."""
    if event.entity_name.partition(".")[0] != work.service:
        return None
    values = {"id": event.field_id, "entity": event.entity_name, "kept_as": event.kept_as, "kind": event.kind}
    heard = insert(DroppedField).values(**values, heard_at=work.now).on_conflict_do_nothing()
    if not work.session.execute(heard.returning(DroppedField.id)).first():
        return None
    gone = Gone(event.field_id, event.entity_name, PREFIX + event.code)
    mend(work, gone)
    _forget_ways(work, gone)
    return gone


def mend(work: Work, gone: Gone) -> None:
    """What people keep here says no longer what hangs on the field; twice is once."""
    with work.everything():
        for row, name, after in list(_mentioning(work, gone)):
            setattr(row, name, after)
            # nobody has edited it, and its own rules would refuse a question without an answer
            work.following.add(row)
            work.let_go.add(row)
        work.session.flush()


def _forget_ways(work: Work, gone: Gone) -> None:
    """No file and no batch that is still under way fills in another field of that name."""
    for source in _rows(work, ImportSource, ImportSource.entity == gone.entity):
        if gone.name in source.fields.values():
            source.fields = {t: UNMAPPED if name == gone.name else name for t, name in source.fields.items()}
            source.key = None if source.key == gone.name else source.key
    open_jobs = and_(Job.entity == gone.entity, Job.state.in_(UNFINISHED), Job.columns.has_key(gone.name))
    for job in _rows(work, Job, open_jobs):
        job.columns = [name for name in job.columns if name != gone.name]
        job.places = [UNMAPPED if name == gone.name else name for name in job.places]
        job.key = None if job.key == gone.name else job.key
        rows = update(StagedRow).where(StagedRow.job_id == job.id)
        work.session.execute(rows.values(given=_less(StagedRow.given, gone.name)))
    waiting = update(Batch).where(
        Batch.entity == gone.entity, Batch.done_at.is_(None), Batch.values.has_key(gone.name)
    )
    work.session.execute(waiting.values({"values": _less(Batch.values, gone.name)}))


def _less(column: Any, name: str) -> Any:
    return column.op("-", return_type=column.type)(cast(name, Text))


class Dropper:
    """Takes the values of deleted fields out of the rows of one service, a stretch at a time. Whatever kills it, the next one
    goes on where it was."""

    def __init__(self, house: House, stretch: int = STRETCH) -> None:
        self.house, self.stretch = house, stretch

    def run_due(self) -> float:
        """One stretch of the field that waits longest; gives the seconds until it is worth looking again."""
        with self.house.sessions.begin() as session:
            one = DroppedField
            wanted = select(one).where(one.done_at.is_(None)).order_by(one.heard_at, one.id).limit(1)
            found = session.scalars(wanted.with_for_update(skip_locked=True)).first()
            if found is None:
                return IDLE
            if found.heard_at + SETTLED > self.house.clock():
                return SOON
            work = Work(session, Actor.system("own fields"), self.house, door="drop_own_values")
            self._take_out(work, found)
            return NEXT

    def run_all(self) -> None:
        """Until nothing is left to do."""
        while self.run_due() == NEXT:
            pass

    def _take_out(self, work: Work, found: DroppedField) -> None:
        cls = by_entity(work).get(found.entity)
        if cls is None:
            found.done_at = work.now
            return
        after = cls.id > found.walked_to if found.walked_to is not None else true()
        ids = work.session.scalars(select(cls.id).where(after).order_by(cls.id).limit(self.stretch)).all()
        if ids:
            within = and_(cls.id >= ids[0], cls.id <= ids[-1], cls.own.has_key(found.kept_as))
            rows = list(
                work.session.scalars(select(cls).where(within).order_by(cls.id).with_for_update(of=cls))
            )
            _empty(work, cls, rows, found)
            found.rows, found.walked_to = found.rows + len(rows), ids[-1]
        if len(ids) == self.stretch:
            return
        # written meanwhile, by somebody who believed that it is there
        if _count(work, found.entity, found.kept_as):
            found.walked_to = None
            return
        if found.kind == FILE:
            _forget_former_files(work, found)
        found.done_at = work.now
        log().info("own field dropped", service=work.service, field=str(found.id), rows=found.rows)


def _empty(work: Work, cls: Any, rows: list[Any], found: DroppedField) -> None:
    """Without the value, and without being found by it; past version and log, for nobody has edited the record: what was said
    in the field stays in its history."""
    values, files, pause = [], [], Pause()
    for row in rows:
        pause()
        own = {name: value for name, value in row.own.items() if name != found.kept_as}
        told: dict[str, Any] = {"id": row.id, "own": own}
        if issubclass(cls, Searchable):
            words = search.text_of(row, cls.record)  # type: ignore[attr-defined]
            told |= {"search_text": words, "grams": search.grams(words)}
        values.append(told)
        if found.kind == FILE:
            files.append(UUID(row.own[found.kept_as]["id"]))
    bulk.update(work.session, cls.__table__, values)
    _forget_files(work, Attachment.id.in_(files))


def _forget_former_files(work: Work, found: DroppedField) -> None:
    """Those that stood in it once and are off the record now, as the log tells."""
    told = Change.changes[found.kept_as]
    wanted = select(told[0]["id"].astext, told[1]["id"].astext).where(
        Change.entity == found.entity, Change.changes.has_key(found.kept_as)
    )
    ids = {UUID(id) for pair in work.session.execute(wanted) for id in pair if id}
    _forget_files(work, and_(bulk.among(Attachment.id, ids), Attachment.removed_at.is_not(None)))


def _forget_files(work: Work, which: Any) -> None:
    files = list(work.session.scalars(select(Attachment.file_id).where(which)))
    work.session.execute(delete(FilePart).where(bulk.among(FilePart.file_id, files)))
    work.session.execute(delete(Attachment).where(bulk.among(Attachment.file_id, files)))
