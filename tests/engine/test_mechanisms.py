"""Numbers, cards, approval and the change log, each alone."""

import random
import threading
from datetime import date
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from chassis import approval, audit, database, numbering, replicas, search
from chassis.approval import NoOpenRequest, OwnRequest
from chassis.identity import new_id
from chassis.replicas import Replica
from chassis.work import Work
from contracts.errors import IllegalTransition, Invalid
from contracts.organization import BranchListed
from tests.cast import ALICE_ID, BOB_ID, person
from tests.engine.toy import ToyListed, ToyRow, ToyService

ALICE = person(ALICE_ID, "Alice", "toy.* own", "toy.maker.* all", manager_id=BOB_ID)
BOB = person(BOB_ID, "Bob", "toy.* team", "toy.maker.* all", reports=(ALICE_ID,))


@given(order=st.permutations([(1, 1), (1, 2), (1, 2), (2, 3), (1, 3)]))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_cards_in_any_order_and_number_leave_the_latest(desk, order):
    toys, id = desk(ToyService), new_id()
    with toys.house.sessions.begin() as session:
        for number, (epoch, ver) in enumerate(order, start=1):
            replicas.follow(session, ToyListed(record_id=id, epoch=epoch, ver=ver, label=f"{epoch}.{ver}"))
            [card] = replicas.several(session, [id])
            assert (card.epoch, card.ver) == max(order[:number])
        assert session.get(Replica, id).label == "2.3"
    toys.close()


def test_a_card_that_is_on_its_way_is_waited_for(databases):
    """The customer was named a moment ago in another service: the form must not say «unknown»."""
    engine = databases.engine(ToyService)
    sessions = database.sessions(engine)
    id = UUID(int=random.getrandbits(128))
    arrived = threading.Event()

    def arrive():
        arrived.wait(5)
        with sessions.begin() as session:
            replicas.follow(session, ToyListed(record_id=id, epoch=1, ver=1, label="late"))

    thread = threading.Thread(target=arrive)
    thread.start()
    with sessions() as session:
        assert replicas.known(session, "toy.toy", id, patience=0) is None
        arrived.set()
        assert replicas.known(session, "toy.toy", id).label == "late"
        session.rollback()
    thread.join()
    with sessions.begin() as session:
        session.delete(session.get(Replica, id))


def test_two_who_draw_numbers_at_once_never_get_the_same(databases):
    sessions = database.sessions(databases.engine(ToyService))
    drawn: list[str] = []

    def draw():
        for count in (1, 5, 1):
            with sessions.begin() as session:
                drawn.extend(
                    numbering.draw(
                        session,
                        "N-{branch}-{year}-{seq:03}",
                        "SH",
                        __import__("datetime").date(2026, 1, 1),
                        count,
                    )
                )

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == len(set(drawn)) == 28
    assert drawn[0].startswith("N-SH-2026-0")


@given(
    st.text(alphabet="泰微公司电子a12 ０", max_size=12),
    st.text(alphabet="泰微公司电子a12", min_size=1, max_size=6),
)
def test_a_fragment_is_found_exactly_where_it_stands(text, fragment):
    grams, wanted = search.grams(search.folded(text)), search.Fragment.of(fragment)
    inside = search.folded(fragment) in search.folded(text)
    assert not inside or set(wanted.keys) <= set(grams)
    if wanted.pattern is None and " " not in text:
        assert inside == (set(wanted.keys) <= set(grams))


def test_a_number_is_looked_for_by_what_hardly_any_other_has():
    """DAT-01: each pair of digits is in a tenth of all numbers."""
    assert set(search.keys("13800138000")) == {"1380", "3800", "8001", "0013", "0138", "8000"}
    assert search.keys("8000") == ["8000"]
    assert set(search.keys("泰微38001")) == {"泰微", "微3", "3800", "8001"}


def test_the_superior_decides_and_nobody_for_herself(desk):
    """WFL-02: who was asked, who decided, when."""
    toys = desk(ToyService)
    row = toys.create(ALICE, "toy", name="a")
    with toys.house.sessions.begin() as session:
        work = Work(session, ALICE, toys.house)
        toy = work.get(ToyRow, UUID(row["id"]))
        assert approval.request(work, toy, "price").approver_id == BOB_ID
        with pytest.raises(OwnRequest):
            approval.decide(work, toy, granted=True)
        work = Work(session, BOB, toys.house)
        assert [a.record_id for a in approval.waiting_for(work)] == [toy.id]
        approval.decide(work, toy, granted=True, note="fine")
        assert [(a.state, a.decided_by, a.note) for a in approval.trail(work, toy.id)] == [
            ("granted", BOB_ID, "fine")
        ]
        with pytest.raises(NoOpenRequest):
            approval.decide(work, toy, granted=True)


def test_nobody_decides_any_more_on_what_went_another_way(desk):
    toys = desk(ToyService)
    row = toys.create(ALICE, "toy", name="a")
    with toys.house.sessions.begin() as session:
        work = Work(session, ALICE, toys.house)
        toy = work.get(ToyRow, UUID(row["id"]))
        approval.request(work, toy, "price")
        approval.withdraw(work, toy)
        assert [(a.state, a.decided_by) for a in approval.trail(work, toy.id)] == [("withdrawn", ALICE_ID)]
        assert approval.waiting_for(Work(session, BOB, toys.house)) == []


def test_what_was_put_away_does_not_move(desk):
    toys = desk(ToyService)
    row = toys.create(ALICE, "toy", name="a")
    toys.ask(ALICE, "archive", entity="toy", id=row["id"])
    with pytest.raises(IllegalTransition):
        toys.ask(ALICE, "play_toy", id=row["id"])


def test_the_day_at_a_branch_begins_in_its_time_zone(desk):
    """Noon in Shanghai is still yesterday in Honolulu."""
    toys = desk(ToyService)
    branch = new_id()
    with toys.house.sessions.begin() as session:
        card = BranchListed(
            record_id=branch, epoch=1, ver=1, label="Honolulu", data={"timezone": "Pacific/Honolulu"}
        )
        replicas.follow(session, card)
        work = Work(session, ALICE, toys.house)
        assert (work.day_at(None), work.day_at(branch)) == (date(2026, 3, 10), date(2026, 3, 9))


def test_the_log_replayed_gives_the_record(desk):
    toys = desk(ToyService)
    row = toys.create(ALICE, "toy", name="a", price="5", tags=["wood"], parts=[{"text": "leg", "price": 1}])
    for values in ({"price": "7.10"}, {"name": "b", "tags": []}, {"parts": []}):
        toys.ask(BOB, "update", {"entity": "toy", "id": row["id"], "values": values})
    toys.ask(ALICE, "play_toy", id=row["id"])
    with toys.house.sessions() as session:
        entries = session.scalars(select(audit.Change).order_by(audit.Change.ver)).all()
        stored = session.get(ToyRow, UUID(row["id"]))
        assert audit.replay(list(entries)) == {k: v[1] for k, v in audit.born(stored).items()}
        assert [e.ver for e in entries] == [1, 2, 3, 4, 5]


def test_an_owner_elsewhere_must_be_known(desk):
    toys = desk(ToyService)
    with pytest.raises(Invalid):
        toys.create(BOB, "toy", name="a", owner_id="00000000-0000-7000-8000-00000000dead")


def test_what_the_last_flush_announces_leaves_with_the_commit(desk):
    toys = desk(ToyService)
    with toys.house.sessions.begin() as session:
        Work(session, ALICE, toys.house)
        session.add(ToyRow(name="a"))
    assert [card.label for card in toys.emitted(ToyListed)] == ["a"]
