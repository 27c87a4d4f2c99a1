"""The doors of notification with its cards in place; and a post office with a real mail server on the other side."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text

from chassis import database, registry
from services.notification import model
from services.notification.channels.email.channel import Email
from services.notification.channels.email.settings import EmailSettings, Patience
from services.notification.post_office import PostOffice
from tests.desk import Databases, Desk
from tests.factories.notification import furnish
from tests.smtp_peer import Peer

SENDER, PUBLIC_URL = "crm@guanxi.example", "http://crm.example:8000"
SHORT = Patience(connect=5.0, answer=4.0, taken=4.0)


@pytest.fixture
def house(desk) -> Desk:
    """Notification on its real database, furnished; everything is rolled back after the test."""
    return furnish(desk("notification"))


@pytest.fixture
def kept(databases: Databases) -> Iterator[Desk]:
    """The same, but what is done is committed, as threads and other processes need it; cleared after the test."""
    service = registry.service_class("notification")
    engine = databases.engine(service)
    desk = Desk(service, engine.connect(), database.sessions(engine))
    yield furnish(desk)
    desk.connection.close()
    with engine.begin() as connection:
        names = [*model.Base.metadata.tables, *database.ChassisBase.metadata.tables]
        connection.execute(text(f"TRUNCATE {', '.join(names)} CASCADE"))


@pytest.fixture
def peer() -> Iterator[Peer]:
    """A mail server that is open."""
    peer = Peer()
    peer.start()
    yield peer
    peer.stop()


@pytest.fixture
def office(kept: Desk, peer: Peer) -> Iterator[Callable[..., PostOffice]]:
    """`office()`: a post office of its own, as another process would have one."""
    opened: list[PostOffice] = []

    def at(url: str | None = None, **options: Any) -> PostOffice:
        settings = EmailSettings.of(url or peer.url, SENDER, PUBLIC_URL, SHORT)
        opened.append(PostOffice(kept.house, Email(settings), **options))
        return opened[-1]

    yield at
    for each in opened:
        each.close(patience=3.0)


def deliver(office: PostOffice) -> None:
    """Everything that is due now gets its attempt."""
    office.run_due()
    assert office.wait(30.0), "a letter never came to an end"


def wait_until(done: Callable[[], Any], seconds: float = 90.0) -> None:
    """Look again and again, but not for ever."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)
