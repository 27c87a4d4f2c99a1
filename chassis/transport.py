"""Bytes between us and the broker: read widely, and whole deliveries taken at once.

The library asks the kernel seven times for each message and goes through three frames with a dozen calls each; that was
a quarter of a round trip (docs/performance.md). What is not a whole delivery is still the library's.
"""

import select
import threading
from collections.abc import Callable
from struct import unpack_from
from typing import Any, NamedTuple, Protocol

import amqp
from amqp.exceptions import UnexpectedFrame
from amqp.serialization import decode_properties_basic
from amqp.transport import TCPTransport

_METHOD, _HEADER, _BODY = 1, 2, 3
_DELIVER = b"\x00\x3c\x00\x3c"
_END = 0xCE


class Delivery(NamedTuple):
    """The payloads of its three frames, and where the next frame begins."""

    channel: int
    method: bytes
    header: bytes
    body: bytes
    end: int


class Source(Protocol):
    """What has arrived on a socket, for one reader."""

    def recv(self, size: int, /) -> bytes:
        """At most so many bytes, once there are any; none when the other end has closed."""

    def close(self) -> None:
        """Nobody reads any more."""


def read_with(source: Callable[[Any], Source]) -> None:
    """Read every line of this process through what this makes of its socket, once the line is open."""
    global _source
    _source = source


_source: Callable[[Any], Source] | None = None


class _Held(threading.local):
    """What one thread has written that has not left yet."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.is_on = False


class WideTransport(TCPTransport):
    """Takes all that has arrived in one go; the library asks the kernel seven times for each message."""

    _read_buffer: bytes
    _source: Source | None = None

    def _setup_transport(self) -> None:
        super()._setup_transport()
        self._at = 0
        self._arrivals: Any = None
        self.ahead: list[bytes] = []  # frames that go out before the next one, with it in one piece
        self._held = _Held()

    def open_ended(self) -> None:
        """From now on there is no limit to how long the other end may be silent."""
        # a timeout on the socket costs two calls for each read
        self.sock.settimeout(None)
        if _source is not None:
            self._source = _source(self.sock)

    def close(self) -> None:
        if self._source is not None:
            self._source.close()
        super().close()

    def hold(self) -> None:
        """What this thread writes goes out together with what it writes after `release`."""
        self._held.is_on = True

    def release(self) -> bool:
        """Whether anything is held, and leaves with what this thread writes next."""
        self._held.is_on = False
        return bool(self._held.frames)

    def write(self, data: Any) -> None:
        held = self._held
        if held.is_on:
            held.frames.append(bytes(data))  # it lies in a buffer in which the next one will lie
            return
        if held.frames or self.ahead:
            frames, held.frames = held.frames, []
            ahead, self.ahead = self.ahead, []
            data = b"".join((*frames, *ahead, data))
        super().write(data)

    def read_frame(self, unpack: Any = None) -> tuple[int, int, bytes]:
        frame_type, channel, size = unpack_from(">BHI", self._have(7), self._at)
        data = self._have(size + 8)
        end = self._at + 7 + size  # after the call before: that one may have moved everything to the front
        if data[end] != _END:
            raise UnexpectedFrame("a frame did not end where it said")
        payload = data[self._at + 7 : end]
        self._at = end + 1
        return frame_type, channel, payload

    def whole_delivery(self) -> Delivery | None:
        """Wait for something; then the delivery that comes next, if it is one and all of it is here. See `took`."""
        buffer = self._have(7)
        method = self._frame(self._at, _METHOD)
        if method is None or buffer[method[1] : method[1] + 4] != _DELIVER:
            return None
        header = self._frame(method[2] + 1, _HEADER)
        body = header and self._frame(header[2] + 1, _BODY)
        if header is None or body is None:
            return None
        channel, start, end = body
        (size,) = unpack_from(">Q", buffer, header[1] + 4)
        if size != end - start or not method[0] == header[0] == channel:
            return None
        return Delivery(
            channel, buffer[method[1] : method[2]], buffer[header[1] : header[2]], buffer[start:end], end + 1
        )

    def took(self, delivery: Delivery) -> None:
        """It need not be read again."""
        self._at = delivery.end

    def _frame(self, at: int, expected: int) -> tuple[int, int, int] | None:
        """Channel, begin and end of the payload of the frame that begins there, if it is here and of that type."""
        buffer = self._read_buffer
        if len(buffer) < at + 7:
            return None
        kind, channel, size = unpack_from(">BHI", buffer, at)
        end = at + 7 + size
        return (
            (channel, at + 7, end) if kind == expected and end < len(buffer) and buffer[end] == _END else None
        )

    def wait_frame(self, seconds: float) -> bool:
        """Whether a whole frame is here, waiting at most so long for each part of it. One thread at a time."""
        if self._arrivals is None:
            self._arrivals = select.poll()
            self._arrivals.register(self.sock, select.POLLIN)
        while not self._holds_frame():
            if not self._arrivals.poll(seconds * 1000):
                return False
            self._have(len(self._read_buffer) - self._at + 1)
        return True

    def _holds_frame(self) -> bool:
        unread = len(self._read_buffer) - self._at
        return unread > 7 and unread >= 8 + int(unpack_from(">I", self._read_buffer, self._at + 3)[0])

    def _have(self, size: int) -> bytes:
        """The buffer, holding at least `size` unread bytes. A timeout on the way loses none of them."""
        missing = self._at + size - len(self._read_buffer)
        if missing <= 0:
            return self._read_buffer
        parts = [self._read_buffer[self._at :]]
        self._read_buffer, self._at = parts[0], 0
        source = self._source or self.sock
        try:
            while missing > 0:
                part = source.recv(max(missing, 65536))
                if not part:
                    self.connected = False
                    raise OSError("the broker closed the connection")
                parts.append(part)
                missing -= len(part)
        finally:
            self._read_buffer = b"".join(parts)
        return self._read_buffer


def take(connection: amqp.Connection) -> None:
    """Wait for the next frame and let what it says happen; a delivery that is here as a whole is one step."""
    transport = connection.transport
    if not (isinstance(transport, WideTransport) and _took_delivery(connection, transport)):
        connection.on_inbound_frame(transport.read_frame())


def _took_delivery(connection: amqp.Connection, transport: WideTransport) -> bool:
    delivery = transport.whole_delivery()
    if delivery is None:
        return False
    channel = (connection.channels or {}).get(delivery.channel)
    consumer_tag, at = _short_text(delivery.method, 4)
    callback = channel and not channel.is_closing and channel.callbacks.get(consumer_tag)
    if not callback:
        return False
    delivery_tag, redelivered = unpack_from(">Q?", delivery.method, at)
    exchange, at = _short_text(delivery.method, at + 9)
    routing_key, _ = _short_text(delivery.method, at)
    message = amqp.Message(delivery.body, channel=channel)
    message.properties, _ = decode_properties_basic(delivery.header, 12)
    message.delivery_info = {
        "consumer_tag": consumer_tag,
        "delivery_tag": delivery_tag,
        "redelivered": redelivered,
        "exchange": exchange,
        "routing_key": routing_key,
    }
    connection.bytes_recv += 1  # a sign of life
    transport.took(delivery)
    callback(message)
    return True


def _short_text(data: bytes, at: int) -> tuple[str, int]:
    end = at + 1 + data[at]
    return data[at + 1 : end].decode(), end
