"""Answering requests: a Nameko entrypoint that replies on the consumer's own channel.

Stock Nameko publishes each reply persistently, with a confirm, through a pool of connections; that is most of
its round trip (docs/performance.md). Here a reply is one transient frame on the connection the request came by.
"""

import contextlib
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

import amqp
from amqp import spec
from nameko.extensions import Entrypoint, ProviderCollector, SharedExtension

from chassis import doors, health, metrics, tracing
from chassis.broker import LINK_ERRORS, Line
from chassis.house import House
from chassis.logs import log
from chassis.names import RPC_EXCHANGE, rpc_queue
from chassis.wire import CALL_HEADER, KEY_HEADER, decode, encode
from contracts.errors import FieldProblem, Invalid, NotFound, Problem, Unavailable, Unexpected

# The queue goes with the last process that serves it, so that a caller hears at once that nobody is there.
# After a crash of the broker it may come back without anybody at it: then it goes by itself.
QUEUE_EXPIRES_MS = 10_000
CONSUMER = "requests"

Reply = dict[str, Any]


class RequestQueue(SharedExtension, ProviderCollector):
    """Takes requests from `rpc-<service>` and spawns a worker for each; several processes share the queue."""

    def setup(self) -> None:
        service = self.container.service_name
        self._doors: dict[str, RequestDoor] = {}
        self._waiting: deque[tuple[float, amqp.Message]] = deque()
        self._line = Line(self.container.config["AMQP_URI"], f"{service} rpc", self._opened, self._lost)
        health.lines.append(self._line)
        self._free = self._most = self.container.max_workers

    def start(self) -> None:
        self._doors = {f"{self.container.service_name}.{p.method_name}": p for p in self._providers}
        self.container.spawn_managed_thread(self._line.run, identifier="rpc line")

    def stop(self) -> None:
        """Called when every worker has finished and answered."""
        self._line.close()

    kill = stop

    def unregister_provider(self, provider: Any) -> None:
        """When the last door closes, take nothing more; what was begun is still answered."""
        super().unregister_provider(provider)
        if not self._providers and self._line.channel is not None:
            with contextlib.suppress(*LINK_ERRORS):
                self._line.channel.send_method(spec.Basic.Cancel, "sb", (CONSUMER, True))

    @property
    def line(self) -> Line:
        return self._line

    def _opened(self, channel: amqp.Channel) -> None:
        service = self.container.service_name
        queue = rpc_queue(service)
        channel.exchange_declare(RPC_EXCHANGE, "topic", durable=True, auto_delete=False)
        channel.queue_declare(
            queue, durable=True, auto_delete=True, arguments={"x-expires": QUEUE_EXPIRES_MS}
        )
        channel.queue_bind(queue, RPC_EXCHANGE, f"{service}.*")
        # twice as many as we work on: the next are at hand when one is done, the rest stay for other processes
        channel.basic_qos(0, self._most * 2, False)
        channel.basic_consume(queue, CONSUMER, callback=self._taken, on_cancel=lambda _: self._line.cut())

    def _lost(self, _error: Exception | None) -> None:
        self._waiting.clear()  # unacknowledged: the broker gives them to whoever serves next

    def _taken(self, message: amqp.Message) -> None:
        if self._free > 0:
            self._begin(message)
        else:
            self._waiting.append((time.monotonic(), message))

    def _begin(self, message: amqp.Message) -> None:
        info = message.delivery_info
        door = self._doors.get(info["routing_key"])
        if door is None:
            problem: Problem = NotFound(entity="door", id=info["routing_key"])
        elif info["redelivered"] and not door.may_run_twice(message):
            # another process had it and ended; what became of it only its caller's key could tell
            problem = Unavailable(service=self.container.service_name, maybe_done="yes")
        else:
            self._free -= 1
            door.begin(message)
            return
        self.answer(message, {"result": None, "error": problem.as_dict()})

    def done(self, message: amqp.Message, reply: Reply) -> None:
        """Send the reply of a finished worker and take the next request that somebody still waits for."""
        self._free += 1
        self.answer(message, reply)
        now = time.monotonic()
        while self._waiting and self._free > 0:
            since, waiting = self._waiting.popleft()
            patience = float(waiting.properties.get("expiration") or "inf") / 1000
            if now - since < patience:
                self._begin(waiting)
            else:
                self._line.ack(waiting.channel, waiting.delivery_info["delivery_tag"])

    def answer(self, message: amqp.Message, reply: Reply) -> None:
        """Acknowledge and reply, in one piece; when the line is gone nobody waits for it any more."""
        properties = message.properties
        if message.channel is not self._line.channel:
            return
        if "reply_to" not in properties:
            self._line.ack(message.channel, message.delivery_info["delivery_tag"])
            return
        body = amqp.Message(
            encode(reply),
            content_type="application/json",
            delivery_mode=1,
            correlation_id=properties.get("correlation_id", ""),
        )
        self._line.ack_with_next(message.channel, message.delivery_info["delivery_tag"])
        try:
            self._line.send(body, "", properties["reply_to"])
        except LINK_ERRORS:
            log().warning("reply lost", call=call_id(message))


