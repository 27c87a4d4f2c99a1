"""How many of a caller's threads one service may keep waiting, and for how long once it says nothing any more.

A service that is slow or stopped must not take the whole gateway with it: only so many wait for it at a time, and when
nothing at all has been heard from it for a while, the next caller asks whether it is there before anybody waits again.
The first answer of any kind opens the way, so it recovers by itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

MOST = 16
"""Flights of questions to one service that may be under way from one process; a gateway process has 24 threads."""
TURN = 1.0
"""Seconds for which a caller waits until one of those is back."""
SILENCE = 3.0
"""Seconds without any answer, although something was asked, after which a service must prove that it is there."""
PROOF = 0.5
"""Seconds it has for that, and between two such questions."""
QUICK = 0.05
"""Seconds for which a caller waits for the proof of a service that failed to give it already."""


class Pressure:
    """One service as seen by the callers of one process; `ask` sends it a question that anything alive answers at once."""

    def __init__(self, ask: Callable[[], None]) -> None:
        self._ask = ask
        self._places = threading.BoundedSemaphore(MOST)
        self._lock = threading.Lock()
        self._asked_at: float | None = None
        """When the first question went out after which nothing was heard."""
        self._proof = threading.Event()
        self._proof_asked_at = 0.0
        self._is_given_up = False

    def enter(self, deadline: float) -> str | None:
        """Take a place among those who wait for it; else why not: `silent` or `busy`. Who has one must `leave`."""
        asked_at = self._asked_at
        if asked_at is not None and time.monotonic() - asked_at > SILENCE and not self._proves():
            return "silent"
        if self._places.acquire(timeout=min(TURN, max(0.0, deadline - time.monotonic()))):
            return None
        return "busy"

    def leave(self) -> None:
        self._places.release()

    def asked(self) -> None:
        """Something went out to it."""
        if self._asked_at is None:
            self._asked_at = time.monotonic()

    def heard(self) -> None:
        """It answered, whatever it said."""
        self._asked_at = None
        if self._is_given_up or self._proof_asked_at:
            self._is_given_up, self._proof_asked_at = False, 0.0
            self._proof.set()

    def _proves(self) -> bool:
        """Whether it answers now. Callers at the same time share one question."""
        with self._lock:
            if self._asked_at is None:
                return True
            now = time.monotonic()
            if now - self._proof_asked_at > PROOF:
                self._proof_asked_at = now
                self._proof.clear()
                self._ask()
            until = QUICK if self._is_given_up else PROOF - (now - self._proof_asked_at)
        if self._proof.wait(until):
            return True
        self._is_given_up = True
        return False
