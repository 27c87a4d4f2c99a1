"""Further attempts at events that failed, and the end of waiting for those behind them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from chassis import metrics
from chassis.inbox import FOLLOW, OPEN, Inbox, Incoming, correlation, is_down, lock
from chassis.logs import log
from contracts.message import Envelope

LONGEST_NAP = 1.0
"""Seconds after which the table is looked at again even when nothing is due: somebody may have pressed «replay»."""


class Retries:
    """Tries again what is due. Several processes may; each attempt is made once."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        self.house = inbox.house

    def run_due(self) -> float:
        """Attempt everything that is due; gives the seconds until it is worth looking again."""
        if not self._is_any_open():
            return LONGEST_NAP
        while True:
            claimed = self._claim()
            if claimed is not None:
                self._attempt(*claimed)
            elif not self._release():
                break
        with self.house.sessions() as session:
            due = session.scalar(
                select(func.min(Incoming.next_attempt_at)).where(Incoming.state == "waiting")
            )
        if due is None:
            return LONGEST_NAP
        return min(LONGEST_NAP, max(0.05, (due - self.house.clock()).total_seconds()))

    def _is_any_open(self) -> bool:
        """One look instead of three transactions: there hardly ever is one, and every service looks every second."""
        with self.house.reading() as session:
            return bool(session.scalar(select(exists().where(Incoming.state.in_(OPEN)))))

    def _claim(self) -> tuple[UUID, str] | None:
        """The next one that is due. Counted before it is tried: one that kills its process must not be tried for ever."""
        with self.house.sessions.begin() as session:
            now = self.house.clock()
            # later than any delay: noted down while a clock was wrong
            never = Incoming.next_attempt_at > now + timedelta(seconds=max(self.inbox.delays, default=0))
            row = session.scalars(
                select(Incoming)
                .where(Incoming.state == "waiting", (Incoming.next_attempt_at <= now) | never)
                .order_by(Incoming.position)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).first()
            if row is None:
                return None
            if row.attempts > len(self.inbox.delays):
                self._park(row, row.error or "the process ended during the last attempt")
                return row.event_id, row.door
            delay = self.inbox.delays[min(row.attempts, len(self.inbox.delays) - 1)]
            row.attempts += 1
            row.next_attempt_at = now + timedelta(seconds=delay)
            return row.event_id, row.door

    def _attempt(self, event_id: UUID, door: str) -> None:
        try:
            with self.house.sessions.begin() as session:
                row = self._locked(session, event_id, door)
                if row is None:
                    return
                envelope = Envelope.model_validate(row.envelope)
                error = self.inbox.attempt(session, envelope, door)
                if error is not None:
                    self._note(row, error)
                    return
                row.state, row.done_at, row.next_attempt_at = "done", self.house.clock(), None
                row.envelope, row.error = None, None
                log().info(
                    "event", type=row.type, event_id=str(event_id), call=envelope.correlation_id,
                    doors=f"{door}:done", attempts=row.attempts,
                )  # fmt: skip
        except Exception as error:
            if is_down(error):
                raise
            with self.house.sessions.begin() as session:  # only the commit brought it to light
                row = self._locked(session, event_id, door)
                if row is not None:
                    self._note(row, error)

    def _locked(self, session: Session, event_id: UUID, door: str) -> Incoming | None:
        lock(session)
        row = session.get(Incoming, (event_id, door), with_for_update=True)
        return row if row is not None and row.state == "waiting" else None

    def _note(self, row: Incoming, error: Exception) -> None:
        changed = self.inbox.failed(
            {
                "event_id": row.event_id, "door": row.door, "type": row.type, "history": row.history,
                "envelope": row.envelope,
                "attempts": row.attempts - 1,  # the claim has counted this one already
            },
            error,
        )  # fmt: skip
        for name, value in changed.items():
            setattr(row, name, value)

    def _park(self, row: Incoming, error: str) -> None:
        row.state, row.next_attempt_at, row.error = "parked", None, error
        row.history = [*(row.history or []), {"at": self.house.clock().isoformat(), "error": error}]
        metrics.parked.labels(self.house.name, row.door).inc()
        log().error(
            "event parked",
            door=row.door,
            type=row.type,
            event_id=str(row.event_id),
            call=correlation(row.envelope),
        )

    def _release(self) -> bool:
        """Let the first of those held behind an event that is settled now have its attempt; says whether there was one."""
        with self.house.sessions.begin() as session:
            lock(session)
            earlier: Any = aliased(Incoming)
            blocked = (
                select(earlier.position)
                .where(
                    earlier.aggregate_id == Incoming.aggregate_id,
                    earlier.state.in_(OPEN),
                    earlier.door != FOLLOW,
                    earlier.position < Incoming.position,
                    earlier.event_id != Incoming.event_id,
                )
                .exists()
            )
            rows = session.scalars(
                select(Incoming)
                .where(Incoming.state == "held", ~blocked)
                .order_by(Incoming.position)
                .limit(200)
            ).all()
            for row in rows:
                row.state, row.next_attempt_at = "waiting", self.house.clock()
            return bool(rows)
