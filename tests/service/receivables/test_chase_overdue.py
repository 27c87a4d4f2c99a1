"""The daily look at due dates: overdue is marked, and each instalment is chased by one piece of news (RCV-04, NTF-01)."""

from decimal import Decimal

import pytest

from chassis.work import Work
from contracts.actor import Actor
from contracts.errors import Forbidden
from contracts.organization import BranchListed
from contracts.receivables import InstalmentComesDue, InstalmentFellDue
from services.receivables.actions.receivable import chase_overdue, mark_overdue
from tests.cast import ALICE_ID, BEIJING
from tests.desk import Desk
from tests.factories.receivables import (
    ALICE,
    DAN,
    due_on,
    instalments_of,
    pay,
    planned,
    receivable_of,
    signed,
)


def test_it_works(house: Desk):
    contract = signed(house, instalments=planned((due_on(1), "600"), (due_on(30), "400")))
    house.later(days=1)
    assert chase(house)["fell_due"] == 0
    assert receivable_of(house, contract)["overdue_amount"] == "0.00"
    house.later(days=1)
    assert chase(house) == {"marked": 1, "fell_due": 1, "come_due": 0}
    assert receivable_of(house, contract)["overdue_amount"] == "600.00"
    assert [p["overdue"] for p in instalments_of(house, contract)] == [True, False]
    (event,) = house.emitted(InstalmentFellDue)
    assert (event.contract_number, event.open_amount) == (contract["number"], Decimal("600.00"))
    assert (event.owner_id, event.due_on.isoformat()) == (ALICE_ID, due_on(1))


def test_however_often_we_look_it_is_said_once(house: Desk):
    signed(house, instalments=planned((due_on(1), "1000")))
    for _ in range(3):
        house.later(days=2)
        chase(house)
        chase(house)
    assert len(house.emitted(InstalmentFellDue)) == 1


def test_not_even_again_after_a_payment_was_taken_back(house: Desk):
    contract = signed(house, instalments=planned((due_on(1), "1000")))
    house.later(days=2)
    chase(house)
    payment = pay(house, contract, "1000")["row"]
    assert receivable_of(house, contract)["overdue_amount"] == "0.00"
    house.ask(DAN, "reverse_payment", id=payment["id"], note="x")
    assert receivable_of(house, contract)["overdue_amount"] == "1000.00"
    assert chase(house)["fell_due"] == 0


def test_what_is_paid_is_not_chased(house: Desk):
    contract = signed(house, instalments=planned((due_on(1), "600"), (due_on(2), "400")))
    pay(house, contract, "600")
    house.later(days=2)
    assert chase(house) == {"marked": 0, "fell_due": 0, "come_due": 0}
    house.later(days=1)
    assert chase(house)["fell_due"] == 1
    assert [e.open_amount for e in house.emitted(InstalmentFellDue)] == [400]


def test_only_what_is_left_is_overdue(house: Desk):
    contract = signed(house, instalments=planned((due_on(1), "600"), (due_on(30), "400")))
    pay(house, contract, "250")
    house.later(days=2)
    chase(house)
    assert receivable_of(house, contract)["overdue_amount"] == "350.00"
    pay(house, contract, "100")
    assert receivable_of(house, contract)["overdue_amount"] == "250.00"


def test_the_day_begins_where_the_branch_is(house: Desk):
    """Ten in the morning of the 12th in Shanghai is still the 11th in Honolulu: due on the 11th is not yet too late."""
    signed(house, instalments=planned((due_on(1), "1000")))
    house.later(days=1, hours=22)
    honolulu = {"timezone": "Pacific/Honolulu"}
    house.hear(BranchListed(record_id=BEIJING, epoch=1, ver=2, label="x", data=honolulu))
    assert chase(house)["fell_due"] == 0
    house.later(hours=8)
    assert chase(house)["fell_due"] == 1


def test_the_reminder_days_are_told_once(house: Desk):
    plan = [{"due_on": due_on(10), "amount": "1000", "reminder_days": 3}]
    signed(house, instalments=plan)
    told = []
    for _ in range(12):
        chase(house)
        told.append(len(house.emitted(InstalmentComesDue)))
        house.later(days=1)
    assert told == [0] * 7 + [1] * 5
    assert house.emitted(InstalmentComesDue)[0].open_amount == 1000


def test_the_jobs_do_the_same_as_the_door(house: Desk):
    contract = signed(house, instalments=planned((due_on(1), "1000")))
    house.later(days=2)
    run(house, mark_overdue)
    assert receivable_of(house, contract)["overdue_amount"] == "1000.00"
    assert house.emitted(InstalmentFellDue) == []
    run(house, chase_overdue)
    assert len(house.emitted(InstalmentFellDue)) == 1


def test_a_rep_does_not_start_it(house: Desk):
    with pytest.raises(Forbidden):
        house.ask(ALICE, "run_chase_overdue")


def chase(house: Desk) -> dict[str, int]:
    return house.ask(DAN, "run_chase_overdue")


def run(house: Desk, job) -> None:
    with house.house.sessions.begin() as session:
        job(Work(session, Actor.system("test"), house.house, door=job.__name__))
