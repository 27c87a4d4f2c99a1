"""Hears the news: takes events from the service's queue in batches and acknowledges them once they are committed."""

from collections import deque
from datetime import datetime
from typing import Any

import amqp
import eventlet
from eventlet.event import Event
from nameko.extensions import Entrypoint

from chassis import health, last_moment, topology
from chassis.broker import Line
from chassis.bundles import read
from chassis.inbox import Inbox
from chassis.logs import log
from chassis.names import inbox_queue
from chassis.retries import Retries
from chassis.service import Service

PREFETCH = 400
BATCH, BATCH_BYTES = 100, 256 * 1024
"""Messages, and bytes, of one transaction; a message may tell of a hundred events."""
FIRST_DELAY, LONGEST_DELAY = 0.2, 10.0
SUSPICIOUS, GUILTY = 1, 3
"""Deliveries before this one after which a message is taken alone, and after which it is set aside: it may be the one
that kills us. Of those taken alone the first unacknowledged one is it."""


class Listener(Entrypoint):
    """The ear of a service: one line to the broker, one batch at a time, order kept."""

    def __init__(self, service: type[Service], inbox: Inbox, **options: Any) -> None:
        self.service, self.inbox = service, inbox
        super().__init__(**options)

    def setup(self) -> None:
        self._arrived: deque[amqp.Message] = deque()
        self._taken: list[amqp.Message] = []
        self._bell = Event()
        self._stopped = Event()
        self._line = Line(
            self.container.config["AMQP_URI"], f"{self.service.name} events", self._opened, self._lost
        )
        health.lines.append(self._line)
        health.in_hand.append(self._in_hand)

    def start(self) -> None:
        self.container.spawn_managed_thread(self._line.run, identifier="events line")
        self._working = self.container.spawn_managed_thread(self._work, identifier="events")
        self._retrying = self.container.spawn_managed_thread(self._retry, identifier="retries")

    def stop(self) -> None:
        """What was begun is finished and acknowledged."""
        self._stopped.send()
        self._ring()
        self._working.wait()
        self._retrying.wait()
        self._line.close()

    def kill(self) -> None:
        self._line.close()

    def _opened(self, channel: amqp.Channel) -> None:
        topology.declare(channel.connection, self.service)
        channel.basic_qos(0, PREFETCH, False)
        # cancelled by the broker (queue deleted, its node gone): a new line declares and consumes anew
        channel.basic_consume(
            inbox_queue(self.service.name),
            callback=self._heard,
            on_cancel=lambda _: self._line.cut(),
        )

    def _lost(self, _error: Exception | None) -> None:
        self._arrived.clear()  # unacknowledged: they come again

    def _heard(self, message: amqp.Message) -> None:
        self._arrived.append(message)
        self._ring()

    def _ring(self) -> None:
        if not self._bell.ready():
            self._bell.send()

    def _work(self) -> None:
        while not self._stopped.ready():
            self._bell.wait()
            self._bell = Event()
            while self._arrived and not self._stopped.ready():
                self._take(self._next())
                self._taken = []

    def _next(self) -> list[amqp.Message]:
        """What one transaction takes: a handful, but one alone that may have killed us."""
        batch, size = [self._arrived.popleft()], 0
        if _earlier_deliveries(batch[0]) < SUSPICIOUS:
            while self._arrived and len(batch) < BATCH and size < BATCH_BYTES:
                batch.append(self._arrived.popleft())
                size += len(batch[-1].body)
        return batch

    def _take(self, batch: list[amqp.Message]) -> None:
        """Commit, then acknowledge. While the database is out of reach: neither, again and again."""
        channel = batch[0].channel
        delay = FIRST_DELAY
        self._taken = batch
        while not self._stopped.ready() and channel is self._line.channel:
            try:
                if _earlier_deliveries(batch[0]) >= GUILTY:
                    self.inbox.set_aside(
                        batch[0].body, RuntimeError("its listener ended while it was at work on it")
                    )
                else:
                    self.inbox.take([message.body for message in batch])
            except Exception as error:
                health.stuck.add("events")
                log().error("events wait", count=len(batch), error=_first_line(error))
                eventlet.sleep(delay)
                delay = min(delay * 2, LONGEST_DELAY)
            else:
                last_moment.passes(self.service.name, last_moment.NEWS_DONE)
                health.stuck.discard("events")
                self._line.ack(channel, batch[-1].delivery_info["delivery_tag"], multiple=True)
                log().debug("events", count=len(batch))
                return

    def _in_hand(self) -> tuple[int, datetime | None]:
        """What was taken from the queue and is not done: how many, and when the first of them was announced."""
        waiting = [*self._taken, *self._arrived]
        first = read(waiting[0].body)[0].envelope if waiting else None
        return len(waiting), first.recorded_at if first else None

    def _retry(self) -> None:
        retries, delay = Retries(self.inbox), FIRST_DELAY
        while not self._stopped.ready():
            try:
                nap, delay = retries.run_due(), FIRST_DELAY
            except Exception as error:
                log().error("attempts wait", error=_first_line(error))
                nap, delay = delay, min(delay * 2, LONGEST_DELAY)
            with eventlet.Timeout(nap, False):
                self._stopped.wait()


def _earlier_deliveries(message: amqp.Message) -> int:
    """How often it went out and was not acknowledged; quorum queues count."""
    return int((message.headers or {}).get("x-delivery-count", 0))


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]


def listening_method(service: type[Service], inbox: Inbox) -> Any:
    """The Nameko method on which the listener hangs; it is never called by itself."""

    def listen(_self: Any) -> None:
        """Events arrive through the listener."""

    return Listener.decorator(service, inbox)(listen)
