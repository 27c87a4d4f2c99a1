"""What a service has heard: each event once for each of its doors, done, or kept until it can be done.

A failing event waits here with a growing delay, and whatever happened to the same thing afterwards waits behind it;
after the last attempt it is parked for a person. Nothing else waits. (docs/decisions: one queue, failures in a table)
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import psycopg2
from sqlalchemy import BigInteger, Identity, Index, String, Text, func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Mapped, Session, mapped_column

from chassis import bulk, metrics, replicas, tracing
from chassis.bundles import Heard, read
from chassis.database import ChassisBase
from chassis.house import House
from chassis.logs import log
from chassis.news import News
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
        self._take_all([one for body in bodies for one in read(body)])

    def _take_all(self, heard: Sequence[Heard]) -> None:
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
                    self._take_all([one])
            else:
                self._set_aside(heard[0], error)

    def set_aside(self, body: bytes, error: Exception) -> None:
        """Do not try it now, with all the others waiting; note it at all its doors, to be tried again by itself."""
        for one in read(body):
            self._set_aside(one, error)

    def _set_aside(self, one: Heard, error: Exception) -> None:
        with self.house.sessions.begin() as session:
            lock(session)
            held = _blocked(session, {one.envelope.aggregate_id} if one.envelope else set())
            for door in self._doors_of(one):
                row = self._row(one, door, self.house.clock())
                if session.get(Incoming, (row["event_id"], door)) is None:
                    if row["state"] == "new":
                        row.update({"state": "held"} if held and door != FOLLOW else self.failed(row, error))
                    if one.envelope is not None:
                        row["envelope"] = one.envelope.as_json()
                    session.connection().execute(insert(Incoming), [row])

    def _tell(self, heard: Sequence[Heard], rows: list[dict[str, Any]]) -> None:
        """A line for each event and what became of it at each of its doors, and how long it was on its way.

        Those of one import are one line, with the first of them.
        """
        now = self.house.clock()
        states: dict[UUID, dict[str, str]] = {}
        for row in rows:
            states.setdefault(row["event_id"], {})[row["door"]] = row["state"]
        told: dict[tuple[str, str, str], list[Envelope]] = {}
        for envelope in (one.envelope for one in heard if one.envelope):
            if (became := states.pop(envelope.id, None)) is None:
                continue
            self._delay.observe(max(0.0, (now - envelope.recorded_at).total_seconds()))
            doors = ",".join(f"{door}:{state}" for door, state in became.items())
            kind = (f"{envelope.source}.{envelope.type}", envelope.correlation_id, doors)
            told.setdefault(kind, []).append(envelope)
        for (type_, call, doors), events in told.items():
            more = {"count": len(events)} if len(events) > 1 else {}
            spent = max(0.0, (now - events[0].recorded_at).total_seconds())
            log().info(
                "event", type=type_, event_id=str(events[0].id), call=call, doors=doors,
                after_ms=round(spent * 1000), **more,
            )  # fmt: skip

    def _take(self, session: Session, heard: Sequence[Heard], *, careful: bool) -> list[dict[str, Any]]:
        lock(session)
        ids = [one.id for one in heard]
        seen = {
            (e, d)
            for e, d in session.execute(
                select(Incoming.event_id, Incoming.door).where(bulk.among(Incoming.event_id, ids))
            )
        }
        held = _blocked(session, {one.envelope.aggregate_id for one in heard if one.envelope})
        rows: list[dict[str, Any]] = []
        now = self.house.clock()
        due: list[tuple[str, News[Any]]] = []
        for one, event_id in zip(heard, ids, strict=True):
            envelope, news = one.envelope, None
            for door in self._doors_of(one):
                if (event_id, door) in seen:
                    continue
                seen.add((event_id, door))
                row = self._row(one, door, now)
                rows.append(row)
                if envelope is None or row["state"] != "new":
                    continue
                if door != FOLLOW and envelope.aggregate_id in held:
                    row.update(state="held")
                elif careful:
                    self._try(session, envelope, door, row)
                    if row["state"] == "waiting" and door != FOLLOW:
                        held.add(row["aggregate_id"])
                else:
                    news = news or News(self._event(envelope), envelope)
                    due.append((door, news))
                    _done(row)
        self._do_all(session, due)
        for row in rows:
            if row["state"] != "done" and isinstance(row["envelope"], Envelope):
                row["envelope"] = row["envelope"].as_json()
        bulk.insert(session, Incoming.__table__, [row for row in rows if not _is_filed(row)])  # type: ignore[arg-type]
        return rows

    def _try(self, session: Session, envelope: Envelope, door: str, row: dict[str, Any]) -> None:
        if (error := self.attempt(session, envelope, door)) is None:
            _done(row)
        else:
            row.update(self.failed(row, error))

    def _do_all(self, session: Session, due: list[tuple[str, News[Any]]]) -> None:
        """All the cards among them at once, before anything else: whoever reacts to news finds the newest names.

        Then the others in order; those of one kind, person and call that follow each other go together to a door that
        takes many.
        """
        cards = [news.event for door, news in due if door == FOLLOW]
        replicas.follow(session, *(card for card in cards if isinstance(card, Listed)))
        others = ((door, news) for door, news in due if door != FOLLOW)
        for _, run in groupby(others, key=lambda one: _sort_of(one[1].envelope)):
            many: dict[str, list[News[Any]]] = {}
            for door, news in run:
                if self.house.service.reactions()[door].takes_many:
                    many.setdefault(door, []).append(news)
                else:
                    self._react(session, [news], door)
            for door, several in many.items():
                self._react(session, several, door)

    def _doors_of(self, one: Heard) -> list[str]:
        if one.envelope is None:
            return [UNREADABLE]
        return self.doors.get((one.envelope.source, one.envelope.type)) or [NOBODY]

    def _row(self, one: Heard, door: str, now: datetime) -> dict[str, Any]:
        envelope = one.envelope
        row: dict[str, Any] = {
            "door": door, "state": "new", "attempts": 0, "next_attempt_at": None, "error": None, "history": None,
            "received_at": now, "done_at": None,
        }  # fmt: skip
        if envelope is None:
            key = one.id
            raw = {"raw": one.raw.decode("utf-8", "backslashreplace").replace("\x00", "")}
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
            envelope=envelope,
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
        else:
            self._react(session, [News(event, envelope)], door)

    def _react(self, session: Session, news: list[News[Any]], door: str) -> None:
        """In the name of whoever caused it, with the system's rights."""
        first = news[0].envelope
        actor = Actor(id=first.actor_id, name=first.actor_name, kind="system")
        work = Work(session, actor, self.house, door=door, call_id=first.correlation_id, cause=first)
        begun = time.perf_counter()
        above = tracing.of_event(first.id)
        with tracing.span(f"{self.house.name}.{door}", first.correlation_id, "consumer", parent=above):
            self.house.service.reactions()[door].react(work, news)
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


def _done(row: dict[str, Any]) -> None:
    row.update(state="done", envelope=None, done_at=row["received_at"], attempts=1)


def _is_filed(row: dict[str, Any]) -> bool:
    """A card that is filed needs no row: filing it again changes nothing, and its version tells which came later."""
    return row["door"] == FOLLOW and row["state"] == "done"


def _sort_of(envelope: Envelope) -> tuple[Any, ...]:
    """What those that are done together have in common."""
    return envelope.source, envelope.type, envelope.actor_id, envelope.correlation_id


def _blocked(session: Session, aggregates: set[UUID]) -> set[UUID]:
    """Those of these things at which something earlier is still open."""
    statement = select(Incoming.aggregate_id).where(
        bulk.among(Incoming.aggregate_id, aggregates),
        Incoming.state.in_(OPEN),
        Incoming.door != FOLLOW,
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


def correlation(envelope: Envelope | dict[str, Any] | None) -> str:
    """The id of the call that began it all, as the page of that call shows it."""
    if isinstance(envelope, Envelope):
        return envelope.correlation_id
    return str((envelope or {}).get("correlation_id", ""))
