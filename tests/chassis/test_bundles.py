"""Many events of one kind travel in one message, and each is heard as if it had come alone."""

import orjson
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from chassis import bundles
from chassis.identity import new_id
from chassis.inbox import Incoming
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


def test_an_event_with_what_no_database_keeps_is_set_apart_alone():
    good, bad = envelope(), envelope(name="\x00")
    packed = bundles.packed([orjson.dumps(one.as_json()).decode() for one in (good, bad)])
    assert [one.envelope for one in bundles.read(packed)] == [good, None]


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
