"""What every kind of test may use: the servers, throw-away databases, and a service at whose doors one can ask."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from tests.desk import Databases, Desk

# Folders whose tests share one running system: they stay together, and begin first, for they take longest.
TOGETHER = ("tests/journey/", "tests/faults/")

# How long an example takes says more about the machine than about the code.
settings.register_profile("guanxi", deadline=None)
settings.load_profile("guanxi")


class ByFolder(LoadScopeScheduling):
    """Hands out a file at a time; folders that share a system as one."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid.partition("::")[0])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFolder:
    """How a run with several hands is shared out."""
    return ByFolder(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest first; within a folder as before, but what spoils the demo data for others last."""
    order = (*TOGETHER, "")
    items.sort(
        key=lambda item: (
            next(place for place, folder in enumerate(order) if item.nodeid.startswith(folder)),
            item.get_closest_marker("spoils") is not None,
        )
    )


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
