"""Jobs by the clock."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from chassis import database
from chassis.house import House
from chassis.schedule import Schedule, ScheduleRun
from chassis.service import Service, daily, every
from chassis.work import Work
from tests.chassis.toys.workshop_service import Tick
from tests.chassis.world import World, until

SIX = datetime(2026, 3, 9, 22, 0, tzinfo=UTC)  # six in the morning of the tenth, in Shanghai


@pytest.fixture
def clock(city: World):
    """A schedule with one daily job, whose time the test sets."""

    class Clock:
        def __init__(self) -> None:
            self.now = SIX - timedelta(hours=1)
            self.done: list[datetime] = []
            self.fails = False
            self.schedule = self.another()

        def another(self) -> Schedule:
            """The same job in another process."""

            def wind(work: Work) -> None:
                if self.fails:
                    raise RuntimeError("the spring is broken")
                self.done.append(work.now)

            class Tower(Service):
                name = "tower"
                wind_up = daily("06:00", wind)

            sessions = database.sessions(city.engines["ledger"])
            house = House(Tower, "HQ", sessions, lambda _: None, lambda: self.now)
            return Schedule(house, "Asia/Shanghai")

    with city.session("ledger") as session, session.begin():
        session.query(ScheduleRun).delete()
    made = Clock()
    made.schedule.run_due()  # the day before
    made.done.clear()
    return made


def test_it_runs_once_when_its_time_has_come(clock):
    clock.schedule.run_due()
    assert clock.done == []
    clock.now = SIX + timedelta(seconds=1)
    for _ in range(3):
        clock.schedule.run_due()
    assert clock.done == [clock.now]


def test_it_runs_once_whichever_process_does_it(clock):
    clock.now = SIX
    processes = [Thread(target=clock.another().run_due) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert clock.done == [SIX]


def test_it_runs_late_when_nobody_was_there_at_its_time(clock):
    clock.now = SIX + timedelta(hours=9)
    clock.schedule.run_due()
    assert clock.done == [clock.now]


def test_days_on_which_nobody_was_there_are_not_made_up_one_by_one(clock):
    clock.now = SIX + timedelta(days=3)
    clock.schedule.run_due()
    clock.schedule.run_due()
    assert len(clock.done) == 1


def test_one_that_fails_is_tried_again_later(clock):
    clock.now, clock.fails = SIX, True
    clock.schedule.run_due()
    clock.fails = False
    clock.schedule.run_due()
    assert clock.done == []
    clock.now += timedelta(minutes=2)
    clock.schedule.run_due()
    assert clock.done == [clock.now]


def test_its_day_is_that_of_the_branch(clock):
    job = clock.schedule.jobs["wind_up"]
    clock.now = SIX + timedelta(hours=23)
    assert clock.schedule.last_due(job) == SIX


def test_a_service_runs_its_own_jobs(workshop: World):
    until(lambda: len(workshop.rows(Tick, "workshop")) >= 2, "two ticks")


def test_every_so_many_seconds_has_its_moments_from_the_clock_not_from_the_start(clock):
    class Fast(Service):
        name = "tower"
        beat = every(10, lambda work: None)

    clock.schedule.jobs = Fast.clocked()
    clock.now = SIX + timedelta(seconds=27)
    assert clock.schedule.last_due(Fast.clocked()["beat"]) == SIX + timedelta(seconds=20)
