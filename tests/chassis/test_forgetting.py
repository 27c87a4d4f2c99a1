"""What is forgotten, and what never is: nothing that anybody has yet to take."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, update

from chassis import database
from chassis.doors import Answered
from chassis.forgetting import ANSWERED, BATCH, HEARD, NAP, SENT, SHORT_NAP, Forgetter
from chassis.house import House
from chassis.identity import new_id
from chassis.inbox import Incoming
from chassis.outbox import Outgoing
from tests.chassis.toys.ledger_service import Entry
from tests.chassis.world import CLASSES, World, until

NOW = datetime(2036, 3, 10, 4, 0, tzinfo=UTC)
LONG_AGO, JUST_NOW = NOW - timedelta(days=1000), NOW - timedelta(days=1)


def forgetter(city: World, service: str = "ledger", now: datetime = NOW) -> Forgetter:
    sessions = database.sessions(city.engines[service])
    return Forgetter(House(CLASSES[service], "HQ", sessions, lambda _: None, lambda: now))


@pytest.fixture
def empty(city: World) -> World:
    """The world, its ledger without any news, and no relay that would send it."""
    with city.without("relay").session("ledger") as session, session.begin():
        for table in (Outgoing, Incoming, Answered):
            session.query(table).delete()
    return city


def sent(number: int, **more) -> dict:
    return {
        "event_id": new_id(), "origin": "HQ", "source": "ledger", "type": "nothing", "aggregate_ids": [new_id()],
        "body": {}, "created_at": LONG_AGO, "sequence": number, "published_at": None, "error": None, **more,
    }  # fmt: skip


def heard(state: str, done_at: datetime | None) -> dict:
    return {
        "event_id": new_id(), "door": "enter", "aggregate_id": new_id(), "type": "workshop.part_made",
        "state": state, "received_at": LONG_AGO, "done_at": done_at,
    }  # fmt: skip


def keep(city: World, table: type, rows: list[dict]) -> None:
    with city.session("ledger") as session, session.begin():
        session.execute(insert(table), rows)


def until_nothing_is_left_to_do(forgets: Forgetter) -> None:
    for _ in range(50):
        if forgets.run_due() == NAP:
            return
    raise AssertionError("it never has enough")


@pytest.mark.parametrize("seed", range(5))
def test_only_what_the_broker_confirmed_long_ago_is_forgotten(empty, seed):
    dice = random.Random(seed)
    moments = [None, LONG_AGO, NOW - SENT - timedelta(seconds=1), NOW - SENT, JUST_NOW]
    rows = [
        sent(n, published_at=dice.choice(moments), error=dice.choice([None, "nobody takes it"]))
        for n in range(1, 60)
    ]
    keep(empty, Outgoing, rows)
    until_nothing_is_left_to_do(forgetter(empty))
    left = {row.event_id for row in empty.rows(Outgoing)}
    highest = rows[-1]["event_id"]
    kept = {r["event_id"] for r in rows if r["published_at"] is None or r["published_at"] >= NOW - SENT}
    assert left == kept | {highest}


@pytest.mark.parametrize("seed", range(5))
def test_what_waits_is_held_or_parked_is_never_forgotten(empty, seed):
    dice = random.Random(seed)
    rows = [heard(state, None) for state in ("waiting", "held", "parked")]
    for _ in range(50):
        done_at = dice.choice([LONG_AGO, NOW - HEARD - timedelta(seconds=1), NOW - HEARD, JUST_NOW])
        rows.append(heard(dice.choice(["done", "discarded"]), done_at))
    keep(empty, Incoming, rows)
    until_nothing_is_left_to_do(forgetter(empty))
    kept = {r["event_id"] for r in rows if r["done_at"] is None or r["done_at"] >= NOW - HEARD}
    assert {row.event_id for row in empty.rows(Incoming)} == kept


def test_an_answer_is_kept_for_as_long_as_its_key_may_come_again(empty):
    ages = {"old": NOW - ANSWERED - timedelta(seconds=1), "young": NOW - ANSWERED}
    keep(empty, Answered, [{"key": k, "digest": "", "at": at, "result": {}} for k, at in ages.items()])
    forgetter(empty).run_due()
    assert [row.key for row in empty.rows(Answered)] == ["young"]


def test_much_is_forgotten_a_little_at_a_time(empty):
    keep(empty, Outgoing, [sent(n, published_at=LONG_AGO) for n in range(1, BATCH + 12)])
    forgets = forgetter(empty)
    assert forgets.run_due() == SHORT_NAP
    assert len(empty.rows(Outgoing)) == 11
    assert forgets.run_due() == NAP
    assert [row.sequence for row in empty.rows(Outgoing)] == [BATCH + 11]


def test_what_was_heard_is_remembered_longer_than_it_can_be_sent_again():
    assert HEARD > SENT


def test_nothing_is_lost_when_everything_old_is_forgotten_while_the_listener_is_away(world: World):
    """Announced, sent, forgotten by the speaker; the listener comes back years later and hears all of it, in order."""
    for role in [*world.kept]:
        world.end(world.kept.pop(role))
    workshop, relay = world.serve("workshop"), world.start("relay", "workshop")
    order = new_id()
    names = [f"part {n}" for n in range(20)]
    for name in names:
        world.call("workshop", "make_part", {"order_id": str(order), "names": [name]})

    def waiting() -> int:
        with world.session("workshop") as session:
            return session.scalar(select(func.count()).where(Outgoing.published_at.is_(None)))

    until(lambda: not waiting(), "everything to be sent")
    world.end(relay)
    world.call("workshop", "make_part", {"order_id": str(order), "names": ["never sent"]})
    with world.session("workshop") as session, session.begin():
        session.execute(update(Outgoing).values(created_at=LONG_AGO))
        last = session.scalar(select(func.max(Outgoing.sequence)))
    until_nothing_is_left_to_do(forgetter(world, "workshop"))
    left = world.rows(Outgoing, "workshop")
    assert [row.sequence for row in left] == [last, None]

    relay = world.start("relay", "workshop")
    ledger = world.serve("ledger")
    with world.session("ledger") as session:
        entries = select(Entry.name).where(Entry.order_id == order).order_by(Entry.id)
        until(lambda: len(session.scalars(entries).all()) == 21, "all of it to be heard")
        assert sorted(session.scalars(entries)) == sorted([*names, "never sent"])
    assert world.rows(Outgoing, "workshop")[-1].sequence == last + 1
    for process in (relay, ledger, workshop):
        world.end(process)
