"""A line between us and a server that changes what the server says."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def between(host: str, port: int, changed: Callable[[bytes], bytes]) -> Iterator[int]:
    """A port behind which the server answers, with every piece that it says changed."""
    listening = socket.create_server(("127.0.0.1", 0))

    def carry(source: socket.socket, target: socket.socket, change: Callable[[bytes], bytes]) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(change(piece))
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def serve() -> None:
        with suppress(OSError):
            while True:
                ours, _ = listening.accept()
                theirs = socket.create_connection((host, port))
                for way in ((ours, theirs, bytes), (theirs, ours, changed)):
                    threading.Thread(target=carry, args=way, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        listening.close()
