"""One connection to RabbitMQ that makes itself again whenever it breaks.

The gateway runs it in threads, the services in greenlets: it needs nothing but the standard library's
threading, which eventlet replaces inside the services.
"""

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from struct import Struct
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import amqp
from amqp import spec
from amqp.exceptions import AMQPError
from amqp.transport import Transport

from chassis.logs import log
from chassis.transport import WideTransport, take

HEARTBEAT = 20  # seconds between two signs of life; the broker cuts us off after twice as many without one
CONNECT_TIMEOUT = 5
FIRST_DELAY, LONGEST_DELAY = 0.05, 5.0

_ACK = Struct(">BHIHHQBB")  # a whole method frame: basic.ack

LINK_ERRORS = (AMQPError, OSError, EOFError)


class NotConnected(OSError):
    """Nothing was sent: there is no connection just now."""


@dataclass(frozen=True)
class Address:
    """Where a broker is and who we are there."""

    host: str
    user: str
    password: str
    vhost: str
    secure: bool
    heartbeat: int

    @classmethod
    def of(cls, url: str) -> "Address":
        parts = urlsplit(url)
        if parts.scheme not in {"amqp", "amqps"} or not parts.hostname:
            raise ValueError("AMQP_URL must look like amqp://user:password@host:port/vhost")
        secure = parts.scheme == "amqps"
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        options = parse_qs(parts.query)
        return cls(
            host=f"{host}:{parts.port or (5671 if secure else 5672)}",
            user=unquote(parts.username or "guest"),
            password=unquote(parts.password or "guest"),
            vhost=unquote(parts.path[1:]) or "/",
            secure=secure,
            heartbeat=int(options.get("heartbeat", [HEARTBEAT])[0]),
        )


class _Connection(amqp.Connection):
    def Transport(
        self, host: str, connect_timeout: float, ssl: Any = False, *rest: Any, **options: Any
    ) -> Any:
        if ssl:
            return Transport(host, connect_timeout, ssl, *rest, **options)
        return WideTransport(host, connect_timeout, *rest, **options)


def connect(url: str, purpose: str) -> amqp.Connection:
    """A plain open connection; raises what the broker or the network says."""
    address = Address.of(url)
    connection = _Connection(
        host=address.host,
        userid=address.user,
        password=address.password,
        virtual_host=address.vhost,
        ssl={"server_hostname": address.host.rsplit(":", 1)[0]} if address.secure else False,
        login_method="PLAIN",
        heartbeat=address.heartbeat,
        connect_timeout=CONNECT_TIMEOUT,
        client_properties={"connection_name": f"guanxi {purpose}"},
    )
    try:
        connection.connect()
    except BaseException:
        with contextlib.suppress(*LINK_ERRORS):
            connection.collect()
        raise
    return connection


