"""How the gateway speaks to the services: message encoding, the actor's signed token, and the RPC client.

One connection for each process, shared by its threads; direct reply-to, nothing persistent, no confirms.
Imports nothing that reaches SQLAlchemy, Nameko or eventlet.
"""

import contextlib
import itertools
import os
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any
from uuid import uuid4

import amqp
import jwt
import orjson

from chassis import metrics, tracing
from chassis.broker import LINK_ERRORS, NotConnected
from chassis.names import RPC_EXCHANGE
from chassis.pressure import PROOF, Pressure
from chassis.shared_line import SharedLine
from contracts.actor import Actor
from contracts.errors import Problem, Unauthenticated, Unavailable

REPLY_QUEUE = "amq.rabbitmq.reply-to"
TOKEN_HEADER, CALL_HEADER, KEY_HEADER = "guanxi-token", "guanxi-call-id", "guanxi-key"
TOKEN_SECONDS = 120
CLOCK_LEEWAY = 300  # clocks of two machines may be wrong by minutes; a token is short-lived all the same
TIMEOUT = 10.0
DOZE = 0.5  # how long a thread sleeps at most before it tries again to be the one who reads
CONNECT_PATIENCE = 1.0  # how long a call waits for a broker that is coming back before it says so


def encode(value: Any) -> bytes:
    """JSON; ids, dates and decimals become text."""
    return orjson.dumps(value, default=_as_text)


def decode(data: bytes | str) -> Any:
    return orjson.loads(data)


def _as_text(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, set | frozenset):
        return list(value)
    if hasattr(value, "as_json"):
        return value.as_json()
    raise TypeError(f"cannot travel in a message: {type(value).__name__}")


# -- who speaks -------------------------------------------------------------------------------------------------


def sign_actor(actor: Actor, private_key: Any, seconds: int = TOKEN_SECONDS) -> str:
    """A token that says who asks and what she may do, for a short while."""
    now = int(time.time())
    claims = {"actor": actor.model_dump(mode="json"), "iat": now, "exp": now + seconds}
    return jwt.encode(claims, private_key, algorithm="EdDSA")


class TokenReader:
    """Verifies tokens with the public key; one that was verified is not verified again until it expires."""

    def __init__(self, public_key: Any, remember: int = 2000) -> None:
        self._key = public_key
        self._remember = remember
        self._known: dict[str, tuple[Actor, float]] = {}

    def actor(self, token: str | None) -> Actor:
        """The actor of a token. Raises Unauthenticated for none, a foreign or an expired one."""
        known = self._known.get(token or "")
        now = time.time()
        if known is not None and now < known[1]:
            return known[0]
        if not token:
            raise Unauthenticated()
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=["EdDSA"],
                leeway=CLOCK_LEEWAY,
                options={"require": ["exp", "iat"]},
            )
            actor = Actor.model_validate(claims["actor"])
        except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError):
            # whose clock is wrong? ours, told to the caller
            raise Unauthenticated(at=datetime.now(UTC).isoformat()) from None
        except (jwt.PyJWTError, KeyError, ValueError):
            raise Unauthenticated() from None
        if len(self._known) >= self._remember:
            self._known = {t: entry for t, entry in self._known.items() if now < entry[1]}
            if len(self._known) >= self._remember:
                self._known.clear()
        self._known[token] = (actor, claims["exp"] + CLOCK_LEEWAY)
        return actor


_readers: dict[Any, TokenReader] = {}


def verify_actor(token: str | None, public_key: Any) -> Actor:
    """The actor of a token; see TokenReader."""
    reader = _readers.get(public_key)
    if reader is None:
        reader = _readers.setdefault(public_key, TokenReader(public_key))
    return reader.actor(token)


# -- calling ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Call:
    """One question to one service."""

    service: str
    method: str
    message: dict[str, Any] = field(default_factory=dict)
    token: str = ""
    key: str | None = None
    call_id: str | None = None


class _Waiting:
    """A call that was sent and a thread that waits for it."""

    __slots__ = ("deadline", "error", "is_awaited", "is_settled", "reply", "service", "traced", "woken")

    def __init__(self, service: str, deadline: float, is_awaited: bool) -> None:
        self.service = service
        self.deadline = deadline
        self.is_awaited = is_awaited
        self.traced = tracing.NOTHING
        self.reply: bytes | None = None
        self.error: Problem | None = None
        self.is_settled = False
        self.woken: SimpleQueue[None] = SimpleQueue()

    def settle(self, reply: bytes | None, error: Problem | None = None) -> None:
        self.reply, self.error, self.is_settled = reply, error, True
        self.woken.put(None)

    def is_over(self) -> bool:
        return self.is_settled or time.monotonic() > self.deadline

    def result(self) -> Any:
        if self.error is not None:
            raise self.error
        reply = decode(self.reply or b"{}")
        if reply.get("error"):
            raise Problem.from_dict(reply["error"])
        return reply.get("result")


