"""What each rep's customers owe, and how much of it is overdue (RCV-05)."""

import pytest

from contracts.errors import Forbidden
from tests.cast import ALICE_ID, CAROL_ID, id_of, person
from tests.desk import Desk
from tests.factories.receivables import ALICE, BOB, CAROL, DAN, due_on, pay, planned, signed

HALVES = planned((due_on(1), "600"), (due_on(30), "400"))


def test_open_and_overdue_of_each_rep(house: Desk):
    first, second = signed(house, instalments=HALVES), signed(house, instalments=HALVES)
    signed(house, CAROL, customer_id=own_customer(house), instalments=HALVES)
    pay(house, first, "100")
    pay(house, second, "1000")
    house.later(days=2)
    answer = house.ask(DAN, "per_rep")
    rows = {row["owner_id"]: row for row in answer["rows"]}
    assert rows[str(ALICE_ID)] == {
        "owner_id": str(ALICE_ID), "open_amount": "900.00", "open_count": 1, "overdue_amount": "500.00",
        "overdue_count": 1, "oldest_due_on": due_on(1),
    }  # fmt: skip
    assert rows[str(CAROL_ID)]["overdue_amount"] == "600.00"
    assert answer["totals"] == {"open_amount": "1900.00", "overdue_amount": "1100.00"}
    assert answer["labels"][str(ALICE_ID)]["label"] == "Alice"


def test_it_changes_with_the_day_not_with_the_job(house: Desk):
    signed(house, instalments=HALVES)
    seen = []
    for _ in range(3):
        seen.append(house.ask(ALICE, "per_rep")["totals"]["overdue_amount"])
        house.later(days=1)
    assert seen == ["0.00", "0.00", "600.00"]


def test_everybody_sees_the_sums_of_those_she_may_see(house: Desk):
    signed(house, instalments=HALVES)
    signed(house, CAROL, customer_id=own_customer(house), instalments=HALVES)
    seen = {
        actor.name: [r["owner_id"] for r in house.ask(actor, "per_rep")["rows"]]
        for actor in (ALICE, BOB, CAROL)
    }
    assert seen == {"Alice": [str(ALICE_ID)], "Bob": [str(ALICE_ID)], "Carol": [str(CAROL_ID)]}
    assert house.ask(DAN, "per_rep", staff_ids=[str(CAROL_ID)])["totals"]["open_amount"] == "1000.00"
    with pytest.raises(Forbidden):
        house.ask(person(id_of(309), "Ivy", "sales.* all"), "per_rep")


def own_customer(house: Desk) -> str:
    """A customer of Carol's."""
    from contracts.customer import CustomerListed

    owner = {
        "owner_id": str(CAROL_ID),
        "department_id": str(CAROL.department_id),
        "branch_id": str(CAROL.branch_id),
    }
    house.hear(CustomerListed(record_id=id_of(504), epoch=1, ver=1, label="沪上", data=owner))
    return str(id_of(504))
