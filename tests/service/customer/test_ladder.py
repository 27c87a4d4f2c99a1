"""The ladder listed periodically (CUS-06): how many stood on each step at the end of each month, who went up and down."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chassis.work import Work
from contracts.actor import Actor
from contracts.customer import LadderReported
from contracts.errors import Forbidden, Invalid
from contracts.organization import RoleListed, role_id
from services.customer.reactions import report_ladder
from services.customer.seed import seed
from tests.cast import SALES, person
from tests.service.customer.conftest import ALICE, BOB, CAROL, ROOT
from tests.service.customer.test_segment import meet

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


@pytest.fixture
def rights(office):
    """Alice sees her own customers, Bob those of his people; the cards tell it."""
    for code, reach in (("rep", "own"), ("sales_manager", "team")):
        grants = [{"permission": "customer.*", "scope": reach}]
        card = RoleListed(
            record_id=role_id(code), epoch=1, ver=1, label=code, data={"code": code, "grants": grants}
        )
        office.hear(card)
    meet(office, ALICE, role_id("rep"), BOB)
    meet(office, BOB, role_id("sales_manager"))
    return office


def month_over(office):
    """The job of the morning, twice; to whom it was told since."""
    before = len(office.emitted(LadderReported))
    for _ in range(2):
        with office.house.sessions.begin() as session:
            report_ladder(Work(session, Actor.system("customer"), office.house, door="report_ladder"))
    return office.emitted(LadderReported)[before:]


def test_each_month_it_is_told_once_to_whom_the_administrator_says(rights, three_months):
    """CUS-06: listed periodically. April's: two stayed where they were, one climbed; Carol's is not for Bob."""
    office = rights
    office.now = datetime(2026, 5, 1, 1, tzinfo=UTC)
    (told,) = month_over(office)
    assert (told.staff_id, str(told.from_on), str(told.to_on)) == (BOB.id, "2026-04-01", "2026-04-30")
    assert (told.counts, told.up, told.went_up, told.down) == ({"target": 1, "closed": 1}, 1, ("甲",), 0)
    office.later(days=30)
    assert month_over(office) == [], "May is not over"
    report = office.ask(ROOT, "list", entity="ladder_report")["rows"][0]
    assert report["told_until"] == "2026-04-30"
    change = {"id": report["id"], "values": {"role_ids": [str(role_id("rep"))]}}
    office.ask(ROOT, "update", entity="ladder_report", **change)
    office.later(days=1)
    assert [told.staff_id for told in month_over(office)] == [ALICE.id]
    office.ask(ROOT, "update", entity="ladder_report", id=report["id"], values={"rhythm": "off"})
    office.later(days=31)
    assert month_over(office) == []
