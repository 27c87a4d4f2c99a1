"""Drives the jobs of a service from inside its process."""

from typing import Any

import eventlet
from nameko.extensions import Entrypoint

from chassis.logs import log
from chassis.schedule import Schedule

PATIENCE = 5.0


class Clockwork(Entrypoint):
    """Wakes whenever a job may be due."""

    def __init__(self, schedule: Schedule, **options: Any) -> None:
        self.schedule = schedule
        super().__init__(**options)

    def setup(self) -> None:
        self._stopping = False

    def start(self) -> None:
        self._turning = self.container.spawn_managed_thread(self._turn, identifier="jobs")

    def stop(self) -> None:
        self._stopping = True

    def _turn(self) -> None:
        while not self._stopping:
            try:
                nap = self.schedule.run_due()
            except Exception as error:
                log().error(
                    "jobs wait for the database", error=f"{type(error).__name__}: {error}".splitlines()[0]
                )
                nap = PATIENCE
            eventlet.sleep(nap)


def job_method(schedule: Schedule) -> Any:
    """The Nameko method on which the clockwork hangs; it is never called by itself."""

    def turn(_self: Any) -> None:
        """Jobs are run by the clockwork."""

    return Clockwork.decorator(schedule)(turn)
