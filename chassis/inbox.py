"""What a service has heard: each event once for each of its doors, done, or kept until it can be done.

A failing event waits here with a growing delay, and whatever happened to the same thing afterwards waits behind it;
after the last attempt it is parked for a person. Nothing else waits. (docs/decisions: one queue, failures in a table)
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import orjson
import psycopg2
from sqlalchemy import BigInteger, Identity, Index, String, Text, func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Mapped, Session, mapped_column

from chassis import metrics, replicas, tracing
from chassis.database import ChassisBase
from chassis.house import House
from chassis.logs import log
from chassis.work import Work
from contracts.actor import Actor
from contracts.message import Envelope, Event, Listed


class Incoming(ChassisBase):
    """One event at one door."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index(
            "ix_inbox_open",
            "aggregate_id",
            "position",
            postgresql_where=text("state in ('waiting','held','parked')"),
        ),
        Index("ix_inbox_due", "next_attempt_at", postgresql_where=text("state = 'waiting'")),
        Index("ix_inbox_done_at", "done_at"),
    )

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    door: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, Identity())
    """The order of arrival."""
    aggregate_id: Mapped[UUID] = mapped_column()
    type: Mapped[str] = mapped_column(String(160))
    state: Mapped[str] = mapped_column(String(10))
    """done; waiting for its next attempt; held behind an earlier one; parked for a person; discarded by one"""
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    next_attempt_at: Mapped[datetime | None] = mapped_column()
    error: Mapped[str | None] = mapped_column(Text)
    history: Mapped[list[Any] | None] = mapped_column()
    """Each attempt and each decision: when, what, who."""
    envelope: Mapped[dict[str, Any] | None] = mapped_column()
    """The whole event while it is open; not kept once it is done."""
    received_at: Mapped[datetime] = mapped_column()
    done_at: Mapped[datetime | None] = mapped_column()


class Bound(ChassisBase):
    """A kind of news our queue is bound to, so that what is no longer wanted can be unbound."""

    __tablename__ = "inbox_binding"

    source: Mapped[str] = mapped_column(String(60), primary_key=True)
    type: Mapped[str] = mapped_column(String(80), primary_key=True)


OPEN = ("waiting", "held", "parked")
FOLLOW = "follow"
"""The door at which cards are filed. They may come in any order, so they neither wait for others nor make them wait."""
NOBODY, UNREADABLE = "-", "?"
"""Doors of messages that no door here hears, and of those that nobody can read."""


@dataclass(frozen=True)
class Heard:
    """A message as it came in; `envelope` is None when it cannot be read."""

    envelope: Envelope | None
    body: bytes


