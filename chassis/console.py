"""Work at the command line: one transaction of the system's own on a service's database, without the broker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from chassis.database import connect, sessions
from chassis.house import House
from chassis.service import Service
from chassis.work import Work
from contracts.actor import Actor
from contracts.errors import Unauthenticated


@contextmanager
def working(service: type[Service], branch: str, url: str, door: str) -> Iterator[Work]:
    """A `Work` of the system's that may do everything; what it announces leaves through the outbox as always."""
    engine = connect(url, pool_size=1)
    house = House(service, branch, sessions(engine), _nobody)
    try:
        with house.sessions.begin() as session:
            work = Work(session, Actor.system(f"{service.name}.{door}"), house, door=door)
            yield work
            session.flush()
    finally:
        engine.dispose()


def _nobody(_token: str) -> Actor:
    raise Unauthenticated()
