"""One world for the whole run; each test leaves no process of its own behind."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.__main__ import make_keys
from deploy import rabbitmq, servers
from tests.chassis.world import World


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    servers.start()
    folder: Path = tmp_path_factory.mktemp("keys")
    make_keys(folder)
    name = f"test-chassis-{os.getpid()}"
    amqp_url = rabbitmq.add_vhost(name)
    world = World(amqp_url, servers.addresses()["DATABASE_URL"], f"test_{os.getpid()}_chassis_", folder)
    yield world
    world.close()
    rabbitmq.delete_vhost(name)


@pytest.fixture
def world(city: World) -> Iterator[World]:
    """The world; processes that the test starts end with it."""
    before = list(city.processes)
    yield city
    for process in [*city.processes]:
        if process not in before:
            city.end(process)


@pytest.fixture
def workshop(city: World) -> World:
    """The world with a workshop that answers; it stays up for the next test."""
    city.keep("workshop", city.serve, "workshop")
    return city


@pytest.fixture
def street(workshop: World) -> World:
    """A workshop that speaks, a relay, and a ledger that listens; all stay up for the next test."""
    workshop.keep("ledger", workshop.serve, "ledger")
    workshop.keep("relay", workshop.start, "relay", "workshop", "ledger")
    return workshop
