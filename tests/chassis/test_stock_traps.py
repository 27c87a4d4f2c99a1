"""What goes wrong with events in other systems built from the same parts, each by its name.

Some are told in other words elsewhere: a raising handler, whose message stock Nameko acknowledges
(test_events: a_handler_that_fails_is_tried_again), an unroutable event, which the broker confirms and drops
(test_events: an_event_that_should_be_heard_but_cannot_be_routed), retries by delay queues, which reorder (test_events:
nothing_overtakes_it).
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chassis.names import inbox_queue, rpc_queue
from chassis.outbox import Outgoing
from contracts.errors import Unavailable
from deploy import rabbitmq
from tests.chassis.test_events import make, open_rows, unsent, written
from tests.chassis.world import World, until

REDELIVERIES = 25
"""RabbitMQ 4 drops a message after 20 deliveries unless its queue says otherwise."""


def test_redelivery_limit(street: World):
    """An event that went out and came back again and again, because whoever had it died, is still delivered."""
    street.end(street.kept["ledger"])
    order = make(street, "a", "b")
    until(lambda: all(row.published_at for row in street.rows(Outgoing, "workshop", aggregate_ids=[order])))
    for _ in range(REDELIVERIES):
        with street.connection() as connection:
            came: list[object] = []
            connection.channel().basic_consume(inbox_queue("ledger"), callback=came.append)
            while not came:
                connection.drain_events(timeout=20)
    street.keep("ledger", street.serve, "ledger")
    until(lambda: written(street, order) == ["a", "b"], "both, in order")


def test_a_handler_slower_than_the_heartbeat(world: World, street: World):
    """It holds the whole process, so the broker gives the line up and sends the event again: the effect is there once."""
    street.end(street.kept["ledger"])
    slow = street.start("run", "ledger", AMQP_URL=f"{street.amqp_url}?heartbeat=1")
    order = make(street, "slow6", "b")
    until(lambda: written(street, order) == ["slow6", "b"])
    again = make(street, "c", order=order)
    until(lambda: "c" in written(street, again))
    assert written(street, order) == ["slow6", "b", "c"]
    street.end(slow, signal.SIGTERM)
    street.keep("ledger", street.serve, "ledger")


def test_a_consumer_cancelled_by_the_broker(street: World):
    """The queue of requests is gone, and with it the consumer; the service notices and serves again."""
    with street.connection() as connection:
        connection.channel().queue_delete(rpc_queue("ledger"))
    until(lambda: street.answers("ledger"), "requests to be answered again")


def test_a_queue_deleted_under_the_consumer(street: World):
    """What is announced while it is not there waits with its speaker."""
    street.end(street.kept["relay"])
    before = make(street, "a")
    with street.connection() as connection:
        connection.channel().queue_delete(inbox_queue("ledger"))
    street.keep("relay", street.start, "relay", "workshop", "ledger")
    after = make(street, "b")
    until(lambda: written(street, before) == ["a"] and written(street, after) == ["b"])


def test_prefetch_starvation_by_one_slow_aggregate(street: World):
    """More events wait behind one that fails than the listener takes at once, and others are heard all the same."""
    stuck = make(street, "poison9", *(f"p{n}" for n in range(600)))
    other = make(street, "quick")
    until(lambda: written(street, other) == ["quick"], "the order that waits for nobody")
    until(lambda: len(open_rows(street, stuck)) == 601, "all of the stuck one to wait in the table")
    with street.connection() as connection:
        found = connection.channel().queue_declare(inbox_queue("ledger"), passive=True)
    assert found.message_count == 0, "none of it is left to the broker"


def test_a_blocked_connection(street: World):
    """The broker is short of memory: it takes nothing and says nothing. News waits, whoever asks is told so, both go on afterwards."""
    street.end(street.kept["relay"])
    order = make(street, "a", "b")
    with short_of_memory():
        street.keep("relay", street.start, "relay", "workshop", "ledger")
        until(lambda: "blocked" in rabbitmq.control("list_connections", "state"), "the relay to be blocked")
        with pytest.raises(Unavailable):
            street.call("workshop", "echo", {"text": "x"}, timeout=2.0)
        assert unsent(street) > 0
    until(lambda: written(street, order) == ["a", "b"], "what waited to arrive, once and in order")
    until(lambda: street.answers("workshop"), "questions to be answered again")


@contextmanager
def short_of_memory() -> Iterator[None]:
    """The broker is told that it has hardly any, which blocks whoever publishes."""
    rabbitmq.control("set_vm_memory_high_watermark", "absolute", "1MB")
    try:
        yield
    finally:
        rabbitmq.control("set_vm_memory_high_watermark", "absolute", "512MB")
