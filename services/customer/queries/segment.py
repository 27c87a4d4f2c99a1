"""Who came to a segment and who left it (CUS-22)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date, cast, func, literal, select, union_all

from chassis.flush import worded
from chassis.work import Work
from contracts.customer import DayOfTurns, SegmentTurns, SegmentTurnsOf, Turned
from services.customer import model

DAYS = 14
Member = model.SegmentMember


def segment_turns(work: Work, message: SegmentTurnsOf) -> SegmentTurns:
    """Counted and named as far as the actor sees the records: who sees none of them learns nothing."""
    segment = work.read(model.Segment, message.segment_id)
    cls = work.entities[segment.list_of.rpartition(".")[2]]
    seen = select(cls.id).scalar_subquery()
    mine = (Member.segment_id == segment.id, Member.record_id.in_(seen))
    waiting = select(func.count()).where(*mine, Member.handled_at.is_(None), Member.until.is_(None))
    return SegmentTurns(
        days=_days(work, mine),
        turned=_turned(work, cls, segment, max(1, min(message.limit, 200))),
        waiting=work.session.scalar(waiting) or 0,
        is_gathering=segment.walked_to is not None
        or (segment.next_on is not None and segment.next_on <= work.today),
    )


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


def _turned(work: Work, cls: Any, segment: Any, limit: int) -> tuple[Turned, ...]:
    found = []
    for column in (Member.since, Member.until):
        names = [getattr(cls, name) for name in cls.record.title]
        wanted = (
            select(Member, *names)
            .join(cls, cls.id == Member.record_id)
            .where(Member.segment_id == segment.id, column.is_not(None))
            .order_by(column.desc(), Member.id)
            .limit(limit)
        )
        found += [
            Turned(
                record_id=row.record_id, name=worded(said), at=getattr(row, column.key), joined=column.key == "since",
                handled_at=row.handled_at, unhandled=row.unhandled,
            )
            for row, *said in work.session.execute(wanted)
        ]  # fmt: skip
    return tuple(sorted(found, key=lambda turn: turn.at, reverse=True)[:limit])
