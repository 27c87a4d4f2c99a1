"""First come, first served: pages are made a few at a time, the oldest first, instead of all at once and all late.

Whoever has not asked a service yet goes before those that have their answer: to ask is soon done, and the services have something to do
while pages are made. Threads that share the interpreter's lock are put aside in the middle of a page for one that came after it, so that with
eight users everybody waits for everybody. See docs/decisions/0062.
"""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

App = Callable[..., Iterable[bytes]]


class _Mine(threading.local):
    """What a thread knows of the request it is busy with."""

    number: int | None = None
    has_place: bool = False


class RunQueue:
    """Who may compute now.

    places    how many at once
    patience  seconds without any place having become free after which nobody waits any longer: one page that takes
              long delays the others once, and not until it is done
    """

    def __init__(self, places: int = 2, patience: float = 0.1) -> None:
        self._patience = patience
        self._free = places
        self._lock = threading.Lock()
        self._waiting: list[tuple[bool, int, threading.Lock]] = []
        self._numbers = count()
        self._moved = time.monotonic()
        self._mine = _Mine()

    def wsgi(self, app: App) -> App:
        """The same application, in order. A request that brings a body is not kept waiting, nor lets others wait for it:
        it comes as fast as its sender likes."""

        def served(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
                return app(environ, start_response)
            with self.running():
                return app(environ, start_response)

        return served

    @contextmanager
    def running(self) -> Iterator[None]:
        """A request from its arrival to its answer."""
        mine = self._mine
        mine.number = next(self._numbers)
        mine.has_place = self._enter(False, mine.number)
        try:
            yield
        finally:
            self._leave()
            mine.number = None

    @contextmanager
    def aside(self) -> Iterator[None]:
        """While this thread waits for somebody else; then it goes on before all that came later and have asked, too."""
        mine = self._mine
        if mine.number is None:
            yield
            return
        self._leave()
        try:
            yield
        finally:
            mine.has_place = self._enter(True, mine.number)

    def _enter(self, has_asked: bool, number: int) -> bool:
        """Whether there was a place; without one it goes on as well, because the queue does not move."""
        with self._lock:
            if self._free and not self._waiting:
                self._free -= 1
                return True
            called = threading.Lock()
            called.acquire()
            heapq.heappush(self._waiting, (has_asked, number, called))
        while not called.acquire(timeout=self._patience):
            with self._lock:
                if called.acquire(blocking=False):
                    return True
                if time.monotonic() - self._moved >= self._patience:
                    self._waiting.remove((has_asked, number, called))
                    heapq.heapify(self._waiting)
                    return False
        return True

    def _leave(self) -> None:
        if not self._mine.has_place:
            return
        self._mine.has_place = False
        with self._lock:
            self._moved = time.monotonic()
            if self._waiting:
                heapq.heappop(self._waiting)[-1].release()
            else:
                self._free += 1