class RequestDoor(Entrypoint):
    """One method of a service that answers requests."""

    queue = RequestQueue()

    def __init__(self, changes: bool, **options: Any) -> None:
        self.changes = changes
        super().__init__(**options)

    def setup(self) -> None:
        self._seconds = metrics.doors.labels(self.container.service_name, self.method_name)
        self.queue.register_provider(self)

    def stop(self) -> None:
        self.queue.unregister_provider(self)

    def may_run_twice(self, message: amqp.Message) -> bool:
        """Whether a second run does no harm: it only tells, or it has a key."""
        return not self.changes or KEY_HEADER in (message.headers or {})

    def begin(self, message: amqp.Message) -> None:
        """Let a worker greenlet run the method for this request."""
        self.container.spawn_worker(
            self, (message,), {}, handle_result=partial(self._finish, message, time.perf_counter())
        )

    def _finish(
        self, message: amqp.Message, begun: float, _context: Any, reply: Reply | None, exc_info: Any
    ) -> tuple[Any, Any]:
        call = call_id(message)
        if exc_info is not None or reply is None:
            # answer() turns everything into a reply; whatever gets here is a mistake in the chassis itself
            log().error("door broke", door=self.method_name, call=call, exc_info=exc_info)
            reply = {"result": None, "error": Unexpected(number=call).as_dict()}
        try:
            self.queue.done(message, reply)
        except TypeError:
            log().error("reply cannot travel", door=self.method_name, call=call, exc_info=True)
            self.queue.answer(message, {"result": None, "error": Unexpected(number=call).as_dict()})
        error, spent = reply.get("error"), time.perf_counter() - begun
        self._seconds.observe(spent)
        if error:
            metrics.problems.labels(self.container.service_name, self.method_name, error["code"]).inc()
        log().info(
            "door",
            door=self.method_name,
            call=call,
            ms=round(spent * 1000, 2),
            problem=error["code"] if error else None,
        )
        return None, None


def request_method(house: House, name: str) -> Callable[..., Reply]:
    """The Nameko method behind a door: decode, then `answer` does everything else."""

    def method(_self: Any, message: amqp.Message) -> Reply:
        try:
            body = decode(message.body)["kwargs"].get("message") or {}
        except (ValueError, TypeError, KeyError, AttributeError):
            return {"result": None, "error": Invalid(FieldProblem("message", "wrong")).as_dict()}
        headers = message.headers or {}
        traced = tracing.start(
            f"{house.name}.{name}",
            call_id(message),
            "server",
            parent=tracing.from_header(headers.get(tracing.HEADER)),
        )
        reply = doors.answer(house, name, body, headers)
        traced.end(reply["error"]["code"] if reply["error"] else None)
        return reply

    changes = house.service.requests()[name].kind == "command"
    return RequestDoor.decorator(changes)(method)


def call_id(message: amqp.Message) -> str:
    return str((message.headers or {}).get(CALL_HEADER, ""))