class RpcClient:
    """Calls services; safe for threads, and for processes that fork before their first call."""

    def __init__(self, amqp_url: str, name: str = "gateway") -> None:
        self._url = amqp_url
        self._name = name
        self._lock = threading.Lock()
        self._pid = 0
        self._reset()

    def call(
        self,
        service: str,
        method: str,
        message: dict[str, Any] | None = None,
        *,
        token: str = "",
        key: str | None = None,
        timeout: float = TIMEOUT,
        call_id: str | None = None,
    ) -> Any:
        """The door's result. Raises what the door raised, or Unavailable; see `gather`."""
        return self.gather([Call(service, method, message or {}, token, key, call_id)], timeout)[0]

    def gather(self, calls: Sequence[Call], timeout: float = TIMEOUT) -> list[Any]:
        """Several questions in one flight, results in the order asked; the first problem is raised.

        Unavailable carries `maybe_done`: «yes» when the request went out and no answer came, so that a
        command may have run (repeat it with the same key), «no» when it certainly did not; with `part` «silent» or
        «busy» it was not even asked, because too much waits for it already.
        """
        return [raise_problem(result) for result in self.settle(calls, timeout)]

    def settle(self, calls: Sequence[Call], timeout: float = TIMEOUT) -> list[Any]:
        """As `gather`, but a problem stands in the list as a value, so that one part may fail alone."""
        deadline = time.monotonic() + timeout
        line = self._ready_line(min(timeout, CONNECT_PATIENCE))
        if line is None:
            return [_unanswered(call.service, "broker", "no", part="rabbitmq") for call in calls]
        pressures = {call.service: self._pressure(call.service) for call in calls}
        refused = {name: pressure.enter(deadline) for name, pressure in pressures.items()}
        begun = time.perf_counter()
        for name in pressures:
            metrics.calls_open.labels(name).inc()
        try:
            sent = self._send_all(line, calls, deadline, refused)
            return [self._await(line, number, waiting) for number, waiting in sent]
        finally:
            for name, pressure in pressures.items():
                metrics.calls_open.labels(name).dec()
                if refused[name] is None:
                    pressure.leave()
                    metrics.calls.labels(name).observe(time.perf_counter() - begun)

    def close(self) -> None:
        """Hang up; the next call connects again."""
        with self._lock:
            line = self._line
            self._reset()
        if line is not None:
            line.close()

    @property
    def in_flight(self) -> int:
        return len(self._waiting)

    def _pressure(self, service: str) -> Pressure:
        found = self._pressures.get(service)
        return found or self._pressures.setdefault(service, Pressure(partial(self._ask_for_proof, service)))

    def _ask_for_proof(self, service: str) -> None:
        """A question whose answer nobody waits for; without a token, so it is refused: that is an answer."""
        self._waiting.pop(self._proofs.pop(service, ""), None)
        line = self._line
        if line is not None:
            self._proofs[service], _ = self._send(
                line, Call(service, "ping"), time.monotonic() + PROOF, None, is_awaited=False
            )
            line.attend(PROOF)

    def _reset(self) -> None:
        self._line: SharedLine | None = None
        self._pressures: dict[str, Pressure] = {}
        self._proofs: dict[str, str] = {}
        self._waiting: dict[str, _Waiting] = {}
        self._numbers = itertools.count(1)

    def _ready_line(self, patience: float) -> SharedLine | None:
        """The line, waiting a little for one that is coming back; None when the broker is out of reach."""
        line = self._line
        if line is None or self._pid != os.getpid():
            line = self._start()
        line.look()
        if not line.is_ready:
            down = time.monotonic() - (line.down_since or time.monotonic())
            if not line.wait_ready(max(0.05, patience - down)):
                return None
        return None if line.blocked else line

    def _start(self) -> SharedLine:
        with self._lock:
            if self._line is not None and self._pid == os.getpid():
                return self._line
            self._reset()
            self._pid = os.getpid()
            line = SharedLine(self._url, f"{self._name} rpc", self._opened, self._lost, self._pass_on)
            threading.Thread(target=line.run, name="rpc", daemon=True).start()
            self._line = line
            return line

    def _opened(self, channel: amqp.Channel) -> None:
        channel.exchange_declare(RPC_EXCHANGE, "topic", durable=True, auto_delete=False)
        channel.events["basic_return"].add(self._returned)
        channel.basic_consume(REPLY_QUEUE, no_ack=True, callback=self._replied)

    def _send_all(
        self, line: SharedLine, calls: Sequence[Call], deadline: float, refused: Mapping[str, str | None]
    ) -> list[tuple[str, _Waiting]]:
        """All of a flight in one piece."""
        if len(calls) == 1:
            return [self._send(line, calls[0], deadline, refused[calls[0].service])]
        sent: list[tuple[str, _Waiting]] = []
        try:
            with line.together():
                for call in calls:
                    sent.append(self._send(line, call, deadline, refused[call.service]))
        except LINK_ERRORS:  # some of it may have left
            for number, waiting in sent:
                self._settle(number, None, _unanswered(waiting.service, "broker", "yes"))
        return sent

    def _send(
        self, line: SharedLine, call: Call, deadline: float, refused: str | None, is_awaited: bool = True
    ) -> tuple[str, _Waiting]:
        # first: what cannot travel is not waited for
        body = encode({"args": [], "kwargs": {"message": call.message}})
        number = str(next(self._numbers))
        waiting = _Waiting(call.service, deadline, is_awaited)
        self._waiting[number] = waiting
        if refused is not None:
            self._settle(number, None, _unanswered(call.service, refused, "no", part=refused))
            return number, waiting
        self._pressure(call.service).asked()
        headers = {TOKEN_HEADER: call.token, CALL_HEADER: call.call_id or uuid4().hex}
        if tracing.is_on():
            name = f"{call.service}.{call.method}"
            waiting.traced = tracing.start(f"ask {name}", headers[CALL_HEADER], "client", above=False)
            headers[tracing.HEADER] = tracing.to_header(waiting.traced.id)
        if call.key:
            headers[KEY_HEADER] = call.key
        request = amqp.Message(
            body,
            content_type="application/json",
            application_headers=headers,
            delivery_mode=1,
            correlation_id=number,
            reply_to=REPLY_QUEUE,
            # a request that nobody waits for any more is dropped in its queue instead of run
            expiration=str(max(1, int((deadline - time.monotonic()) * 1000))),
        )
        try:
            line.send(request, RPC_EXCHANGE, f"{call.service}.{call.method}", mandatory=True)
        except NotConnected:
            self._settle(number, None, _unanswered(call.service, "broker", "no"))
        except LINK_ERRORS:
            # may have left the socket whole before it broke
            self._settle(number, None, _unanswered(call.service, "broker", "yes"))
        return number, waiting

    def _await(self, line: SharedLine, number: str, waiting: _Waiting) -> Any:
        found = self._awaited(line, number, waiting)
        waiting.traced.end(type(found).__name__ if isinstance(found, Problem) else None)
        return found

    def _awaited(self, line: SharedLine, number: str, waiting: _Waiting) -> Any:
        """The answer; until it is here its thread reads the line for all, or sleeps while another does."""
        while not waiting.is_over():
            if not line.deliver(waiting.is_over, waiting.deadline):
                with contextlib.suppress(Empty):
                    waiting.woken.get(timeout=min(DOZE, max(0.0, waiting.deadline - time.monotonic())))
        if not waiting.is_settled:
            self._waiting.pop(number, None)
            return _unanswered(waiting.service, "late", "yes")
        try:
            return waiting.result()
        except Problem as problem:
            return problem

    def _settle(self, number: str, reply: bytes | None, error: Problem | None = None) -> None:
        waiting = self._waiting.pop(number, None)
        if waiting is not None:
            waiting.settle(reply, error)

    def _pass_on(self) -> None:
        """Nobody reads: wake one who waits."""
        for waiting in tuple(self._waiting.values()):
            if waiting.is_awaited and not waiting.is_over():
                return waiting.woken.put(None)
        return None

    def _replied(self, message: amqp.Message) -> None:
        number = message.properties["correlation_id"]
        if (waiting := self._waiting.get(number)) is not None:
            self._pressure(waiting.service).heard()
        self._settle(number, message.body)

    def _returned(self, error: Any, exchange: str, routing_key: str, message: amqp.Message) -> None:
        """No queue of that service: not one process of it is running."""
        number, service = message.properties["correlation_id"], routing_key.split(".")[0]
        self._pressure(service).heard()
        self._settle(number, None, _unanswered(service, "absent", "no"))

    def _lost(self, error: Exception | None) -> None:
        for pressure in self._pressures.values():
            pressure.heard()  # that nothing comes is not their fault
        for number, waiting in list(self._waiting.items()):
            self._settle(number, None, _unanswered(waiting.service, "broker", "yes"))


def _unanswered(service: str, why: str, maybe_done: str, **more: str) -> Unavailable:
    metrics.calls_failed.labels(service, why).inc()
    return Unavailable(service=service, **more, maybe_done=maybe_done)


def raise_problem(result: Any) -> Any:
    """The result, unless it is a problem: then that is raised."""
    if isinstance(result, Problem):
        raise result
    return result


__all__ = [
    "Call",
    "RpcClient",
    "TokenReader",
    "decode",
    "encode",
    "raise_problem",
    "sign_actor",
    "verify_actor",
]
