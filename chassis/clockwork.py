"""Drives what a service does by itself: its jobs by the clock, its imports."""

from typing import Any

import eventlet
from eventlet.event import Event
from nameko.extensions import Entrypoint

from chassis.logs import log
from chassis.service import Driven

PATIENCE = 5.0


class Clockwork(Entrypoint):
    """Wakes whenever something may be due."""

    def __init__(self, driven: Driven, **options: Any) -> None:
        self.driven = driven
        super().__init__(**options)

    def setup(self) -> None:
        self._stopped = Event()

    def start(self) -> None:
        self._turning = self.container.spawn_managed_thread(self._turn, identifier=type(self.driven).__name__)

    def stop(self) -> None:
        """A job that runs is finished."""
        self._stopped.send()
        self._turning.wait()
        if (close := getattr(self.driven, "close", None)) is not None:
            close()

    def _turn(self) -> None:
        while not self._stopped.ready():
            try:
                nap = self.driven.run_due()
            except Exception as error:
                log().error(
                    "background work waits",
                    of=type(self.driven).__name__,
                    error=f"{type(error).__name__}: {error}".splitlines()[0],
                )
                nap = PATIENCE
            with eventlet.Timeout(nap, False):
                self._stopped.wait()


def background_method(driven: Driven) -> Any:
    """The Nameko method on which the clockwork hangs; it is never called by itself."""

    def turn(_self: Any) -> None:
        """Run by the clockwork."""

    return Clockwork.decorator(driven)(turn)
