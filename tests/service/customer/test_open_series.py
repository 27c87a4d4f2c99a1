"""Series without an end (ACT-01, ACT-04): kept filled by the clock, ended by people."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.work import Work
from contracts.actor import Actor
from contracts.customer import ActivityPlanned
from contracts.errors import Invalid
from contracts.organization import StaffListed
from services.customer import model
from services.customer.actions import open_series
from services.customer.actions.open_series import AHEAD, AT_LEAST
from tests.cast import ALICE_ID, BEIJING, CAROL_ID, SALES, person
from tests.desk import NOON
from tests.service.customer.conftest import ALICE, BOB, CALL, CAROL, ROOT, VISIT

BERLIN = ZoneInfo("Europe/Berlin")
TRAVELLER = person(ALICE_ID, "Alice", "customer.* own", timezone="Europe/Berlin")
MONDAY = datetime(2026, 3, 16, 9, 0, tzinfo=BERLIN)


def begun(office, actor=TRAVELLER, at: datetime = MONDAY, **wish) -> str:
    """The first of a series that never ends."""
    wish = {"unit": "week", **wish}
    return str(office.ask(
        actor, "plan_activity", subject="例会", kind_id=str(VISIT), starts_at=at.isoformat(), ends="never", **wish
    )["row"]["id"])  # fmt: skip


def go_on(office) -> None:
    """The job by the clock."""
    with office.house.sessions.begin() as session:
        open_series.go_on(Work(session, Actor.system("clock"), office.house, door="plan_open_series"))


def series(office, id: str, *states: str) -> list[model.Activity]:
    (first,) = office.rows(model.Activity, id=id)
    rows = [
        row
        for row in office.rows(model.Activity, series_id=first.series_id)
        if row.state in (states or (row.state,))
    ]
    return sorted(rows, key=lambda row: row.starts_at)


def clock(rows, zone=BERLIN) -> list[str]:
    return [f"{row.starts_at.astimezone(zone):%Y-%m-%d %H:%M}" for row in rows]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    waits=st.lists(st.integers(0, 60), min_size=1, max_size=2), every=st.integers(2, 5),
    wish=st.sampled_from([
        {"unit": "day"}, {"unit": "week", "weekdays": ["thursday", "monday"]}, {"unit": "month"}, {"unit": "year"},
        {"unit": "month", "nth": "last", "weekdays": ["friday"]},
    ]),
)  # fmt: skip
def test_filling_twice_is_filling_once_and_leaves_no_gap(office, waits, every, wish):
    """ACT-01: whenever the job runs, and however often, there is what a series with an end far away has."""
    savepoint, now = office.connection.begin_nested(), office.now
    id = begun(office, every=every, **wish)
    for days in waits:
        office.later(days=days)
        go_on(office)
        once = {(row.id, row.ver) for row in series(office, id)}
        go_on(office)
        assert {(row.id, row.ver) for row in series(office, id)} == once
    found = clock(series(office, id))
    far = office.ask(
        TRAVELLER, "plan_activity", subject="例会", kind_id=str(VISIT), starts_at=MONDAY.isoformat(), times=len(found), every=every,
        **wish,
    )["row"]["id"]  # fmt: skip
    assert found == clock(series(office, far))
    to_come = [row.starts_at for row in series(office, id) if row.starts_at > office.now]
    assert len(to_come) >= AT_LEAST
    assert max(to_come) + timedelta(days=3 * 366) > office.now + AHEAD
    assert all(at <= office.now + AHEAD for at in to_come[AT_LEAST:])
    savepoint.rollback()
    office.now = now


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    done=st.sets(st.integers(0, 8)), cancelled=st.sets(st.integers(0, 8)), last=st.integers(-3, 400), waits=st.integers(0, 90)
)  # fmt: skip
def test_ending_leaves_what_was_done_and_nothing_planned_behind_the_day(office, done, cancelled, last, waits):
    savepoint, now = office.connection.begin_nested(), office.now
    id = begun(office)
    rows = series(office, id)
    for number in sorted(done | cancelled):
        verb = "complete_activity" if number in done else "cancel_activity"
        office.ask(TRAVELLER, verb, id=str(rows[number].id))
    before = {row.id: (row.state, row.ver) for row in series(office, id, "done", "cancelled")}
    last_on = MONDAY.date() + timedelta(days=last)
    some = str(series(office, id, "planned")[0].id)
    office.ask(TRAVELLER, "end_series_activity", id=some, last_on=last_on.isoformat())
    for _ in range(3):
        office.later(days=waits)
        go_on(office)
    after = {row.id: (row.state, row.ver) for row in series(office, id)}
    assert {id: after[id] for id in before} == before, "what was done stays as it was"
    planned = series(office, id, "planned")
    assert all(row.starts_at.astimezone(BERLIN).date() <= last_on for row in planned)
    assert {row.repeats for row in planned} <= {f"FREQ=WEEKLY;INTERVAL=1;UNTIL={last_on:%Y%m%d}"}
    savepoint.rollback()
    office.now = now


def test_every_monday_until_somebody_says_otherwise(office):
    """ACT-01: half a year ahead at once, at nine by the clock also in summer; whoever it is for is told once."""
    id = str(office.ask(
        BOB, "plan_activity", subject="例会", kind_id=str(VISIT), starts_at=MONDAY.isoformat(), unit="week", ends="never",
        owner_id=str(ALICE_ID),
    )["row"]["id"])  # fmt: skip
    assert len(series(office, id)) == 25
    office.later(days=21)
    go_on(office)
    rows = series(office, id)
    assert len(rows) == 28
    assert {row.owner_id for row in rows} == {ALICE_ID}
    assert {row.repeats for row in rows} == {"FREQ=WEEKLY;INTERVAL=1"}
    told = office.emitted(ActivityPlanned)
    assert [event.is_repeated for event in told].count(False) == 1


@pytest.mark.parametrize(
    ("wish", "field", "code"),
    [
        ({"ends": "never", "times": 3}, "times", "ends_otherwise"),
        ({"ends": "never", "until": "2026-05-01"}, "until", "ends_otherwise"),
        ({"ends": "on_a_day"}, "until", "required"),
        ({"ends": "on_a_day", "until": "2026-05-01", "times": 3}, "times", "ends_otherwise"),
        ({"ends": "after_n_times"}, "times", "required"),
        ({"ends": "some day"}, "ends", "not_a_choice"),
        ({"ends": "never", "unit": "day", "weekdays": ["monday"]}, "weekdays", "by_week_or_month"),
    ],
)
def test_how_it_ends_is_said_in_one_way(office, wish, field, code):
    with pytest.raises(Invalid) as refused:
        office.ask(
            ALICE,
            "plan_activity",
            subject="例会",
            kind_id=str(VISIT),
            starts_at=MONDAY.isoformat(),
            **{"unit": "week", **wish},
        )
    assert [(p.field, p.code) for p in refused.value.fields] == [(field, code)]
    assert office.rows(model.Activity) == office.rows(model.OpenSeries) == []


@pytest.mark.parametrize(
    "wish", [{"ends": "on_a_day", "until": "2026-03-30"}, {"ends": "after_n_times", "times": 3}]
)
def test_what_ends_on_a_day_or_after_so_many_is_planned_as_a_whole(office, wish):
    id = begun(office)
    office.ask(TRAVELLER, "cancel_activity", id=id, reach="all")
    row = office.create(
        TRAVELLER, "activity", subject="例会", kind_id=str(VISIT), starts_at=MONDAY.isoformat()
    )
    office.ask(TRAVELLER, "repeat_activity", id=row["id"], unit="week", **wish)
    assert len(series(office, row["id"])) == 3
    assert office.rows(model.OpenSeries) == []


def test_what_was_changed_with_all_that_follow_goes_on_as_changed(office):
    """ACT-04: subject, kind, person and hour, also of what was not planned yet; what was changed alone stays alone."""
    id = begun(office, BOB)
    rows = series(office, id)
    alone = rows[3].starts_at + timedelta(days=1)
    office.ask(BOB, "move_activity", id=str(rows[3].id), starts_at=alone.isoformat())
    office.ask(
        BOB, "change_series_activity", id=str(rows[1].id), reach="this_and_following", subject="周会", kind_id=str(CALL),
        owner_id=str(ALICE_ID), starts_at=(rows[1].starts_at + timedelta(days=1, hours=2)).isoformat(),
    )  # fmt: skip
    office.later(days=30)
    go_on(office)
    new = series(office, id)[-4:]
    assert {(row.subject, row.kind_id, row.owner_id) for row in new} == {("周会", CALL, ALICE_ID)}
    first = rows[0].starts_at
    assert {(row.starts_at - first) % timedelta(days=7) for row in new} == {timedelta(days=1, hours=2)}


def test_this_and_all_that_follow_are_cancelled_for_good(office):
    id = begun(office)
    rows = series(office, id)
    office.ask(TRAVELLER, "cancel_activity", id=str(rows[2].id), reach="this_and_following")
    office.later(days=100)
    go_on(office)
    assert [row.id for row in series(office, id, "planned")] == [rows[0].id, rows[1].id]
    assert {row.repeats for row in series(office, id, "planned")} == {"FREQ=WEEKLY;INTERVAL=1;UNTIL=20260329"}
    assert len(series(office, id)) == len(rows)


def test_one_time_that_is_cancelled_or_done_does_not_end_it(office):
    id = begun(office, unit="year")
    assert clock(series(office, id)) == ["2026-03-16 09:00", "2027-03-16 09:00"]
    for _ in range(2):
        office.ask(TRAVELLER, "cancel_activity", id=str(series(office, id, "planned")[-1].id))
    go_on(office)
    assert clock(series(office, id, "planned")) == ["2028-03-16 09:00", "2029-03-16 09:00"]


def test_an_end_ahead_of_what_is_planned_is_kept_and_reached(office):
    id = begun(office)
    office.ask(TRAVELLER, "end_series_activity", id=id, last_on="2026-10-05")
    for _ in range(8):
        office.later(days=20)
        go_on(office)
    assert clock(series(office, id))[-1] == "2026-10-05 09:00"
    assert office.rows(model.OpenSeries) == []


def test_a_series_with_an_end_is_ended_sooner(office):
    id = str(office.ask(
        TRAVELLER, "plan_activity", subject="例会", kind_id=str(VISIT), starts_at=MONDAY.isoformat(), unit="week", times=5
    )["row"]["id"])  # fmt: skip
    office.ask(TRAVELLER, "end_series_activity", id=id, last_on="2026-03-23")
    assert [row.state for row in series(office, id)] == ["planned"] * 2 + ["cancelled"] * 3
    assert {row.repeats for row in series(office, id, "planned")} == {"FREQ=WEEKLY;INTERVAL=1;UNTIL=20260323"}
    alone = office.create(ALICE, "activity", subject="拜访", kind_id=str(VISIT), starts_at=NOON.isoformat())
    with pytest.raises(Invalid) as refused:
        office.ask(ALICE, "end_series_activity", id=alone["id"])
    assert [(p.field, p.code) for p in refused.value.fields] == [("last_on", "no_series")]


def test_with_the_customer_goes_what_is_planned_and_what_follows(office, customer):
    """CUS-22: whoever looks after the customer from now on does it; a contact who went elsewhere does not come along."""
    contact = office.create(ALICE, "contact", name="王芳", customer_id=customer["id"])
    id = begun(office, ALICE, customer_id=customer["id"], contact_id=contact["id"])
    office.ask(ROOT, "hand_over_customer", id=customer["id"], owner_id=str(CAROL_ID))
    other = office.create(CAROL, "customer", name="上海另一家有限公司")
    office.ask(ROOT, "change_job_contact", id=contact["id"], customer_id=other["id"])
    office.later(days=14)
    go_on(office)
    rows = series(office, id)
    assert len(rows) == 27
    assert {row.owner_id for row in rows} == {CAROL_ID}
    assert {str(row.customer_id) for row in rows} == {customer["id"]}
    assert [row.contact_id for row in rows[-2:]] == [None, None]


def test_it_rests_while_its_owner_has_left_or_the_customer_is_put_away(office, customer):
    id = begun(office, ALICE, customer_id=customer["id"])
    card = {"record_id": ALICE_ID, "epoch": 1, "label": "Alice", "label_en": None}
    data = {"login": "alice", "department_id": str(SALES), "branch_id": str(BEIJING)}
    office.hear(StaffListed(**card, ver=2, data={**data, "state": "left"}))
    office.later(days=14)
    go_on(office)
    assert len(series(office, id)) == 25
    office.hear(StaffListed(**card, ver=3, data={**data, "state": "active"}))
    office.ask(ROOT, "archive", entity="customer", id=customer["id"])
    go_on(office)
    assert len(series(office, id)) == 25
    office.ask(ROOT, "restore", entity="customer", id=customer["id"])
    go_on(office)
    assert len(series(office, id)) == 27


def test_whoever_has_one_of_it_does_not_end_it_for_the_others(office):
    id = begun(office, ROOT, at=NOON + timedelta(days=1))
    rows = series(office, id)
    office.ask(ROOT, "assign_activity", id=str(rows[1].id), owner_id=str(ALICE_ID))
    office.ask(ALICE, "cancel_activity", id=str(rows[1].id), reach="this_and_following")
    assert [row.state for row in series(office, id)].count("cancelled") == 1
    assert len(office.rows(model.OpenSeries)) == 1


def test_a_run_that_was_killed_has_planned_nothing(office):
    id = begun(office)
    office.later(days=21)
    with office.house.sessions() as session:  # never committed
        open_series.go_on(Work(session, Actor.system("clock"), office.house, door="plan_open_series"))
    assert len(series(office, id)) == 25
    go_on(office)
    assert len(series(office, id)) == 28
