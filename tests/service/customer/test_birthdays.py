"""Birthdays of the contacts one looks after, in time to congratulate. CAR-03, NTF-03."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.service.customer.conftest import ALICE, BOB


def born(office, customer, name, day, actor=ALICE):
    return office.create(actor, "contact", customer_id=customer["id"], name=name, birthday=day)


def names(office, actor=ALICE, **wish):
    return [row["name"] for row in office.ask(actor, "birthdays", **wish)["rows"]]


def test_those_of_the_next_days_the_nearest_first_over_the_end_of_the_year(office, customer):
    office.now = datetime.fromisoformat("2026-12-29T02:00:00+00:00")
    for name, day in (("张", "1980-01-02"), ("李", "1990-12-30"), ("王", "1975-12-28"), ("赵", "1988-02-01")):
        born(office, customer, name, day)
    assert names(office, days=7) == ["李", "张"]
    assert names(office) == ["李", "张", "赵", "王"]
    assert [row["name"] for row in office.ask(ALICE, "my_day")["birthdays"]] == ["李", "张"]


@pytest.mark.parametrize(
    ("day", "told"), [("2027-02-21", True), ("2027-02-20", False), ("2028-02-21", False)]
)
def test_a_leap_days_child_is_congratulated_on_the_28th_in_other_years(office, customer, day, told):
    office.now = datetime.fromisoformat(f"{day}T02:00:00+00:00")
    born(office, customer, "闰", "1984-02-29")
    assert (names(office, days=7) == ["闰"]) is told


@given(today=some.dates(date(2026, 1, 1), date(2029, 12, 31)), ahead=some.integers(-200, 200))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_birthday_is_told_exactly_in_the_days_before_it(office, customer, today, ahead):
    birthday = today + timedelta(days=ahead)
    if (birthday.month, birthday.day) == (2, 29):
        birthday += timedelta(days=1)
    office.now = datetime.fromisoformat(f"{today}T02:00:00+00:00")
    row = born(office, customer, "生日", str(birthday.replace(year=1980)))
    coming = {f"{today + timedelta(days=n):%m%d}" for n in range(8)}
    found = {one["id"] for one in office.ask(ALICE, "birthdays", days=7)["rows"]}
    assert (row["id"] in found) is (f"{birthday:%m%d}" in coming)


def test_they_are_told_to_whoever_looks_after_the_contact_and_to_nobody_else(office, customer):
    office.now = datetime.fromisoformat("2026-05-01T02:00:00+00:00")
    born(office, customer, "钱", "1991-05-03")
    assert names(office, days=7) == ["钱"]
    assert names(office, BOB, days=7) == []
