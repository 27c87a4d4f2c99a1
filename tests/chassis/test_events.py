"""From an announcement to its effect in another service, whatever dies or fails on the way."""

import json
import signal
from datetime import UTC, datetime, timedelta
from uuid import UUID

import amqp
import pytest
from sqlalchemy import func, select, update

from chassis import bundles, topology
from chassis.identity import new_id
from chassis.inbox import Bound, Incoming
from chassis.names import events_exchange, inbox_queue
from chassis.outbox import Outgoing
from chassis.replicas import Replica
from chassis.service import Service
from contracts.errors import IllegalTransition, Unavailable, Unexpected
from tests.chassis.toys.ledger_service import Cure, Entry, Ledger
from tests.chassis.world import World, until


def make(world: World, *names: str, order: UUID | None = None, **more) -> UUID:
    order = order or new_id()
    world.call("workshop", "make_part", {"order_id": str(order), "names": names, **more})
    return order


def written(world: World, order: UUID) -> list[str]:
    return [entry.name for entry in world.rows(Entry, order_id=order)]


def open_rows(world: World, order: UUID) -> list[tuple[str, str]]:
    rows = sorted(world.rows(Incoming, aggregate_id=order), key=lambda row: row.position)
    return [(row.envelope["body"].get("name", row.type), row.state) for row in rows if row.state != "done"]


def cure(world: World, name: str) -> None:
    with world.session("ledger") as session, session.begin():
        session.merge(Cure(name=name))


def unsent(world: World) -> int:
    with world.session("workshop") as session:
        return session.scalar(select(func.count()).where(Outgoing.published_at.is_(None)))


def test_it_works_and_keeps_the_order(street: World):
    order = make(street, "a", "b", "closed", "c")
    until(lambda: written(street, order) == ["a", "b", "closed", "c"], "four entries in order")
    until(lambda: unsent(street) == 0)
    with street.session("workshop") as session:
        rows = session.execute(select(Outgoing.sequence, Outgoing.count).order_by(Outgoing.sequence)).all()
    sequences = [first + n for first, count in rows for n in range(count)]
    assert sequences == list(range(1, len(sequences) + 1))


def test_what_failed_was_never_announced(street: World):
    order = new_id()
    with pytest.raises(Unexpected):
        make(street, "a", order=order, blow_up=True)
    assert street.rows(Outgoing, "workshop", aggregate_ids=[order]) == []


def test_a_second_copy_is_dropped(street: World):
    order = make(street, "a")
    until(lambda: written(street, order) == ["a"])
    with street.session("workshop") as session, session.begin():
        session.execute(update(Outgoing).where(Outgoing.aggregate_ids == [order]).values(published_at=None))
    later = make(street, "b", order=order)
    until(lambda: "b" in written(street, later))
    until(lambda: unsent(street) == 0)
    assert written(street, order) == ["a", "b"]


def test_many_copies_in_any_order_have_one_effect_each(street: World):
    """Not by the relay: straight into the exchange, as a broken network or an impatient operator would."""
    order = new_id()
    make(street, *"abcde", order=order)
    until(lambda: len(written(street, order)) == 5)
    rows = street.rows(Outgoing, "workshop", aggregate_ids=[order])
    bodies = [one for row in rows for one in bundles.apart(row.body)]
    assert len(bodies) == 5
    publish(street, *(json.dumps({**body, "sequence": 1}).encode() for body in [*reversed(bodies), *bodies]))
    last = make(street, "end")
    until(lambda: written(street, last) == ["end"])
    assert written(street, order) == list("abcde")


