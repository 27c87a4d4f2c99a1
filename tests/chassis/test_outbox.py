"""What is announced in a transaction, and in which order."""

from datetime import UTC, datetime
from itertools import pairwise
from threading import Event, Thread

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DataError

from chassis import bundles, database, outbox
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
            select(Outgoing).where(Outgoing.aggregate_ids.contains([aggregate])).order_by(Outgoing.id)
        )
        return [one["body"]["name"] for row in rows for one in bundles.apart(row.body)]


def test_it_leaves_with_the_transaction(city: World):
    order = new_id()
    with begun(city) as session:
        outbox.append(session, envelope(order, "a"))
        outbox.append(session, envelope(order, "b"))
    assert names(city, order) == ["a", "b"]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["made", "closed"]), st.integers(0, 3), st.sampled_from(["", "长" * 90_000])
        )
    )
)
def test_those_of_one_act_share_a_row_and_each_keeps_what_is_its_own(city: World, wanted):
    things = [new_id() for _ in range(4)]
    said = envelope()
    told = [
        said.model_copy(
            update={"id": new_id(), "type": kind, "aggregate_id": things[thing], "body": {"text": text}}
        )
        for kind, thing, text in wanted
    ]
    with begun(city) as session:
        for one in told:
            outbox.append(session, one)
    with city.session("ledger") as session:
        wanted_rows = select(Outgoing).where(Outgoing.aggregate_ids.overlap(things)).order_by(Outgoing.id)
        rows = session.scalars(wanted_rows).all()
    kept = [[Envelope.model_validate(one) for one in bundles.apart(row.body)] for row in rows]
    assert [one.id for several in kept for one in several] == [one.id for one in told]
    assert [one.model_copy(update={"sequence": 0}) for several in kept for one in several] == told
    for row, several in zip(rows, kept, strict=True):
        assert (row.event_id, row.count) == (several[0].id, len(several))
        assert set(row.aggregate_ids) == {one.aggregate_id for one in several}
        assert {one.type for one in several} == {row.type}
        assert len(several) == 1 or len(orjson.dumps(row.body)) < bundles.LARGEST + 1000
    changes = sum(one.type != other.type for one, other in pairwise(told))
    if not any(text for *_, text in wanted):
        assert len(rows) == changes + bool(told)


def test_hundreds_of_one_act_are_few_rows(city: World):
    said = envelope()
    with begun(city) as session:
        for n in range(250):
            outbox.append(session, said.model_copy(update={"id": new_id(), "body": {"name": str(n)}}))
    with city.session("ledger") as session:
        mine = select(Outgoing.count).where(Outgoing.aggregate_ids == [said.aggregate_id])
        assert session.scalars(mine.order_by(Outgoing.id)).all() == [100, 100, 50]
    assert names(city, said.aggregate_id) == [str(n) for n in range(250)]


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