def lock(session: Session) -> None:
    """One at a time for the whole service: the consumer and the repeated attempts must not overtake each other."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("inbox", 0))))


class Inbox:
    """Takes what a service hears and sees it done."""

    def __init__(self, house: House, delays: Sequence[float]) -> None:
        self.house = house
        self.delays = delays
        self.classes = house.service.hears()
        self._delay = metrics.delay.labels(house.name)
        self.doors: dict[tuple[str, str], list[str]] = {key: [] for key in self.classes}
        for name, door in house.service.reactions().items():
            self.doors[door.message.service(), door.message.noun()].append(name)
        for event in house.service.follows:
            self.doors[event.service(), event.noun()].append(FOLLOW)

    # -- fresh from the broker ----------------------------------------------------------------------------------

    def take(self, bodies: Sequence[bytes]) -> None:
        """Do what these messages ask for, all in one transaction; when it returns, they may be acknowledged.

        Raises only when the database is out of reach: then nothing of it happened.
        """
        heard = [read(body) for body in bodies]
        try:
            with self.house.sessions.begin() as session:
                rows = self._take(session, heard, careful=False)
            self._tell(heard, rows)
            return
        except Exception as error:
            if is_down(error):
                raise
        # one of them failed: again, each in a savepoint, so that the good ones go through
        try:
            with self.house.sessions.begin() as session:
                rows = self._take(session, heard, careful=True)
            self._tell(heard, rows)
        except Exception as error:
            if is_down(error):
                raise
            if len(heard) > 1:  # something only the commit brings to light
                for one in heard:
                    self.take([one.body])
            else:
                self.set_aside(heard[0].body, error)

    def set_aside(self, body: bytes, error: Exception) -> None:
        """Do not try it now, with all the others waiting; note it at all its doors, to be tried again by itself."""
        one = read(body)
        with self.house.sessions.begin() as session:
            lock(session)
            held = _blocked(session, {one.envelope.aggregate_id} if one.envelope else set())
            for door in self._doors_of(one):
                row = self._row(one, door)
                if session.get(Incoming, (row["event_id"], door)) is None:
                    if row["state"] == "new":
                        row.update({"state": "held"} if held and door != FOLLOW else self.failed(row, error))
                    session.connection().execute(insert(Incoming), [row])

    def _tell(self, heard: Sequence[Heard], rows: list[dict[str, Any]]) -> None:
        """One line for each event and what became of it at each of its doors, and how long it was on its way."""
        now = self.house.clock()
        states: dict[UUID, dict[str, str]] = {}
        for row in rows:
            states.setdefault(row["event_id"], {})[row["door"]] = row["state"]
        for envelope in (one.envelope for one in heard if one.envelope):
            if (became := states.pop(envelope.id, None)) is None:
                continue
            spent = max(0.0, (now - envelope.recorded_at).total_seconds())
            self._delay.observe(spent)
            log().info(
                "event", type=f"{envelope.source}.{envelope.type}", event_id=str(envelope.id),
                call=envelope.correlation_id, doors=",".join(f"{door}:{state}" for door, state in became.items()),
                after_ms=round(spent * 1000),
            )  # fmt: skip

    def _take(self, session: Session, heard: Sequence[Heard], *, careful: bool) -> list[dict[str, Any]]:
        lock(session)
        ids = [one.envelope.id if one.envelope else id_of(one.body) for one in heard]
        seen = {
            (e, d)
            for e, d in session.execute(
                select(Incoming.event_id, Incoming.door).where(Incoming.event_id.in_(ids))
            )
        }
        held = _blocked(session, {one.envelope.aggregate_id for one in heard if one.envelope})
        if not careful:
            self._file_cards(session, heard, ids, seen)
        rows: list[dict[str, Any]] = []
        for one, event_id in zip(heard, ids, strict=True):
            behind = one.envelope is not None and one.envelope.aggregate_id in held
            for door in self._doors_of(one):
                if (event_id, door) in seen:
                    continue
                seen.add((event_id, door))
                row = self._row(one, door)
                if one.envelope is not None and row["state"] == "new":
                    self._begin(session, one.envelope, door, row, behind=behind, careful=careful)
                    if row["state"] == "waiting" and door != FOLLOW:
                        held.add(row["aggregate_id"])
                rows.append(row)
        if rows:
            session.connection().execute(insert(Incoming), rows)
        return rows

    def _begin(
        self,
        session: Session,
        envelope: Envelope,
        door: str,
        row: dict[str, Any],
        *,
        behind: bool,
        careful: bool,
    ) -> None:
        if behind and door != FOLLOW:
            row.update(state="held")
        elif not careful:
            if door != FOLLOW:  # the cards of all are filed already
                self.run(session, envelope, door)
            row.update(state="done", envelope=None, done_at=row["received_at"], attempts=1)
        elif (error := self.attempt(session, envelope, door)) is None:
            row.update(state="done", envelope=None, done_at=row["received_at"], attempts=1)
        else:
            row.update(self.failed(row, error))

    def _file_cards(
        self, session: Session, heard: Sequence[Heard], ids: list[UUID], seen: set[tuple[UUID, str]]
    ) -> None:
        """All the cards among them at once, before anything else: whoever reacts to news finds the newest names."""
        cards = [
            self._event(one.envelope)
            for one, event_id in zip(heard, ids, strict=True)
            if one.envelope is not None and FOLLOW in self._doors_of(one) and (event_id, FOLLOW) not in seen
        ]
        replicas.follow(session, *(card for card in cards if isinstance(card, Listed)))

    def _doors_of(self, one: Heard) -> list[str]:
        if one.envelope is None:
            return [UNREADABLE]
        return self.doors.get((one.envelope.source, one.envelope.type)) or [NOBODY]

    def _row(self, one: Heard, door: str) -> dict[str, Any]:
        now, envelope = self.house.clock(), one.envelope
        row: dict[str, Any] = {
            "door": door, "state": "new", "attempts": 0, "next_attempt_at": None, "error": None, "history": None,
            "received_at": now, "done_at": None,
        }  # fmt: skip
        if envelope is None:
            key = id_of(one.body)
            raw = {"raw": one.body.decode("utf-8", "backslashreplace").replace("\x00", "")}
            row.update(
                event_id=key,
                aggregate_id=key,
                type=UNREADABLE,
                envelope=raw,
                state="parked",
                error="unreadable",
            )
            metrics.parked.labels(self.house.name, UNREADABLE).inc()
            log().error("message parked", event_id=str(key), error="unreadable")
            return row
        row.update(
            event_id=envelope.id, aggregate_id=envelope.aggregate_id, type=f"{envelope.source}.{envelope.type}",
            envelope=envelope.as_json(),
        )  # fmt: skip
        if door == NOBODY:
            row.update(state="discarded", error="no door here hears this", done_at=now)
            log().warning("event discarded: no door hears it", type=row["type"], event_id=str(envelope.id))
        return row

    # -- one event at one door ----------------------------------------------------------------------------------

    def run(self, session: Session, envelope: Envelope, door: str) -> None:
        """Let the door's function do its part of the transaction."""
        event = self._event(envelope)
        if door == FOLLOW and isinstance(event, Listed):
            replicas.follow(session, event)
            return
        # in the name of whoever caused it, with the system's rights
        actor = Actor(id=envelope.actor_id, name=envelope.actor_name, kind="system")
        work = Work(session, actor, self.house, door=door, call_id=envelope.correlation_id, cause=envelope)
        begun = time.perf_counter()
        above = tracing.of_event(envelope.id)
        with tracing.span(f"{self.house.name}.{door}", envelope.correlation_id, "consumer", parent=above):
            self.house.service.reactions()[door].function(work, event)
            session.flush()
        metrics.events.labels(self.house.name, door).observe(time.perf_counter() - begun)

    def attempt(self, session: Session, envelope: Envelope, door: str) -> Exception | None:
        """As `run`, in a savepoint; gives back what went wrong. Raises when the database is out of reach."""
        try:
            with session.begin_nested():
                self.run(session, envelope, door)
        except Exception as error:
            if is_down(error):
                raise
            return error
        return None

    def failed(self, row: dict[str, Any], error: Exception) -> dict[str, Any]:
        """What a failed attempt changes in a row: another try later, or parked after the last."""
        attempts, now = row["attempts"] + 1, self.house.clock()
        said = f"{type(error).__name__}: {error}"[:2000]
        parked = attempts > len(self.delays)
        delay = None if parked else timedelta(seconds=self.delays[attempts - 1])
        metrics.failures.labels(self.house.name, row["door"]).inc()
        if parked:
            metrics.parked.labels(self.house.name, row["door"]).inc()
        log().error(
            "event parked" if parked else "event failed", door=row["door"], type=row["type"], attempts=attempts,
            event_id=str(row["event_id"]), call=correlation(row["envelope"]), exc_info=error,
        )  # fmt: skip
        return {
            "state": "parked" if parked else "waiting",
            "attempts": attempts,
            "next_attempt_at": now + delay if delay is not None else None,
            "error": said,
            "history": [*(row["history"] or []), {"at": now.isoformat(), "error": said}][-50:],
        }

    def _event(self, envelope: Envelope) -> Event:
        """The event, tolerant of fields this version does not know."""
        return self.classes[envelope.source, envelope.type].model_validate(envelope.body, extra="ignore")