def test_a_handler_that_fails_is_tried_again_and_nothing_overtakes_it(street: World):
    order, other = make(street, "poison1", "b", "closed"), make(street, "quick")
    until(lambda: written(street, other) == ["quick"], "the other order, which waits for nobody")
    until(lambda: dict(open_rows(street, order)).get("poison1") == "parked", "parking")
    assert open_rows(street, order) == [
        ("poison1", "parked"), ("b", "held"), ("workshop.order_closed", "held"),
    ]  # fmt: skip
    assert written(street, order) == []
    row = street.rows(Incoming, aggregate_id=order, state="parked")[0]
    assert row.error == "ValueError: cannot write down poison1"
    assert len(row.history) == 4
    cure(street, "poison1")
    street.call("ledger", "replay", {"event_id": str(row.event_id), "door": row.door})
    until(lambda: written(street, order) == ["poison1", "b", "closed"], "all of it, in order")


def test_all_that_is_parked_at_a_door_is_tried_again_at_once(street: World):
    orders = [make(street, f"poison{n}", "b") for n in (31, 32)]
    for n, order in zip((31, 32), orders, strict=True):
        until(
            lambda n=n, order=order: dict(open_rows(street, order)).get(f"poison{n}") == "parked", "parking"
        )
        cure(street, f"poison{n}")
    assert street.call("ledger", "backlog")["parked_at"]["on_part_made"] >= 2
    assert street.call("ledger", "replay_all", {"door": "on_part_made"})["replayed"] >= 2
    for n, order in zip((31, 32), orders, strict=True):
        until(lambda n=n, order=order: written(street, order) == [f"poison{n}", "b"], "all of it, in order")


def test_a_failure_that_passes_needs_nobody(street: World):
    order = make(street, "poison2", "b")
    until(lambda: open_rows(street, order))
    cure(street, "poison2")
    until(lambda: written(street, order) == ["poison2", "b"])


def test_an_attempt_put_off_by_a_wrong_clock_is_not_waited_for(street: World):
    """It was noted for tomorrow by a process whose clock was a day ahead."""
    order = make(street, "poison5")
    until(lambda: dict(open_rows(street, order)).get("poison5") == "parked")
    cure(street, "poison5")
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with street.session("ledger") as session, session.begin():
        put_off = update(Incoming).values(state="waiting", attempts=1, next_attempt_at=tomorrow)
        session.execute(put_off.where(Incoming.aggregate_id == order))
    until(lambda: written(street, order) == ["poison5"])


def test_a_parked_event_can_be_given_up_for_a_reason(street: World):
    order = make(street, "poison3", "b")
    until(lambda: dict(open_rows(street, order)).get("poison3") == "parked")
    found = street.call("ledger", "parked", {"state": "parked"})["incoming"]
    row = next(row for row in found if row["aggregate_id"] == str(order))
    assert row["envelope"]["body"]["name"] == "poison3"
    street.call(
        "ledger", "discard", {"event_id": row["event_id"], "door": row["door"], "reason": "made twice"}
    )
    until(lambda: written(street, order) == ["b"])
    kept = street.rows(Incoming, aggregate_id=order, state="discarded")[0]
    assert kept.history[-1]["reason"] == "made twice"
    assert kept.history[-1]["name"] == "test"
    given_up = street.call("ledger", "parked")["given_up"]
    assert [one["event_id"] for one in given_up if one["aggregate_id"] == str(order)] == [row["event_id"]]
    with pytest.raises(IllegalTransition):
        street.call("ledger", "replay", {"event_id": row["event_id"], "door": row["door"]})


def test_what_only_the_commit_brings_to_light_does_not_stop_the_others(street: World):
    """A deferred constraint fails after every handler was content."""
    order = make(street, "late1", "b")
    other = make(street, "fine")
    until(lambda: written(street, other) == ["fine"])
    until(lambda: open_rows(street, order))
    cure(street, "late1")
    for row in until(
        lambda: street.rows(Incoming, aggregate_id=order, state="parked") or written(street, order)
    ):
        if isinstance(row, Incoming):
            street.call("ledger", "replay", {"event_id": str(row.event_id), "door": row.door})
    until(lambda: written(street, order) == ["late1", "b"])