class Line:
    """A connection with one channel, read by whoever calls `run`, written to by anybody.

    `opened` is called with the fresh channel after each (re)connection, before anything is read: declare and
    consume there. `lost` is called after each loss: whatever was under way on it will not be answered.
    """

    def __init__(
        self,
        url: str,
        purpose: str,
        opened: Callable[[amqp.Channel], None],
        lost: Callable[[Exception | None], None] = lambda _: None,
    ) -> None:
        self.url = url
        self.purpose = purpose
        self.blocked = False  # the broker is short of memory or disk and reads nothing from us
        self.down_since: float | None = time.monotonic()
        self.last_error: Exception | None = None
        self._opened = opened
        self._lost = lost
        self._ready = threading.Event()
        self._stopping = threading.Event()
        self._connection: amqp.Connection | None = None
        self.channel: amqp.Channel | None = None

    def run(self) -> None:
        """Keep the line up and deliver what arrives, until `close`."""
        threading.Thread(target=self._watch, name=f"{self.purpose} watch", daemon=True).start()
        delay = FIRST_DELAY
        while not self._stopping.is_set():
            error: Exception | None = None
            try:
                self._open()
                delay = FIRST_DELAY
                while not self._stopping.is_set():
                    self._read()
            except LINK_ERRORS as caught:
                error = caught
            except Exception as caught:  # a mistake of ours must not leave a process without ears
                error = caught
                log().exception("line broke", line=self.purpose)
            finally:
                self._drop(error)
            if not self._stopping.is_set():
                self._stopping.wait(delay * random.uniform(0.7, 1.3))
                delay = min(delay * 2, LONGEST_DELAY)

    def wait_ready(self, timeout: float) -> bool:
        return self._ready.wait(timeout)

    @property
    def is_ready(self) -> bool:
        return self._ready.is_set()

    def send(self, message: amqp.Message, exchange: str, routing_key: str, mandatory: bool = False) -> None:
        """Publish without waiting for anything; from any thread."""
        channel = self.channel
        if channel is None:
            raise NotConnected("not connected to the broker")
        try:
            # not basic_publish: that one also reads from the socket, which belongs to the reader alone
            channel.send_method(
                spec.Basic.Publish, "Bssbb", (0, exchange, routing_key, mandatory, False), message
            )
        except LINK_ERRORS:
            # perhaps half a frame went out: nothing sensible can follow it on this connection
            self.cut()
            raise

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """What this thread sends meanwhile leaves in one piece, behind it a sign of life: each piece costs a call of the kernel and
        wakes the broker once."""
        connection = self._connection
        transport = connection and connection.transport
        if not isinstance(transport, WideTransport):
            yield
            return
        transport.hold()
        try:
            yield
        finally:
            if transport.release():
                self._sign_of_life(connection)

    def _sign_of_life(self, connection: amqp.Connection) -> None:
        try:
            connection.send_heartbeat()
        except LINK_ERRORS:
            self.cut()
            raise

    def ack(self, channel: amqp.Channel, delivery_tag: int, multiple: bool = False) -> None:
        """Acknowledge on the channel it came from; if that one is gone the broker sends it again."""
        if self._is_current(channel):
            with contextlib.suppress(*LINK_ERRORS):
                channel.send_method(spec.Basic.Ack, "Lb", (delivery_tag, multiple))

    def ack_with_next(self, channel: amqp.Channel, delivery_tag: int) -> None:
        """Acknowledge in one piece with whatever is sent next: for whoever is about to answer."""
        ahead = getattr(channel.connection and channel.connection.transport, "ahead", None)
        if ahead is None:
            self.ack(channel, delivery_tag)
        elif self._is_current(channel):
            ahead.append(_ACK.pack(1, channel.channel_id, 13, 60, 80, delivery_tag, 0, 0xCE))

    def _is_current(self, channel: amqp.Channel) -> bool:
        return channel is self.channel

    def cut(self) -> None:
        """Break the connection; the reader notices and makes a new one."""
        connection = self._connection
        with contextlib.suppress(*LINK_ERRORS, AttributeError):
            connection.transport.sock.shutdown(2)  # type: ignore[union-attr]

    def close(self, patience: float = 2.0) -> None:
        """Say goodbye to the broker and let `run` return."""
        self._stopping.set()
        connection = self._connection
        if connection is None:
            return
        with contextlib.suppress(*LINK_ERRORS, AttributeError):
            connection.send_method(spec.Connection.Close, "BsBB", (0, "", 0, 0))
        deadline = time.monotonic() + patience
        while self._connection is connection and time.monotonic() < deadline:
            time.sleep(0.01)
        if self._connection is connection:
            self.cut()

    def _open(self) -> None:
        connection = connect(self.url, self.purpose)
        self._connection = connection
        connection.on_blocked = lambda _: setattr(self, "blocked", True)
        connection.on_unblocked = lambda: setattr(self, "blocked", False)
        # the watch cuts a line that is dead
        if isinstance(connection.transport, WideTransport):
            connection.transport.open_ended()
        else:
            connection.transport.sock.settimeout(None)
        channel = connection.channel()
        channel.auto_decode = False
        self.channel = channel
        self._opened(channel)
        self.down_since, self.last_error = None, None
        self._ready.set()

    def _read(self) -> None:
        connection = self._connection
        if connection is None or not connection.connected:
            raise OSError("the connection is closed")
        take(connection)

    def _watch(self) -> None:
        """Give signs of life, and cut the line when there are none from the other end."""
        watched: Any = None
        heard, heard_at = 0, 0.0
        while not self._stopping.wait((Address.of(self.url).heartbeat or HEARTBEAT) / 4):
            connection, now = self._connection, time.monotonic()
            if connection is None or not connection.heartbeat:
                continue
            if connection is not watched or connection.bytes_recv != heard:
                watched, heard, heard_at = connection, connection.bytes_recv, now
            elif now - heard_at > 2 * connection.heartbeat:
                self.cut()
                continue
            with contextlib.suppress(*LINK_ERRORS, AttributeError):
                connection.heartbeat_tick()

    def _drop(self, error: Exception | None) -> None:
        connection, self._connection, self.channel = self._connection, None, None
        self._ready.clear()
        self.blocked = False
        self.last_error = error
        if self.down_since is None:
            self.down_since = time.monotonic()
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.collect()
            self._lost(error)
