"""Answers that are given again for a moment; what one process of the gateway changed, all of them ask for anew at once.

Whatever is kept of a service is forgotten when a command has gone to it through any of our processes. What changes there by
itself, such as rows of a file that is being imported, is seen when the moment is over.
"""

from __future__ import annotations

import mmap
import os
import time
from collections.abc import Iterable
from typing import Any

from flask import Flask, current_app

from chassis.wire import Call, decode, encode

MOST = 5000
STAMP = 8


class Turns:
    """A stamp for each service, the same in all processes forked from the one that made this: another after each command."""

    def __init__(self, services: Iterable[str]) -> None:
        self._places = {name: place for place, name in enumerate(services, start=1)}
        self._shared = mmap.mmap(-1, STAMP * (len(self._places) + 1))

    def of(self, service: str) -> bytes:
        """What is kept stays true while this is the same."""
        place = self._places.get(service, 0)
        return self._shared[place * STAMP : (place + 1) * STAMP]

    def next(self, service: str) -> None:
        """Something has changed there. Not counted on: of two who count at once one would be lost."""
        place = self._places.get(service, 0)
        self._shared[place * STAMP : (place + 1) * STAMP] = os.urandom(STAMP)


class Kept:
    """The answers of one process, each for whoever asked just so, under the token that says what she may."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self._answers: dict[tuple[Any, ...], tuple[bytes, float, bytes]] = {}

    def find(self, call: Call) -> Any:
        """What was answered a moment ago; None: ask."""
        turn, until, answer = self._answers.get(_key(call), (b"", 0.0, b""))
        is_true = until > time.monotonic() and turn == self.turns.of(call.service)
        return decode(answer) if is_true else None

    def keep(self, call: Call, answer: Any, turn: bytes, seconds: float) -> None:
        """Believe it for so long. `turn` is the one before it was asked: a change since then may not be in it."""
        if len(self._answers) >= MOST:
            self._answers.clear()
        self._answers[_key(call)] = (turn, time.monotonic() + seconds, encode(answer))


def _key(call: Call) -> tuple[Any, ...]:
    return call.token, call.service, call.method, encode(call.message)


def kept() -> Kept:
    """That of this process."""
    found: Kept = current_app.extensions["guanxi-kept"]
    return found


def install(app: Flask) -> None:
    """Before there are other processes."""
    app.extensions["guanxi-kept"] = Kept(Turns(app.extensions["guanxi-registry"].services))
