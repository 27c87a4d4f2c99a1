"""Activities again and again (ACT-01): each at the same hour of one's own clock, cancelled alone or with all that follow."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from contracts.customer import MOST_REPEATED, ActivityPlanned, Repetition
from contracts.errors import IllegalTransition, Invalid, NotFound
from services.customer import model
from services.customer.actions import repetition
from tests.cast import ALICE_ID, person
from tests.desk import NOON
from tests.own_fields import define
from tests.sent_files import send
from tests.service.customer.conftest import ALICE, BOB, CALL, CAROL, VISIT

BERLIN = ZoneInfo("Europe/Berlin")
TRAVELLER = person(ALICE_ID, "Alice", "customer.* own", timezone="Europe/Berlin")
DAYS = {"day": 1, "week": 7}


def planned(office, actor=ALICE, at: datetime = NOON + timedelta(days=1), **more) -> dict:
    return office.create(
        actor, "activity", subject="周会", kind_id=str(VISIT), starts_at=at.isoformat(), **more
    )


def series(office, id: str) -> list[model.Activity]:
    (first,) = office.rows(model.Activity, id=id)
    return sorted(office.rows(model.Activity, series_id=first.series_id), key=lambda row: row.starts_at)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    begins=st.datetimes(datetime(2026, 3, 11), datetime(2027, 12, 31)), every=st.integers(1, 9),
    unit=st.sampled_from(["day", "week", "month", "year"]), times=st.integers(2, 12),
)  # fmt: skip
@example(begins=datetime(2026, 3, 26, 2, 0), every=2, unit="year", times=5)  # two of them fall into the gap
@example(begins=datetime(2026, 3, 15, 2, 30), every=1, unit="week", times=3)  # the third falls into the gap
@example(
    begins=datetime(2026, 10, 22, 2, 0, fold=1), every=1, unit="day", times=4
)  # the fourth comes twice: the first one counts
def test_the_hour_on_the_clock_stays_through_summer_and_winter(office, begins, every, unit, times):
    begins = begins.replace(microsecond=0, second=0, fold=0, tzinfo=BERLIN)
    savepoint = office.connection.begin_nested()
    row = planned(office, TRAVELLER, begins, ends_at=(begins + timedelta(minutes=30)).isoformat())
    office.ask(TRAVELLER, "repeat_activity", id=row["id"], every=every, unit=unit, times=times)
    starts = [one.starts_at.astimezone(BERLIN) for one in series(office, row["id"])]
    assert len(starts) == times
    # an hour that a spring night leaves out is the next one on that day
    clock = [datetime.combine(at.date(), begins.time(), BERLIN).astimezone(UTC) for at in starts]
    assert [at.astimezone(UTC) for at in starts] == clock
    if unit in DAYS:
        days = [at.date() for at in starts]
        assert days == [begins.date() + timedelta(days=n * every * DAYS[unit]) for n in range(times)]
    else:
        assert {at.day for at in starts} == {begins.day}
    assert {one.ends_at - one.starts_at for one in series(office, row["id"])} == {timedelta(minutes=30)}
    savepoint.rollback()


def test_whoever_it_is_planned_for_hears_of_the_first_and_can_tell_the_rest(office):
    row = planned(office, BOB, owner_id=str(ALICE_ID))
    office.ask(BOB, "repeat_activity", id=row["id"], unit="week", times=3)
    told = office.emitted(ActivityPlanned)
    assert [event.is_repeated for event in told] == [False, True, True]
    assert {event.owner_id for event in told} == {ALICE_ID}
    assert {one.repeats for one in series(office, row["id"])} == {"FREQ=WEEKLY;INTERVAL=1;COUNT=3"}


def test_one_is_cancelled_alone_or_with_all_that_follow(office):
    row = planned(office)
    office.ask(ALICE, "repeat_activity", id=row["id"], unit="week", times=6)
    rows = series(office, row["id"])
    office.ask(ALICE, "cancel_activity", id=str(rows[1].id))
    office.ask(ALICE, "complete_activity", id=str(rows[4].id))
    office.ask(ALICE, "cancel_activity", id=str(rows[3].id), reach="this_and_following")
    states = [one.state for one in series(office, row["id"])]
    assert states == ["planned", "cancelled", "planned", "cancelled", "done", "cancelled"]


@pytest.mark.parametrize(
    ("wish", "field", "code"),
    [
        ({}, "ends", "required"),
        ({"times": 1}, "times", "too_small"),
        ({"times": MOST_REPEATED + 1}, "times", "too_large"),
        ({"until": "2026-03-11"}, "until", "before"),
        ({"until": "2031-03-11", "unit": "day"}, "until", "too_often"),
        ({"times": 3, "every": 0}, "every", "too_small"),
        ({"times": 3, "unit": "fortnight"}, "unit", "not_a_choice"),
    ],
)
def test_a_wrong_wish_is_named_and_plans_nothing(office, wish, field, code):
    row = planned(office)
    with pytest.raises(Invalid) as refused:
        office.ask(ALICE, "repeat_activity", id=row["id"], **wish)
    assert [(p.field, p.code) for p in refused.value.fields] == [(field, code)]
    assert len(office.rows(model.Activity)) == 1


def test_what_is_over_or_repeated_already_is_not_repeated(office):
    row = planned(office)
    office.ask(ALICE, "repeat_activity", id=row["id"], until=str(date(2026, 4, 1)), key="once")
    office.ask(ALICE, "repeat_activity", id=row["id"], until=str(date(2026, 4, 1)), key="once")
    assert len(series(office, row["id"])) == 4
    with pytest.raises(Invalid):
        office.ask(ALICE, "repeat_activity", id=row["id"], times=3)
    done = planned(office)
    office.ask(ALICE, "complete_activity", id=done["id"])
    with pytest.raises(IllegalTransition):
        office.ask(ALICE, "repeat_activity", id=done["id"], times=3)


MONDAY = datetime(2026, 3, 16, 9, 0, tzinfo=BERLIN)
RULES = {
    "every Monday and Thursday": (
        {"unit": "week", "weekdays": ["thursday", "monday"], "times": 5}, "FREQ=WEEKLY;INTERVAL=1;BYDAY=TH,MO;COUNT=5",
        ["03-16", "03-19", "03-23", "03-26", "03-30"],
    ),
    "every other week on Wednesday, begun on a Monday": (
        {"unit": "week", "every": 2, "weekdays": ["wednesday"], "times": 3}, "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE;COUNT=3",
        ["03-16", "03-18", "04-01"],
    ),
    "the second Tuesday": (
        {"unit": "month", "nth": "second", "weekdays": ["tuesday"], "until": "2026-06-09"},
        "FREQ=MONTHLY;INTERVAL=1;BYDAY=2TU;UNTIL=20260609", ["03-16", "04-14", "05-12", "06-09"],
    ),
    "the last one as the first was": (
        {"unit": "month", "nth": "last", "times": 3}, "FREQ=MONTHLY;INTERVAL=1;BYDAY=-1MO;COUNT=3", ["03-16", "03-30", "04-27"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "until", "times"), [("day", (2026, 6, 15), 92), ("week", (2028, 3, 15), 105)]
)
def test_a_quarter_day_by_day_and_two_years_week_by_week_are_one_series(unit, until, times):
    found = repetition.times(Repetition(until=date(*until)), unit, MONDAY, BERLIN)
    assert len(found) == times


@pytest.mark.parametrize("name", RULES)
def test_on_weekdays_and_on_the_second_tuesday_planned_at_once_or_repeated_later(office, name):
    """ACT-01: the rule as RFC 5545 writes it, and the same from both doors."""
    wish, written, days = RULES[name]
    begun = {"subject": "例会", "kind_id": str(VISIT), "starts_at": MONDAY.isoformat()}
    planned_row = office.ask(TRAVELLER, "plan_activity", **begun, **wish)["row"]
    later = office.create(TRAVELLER, "activity", **begun)
    office.ask(TRAVELLER, "repeat_activity", id=later["id"], **wish)
    for row in (planned_row, later):
        found = series(office, row["id"])
        assert [f"{one.starts_at.astimezone(BERLIN):%m-%d %H}" for one in found] == [
            f"{day} 09" for day in days
        ]
        assert {one.repeats for one in found} == {written}
    told = office.emitted(ActivityPlanned)
    assert [event.is_repeated for event in told].count(False) == 2


@pytest.mark.parametrize(
    ("wish", "field", "code"),
    [
        ({"unit": "day", "weekdays": ["monday"], "times": 3}, "weekdays", "by_week_or_month"),
        ({"unit": "week", "nth": "second", "times": 3}, "nth", "by_month"),
        ({"unit": "week"}, "ends", "required"),
        ({"times": 3}, "unit", "required"),
        ({"weekdays": ["monday"]}, "unit", "required"),
    ],
)
def test_what_a_plan_says_of_its_repetition_must_fit_together(office, wish, field, code):
    begun = {"subject": "例会", "kind_id": str(VISIT), "starts_at": MONDAY.isoformat()}
    with pytest.raises(Invalid) as refused:
        office.ask(ALICE, "plan_activity", **begun, **wish)
    assert [(p.field, p.code) for p in refused.value.fields] == [(field, code)]
    assert office.rows(model.Activity) == []


@pytest.mark.parametrize(
    ("reach", "changed"), [("only_this", {2}), ("this_and_following", {2, 3, 4}), ("all", {0, 2, 3, 4})]
)
def test_a_series_is_changed_this_one_this_and_what_follows_or_all(office, reach, changed):
    """ACT-04: subject, kind, time and person; what is done stays as it was."""
    row = office.ask(
        BOB,
        "plan_activity",
        subject="例会",
        kind_id=str(VISIT),
        starts_at=NOON.isoformat(),
        unit="week",
        times=5,
    )["row"]
    ids = [str(one.id) for one in series(office, row["id"])]
    office.ask(BOB, "complete_activity", id=ids[1])
    before = {str(one.id): one.starts_at for one in series(office, row["id"])}
    office.ask(
        BOB, "change_series_activity", id=ids[2], reach=reach, subject="周会", kind_id=str(CALL), owner_id=str(ALICE_ID),
        starts_at=(before[ids[2]] + timedelta(hours=3)).isoformat(),
    )  # fmt: skip
    for number, one in enumerate(sorted(series(office, row["id"]), key=lambda one: ids.index(str(one.id)))):
        is_changed = number in changed
        assert (one.subject, one.kind_id, one.owner_id) == (
            ("周会", CALL, ALICE_ID) if is_changed else ("例会", VISIT, BOB.id)
        )
        assert one.starts_at - before[str(one.id)] == timedelta(hours=3 if is_changed else 0)
    given = [event for event in office.emitted(ActivityPlanned) if event.owner_id == ALICE_ID]
    assert [event.is_repeated for event in given].count(False) == 1, "she is told once"


def test_only_a_series_is_changed_as_one_and_only_what_stands_alone_is_repeated(office):
    row = planned(office)
    with pytest.raises(Invalid) as refused:
        office.ask(ALICE, "change_series_activity", id=row["id"], subject="周会")
    assert [(p.field, p.code) for p in refused.value.fields] == [("reach", "no_series")]
    verbs = [office.ask(ALICE, "get", entity="activity", id=row["id"])["can"]["verbs"]]
    office.ask(ALICE, "repeat_activity", id=row["id"], times=3)
    verbs.append(office.ask(ALICE, "get", entity="activity", id=row["id"])["can"]["verbs"])
    assert [("repeat" in found, "change_series" in found) for found in verbs] == [
        (True, False),
        (False, True),
    ]


def test_all_of_it_is_cancelled(office):
    row = planned(office)
    office.ask(ALICE, "repeat_activity", id=row["id"], times=4)
    ids = [str(one.id) for one in series(office, row["id"])]
    office.ask(ALICE, "complete_activity", id=ids[0])
    office.ask(ALICE, "cancel_activity", id=ids[2], reach="all")
    assert [one.state for one in series(office, row["id"])] == ["done", "cancelled", "cancelled", "cancelled"]


def move(office, row: dict, to: datetime, actor=ALICE, **more) -> dict:
    return office.ask(actor, "move_activity", id=row["id"], starts_at=to.isoformat(), **more)["row"]


def test_one_is_moved_alone_and_takes_as_long_as_before(office):
    row = planned(office, ends_at=(NOON + timedelta(days=1, hours=1)).isoformat())
    office.ask(ALICE, "repeat_activity", id=row["id"], unit="week", times=3)
    before = [one.starts_at for one in series(office, row["id"])]
    to = NOON + timedelta(days=2, hours=3)
    moved = move(office, row, to)
    assert datetime.fromisoformat(moved["ends_at"]) == to + timedelta(hours=1)
    assert [one.starts_at for one in series(office, row["id"])] == [to, *before[1:]]
    shorter = move(office, row, to, ends_at=(to + timedelta(minutes=20)).isoformat())
    assert datetime.fromisoformat(shorter["ends_at"]) == to + timedelta(minutes=20)


def test_with_all_that_follow_each_by_as_much_on_the_clock_also_over_the_change_of_summer_time(office):
    """ACT-04. What came before it, was done, or was cancelled stays."""
    begins = datetime(2026, 3, 12, 9, 0, tzinfo=BERLIN)
    row = planned(office, TRAVELLER, begins, ends_at=(begins + timedelta(minutes=30)).isoformat())
    office.ask(TRAVELLER, "repeat_activity", id=row["id"], unit="week", times=5)
    first, second, third, fourth, fifth = (str(one.id) for one in series(office, row["id"]))
    office.ask(TRAVELLER, "cancel_activity", id=fourth)
    before = {str(one.id): one.starts_at for one in series(office, first)}
    to = datetime(2026, 3, 20, 14, 30, tzinfo=BERLIN)  # from Thursday the 19th, 9:00
    move(office, {"id": second}, to, TRAVELLER, reach="this_and_following")
    after = {str(one.id): one.starts_at.astimezone(BERLIN) for one in series(office, first)}
    assert after[third] == datetime(2026, 3, 27, 14, 30, tzinfo=BERLIN)
    assert after[fifth] == datetime(2026, 4, 10, 14, 30, tzinfo=BERLIN)
    assert (after[first], after[fourth]) == (before[first], before[fourth])
    assert {one.ends_at - one.starts_at for one in series(office, first)} == {timedelta(minutes=30)}


@pytest.mark.parametrize("wish", [{"times": 3}, {"ends": "never"}])
def test_what_lasts_whole_days_does_so_also_where_a_day_has_23_hours(office, wish):
    """ACT-04: from midnight to midnight on the clock, planned, moved and filled; else it would stand in the calendar as one hour more."""
    begins = datetime(2026, 3, 22, tzinfo=BERLIN)  # the Sunday before summer time
    ends = datetime(2026, 3, 23, tzinfo=BERLIN)
    row = planned(office, TRAVELLER, begins, ends_at=ends.isoformat())
    office.ask(TRAVELLER, "repeat_activity", id=row["id"], unit="week", **wish)
    found = series(office, row["id"])[1]
    assert found.ends_at.astimezone(BERLIN) == datetime(2026, 3, 30, tzinfo=BERLIN)
    move(office, row, datetime(2026, 3, 21, tzinfo=BERLIN), TRAVELLER, reach="this_and_following")
    move(office, row, datetime(2026, 3, 22, tzinfo=BERLIN), TRAVELLER, reach="this_and_following")
    for one in series(office, row["id"]):
        starts, stops = (at.astimezone(BERLIN).replace(tzinfo=None) for at in (one.starts_at, one.ends_at))
        assert (starts.hour, stops - starts) == (0, timedelta(days=1))


def test_moving_what_stands_alone_what_is_done_or_backwards_in_time(office):
    row = planned(office)
    to = NOON + timedelta(days=3)
    assert datetime.fromisoformat(move(office, row, to, reach="this_and_following")["starts_at"]) == to
    with pytest.raises(Invalid) as refused:
        move(office, row, to, ends_at=NOON.isoformat())
    assert [(p.field, p.code) for p in refused.value.fields] == [("ends_at", "before")]
    office.ask(ALICE, "complete_activity", id=row["id"])
    with pytest.raises(IllegalTransition):
        move(office, row, to)


def test_a_manager_moves_the_work_of_her_people_and_nobody_a_strangers(office):
    row = planned(office)
    to = NOON + timedelta(days=3)
    assert datetime.fromisoformat(move(office, row, to, BOB)["starts_at"]) == to
    with pytest.raises(NotFound):
        move(office, row, to, CAROL)


def test_nothing_takes_place_where_the_calendar_ends(office):
    """Such a moment would lie outside the calendar on somebody's clock, and no list with it could be shown."""
    for at in ("9999-12-31T23:59:00Z", "0001-01-01T00:00:00Z"):
        with pytest.raises(Invalid) as refused:
            office.create(ALICE, "activity", subject="很久以后", kind_id=str(VISIT), starts_at=at)
        assert [(one.field, one.code) for one in refused.value.fields] == [("starts_at", "not_a_time")]
    row = planned(office)
    office.ask(ALICE, "repeat_activity", id=row["id"], every=1, unit="year", times=5)
    before = [one.starts_at for one in series(office, row["id"])]
    with pytest.raises(Invalid) as refused:
        move(office, row, datetime(9997, 1, 1, tzinfo=BERLIN), reach="this_and_following")
    assert [(one.field, one.code) for one in refused.value.fields] == [("starts_at", "not_a_time")]
    assert [one.starts_at for one in series(office, row["id"])] == before


def test_each_says_what_the_first_says_in_own_fields_and_its_file_stays_its_own(office):
    """Users 6: nothing shows a file that is on another record."""
    define(office, "customer.activity", "room")
    define(office, "customer.activity", "plan", "file")
    first = planned(office, own_room="三楼", own_plan=send(office, ALICE, b"plan", "图纸.txt"))
    office.ask(ALICE, "repeat_activity", id=first["id"], unit="week", times=3)
    told = [(one.own_room, one.own_plan is None) for one in series(office, first["id"])]
    assert told == [("三楼", False), ("三楼", True), ("三楼", True)]
