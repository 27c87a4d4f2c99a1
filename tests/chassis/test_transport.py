"""What comes over the line in frames, cut anywhere, is what was sent."""

import socket
import threading
from types import SimpleNamespace
from typing import Any

import amqp
from amqp import spec
from amqp.method_framing import frame_writer
from amqp.serialization import dumps
from hypothesis import given
from hypothesis import strategies as st

from chassis.transport import WideTransport, take

SMALLEST = 4096  # the least that AMQP allows a frame to hold
BODIES = st.lists(st.integers(0, 3 * SMALLEST).map(lambda n: bytes([n % 251]) * n), min_size=1, max_size=8)


@given(BODIES, st.lists(st.integers(1, 9000), min_size=1, max_size=5), st.booleans())
def test_deliveries_are_whole_however_they_are_cut(bodies: list[bytes], cuts: list[int], known: bool):
    """Bodies of none, one and several frames, among deliveries to a consumer that nobody knows any more."""
    near, far = socket.socketpair()
    with near, far:
        heard: list[tuple[bytes, str, int]] = []
        connection = _connection(near, heard)
        sent = b"".join(_frames(n, "c" if known or n % 2 else "gone", body) for n, body in enumerate(bodies))
        wanted = [(body, f"key {n}", n) for n, body in enumerate(bodies) if known or n % 2]
        while sent:
            for cut in cuts:
                far.sendall(sent[:cut])
                sent = sent[cut:]
                while connection.transport.wait_frame(0):
                    take(connection)
        assert heard == wanted


def _connection(line: socket.socket, heard: list[Any]) -> Any:
    connection: Any = amqp.Connection()
    transport: Any = WideTransport("here", 1)
    transport.sock = line
    transport._setup_transport()
    transport.connected = True
    connection._transport = transport
    connection.frame_writer = frame_writer(SimpleNamespace(frame_max=SMALLEST, bytes_sent=0), transport)
    connection.on_inbound_frame = connection.frame_handler_cls(connection, connection.on_inbound_method)
    channel: Any = amqp.Channel(connection, 1)
    channel.auto_decode = False
    channel.callbacks["c"] = lambda message: heard.append(
        (message.body or b"", message.delivery_info["routing_key"], int(message.properties["correlation_id"]))
    )
    return connection


def _frames(number: int, consumer: str, body: bytes) -> bytes:
    written: list[bytes] = []
    peer = SimpleNamespace(write=lambda data: written.append(bytes(data)))
    write = frame_writer(SimpleNamespace(frame_max=SMALLEST, bytes_sent=0), peer)
    _deliver(write, number, consumer, body)
    return b"".join(written)


def _deliver(write: Any, number: int, consumer: str, body: bytes) -> None:
    method = dumps("sLbss", (consumer, number, False, "", f"key {number}"))
    write(1, 1, spec.Basic.Deliver, method, amqp.Message(body, correlation_id=str(number)))


@given(st.lists(BODIES, min_size=1, max_size=4))
def test_what_a_thread_holds_leaves_in_one_piece_and_whole(flights: list[list[bytes]]):
    """Whatever other threads write on the same line meanwhile."""
    near, far = socket.socketpair()
    with near, far:
        heard: list[tuple[bytes, str, int]] = []
        reader, writer = _connection(far, heard), _connection(near, [])
        pieces: list[int] = []
        send = writer.transport._write
        writer.transport._write = lambda data: (pieces.append(len(data)), send(data))
        ready = threading.Barrier(len(flights))

        def fly(flight: int) -> None:
            ready.wait()
            writer.transport.hold()
            for body in flights[flight]:
                _deliver(writer.frame_writer, flight, "c", body)
            assert writer.transport.release()
            writer.send_heartbeat()

        threads = [threading.Thread(target=fly, args=(n,)) for n in range(len(flights))]
        for thread in threads:
            thread.start()
        while len(heard) < sum(map(len, flights)) and reader.transport.wait_frame(5):
            take(reader)
        for thread in threads:
            thread.join()
        assert len(pieces) == len(flights)
        assert {n: [body for body, _, number in heard if number == n] for n in range(len(flights))} == dict(
            enumerate(flights)
        )


def test_nothing_held_is_nothing_sent():
    near, far = socket.socketpair()
    with near, far:
        transport = _connection(near, []).transport
        transport.hold()
        assert not transport.release()
