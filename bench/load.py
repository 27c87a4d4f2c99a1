"""Several users at once: each a thread with a connection of its own that asks again as soon as it has its answer."""

from __future__ import annotations

import http.client
import json
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
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


def page(client: Client, path: str, accept: str = "text/html") -> Arrive:
    """A page, or its JSON, as a browser asks for it: one connection that stays open."""
    headers = {"Accept": accept, "Authorization": client.http.headers["Authorization"]}
    return _http(client, "GET", lambda: (quote(path, safe="/?=&_-."), None, headers), 200)


def command(client: Client, path: str, body: Callable[[], dict[str, Any]]) -> Arrive:
    """Something that is written down, under a key of its own each time."""

    def told() -> tuple[str, str, dict[str, Any]]:
        headers = {
            "Accept": "application/json", "Content-Type": "application/json", "Idempotency-Key": uuid4().hex,
            "Authorization": client.http.headers["Authorization"],
        }  # fmt: skip
        return path, json.dumps(body()), headers

    return _http(client, "POST", told, 201)


def _http(
    client: Client, method: str, told: Callable[[], tuple[str, str | None, Any]], status: int
) -> Arrive:
    def arrive() -> Ask:
        connection = http.client.HTTPConnection(client.url.removeprefix("http://"), timeout=60)

        def ask() -> None:
            path, body, headers = told()
            until = time.monotonic() + PATIENCE
            # too many at once are sent away for a moment; the wait is a part of the answer's time
            while (answered := _answer(connection, method, path, body, headers))[0] != status:
                if answered[0] not in (503, CLOSED) or time.monotonic() > until:
                    raise AssertionError(f"{method} {path}: {answered[0]} {answered[1][:300]!r}")
                time.sleep(0.2 if answered[0] == 503 else 0)

        return ask

    return arrive


def _answer(connection: http.client.HTTPConnection, *request: Any) -> tuple[int, bytes]:
    """Status and body; CLOSED when the other end had closed the idle line, as it may: the next request opens another."""
    try:
        connection.request(*request)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (http.client.RemoteDisconnected, ConnectionError):
        connection.close()
        return CLOSED, b""
