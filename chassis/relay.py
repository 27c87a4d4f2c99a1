"""Sends out what services announced: in order, with the broker's confirmation for each, whatever dies on the way.

For each service one sender in one process at a time (an advisory lock of its database decides which). An event that
was sent but not yet marked is sent again after a crash; listeners drop the second copy.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
import time
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple

import amqp
import psycopg2
from amqp import spec

from chassis import bundles, last_moment, metrics
from chassis.broker import LINK_ERRORS, connect
from chassis.logs import log
from chassis.names import OUTBOX_CHANNEL, events_exchange
from chassis.settings import ServiceSettings
from chassis.silence import KEEPALIVE, SERVER_KEEPALIVE, DatabaseSilent, wait_with

BATCH = 500
POLL = 1.0  # a notice can get lost with its connection; then this long is all it costs
CONFIRM_PATIENCE = 30.0
GOODBYE = 2.0
FIRST_DELAY, LONGEST_DELAY = 0.2, 10.0
LONGEST_RETRY = 60


class Row(NamedTuple):
    """An event that is to be sent, or several of one act."""

    id: int
    event_id: str
    aggregate_ids: list[str]
    source: str
    type: str
    envelope: str
    events: int = 1
    """How many."""


# Rows behind one of the same aggregate that nobody takes wait with it, or listeners would hear them out of order.
_NEXT = """
with waiting as (
    select o.id, o.sequence, o.count from outbox o
    where o.published_at is null and (o.retry_at is null or o.retry_at <= now())
      and ((select not exists (select from outbox where published_at is null and error is not null))
           or not exists (select from outbox e where e.published_at is null and e.error is not null
                          and e.aggregate_ids && o.aggregate_ids and e.id < o.id))
    order by o.id limit %(batch)s
), next as (
    select id, sequence, count, sum(count) over (order by id) - count as ahead from waiting
), numbered as (
    select id, coalesce(sequence, coalesce(last.number, 0) + 1 - count
           + sum(count) filter (where sequence is null) over (order by id)) as sequence
    from next left join (select sequence + count - 1 as number from outbox
                         where sequence is not null order by sequence desc limit 1) last on true
    where ahead < %(batch)s
)
update outbox o set sequence = n.sequence from numbered n where o.id = n.id
returning o.id, o.event_id::text, o.aggregate_ids::text[], o.source, o.type,
    (o.body || jsonb_build_object('sequence', o.sequence))::text, o.count
"""
_SENT = "update outbox set published_at = now(), error = null, retry_at = null where id = any(%s)"
_REFUSED = """
update outbox set error = %s, attempts = attempts + 1,
    retry_at = now() + make_interval(secs => least(%s, power(2, attempts))) where id = %s