def _blocked(session: Session, aggregates: set[UUID]) -> set[UUID]:
    """Those of these things at which something earlier is still open."""
    statement = select(Incoming.aggregate_id).where(
        Incoming.aggregate_id.in_(aggregates), Incoming.state.in_(OPEN), Incoming.door != FOLLOW
    )
    return set(session.scalars(statement)) if aggregates else set()


def is_down(error: BaseException) -> bool:
    """Whether the database itself is the trouble, not what we asked of it."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "pgcode", None) or ""
    if code.startswith(("08", "53", "57P")):  # connection, resources (disk, connections), shutting down
        return True
    return error.connection_invalidated or (
        not code and isinstance(error.orig, psycopg2.OperationalError | psycopg2.InterfaceError)
    )


def correlation(envelope: dict[str, Any] | None) -> str:
    """The id of the call that began it all, as the page of that call shows it."""
    return str((envelope or {}).get("correlation_id", ""))


def read(body: bytes) -> Heard:
    if b"\\u0000" in body:  # no database would keep it
        return Heard(None, body)
    try:
        return Heard(Envelope.model_validate(orjson.loads(body)), body)
    except ValueError:
        return Heard(None, body)


def id_of(body: bytes) -> UUID:
    """The id under which a message that cannot be read is kept."""
    return uuid5(NAMESPACE_OID, body.decode("latin-1"))
