"""Credit for logging customer contacts (CON-06): derived from what was done, each once, by the day it was done on."""

from __future__ import annotations

import pytest

from chassis.work import Work
from contracts.actor import Actor
from contracts.errors import Forbidden, Invalid
from services.customer.seed import POINTS, seed
from tests.cast import ALICE_ID, BOB_ID, CAROL_ID, person
from tests.service.customer.conftest import ALICE, BOB, CALL, CAROL, ROOT, VISIT

PERIOD = {"from_on": "2026-03-01", "to_on": "2026-03-31"}


@pytest.fixture
def rules(office):
    """A visit is worth 5, a call 2 since ever; a visit 8 from 9 March on."""
    for kind, points, day in ((VISIT, 5, None), (CALL, 2, None), (VISIT, 8, "2026-03-09")):
        office.create(ROOT, "point_rule", kind_id=str(kind), points=points, from_on=day)
    return office


def log(office, customer, kind=VISIT, actor=ALICE, at="2026-03-10T02:00:00Z", **more):
    said = {"kind_id": str(kind), "subject": "拜访", "customer_id": customer["id"], "happened_at": at}
    return office.ask(actor, "log_activity", **said | more)["row"]


def earned(office, actor=ALICE, **more):
    found = office.ask(actor, "points", **PERIOD | more)
    return [
        (one["staff_id"], one["rank"], one["points"], one["activities"], one["late"])
        for one in found["people"]
    ]


def test_each_kind_is_worth_what_the_rule_of_its_day_says(rules, customer):
    log(rules, customer)
    log(rules, customer, at="2026-03-08T02:00:00Z")
    log(rules, customer, at="2026-03-08T16:00:00Z")  # the 9th in Shanghai
    log(rules, customer, CALL)
    assert earned(rules)[0][:4] == (str(ALICE_ID), 1, 8 + 5 + 8 + 2, 4)


def test_what_is_planned_counts_when_it_is_done_and_no_more_when_it_is_put_away(rules, customer):
    planned = rules.ask(
        ALICE, "plan_activity", kind_id=str(VISIT), subject="拜访", customer_id=customer["id"],
        starts_at="2026-03-11T02:00:00Z",
    )["row"]  # fmt: skip
    assert earned(rules) == []
    rules.ask(ALICE, "complete_activity", id=planned["id"], done_at="2026-03-10T03:00:00Z")
    assert earned(rules)[0][2:4] == (8, 1)
    rules.ask(ALICE, "archive", entity="activity", id=planned["id"])
    assert earned(rules) == []
    rules.ask(ALICE, "restore", entity="activity", id=planned["id"])
    assert earned(rules)[0][2:4] == (8, 1)


def test_pressing_twice_counts_once_and_what_is_cancelled_never(rules, customer):
    said = {"kind_id": str(VISIT), "subject": "拜访", "customer_id": customer["id"]}
    for _ in range(2):
        rules.ask(ALICE, "log_activity", said, key="once")
    planned = rules.ask(ALICE, "plan_activity", **said, starts_at="2026-03-11T02:00:00Z")["row"]
    rules.ask(ALICE, "cancel_activity", id=planned["id"])
    assert earned(rules)[0][2:4] == (8, 1)


def test_only_what_was_done_with_somebody_in_the_period(rules, customer):
    rules.create(
        ALICE,
        "activity",
        kind_id=str(VISIT),
        subject="写报告",
        starts_at="2026-03-10T02:00:00Z",
        done_at="2026-03-10T02:00:00Z",
    )
    log(rules, customer, at="2026-02-28T02:00:00Z")
    assert earned(rules) == []
    assert earned(rules, from_on="2026-02-01", to_on=None)[0][3] == 1  # the month of that day


def test_late_logging_is_seen(rules, customer):
    log(rules, customer, at="2026-03-10T02:00:00Z")
    old = log(rules, customer, at="2026-03-05T02:00:00Z")
    found = rules.ask(ALICE, "points", **PERIOD, staff_id=str(ALICE_ID))
    assert found["people"][0]["late"] == 1
    (late,) = [one for one in found["entries"] if one["is_late"]]
    assert (late["activity_id"], late["done_at"], late["entered_at"]) == (
        old["id"],
        "2026-03-05T02:00:00Z",
        "2026-03-10T04:00:00Z",
    )
    assert found["labels"][late["customer_id"]]["label"] == customer["name"]


def test_a_manager_sees_the_ranking_of_her_people_and_nobody_more(rules, customer):
    own = rules.create(BOB, "customer", name="鲍勃的客户")
    for at in ("2026-03-09T02:00:00Z", "2026-03-10T02:00:00Z"):
        log(rules, own, actor=BOB, at=at)
    log(rules, customer, CALL)
    log(rules, rules.create(CAROL, "customer", name="卡罗尔的客户"), actor=CAROL)
    assert earned(rules, BOB) == [(str(BOB_ID), 1, 16, 2, 0), (str(ALICE_ID), 2, 2, 1, 0)]
    assert [one[0] for one in earned(rules)] == [str(ALICE_ID)]
    assert {one[0] for one in earned(rules, ROOT)} == {str(id) for id in (ALICE_ID, BOB_ID, CAROL_ID)}
    assert earned(rules, ALICE, staff_id=str(CAROL_ID)) == []
    with pytest.raises(Forbidden):
        earned(rules, person(ALICE_ID, "Alice", "customer.activity.read own"))


def test_equal_points_share_a_rank(rules, customer):
    for actor in (ALICE, BOB):
        log(rules, rules.create(actor, "customer", name=f"{actor.name} 的"), actor=actor)
    log(rules, customer, CALL, BOB)
    log(rules, customer, CALL, ALICE)
    assert [one[1:3] for one in earned(rules, BOB)] == [(1, 10), (1, 10)]


def test_a_period_that_ends_before_it_begins_and_a_second_number_for_one_day_are_refused(rules):
    with pytest.raises(Invalid) as refused:
        earned(rules, from_on="2026-04-01")
    assert refused.value.fields[0].field == "to_on"
    for field in ("from_on", "to_on"):  # the calendar ends there
        with pytest.raises(Invalid) as refused:
            rules.ask(ALICE, "points", {field: "9999-12-31"})
        assert [(p.field, p.code) for p in refused.value.fields] == [(field, "after")]
    for day in (None, "2026-03-09"):
        with pytest.raises(Invalid) as refused:
            rules.create(ROOT, "point_rule", kind_id=str(VISIT), points=1, from_on=day)
        assert [(p.field, p.code) for p in refused.value.fields] == [("from_on", "taken")]


def test_it_is_born_with_points_for_every_usual_kind(office, customer):
    with office.house.sessions.begin() as session:
        seed(Work(session, Actor.system("customer.seed"), office.house, door="seed"))
    log(office, customer)
    assert earned(office)[0][2] == POINTS["visit"]
