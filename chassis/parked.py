"""What a person can see and do about events on their way: how many wait, what is parked, replay it, or discard it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from chassis import bundles, health, schedule
from chassis.inbox import OPEN, UNREADABLE, Incoming
from chassis.outbox import Outgoing
from chassis.work import Work
from contracts.errors import IllegalTransition, NotFound
from contracts.language import N_
from contracts.message import Command, Message, attr

PAGE = 200
GIVEN_UP = 20
"""Events that somebody gave up, shown with who and why."""


class Backlog(Message):
    """How much is on its way, in and out?"""


class Parked(Message):
    """Which events could not be done?"""

    state: str | None = None
    limit: int = PAGE


class Replay(Command):
    """Try a parked event again, now; what waits behind it follows."""

    event_id: UUID
    door: str


class ReplayAll(Command):
    """Try everything that is parked again, now."""

    door: str | None = None


class Discard(Command):
    """Give up a parked event; what waits behind it follows."""

    event_id: UUID
    door: str
    reason: str = attr(N_("Reason"))


def backlog(work: Work, message: Backlog) -> dict[str, Any]:
    """Counts and the age in seconds of the oldest, from the tables: facts, not the state of a connection.

    inbox   events that failed, by state           outbox  events that the broker has not taken over yet
    parked_at  door → how many are parked there
    queue   events that this process has taken from its queue and not done yet
    jobs    by name: when it was last done, what went wrong since, whether its moment was missed
    """
    found = work.session.execute(
        select(Incoming.state, func.count(), func.min(Incoming.received_at))
        .where(Incoming.state.in_(OPEN))
        .group_by(Incoming.state)
    )
    inbox = {state: {"count": count, "age": _age(work, oldest)} for state, count, oldest in found}
    parked_at = work.session.execute(
        select(Incoming.door, func.count()).where(Incoming.state == "parked").group_by(Incoming.door)
    )
    unsent = Outgoing.published_at.is_(None)
    count, oldest, failing = work.session.execute(
        select(
            func.coalesce(func.sum(Outgoing.count), 0), func.min(Outgoing.created_at),
            func.coalesce(func.sum(Outgoing.count).filter(Outgoing.error.is_not(None)), 0),
        ).where(unsent)
    ).one()  # fmt: skip
    in_hand = [each() for each in health.in_hand]
    first = min((at for _, at in in_hand if at is not None), default=None)
    return {
        "inbox": {state: inbox.get(state, {"count": 0, "age": 0}) for state in OPEN},
        "parked_at": dict(parked_at.tuples().all()),
        "outbox": {"count": count, "age": _age(work, oldest), "failing": failing},
        "queue": {"count": sum(count for count, _ in in_hand), "age": _age(work, first)},
        "jobs": schedule.state(work.session, work.clocked, work.now),
    }


def parked(work: Work, message: Parked) -> dict[str, Any]:
    """Open events, those parked first, oldest first; those given up lately; those that nobody took over at the broker."""
    wanted = [message.state] if message.state in OPEN else list(OPEN)
    rows = work.session.scalars(
        select(Incoming)
        .where(Incoming.state.in_(wanted))
        .order_by(Incoming.state != "parked", Incoming.position)
        .limit(min(message.limit, PAGE))
    )
    unsent = work.session.scalars(
        select(Outgoing).where(Outgoing.published_at.is_(None), Outgoing.error.is_not(None)).limit(PAGE)
    )
    given_up = work.session.scalars(
        select(Incoming)
        .where(Incoming.state == "discarded", Incoming.history.is_not(None))
        .order_by(Incoming.done_at.desc())
        .limit(GIVEN_UP)
    )
    return {
        "incoming": [_shown(row) for row in rows],
        "given_up": [_shown(row) for row in given_up],
        "outgoing": [
            {
                "event_id": str(envelope["id"]), "type": f"{row.source}.{row.type}", "error": row.error,
                "attempts": row.attempts, "created_at": row.created_at.isoformat(), "envelope": envelope,
            }
            for row in unsent
            for envelope in bundles.apart(row.body)
        ][:PAGE],
    }  # fmt: skip


def replay(work: Work, message: Replay) -> dict[str, Any]:
    """A fresh row of attempts, beginning now."""
    row = _open_row(work, message.event_id, message.door)
    if row.door == UNREADABLE:
        raise IllegalTransition(verb="replay", state="unreadable")
    row.state, row.attempts, row.next_attempt_at = "waiting", 0, work.now
    _remember(work, row, "replayed")
    return _shown(row)


def replay_all(work: Work, message: ReplayAll) -> dict[str, int]:
    """All that is parked at a door, or at all doors, in the order in which it came."""
    wanted = select(Incoming).where(Incoming.state == "parked", Incoming.door != UNREADABLE)
    if message.door:
        wanted = wanted.where(Incoming.door == message.door)
    rows = work.session.scalars(wanted.order_by(Incoming.position).with_for_update()).all()
    for row in rows:
        row.state, row.attempts, row.next_attempt_at = "waiting", 0, work.now
        _remember(work, row, "replayed")
    return {"replayed": len(rows)}


def discard(work: Work, message: Discard) -> dict[str, Any]:
    """It will not be done, by somebody's decision and for a reason that stays on record."""
    row = _open_row(work, message.event_id, message.door)
    row.state, row.next_attempt_at, row.done_at = "discarded", None, work.now
    _remember(work, row, "discarded", reason=message.reason)
    return _shown(row)


def _open_row(work: Work, event_id: UUID, door: str) -> Incoming:
    row = work.session.get(Incoming, (event_id, door), with_for_update=True)
    if row is None:
        raise NotFound(entity="event", id=event_id)
    if row.state not in ("parked", "waiting"):
        raise IllegalTransition(verb="replay", state=row.state)
    return row


def _remember(work: Work, row: Incoming, what: str, **more: str) -> None:
    entry = {
        "at": work.now.isoformat(),
        "did": what,
        "by": str(work.actor.id),
        "name": work.actor.name,
        **more,
    }
    row.history = [*(row.history or []), entry]


def _shown(row: Incoming) -> dict[str, Any]:
    return {
        "event_id": str(row.event_id), "door": row.door, "type": row.type, "aggregate_id": str(row.aggregate_id),
        "state": row.state, "attempts": row.attempts, "error": row.error, "history": row.history or [],
        "envelope": row.envelope, "received_at": row.received_at.isoformat(),
        "next_attempt_at": row.next_attempt_at.isoformat() if row.next_attempt_at else None,
    }  # fmt: skip


def _age(work: Work, oldest: datetime | None) -> float:
    return round((work.now - oldest).total_seconds(), 1) if oldest else 0
