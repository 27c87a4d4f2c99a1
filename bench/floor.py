"""The floor of a list page: nothing but SQL behind gunicorn, the rows written as a table without a template."""

from __future__ import annotations

import html
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg2

from bench.load import Arrive, plain
from tests.faults.rig import free_port

Questions = tuple[tuple[str, tuple[Any, ...]], ...]
"""Statements with their values; the first one tells the rows."""
ASKED, URL = "BENCH_ASKED", "BENCH_URL"
SHOWN = 10
"""Columns that are written."""
PATIENCE = 30.0

_own = threading.local()


def app(environ: Mapping[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """WSGI: each address is some statements, which stand in the environment of the process."""
    if not hasattr(_own, "cursor"):
        connection = psycopg2.connect(os.environ[URL])
        connection.autocommit = True
        _own.cursor = connection.cursor()
    answers = []
    for statement, values in json.loads(os.environ[ASKED])[environ["PATH_INFO"]]:
        _own.cursor.execute(statement, values)
        answers.append(_own.cursor.fetchall())
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(value))}</td>" for value in row[:SHOWN]) + "</tr>"
        for row in answers[0]
    )
    body = f"<!doctype html><p>{answers[1]}<table>{rows}</table>".encode()
    start("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]


@contextmanager
def serving(url: str, asked: Mapping[str, Questions]) -> Iterator[Callable[[str], Arrive]]:
    """Have these addresses served, and ask for one of them as somebody who comes with a connection of her own."""
    port = free_port()
    database = url.replace("postgresql+psycopg2://", "postgresql://")
    command = ("gunicorn", "-k", "gthread", "--threads", "8", "--keep-alive", "60", "-b", f"127.0.0.1:{port}")
    with subprocess.Popen(
        (sys.executable, "-m", *command, "bench.floor:app"),
        env={**os.environ, ASKED: json.dumps(asked), URL: database},
    ) as server:
        try:
            _wait(plain(f"http://127.0.0.1:{port}", next(iter(asked))))
            yield lambda path: plain(f"http://127.0.0.1:{port}", path)
        finally:
            server.terminate()


def _wait(arrive: Arrive) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return arrive()()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
