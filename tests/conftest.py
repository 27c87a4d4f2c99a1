"""What every kind of test may use: the servers, throw-away databases, and a service at whose doors one can ask."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import settings

from tests.desk import Databases, Desk

# How long an example takes says more about the machine than about the code.
settings.register_profile("guanxi", deadline=None)
settings.load_profile("guanxi")


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """One database per service for this run, made from its migrations, dropped afterwards."""
    from deploy import servers

    servers.start()
    found = Databases(servers.addresses()["DATABASE_URL"], f"test_{os.getpid()}_")
    yield found
    found.drop()


@pytest.fixture
def desk(databases: Databases):
    """`desk("sales")`: a service's doors on its real database; everything is rolled back after the test."""
    opened: list[contextmanager] = []

    def at(service) -> Desk:
        made = Desk.at(databases, service)
        opened.append(made)
        return made

    yield at
    for made in opened:
        made.close()