"""
_LOCK_KEY = "hashtextextended('outbox relay', 0)"


class Relay:
    """The sender of one service's news."""

    def __init__(
        self, service: str, database_url: str, amqp_url: str, is_heard: Callable[[str, str], bool]
    ) -> None:
        self.service = service
        self.leads = False  # whether it is this process that sends
        self._database_url = database_url
        self._amqp_url = amqp_url
        self._is_heard = is_heard
        self._stopping = threading.Event()
        self._wake_read, self._wake_write = os.pipe()

    def run(self) -> None:
        """Send until `stop`; make connections anew whenever they break."""
        delay = FIRST_DELAY
        while not self._stopping.is_set():
            try:
                with contextlib.closing(_connected(self._database_url)) as database:
                    database.autocommit = True
                    if self._lead(database):
                        delay = FIRST_DELAY
                        self._serve(database)
            except (psycopg2.Error, *LINK_ERRORS) as error:
                said = f"{type(error).__name__}: {error}".splitlines()[0]
                log().error("relay interrupted", service=self.service, error=said)
                self._stopping.wait(delay)
                delay = min(delay * 2, LONGEST_DELAY)
            finally:
                self.leads = False

    def stop(self) -> None:
        self._stopping.set()
        os.write(self._wake_write, b"x")

    def _lead(self, database: Any) -> bool:
        """Wait to be the one that sends for this service."""
        while not self._stopping.is_set():
            if _query(database, f"select pg_try_advisory_lock({_LOCK_KEY})")[0][0]:
                self.leads = True
                log().info("relay leads", service=self.service)
                return True
            self._stopping.wait(POLL)
        return False

    def _serve(self, database: Any) -> None:
        with contextlib.closing(Publisher(self._amqp_url, self.service, self._is_heard)) as publisher:
            _execute(database, f"listen {OUTBOX_CHANNEL}")
            while not self._stopping.is_set():
                if self.send_batch(database, publisher) < BATCH:
                    self._nap(database, publisher)

    def send_batch(self, database: Any, publisher: Publisher) -> int:
        """Number the next rows, send them, mark them; how many events they were."""
        rows = sorted(Row(*values) for values in _query(database, _NEXT, {"batch": BATCH}))
        if not rows:
            return 0
        begun = time.perf_counter()
        last_moment.passes(self.service, last_moment.NEWS_CHOSEN)
        sent, refused = publisher.publish(rows)
        last_moment.passes(self.service, last_moment.NEWS_CONFIRMED)
        with database, database.cursor() as cursor:
            # if this is forgotten in a crash they are sent twice, which hurts nobody
            cursor.execute("set local synchronous_commit = off")
            cursor.execute(_SENT, (sent,))
            for row, reason in refused:
                cursor.execute(_REFUSED, (reason, LONGEST_RETRY, row.id))
        for row, reason in refused:
            log().error("event refused", type=f"{row.source}.{row.type}", event_id=row.event_id, error=reason)
        spent = round((time.perf_counter() - begun) * 1000, 1)
        gone = set(sent)
        count = sum(row.events for row in rows if row.id in gone)
        metrics.sent.labels(self.service).inc(count)
        log().info("events sent", service=self.service, count=count, ms=spent)
        return sum(row.events for row in rows)

    def _nap(self, database: Any, publisher: Publisher) -> None:
        """Until there is news, the broker says something, or a moment has passed."""
        ready, _, _ = select.select([database, publisher.sock, self._wake_read], [], [], POLL)
        if database in ready:
            database.poll()
            database.notifies.clear()
        publisher.breathe(publisher.sock in ready)


