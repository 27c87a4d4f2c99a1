"""Owners are reminded once for each moment, by the kind of activity or as they chose (ACT-01, users 13)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.work import Work
from contracts.actor import Actor
from contracts.customer import ActivityComesUp
from contracts.errors import Invalid
from services.customer import model
from services.customer.actions import reminders
from services.customer.actions.reminders import remind
from services.customer.seed import seed
from tests.desk import NOON
from tests.service.customer.conftest import ALICE, CALL, ROOT, VISIT


@pytest.fixture
def rules(office):
    """A day and an hour before a visit; before a call nothing."""
    for minutes in (60, 1440):
        office.create(ROOT, "reminder_rule", kind_id=str(VISIT), minutes=minutes)
    return office


def planned(office, at: datetime, kind=VISIT, **more) -> dict[str, Any]:
    return office.create(
        ALICE, "activity", subject="看车间", kind_id=str(kind), starts_at=at.isoformat(), **more
    )


def looked(office, times: int = 1) -> list[int]:
    """Let the job run; which moments were told of so far, in minutes."""
    for _ in range(times):
        with office.house.sessions.begin() as session:
            remind(Work(session, Actor.system("customer"), office.house, door="remind"))
    return [event.minutes for event in office.emitted(ActivityComesUp)]


def test_a_day_and_an_hour_before_once_each_however_often_one_looks(rules):
    planned(rules, NOON + timedelta(days=2))
    assert looked(rules) == []
    rules.later(days=1)
    assert looked(rules, 3) == [1440]
    rules.later(hours=22, minutes=59)
    assert looked(rules) == [1440]
    rules.later(minutes=1)
    assert looked(rules, 3) == [1440, 60]
    rules.later(days=1)
    assert looked(rules) == [1440, 60]
    (first, *_) = rules.emitted(ActivityComesUp)
    assert (first.owner_id, first.subject) == (ALICE.id, "看车间")


def test_what_was_missed_is_told_once_by_the_nearest_moment(rules):
    planned(rules, NOON + timedelta(days=3))
    rules.later(days=2, hours=23, minutes=30)  # nothing ran for days
    assert looked(rules, 2) == [60]


def test_nobody_waits_behind_others_however_many_begin_at_once(rules, monkeypatch):
    """A segment with thousands of members plans for all of them at one hour."""
    monkeypatch.setattr(reminders, "AT_ONCE", 2)
    monkeypatch.setattr(reminders, "CHOSEN", reminders.CHOSEN | {"at_start": (0, 30)})
    everybody = {planned(rules, NOON + timedelta(days=2))["id"] for _ in range(5)}
    at_start = planned(rules, NOON + timedelta(days=2), remind="at_start")["id"]
    rules.later(days=1)
    assert looked(rules, 2) == [1440] * 5
    assert {str(event.activity_id) for event in rules.emitted(ActivityComesUp)} == everybody
    rules.later(hours=23, minutes=30)
    assert looked(rules, 2)[5:] == [60] * 5 + [30]
    assert str(rules.emitted(ActivityComesUp)[-1].activity_id) == at_start


def test_not_of_what_is_over_cancelled_done_or_was_entered_just_now(rules):
    gone = planned(rules, NOON + timedelta(days=2))
    done = planned(rules, NOON + timedelta(days=2))
    planned(rules, NOON + timedelta(minutes=30))
    planned(rules, NOON + timedelta(days=2), kind=CALL)
    rules.ask(ALICE, "cancel_activity", id=gone["id"])
    rules.ask(ALICE, "complete_activity", id=done["id"])
    assert looked(rules) == []
    rules.later(days=1, hours=23)
    assert looked(rules) == []


def test_what_is_moved_has_moments_of_its_own_again(rules):
    row = planned(rules, NOON + timedelta(days=2))
    rules.later(days=1)
    assert looked(rules) == [1440]
    rules.ask(
        ALICE,
        "update",
        entity="activity",
        id=row["id"],
        values={"starts_at": (NOON + timedelta(days=9)).isoformat()},
    )
    assert looked(rules) == [1440]
    rules.later(days=7)
    assert looked(rules) == [1440, 1440]


@pytest.mark.parametrize(
    ("choice", "minutes"),
    [
        ("never", []),
        ("at_start", [0]),
        ("15_minutes_before", [15]),
        ("1_hour_before", [60]),
        ("1_day_before", [1440]),
    ],
)
def test_her_own_choice_goes_before_the_rules(rules, choice, minutes):
    planned(rules, NOON + timedelta(days=2), remind=choice)
    rules.later(days=1)
    looked(rules)
    for _ in range(24):
        rules.later(minutes=60)
        looked(rules)
    assert looked(rules) == minutes


def plant(office) -> None:
    with office.house.sessions.begin() as session:
        seed(Work(session, Actor.system("seed"), office.house, door="seed"))


def test_without_anybody_s_doing_visits_and_calls_are_reminded_of(office):
    plant(office)
    planned(office, NOON + timedelta(hours=3))
    planned(office, NOON + timedelta(hours=3), kind=CALL)
    office.later(hours=2)
    assert looked(office, 2) == [60]
    office.later(minutes=45)
    assert looked(office, 2) == [60, 15]


def test_what_the_company_says_of_a_kind_stands_alone_also_after_the_next_start(rules):
    plant(rules)
    plant(rules)
    kept = {(rule.kind_id, rule.minutes) for rule in rules.rows(model.ReminderRule)}
    assert {minutes for kind, minutes in kept if kind == VISIT} == {60, 1440}
    assert {minutes for kind, minutes in kept if kind == CALL} == {15}


def test_the_same_moment_twice_is_refused(rules):
    with pytest.raises(Invalid) as refused:
        rules.create(ROOT, "reminder_rule", kind_id=str(VISIT), minutes=60)
    assert [(p.field, p.code) for p in refused.value.fields] == [("minutes", "taken")]