def test_a_message_that_nobody_can_read_is_parked_and_stops_nothing(street: World):
    garbage = f"no event {new_id()}".encode()
    publish(street, garbage)
    order = make(street, "a")
    until(lambda: written(street, order) == ["a"])
    rows = [r for r in street.rows(Incoming, state="parked") if r.envelope.get("raw") == garbage.decode()]
    assert [row.error for row in rows] == ["unreadable"]


def test_an_event_that_no_listener_wants_is_no_error(street: World):
    order = make(street, "shipped", "a")
    until(lambda: written(street, order) == ["a"])
    until(lambda: unsent(street) == 0)


def test_an_event_that_should_be_heard_but_cannot_be_routed_waits_and_is_seen(street: World):
    street.end(street.kept["relay"])
    with street.connection() as connection:
        connection.channel().queue_unbind(inbox_queue("ledger"), events_exchange("workshop"), "part_made")
    order = make(street, "a", "b", "closed")
    street.keep("relay", street.start, "relay", "workshop", "ledger")
    refused = until(lambda: street.rows(Outgoing, "workshop", aggregate_ids=[order])[0].error)
    assert refused == "no queue is bound to workshop.events for part_made"
    assert street.call("workshop", "backlog")["outbox"]["failing"] >= 2
    seen = street.call("workshop", "parked")["outgoing"]
    assert [
        one["envelope"]["body"]["name"] for one in seen if one["envelope"]["aggregate_id"] == str(order)
    ] == ["a", "b"]
    with street.connection() as connection:
        connection.channel().queue_bind(inbox_queue("ledger"), events_exchange("workshop"), "part_made")
    until(lambda: written(street, order) == ["a", "b", "closed"], "all, in order")


def test_a_relay_killed_at_any_moment_loses_nothing(street: World):
    orders = []
    for _ in range(4):
        orders += [make(street, *(f"p{n}" for n in range(50))) for _ in range(3)]
        street.restart("relay")
    for order in orders:
        until(lambda order=order: len(written(street, order)) >= 50, "fifty entries")
        assert written(street, order) == [f"p{n}" for n in range(50)]


def test_two_relays_do_not_get_into_each_others_way(street: World):
    second = street.start("relay", "workshop", "ledger")
    orders = [make(street, *(f"p{n}" for n in range(20))) for _ in range(5)]
    street.end(street.kept["relay"])
    orders += [make(street, *(f"p{n}" for n in range(20))) for _ in range(5)]
    for order in orders:
        until(lambda order=order: len(written(street, order)) >= 20)
        assert written(street, order) == [f"p{n}" for n in range(20)]
    assert second.poll() is None
    street.kept["relay"] = second


def test_a_listener_killed_at_any_moment_loses_nothing_and_doubles_nothing(street: World):
    orders = []
    for _ in range(2):
        orders += [make(street, *(f"p{n}" for n in range(60))) for _ in range(3)]
        street.restart("ledger")
    for order in orders:
        until(lambda order=order: len(written(street, order)) >= 60)
        assert written(street, order) == [f"p{n}" for n in range(60)]


def test_two_listeners_keep_the_order_and_one_takes_over_from_the_other(street: World):
    second = street.start("run", "ledger")
    until(lambda: street.consumers("rpc-ledger") == 2, "a second listener")
    order = make(street, *(f"p{n}" for n in range(30)))
    street.end(street.kept["ledger"])
    make(street, *(f"p{n}" for n in range(30, 60)), order=order)
    until(lambda: len(written(street, order)) >= 60)
    assert written(street, order) == [f"p{n}" for n in range(60)]
    assert second.poll() is None
    street.kept["ledger"] = second