class Publisher:
    """Publishes in order, many at a time, and waits for the broker's confirmations together."""

    def __init__(self, amqp_url: str, service: str, is_heard: Callable[[str, str], bool]) -> None:
        self._service = service
        self._connection = connect(amqp_url, f"{service} relay")
        self._blocked = False
        self._connection.on_blocked = lambda _: setattr(self, "_blocked", True)
        self._connection.on_unblocked = lambda: setattr(self, "_blocked", False)
        self._channel = channel = self._connection.channel()
        channel.exchange_declare(events_exchange(service), "topic", durable=True, auto_delete=False)
        channel.confirm_select()
        channel.events["basic_ack"].add(self._confirmed)
        channel.events["basic_nack"].add(self._denied)
        channel.events["basic_return"].add(self._returned)
        self._is_heard = is_heard
        self._tag = 0
        self._open: dict[int, list[Row]] = {}  # delivery tag → the rows of that message
        self._of_message: dict[str, list[Row]] = {}
        self._ahead: list[Row] = []  # what goes with the next message
        self._refused: dict[int, tuple[Row, str]] = {}
        self._settled_types: set[tuple[str, str]] = set()  # types of which one found its way, or needs none
        self.sock = self._connection.transport.sock
        self.sock.settimeout(CONFIRM_PATIENCE)  # a broker that reads nothing must not hold us for ever either

    def publish(self, rows: list[Row]) -> tuple[list[int], list[tuple[Row, str]]]:
        """Send these; gives the ids of those that the broker took over, and those it did not, with the reason.

        What comes behind a refused one of the same aggregate is in neither: it was not sent.
        """
        self._refused, self._of_message = {}, {}
        passed: list[int] = []
        stuck: set[str] = set()
        for row in rows:
            kind = (row.source, row.type)
            if kind in self._settled_types:
                if stuck.isdisjoint(row.aggregate_ids):
                    self._bundle(row)
                    passed.append(row.id)
                continue
            # the first of its type goes alone: whatever follows must not overtake it if nobody takes it
            self._wait()
            stuck.update(*(refused.aggregate_ids for refused, _ in self._refused.values()))
            if not stuck.isdisjoint(row.aggregate_ids):
                continue
            self._bundle(row)
            passed.append(row.id)
            self._wait()
            if row.id in self._refused:
                stuck.update(row.aggregate_ids)
            else:
                self._settled_types.add(kind)
        self._wait()
        self._settled_types -= {(row.source, row.type) for row, _ in self._refused.values()}
        return [id_ for id_ in passed if id_ not in self._refused], list(self._refused.values())

    def breathe(self, something: bool) -> None:
        """Hear what the broker says and give a sign of life."""
        if something:
            self._read(0.01)
        self._connection.heartbeat_tick()

    def close(self) -> None:
        """Say goodbye. Who has gone without a word does not answer it, and is not waited for."""
        with contextlib.suppress(*LINK_ERRORS):
            self.sock.settimeout(GOODBYE)
            self._connection.close()
        self._connection.collect()

    def _bundle(self, row: Row) -> None:
        """It goes with those before it, as long as these are of its kind and few enough."""
        ahead = self._ahead
        if ahead and (
            (ahead[0].source, ahead[0].type) != (row.source, row.type)
            or sum(one.events for one in ahead) + row.events > bundles.MOST
            or sum(len(one.envelope) for one in ahead) > bundles.LARGEST
        ):
            self._send()
        self._ahead.append(row)

    def _send(self) -> None:
        rows, self._ahead = self._ahead, []
        if not rows:
            return
        first = rows[0]
        self._tag += 1
        self._open[self._tag] = self._of_message[first.event_id] = rows
        message = amqp.Message(
            bundles.packed([row.envelope for row in rows]),
            content_type="application/json",
            delivery_mode=2,
            message_id=first.event_id,
            type=first.type,
        )
        # not basic_publish: that one looks for news from the broker before each message
        arguments = (0, events_exchange(first.source), first.type, True, False)
        self._channel.send_method(spec.Basic.Publish, "Bssbb", arguments, message)
        last_moment.passes(self._service, last_moment.NEWS_SENT)

    def _wait(self) -> None:
        """Send what is left, and stay until the broker has said something about each."""
        self._send()
        deadline = time.monotonic() + CONFIRM_PATIENCE
        while self._open:
            self._read(1.0)
            self._connection.heartbeat_tick()
            if self._blocked:  # short of memory or disk; it will take them when it can
                deadline = time.monotonic() + CONFIRM_PATIENCE
            elif time.monotonic() > deadline:
                raise OSError("the broker does not confirm")

    def _read(self, timeout: float) -> None:
        with contextlib.suppress(TimeoutError):
            self._connection.drain_events(timeout=timeout)

    def _settled(self, tag: int, multiple: bool) -> list[Row]:
        tags = [t for t in self._open if t <= tag] if multiple else [tag]
        return [row for t in tags for row in self._open.pop(t, ())]

    def _confirmed(self, tag: int, multiple: bool) -> None:
        self._settled(tag, multiple)

    def _denied(self, tag: int, multiple: bool) -> None:
        for row in self._settled(tag, multiple):
            self._refused[row.id] = (row, "the broker refused it")

    def _returned(self, _error: Any, exchange: str, key: str, message: amqp.Message) -> None:
        """Comes before the confirmation of the same message: the broker confirms what it could give to nobody."""
        for row in self._of_message[message.properties["message_id"]]:
            if self._is_heard(row.source, row.type):
                self._refused[row.id] = (row, f"no queue is bound to {exchange} for {key}")


def run(
    services: list[str], settings: ServiceSettings, all_heard: Callable[[], Iterable[tuple[str, str]]]
) -> None:
    """One sender for each of these services, until SIGTERM or SIGINT.

    `all_heard` gives what any service listens to; asked when something can be delivered to nobody, because what nobody
    listens to by design is no error.
    """
    wait_with(_wait)
    heard = cache(lambda: frozenset(all_heard()))
    one_asks = threading.Lock()

    def is_heard(source: str, type_: str) -> bool:
        with one_asks:
            return (source, type_) in heard()

    relays = [Relay(name, settings.database(name), settings.amqp_url, is_heard) for name in services]

    def stop(*_: Any) -> None:
        for relay in relays:
            relay.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    threads = [threading.Thread(target=relay.run, name=relay.service) for relay in relays]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _connected(url: str) -> Any:
    """The server lets go of our lock soon after this machine is gone without a word."""
    limits = f"{SERVER_KEEPALIVE} -c statement_timeout=60000 -c lock_timeout=5000"
    return psycopg2.connect(url, connect_timeout=10, options=limits, **KEEPALIVE)


def _wait(file: int, read: bool, seconds: float) -> None:
    ready = select.select([file] if read else [], [] if read else [file], [], seconds)
    if not any(ready):
        raise DatabaseSilent


def _query(database: Any, statement: str, values: Any = None) -> list[Any]:
    with database.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _execute(database: Any, statement: str) -> None:
    with database.cursor() as cursor:
        cursor.execute(statement)
