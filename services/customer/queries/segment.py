"""Who came to a segment and who left it (CUS-22)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Date, cast, func, literal, select, tuple_, union_all

from chassis.flush import worded
from chassis.work import Work
from contracts.customer import DayOfTurns, SegmentTurns, SegmentTurnsOf, Turned
from contracts.errors import FieldProblem, Invalid
from services.customer import model

DAYS = 14
Member = model.SegmentMember


def segment_turns(work: Work, message: SegmentTurnsOf) -> SegmentTurns:
    """Counted and named as far as the actor sees the records: who sees none of them learns nothing."""
    segment = work.read(model.Segment, message.segment_id)
    cls = work.entities[segment.list_of.rpartition(".")[2]]
    seen = select(cls.id).scalar_subquery()
    mine = (Member.segment_id == segment.id, Member.record_id.in_(seen))
    now = [Member.until.is_(None)]
    counted = select(
        func.count().filter(Member.handled_at.is_(None)), func.count().filter(Member.unhandled.is_not(None))
    ).where(*mine, *now)
    waiting, unhandled = work.session.execute(counted).one()
    turned = _turned(work, cls, segment, message)
    full = len(turned) == _limit(message)
    return SegmentTurns(
        days=_days(work, mine), turned=turned, waiting=waiting, unhandled=unhandled,
        next=cursor(turned[-1].at, turned[-1].id) if full else None,
        is_gathering=segment.walked_to is not None
        or (segment.next_on is not None and segment.next_on <= work.today),
    )  # fmt: skip


def _limit(message: SegmentTurnsOf) -> int:
    return max(1, min(message.limit, 200))


def _days(work: Work, mine: Any) -> tuple[DayOfTurns, ...]:
    """On the actor's clock, the latest first."""
    parts = []
    for column, came, went in ((Member.since, 1, 0), (Member.until, 0, 1)):
        on = cast(func.timezone(work.actor.timezone, column), Date).label("on")
        parts.append(
            select(on, literal(came).label("came"), literal(went).label("went")).where(
                *mine, column.is_not(None)
            )
        )
    turns = union_all(*parts).subquery()
    counted = select(turns.c.on, func.sum(turns.c.came), func.sum(turns.c.went)).group_by(turns.c.on)
    rows = work.session.execute(counted.order_by(turns.c.on.desc()).limit(DAYS))
    return tuple(DayOfTurns(on=on, came=came, went=went) for on, came, went in rows)


def _turned(work: Work, cls: Any, segment: Any, message: SegmentTurnsOf) -> tuple[Turned, ...]:
    """The newest first; of those who came and went at one moment in the order of their ids."""
    found = []
    limit, before = _limit(message), read_cursor(message.before) if message.before else None
    for column in (Member.since,) if message.unhandled else (Member.since, Member.until):
        names = [getattr(cls, name) for name in cls.record.title]
        wanted = (
            select(Member, *names)
            .join(cls, cls.id == Member.record_id)
            .where(Member.segment_id == segment.id, column.is_not(None))
            .order_by(column.desc(), Member.id.desc())
            .limit(limit)
        )
        if message.unhandled:
            wanted = wanted.where(Member.unhandled.is_not(None), Member.until.is_(None))
        if before is not None:
            wanted = wanted.where(tuple_(column, Member.id) < tuple_(*before))
        found += [
            Turned(
                id=row.id, record_id=row.record_id, name=worded(said), at=getattr(row, column.key),
                joined=column.key == "since", handled_at=row.handled_at, unhandled=row.unhandled, again_on=row.again_on,
            )
            for row, *said in work.session.execute(wanted)
        ]  # fmt: skip
    return tuple(sorted(found, key=lambda turn: (turn.at, turn.id), reverse=True)[:limit])


def read_cursor(written: str) -> tuple[datetime, UUID]:
    """A place among the turns. Raises Invalid for one that somebody made up."""
    try:
        at, id = orjson.loads(written)
        return datetime.fromisoformat(at), UUID(id)
    except (ValueError, TypeError, AttributeError):
        raise Invalid(FieldProblem("before", "wrong", value=written[:40])) from None


def cursor(at: datetime, id: UUID) -> str:
    """The place behind this turn."""
    return orjson.dumps([at.isoformat(), str(id)]).decode()
