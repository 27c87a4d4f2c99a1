"""Many events of one kind travel in one message, and each is heard as if it had come alone."""

from contextlib import closing

import orjson
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from chassis import bundles, relay
from chassis.broker import connect
from chassis.identity import new_id
from chassis.inbox import Incoming
from chassis.names import events_exchange
from tests.chassis.test_events import cure, make, open_rows, written
from tests.chassis.test_outbox import envelope
from tests.chassis.world import World, until

UNREADABLE = st.sampled_from([{}, {"id": "x"}, 7, None, ["list"], "text", {"body": "\x00"}])


@given(st.lists(st.none() | UNREADABLE, min_size=1, max_size=6))
def test_what_cannot_be_read_stands_in_nobodys_way(others):
    """None stands for an event that is as it should be."""
    told = [envelope().as_json() if one is None else one for one in others]
    heard = bundles.read(bundles.packed([orjson.dumps(one).decode() for one in told]))
    if len(told) == 1 and isinstance(told[0], list):
        return
    assert [str(one.envelope.id) if one.envelope else None for one in heard] == [
        one["id"] if isinstance(one, dict) and "aggregate_id" in one else None for one in told
    ]
    assert len({one.id for one in heard}) >= len([one for one in others if one is None])


@given(st.integers(1, 5), st.integers(0, 10**6))
def test_those_of_one_act_are_heard_as_if_each_had_come_alone(count, sequence):
    said = envelope()
    ones = [
        said.model_copy(update={"id": new_id(), "aggregate_id": new_id(), "body": {"n": n}})
        for n in range(count)
    ]
    alone = [
        orjson.dumps({**bundles.together([one]), "sequence": sequence + n}) for n, one in enumerate(ones)
    ]
    together = orjson.dumps({**bundles.together(ones), "sequence": sequence}).decode()
    other = orjson.dumps(envelope().as_json()).decode()
    wanted = [one.envelope for body in alone for one in bundles.read(body)]
    assert [one.envelope for one in bundles.read(bundles.packed([together]))] == wanted
    assert [one.envelope for one in bundles.read(bundles.packed([other, together]))][1:] == wanted


def test_one_of_an_act_that_cannot_be_read_stands_in_nobodys_way():
    said = envelope()
    body = bundles.together([said, said.model_copy(update={"id": new_id(), "body": {"x": "\x00"}})])
    for wrong in ([], ["x", "y", {}], {}, 7, None):
        told = {**body, bundles.EVENTS: [*body[bundles.EVENTS], wrong]}
        heard = bundles.read(orjson.dumps(told))
        assert [one.envelope for one in heard] == [said, None, None]


def test_an_event_with_what_no_database_keeps_is_set_apart_alone():
    good, bad = envelope(), envelope(name="\x00")
    packed = bundles.packed([orjson.dumps(one.as_json()).decode() for one in (good, bad)])
    assert [one.envelope for one in bundles.read(packed)] == [good, None]


def test_what_only_looks_like_it_is_a_text_like_any_other():
    """Somebody may well write about the sign."""
    ones = [envelope(name=name) for name in ("\\u0000", "C:\\\\u0000", "甲")]
    for told in (ones, *([one] for one in ones)):
        packed = bundles.packed([orjson.dumps(one.as_json()).decode() for one in told])
        assert [one.envelope for one in bundles.read(packed)] == told


def test_hundreds_from_one_command_keep_their_order_and_one_that_fails_holds_up_its_own(street: World):
    mine, other = new_id(), new_id()
    names = [f"n{n}" for n in range(250)]
    make(street, *names[:120], "poison77", *names[120:], order=mine)
    make(street, *names, order=other)
    until(lambda: written(street, other) == names, "the other order, whole and in order")
    until(lambda: dict(open_rows(street, mine)).get("poison77") == "parked", "parking")
    assert written(street, mine) == names[:120]
    row = next(row for row in street.rows(Incoming, aggregate_id=mine) if row.state == "parked")
    cure(street, "poison77")
    street.call("ledger", "replay", {"event_id": str(row.event_id), "door": row.door})
    until(lambda: len(written(street, mine)) == 251, "all of it")
    assert written(street, mine) == [*names[:120], "poison77", *names[120:]]
    with street.session("ledger") as session:
        heard = session.scalars(select(Incoming.state).where(Incoming.aggregate_id.in_([mine, other])))
        assert list(heard) == ["done"] * 501


def test_many_of_one_kind_are_few_messages_and_nothing_is_missing(city: World):
    """The first of a kind goes alone, to see whether anybody takes it; the others a hundred at a time, never two kinds."""
    kinds = ["part_made"] * 250 + ["order_closed", "part_made"]
    rows = [
        relay.Row(
            n, str(one.id), [str(one.aggregate_id)], "workshop", kind, orjson.dumps(one.as_json()).decode()
        )
        for n, (kind, one) in enumerate((kind, envelope()) for kind in kinds)
    ]
    publisher = relay.Publisher(city.amqp_url, "workshop", lambda source, type_: True)
    with closing(publisher), closing(connect(city.amqp_url, "test")) as connection:
        channel = connection.channel()
        queue = channel.queue_declare("", exclusive=True).queue
        for kind in set(kinds):
            channel.queue_bind(queue, events_exchange("workshop"), kind)
        sent, refused = publisher.publish(rows)
        bodies = []
        while (message := channel.basic_get(queue, no_ack=True)) is not None:
            bodies.append([str(one.id) for one in bundles.read(message.body)])
    assert (sent, refused) == ([row.id for row in rows], [])
    assert [len(body) for body in bodies] == [1, 100, 100, 49, 1, 1]
    assert [id for body in bodies for id in body] == [row.event_id for row in rows]
