"""The ladder listed periodically (CUS-06): how many stood on each step at the end of each month, who went up and down."""

from __future__ import annotations

import pytest

from chassis.work import Work
from contracts.actor import Actor
from contracts.errors import Forbidden, Invalid
from services.customer.seed import seed
from tests.cast import SALES, person
from tests.service.customer.conftest import ALICE, BOB, CAROL, ROOT

YEAR = {"from_on": "2026-03-01", "to_on": "2026-07-31"}


@pytest.fixture(autouse=True)
def shipped(office):
    """The rules that the service is born with."""
    with office.house.sessions.begin() as session:
        seed(Work(session, Actor.system("seed"), office.house, door="seed"))


def step(office, customer, to, field="loyalty"):
    office.ask(ROOT, "classify_customer", id=customer["id"], **{field: to}, note="x")


@pytest.fixture
def three_months(office):
    """March: two customers of Alice's. April: one climbs twice, one of Carol's is found. May: one falls, one is put away."""
    first, second = (office.create(ALICE, "customer", name=name) for name in ("甲", "乙"))
    office.later(days=30)
    step(office, first, "prospect")
    step(office, first, "closed")
    third = office.create(CAROL, "customer", name="丙")
    gone = office.create(ALICE, "customer", name="走了")
    office.later(days=30)
    step(office, first, "potential")
    step(office, third, "loyal")
    office.ask(ROOT, "archive", entity="customer", id=gone["id"])
    return first, second, third


def months(found):
    return {month["on"]: month["counts"] for month in found["months"]}


def test_how_many_stood_where_at_the_end_of_each_month(office, three_months):
    found = office.ask(ROOT, "ladder", **YEAR)
    assert found["steps"] == ["target", "potential", "prospect", "closed", "loyal"]
    assert months(found) == {
        "2026-03-31": {"target": 2}, "2026-04-30": {"target": 2, "closed": 1},
        "2026-05-09": {"target": 1, "potential": 1, "loyal": 1},
    }  # fmt: skip
    assert months(office.ask(ROOT, "ladder", from_on="2026-04-02", to_on="2026-04-10")) == {
        "2026-04-30": {"target": 2, "closed": 1}
    }
    assert months(office.ask(ROOT, "ladder", from_on="2026-06-01", to_on="2026-06-30")) == {}


def test_who_went_up_and_down_by_owner_and_by_department(office, three_months):
    found = office.ask(ROOT, "ladder", **YEAR)
    assert [(one["name"], one["before"], one["after"], one["is_up"]) for one in found["climbs"]] in (
        [("甲", "target", "potential", True), ("丙", "target", "loyal", True)],
        [("丙", "target", "loyal", True), ("甲", "target", "potential", True)],
    )
    may = office.ask(ROOT, "ladder", from_on="2026-05-01", to_on="2026-05-31")
    assert (may["up"], may["down"]) == (1, 1)
    assert {(one["id"], one["up"], one["down"]) for one in may["moved"]} == {
        (str(ALICE.id), 0, 1),
        (str(CAROL.id), 1, 0),
    }
    assert may["labels"][str(ALICE.id)]["label"]
    by = office.ask(ROOT, "ladder", **YEAR, by="department_id", department_id=str(SALES))
    assert [(one["id"], one["up"], one["down"]) for one in by["moved"]] == [(str(SALES), 1, 0)]
    assert months(by)["2026-05-09"] == {"target": 1, "potential": 1}


def test_value_classes_are_told_in_the_same_way(office, three_months):
    step(office, three_months[1], "key", "value_class")
    found = office.ask(ROOT, "ladder", **YEAR, field="value_class")
    assert found["steps"] == ["potential", "target", "key"]
    assert months(found)["2026-05-09"] == {"potential": 2, "key": 1}
    assert months(found)["2026-04-30"] == {"potential": 3}


def test_nobody_counts_customers_she_does_not_see(office, three_months):
    assert months(office.ask(ALICE, "ladder", **YEAR))["2026-05-09"] == {"target": 1, "potential": 1}
    assert months(office.ask(CAROL, "ladder", **YEAR)) == {
        "2026-03-31": {}, "2026-04-30": {"target": 1}, "2026-05-09": {"loyal": 1},
    }  # fmt: skip
    with pytest.raises(Forbidden):
        office.ask(person(BOB.id, "Bob", "customer.customer.* all"), "ladder", **YEAR)


@pytest.mark.parametrize(
    "period",
    [
        {"from_on": "2026-05-01", "to_on": "2026-04-30"}, {"from_on": "2010-01-01", "to_on": "2026-04-30"},
        {"from_on": "0001-01-01", "to_on": "0001-01-31"}, {"from_on": "2021-03-31", "to_on": "9999-12-31"},
    ],
)  # fmt: skip
def test_a_period_is_one_that_can_be_told(office, period):
    with pytest.raises(Invalid):
        office.ask(ROOT, "ladder", **period)


def test_a_period_may_end_with_the_calendar(office, three_months):
    found = office.ask(ROOT, "ladder", from_on="2021-06-01", to_on="9999-12-31")
    assert len(found["months"]) == 60
    assert (
        found["climbs"]
        == office.ask(ROOT, "ladder", from_on="2021-06-01", to_on="2026-07-31")["climbs"]
        != []
    )