def test_cut_connections_lose_nothing(street: World):
    orders = [make(street, *(f"p{n}" for n in range(40))) for _ in range(3)]
    street.cut_connections()
    until(lambda: street.answers("workshop"))
    orders += [make(street, "after")]
    until(lambda: all(written(street, order) for order in orders))
    for order in orders[:-1]:
        until(lambda order=order: len(written(street, order)) >= 40)
        assert written(street, order) == [f"p{n}" for n in range(40)]


def test_a_queue_deleted_under_the_listener_comes_back_with_its_bindings(street: World):
    with street.connection() as connection:
        connection.channel().queue_delete(inbox_queue("ledger"))
    order = make(street, "a")
    until(lambda: written(street, order) == ["a"])


def test_an_event_that_kills_its_listener_is_parked_in_the_end(street: World):
    order = make(street, "deadly", "b")
    for _ in range(12):
        if street.rows(Incoming, aggregate_id=order, state="parked"):
            break
        street.kept["ledger"].wait(15)
        ledger = street.kept["ledger"] = street.start("run", "ledger")
        until(
            lambda: ledger.poll() is not None or street.rows(Incoming, aggregate_id=order, state="parked"),  # noqa: B023
            "the listener to die, or the event to be parked",
        )
    assert open_rows(street, order) == [("deadly", "parked"), ("b", "held")]
    until(lambda: street.answers("ledger"))  # it parks what killed it before its doors are open
    row = street.rows(Incoming, aggregate_id=order, state="parked")[0]
    street.call("ledger", "discard", {"event_id": str(row.event_id), "door": row.door, "reason": "deadly"})
    until(lambda: written(street, order) == ["b"])


def test_a_listener_asked_to_stop_finishes_what_it_began(street: World):
    order = make(street, *(f"p{n}" for n in range(100)))
    street.restart("ledger", signal.SIGTERM)
    until(lambda: len(written(street, order)) >= 100)
    assert written(street, order) == [f"p{n}" for n in range(100)]


def test_cards_neither_wait_for_a_failed_event_nor_for_their_order(street: World):
    order = make(street, "poison4", "card3", "card2")
    until(lambda: street.rows(Replica, id=order))
    publish(
        street,
        *(
            json.dumps(one).encode()
            for row in street.rows(Outgoing, "workshop", aggregate_ids=[order])
            for one in bundles.apart(row.body)
        ),
    )
    until(lambda: written(street, make(street, "a")) or True)
    assert street.rows(Replica, id=order)[0].label == "card3"
    until(lambda: dict(open_rows(street, order)).get("poison4") == "parked")
    cure(street, "poison4")
    row = street.rows(Incoming, aggregate_id=order, state="parked")[0]
    street.call("ledger", "replay", {"event_id": str(row.event_id), "door": row.door})
    until(lambda: written(street, order) == ["poison4"])


def test_a_database_out_of_reach_delays_effects_and_loses_none(street: World):
    with street.outage("ledger"):
        order = make(street, "a", "b")
        until(lambda: unsent(street) == 0)
        with pytest.raises(Unavailable):
            street.call("ledger", "ping")
    until(lambda: written(street, order) == ["a", "b"])
    assert open_rows(street, order) == []


def test_what_a_new_version_no_longer_hears_is_unbound(city: World):
    class Deaf(Service):
        name = "ledger"

    with city.connection() as connection:
        queue = inbox_queue("ledger")
        topology.bring_up_to_date(Deaf, city.amqp_url, city.url("ledger"))
        assert city.rows(Bound) == []
        topology.bring_up_to_date(Ledger, city.amqp_url, city.url("ledger"))
        assert {bound.type for bound in city.rows(Bound)} == {"part_made", "order_closed", "order_listed"}
        assert connection.channel().queue_declare(queue, passive=True)


def publish(world: World, *bodies: bytes) -> None:
    with world.connection() as connection:
        channel = connection.channel()
        for body in bodies:
            message = amqp.Message(body, delivery_mode=2)
            channel.basic_publish_confirm(message, events_exchange("workshop"), "part_made", mandatory=True)
