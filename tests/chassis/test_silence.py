"""A database, or a broker, that neither answers nor hangs up."""

import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg2
import pytest
from psycopg2 import extensions

from chassis import relay, silence
from tests.chassis.world import World
from tests.faults.proxy import Proxy
from tests.faults.rig import free_port


@pytest.fixture
def line(city: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Proxy, str]]:
    """A way to the ledger's database that can go silent, for somebody who waits as the relay does."""
    parts = urlsplit(city.url("ledger"))
    proxy = Proxy(free_port(), lambda: parts.port or 5432)
    monkeypatch.setattr(silence, "SILENCE", 0.5)
    silence.wait_with(relay._wait)
    yield proxy, parts._replace(netloc=f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{proxy.port}").geturl()
    extensions.set_wait_callback(None)
    proxy.close()


def test_it_is_given_up_and_the_connection_with_it(line: tuple[Proxy, str]):
    proxy, url = line
    connection = psycopg2.connect(url)
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        assert proxy.desert("")
        with pytest.raises(silence.DatabaseSilent):
            cursor.execute("select 2")
    assert connection.closed


def test_a_relay_says_goodbye_to_a_silent_broker_and_goes(city: World):
    """It waited for the answer to its goodbye, and with it all news of its service (seed 40 of the fault suite)."""
    parts = urlsplit(city.amqp_url)
    proxy = Proxy(free_port(), lambda: parts.port or 5672)
    url = parts._replace(netloc=f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{proxy.port}").geturl()
    publisher = relay.Publisher(url, "workshop", lambda source, type_: True)
    assert proxy.half_open("")
    begun = time.monotonic()
    publisher.close()
    assert time.monotonic() - begun < 10
    proxy.close()
