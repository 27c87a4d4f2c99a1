"""What is announced in a transaction, and in which order."""

from datetime import UTC, datetime
from threading import Event, Thread

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DataError

from chassis import database, outbox
from chassis.identity import new_id
from chassis.outbox import Outgoing
from contracts.message import Envelope
from tests.chassis.world import World


def envelope(aggregate=None, name: str = "x") -> Envelope:
    now = datetime.now(UTC)
    return Envelope(
        id=new_id(), origin="HQ", source="ledger", type="nothing", aggregate_id=aggregate or new_id(),
        occurred_at=now, recorded_at=now, actor_id=new_id(), body={"name": name},
    )  # fmt: skip


def begun(world: World):
    """A transaction as a door opens it."""
    return database.sessions(world.engines["ledger"]).begin()


def names(world: World, aggregate) -> list[str]:
    with world.session("ledger") as session:
        rows = session.scalars(
            select(Outgoing).where(Outgoing.aggregate_id == aggregate).order_by(Outgoing.id)
        )
        return [row.body["body"]["name"] for row in rows]


def test_it_leaves_with_the_transaction(city: World):
    order = new_id()
    with begun(city) as session:
        outbox.append(session, envelope(order, "a"))
        outbox.append(session, envelope(order, "b"))
    assert names(city, order) == ["a", "b"]


def test_it_does_not_leave_when_the_transaction_fails(city: World):
    order = new_id()
    with database.sessions(city.engines["ledger"])() as session:
        outbox.append(session, envelope(order))
        session.rollback()
        session.commit()
    assert names(city, order) == []


def test_what_a_savepoint_said_goes_with_it(city: World):
    order = new_id()
    with begun(city) as session:
        outbox.append(session, envelope(order, "before"))
        with session.begin_nested():
            outbox.append(session, envelope(order, "kept"))
        lost = session.begin_nested()
        outbox.append(session, envelope(order, "gone"))
        with pytest.raises(DataError):
            session.execute(text("select 1/0"))
        lost.rollback()
        outbox.append(session, envelope(order, "after"))
    assert names(city, order) == ["before", "kept", "after"]


def test_an_outer_savepoint_takes_back_what_an_inner_one_kept(city: World):
    order = new_id()
    with begun(city) as session:
        outer = session.begin_nested()
        with session.begin_nested():
            outbox.append(session, envelope(order, "gone"))
        outer.rollback()
        outbox.append(session, envelope(order, "kept"))
    assert names(city, order) == ["kept"]


def test_two_transactions_on_one_thing_get_their_places_in_the_order_of_their_commits(city: World):
    """The one that asked first but commits last must not stand before the other."""
    order, asked, go_on = new_id(), Event(), Event()

    def slow() -> None:
        with begun(city) as session:
            outbox.append(session, envelope(order, "slow"))
            asked.set()
            go_on.wait(10)

    thread = Thread(target=slow)
    thread.start()
    asked.wait(10)
    with begun(city) as session:
        outbox.append(session, envelope(order, "quick"))
    go_on.set()
    thread.join()
    assert names(city, order) == ["quick", "slow"]
