"""Several users at once: each a thread with a connection of its own that asks again as soon as it has its answer."""

from __future__ import annotations

import json
import re
import socket
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, cast
from urllib.parse import quote
from uuid import uuid4

import psycopg2

from tests.journey.system import Client

CLOSED = 0
PATIENCE = 60.0
Ask = Callable[[], None]
Arrive = Callable[[], Ask]
"""A user comes: opens her connection and gives what she will ask with it."""


@dataclass(frozen=True)
class Times:
    """How long the answers took, in milliseconds, and how many came in a second."""

    median: float
    p95: float
    rate: float


def measured(arrive: Arrive, users: int, rounds: int) -> Times:
    """All of them at once, each so many times; before that each once, unmeasured."""
    took: list[float] = []
    failures: list[BaseException] = []
    ready = threading.Barrier(users + 1)

    def one() -> None:
        try:
            ask = arrive()
            ask()
            ready.wait()
            for _ in range(rounds):
                begun = time.perf_counter()
                ask()
                took.append((time.perf_counter() - begun) * 1000)
        except BaseException as failure:
            failures.append(failure)
            ready.abort()

    threads = [threading.Thread(target=one) for _ in range(users)]
    for thread in threads:
        thread.start()
    try:
        ready.wait()
    except threading.BrokenBarrierError:
        raise failures[0] from None
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - begun
    if failures:
        raise failures[0]
    return Times(statistics.median(took), statistics.quantiles(took, n=20)[-1], len(took) / spent)


def sql(url: str, *questions: tuple[str, tuple[Any, ...]]) -> Arrive:
    """The same rows by nothing but SQL: the floor."""

    def arrive() -> Ask:
        connection = psycopg2.connect(url.replace("postgresql+psycopg2://", "postgresql://"))
        connection.autocommit = True
        cursor = connection.cursor()

        def ask() -> None:
            for statement, values in questions:
                cursor.execute(statement, values)
                cursor.fetchall()

        return ask

    return arrive


def together(*arrives: Arrive) -> Arrive:
    """One who asks all of these, one after another."""

    def arrive() -> Ask:
        asks = [one() for one in arrives]

        def ask() -> None:
            for one in asks:
                one()

        return ask

    return arrive


def page(client: Client, path: str, part: str = "") -> Arrive:
    """A page as the browser of somebody signed in asks for it: one line that stays open, and its two cookies.

    part   the one element of it that a page already open puts the answer into
    """
    secret = _who(client)["Authorization"].partition(" ")[2]
    cookies = f"guanxi_session={secret}"
    form = _Line(client.url).ask(_request("GET", path, {"Accept": "text/html", "Cookie": cookies}))
    if (given := re.search(rb"(?i)\r\nset-cookie: (guanxi_form=[^;]+)", form.head)) is not None:
        cookies += f"; {given[1].decode()}"
    htmx = {"HX-Request": "true", "HX-Target": part} if part else {}
    request = _request("GET", path, {"Accept": "text/html", "Cookie": cookies, **htmx})
    return _asking(client.url, path, lambda: request, 200)


def plain(url: str, path: str) -> Arrive:
    """Whatever stands at an address, for anybody."""
    request = _request("GET", path, {})
    return _asking(url, path, lambda: request, 200)


def answer(client: Client, path: str) -> Arrive:
    """The same as JSON, as a program asks for it."""
    request = _request("GET", path, {"Accept": "application/json", **_who(client)})
    return _asking(client.url, path, lambda: request, 200)


def command(client: Client, path: str, body: Callable[[], dict[str, Any]]) -> Arrive:
    """Something that is written down, under a key of its own each time."""

    def told() -> bytes:
        headers = {
            "Accept": "application/json", "Content-Type": "application/json", "Idempotency-Key": uuid4().hex,
            **_who(client),
        }  # fmt: skip
        return _request("POST", path, headers, json.dumps(body()).encode())

    return _asking(client.url, path, told, 201)


def _who(client: Client) -> dict[str, str]:
    return {"Authorization": cast(str, client.http.headers["Authorization"])}


def _request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {quote(path, safe='/?=&_-.')} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join([*lines, "", ""]).encode() + body


def _asking(url: str, path: str, told: Callable[[], bytes], status: int) -> Arrive:
    def arrive() -> Ask:
        line = _Line(url)

        def ask() -> None:
            request = told()
            until = time.monotonic() + PATIENCE
            # too many at once are sent away for a moment; the wait is a part of the answer's time
            while (answered := line.ask(request)).status != status:
                if answered.status not in (503, CLOSED) or time.monotonic() > until:
                    raise AssertionError(f"{path}: {answered.status} {answered.body[:300]!r}")
                time.sleep(0.2 if answered.status == 503 else 0)

        return ask

    return arrive


class Answered(NamedTuple):
    """What came back: CLOSED when the other end had closed the idle line, as it may; the next request opens another."""

    status: int
    head: bytes = b""
    body: bytes = b""


class _Line:
    """One connection, read with as little work as possible: this program runs on the cores that are measured."""

    def __init__(self, url: str) -> None:
        host, _, port = url.removeprefix("http://").partition(":")
        self._address = (host, int(port))
        self._socket: socket.socket | None = None

    def ask(self, request: bytes) -> Answered:
        """Send it and read the whole answer."""
        try:
            if self._socket is None:
                self._socket = socket.create_connection(self._address, PATIENCE)
            self._socket.sendall(request)
            return self._read(self._socket)
        except ConnectionError:
            self._socket = None
            return Answered(CLOSED)

    def _read(self, line: socket.socket) -> Answered:
        head, found = b"", -1
        while found < 0:
            head += self._some(line)
            found = head.find(b"\r\n\r\n")
        head, body = head[:found], [head[found + 4 :]]
        length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
        assert length is not None, head
        missing = int(length[1]) - len(body[0])
        while missing > 0:
            body.append(self._some(line))
            missing -= len(body[-1])
        if b"connection: close" in head.lower():
            self._socket = None
        return Answered(int(head[9:12]), head, b"".join(body))

    @staticmethod
    def _some(line: socket.socket) -> bytes:
        part = line.recv(262_144)
        if not part:
            raise ConnectionError
        return part
