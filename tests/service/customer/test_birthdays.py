"""Birthdays of the contacts one looks after, in time to congratulate. CAR-03, NTF-03."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from chassis.work import Work
from contracts.actor import Actor
from contracts.customer import BirthdayComesUp
from contracts.errors import Forbidden, Invalid
from services.customer.actions import birthdays
from services.customer.actions.birthdays import remind_of_birthdays
from services.customer.model import BirthdayRule, Customer
from services.customer.queries import birthdays as birthdays_query
from tests.cast import ALICE_ID
from tests.cast import person as cast
from tests.service.customer.conftest import ALICE, BOB, CAROL, ROOT


def born(office, customer, name, day, actor=ALICE):
    return office.create(actor, "contact", customer_id=customer["id"], name=name, birthday=day)


def change(office, actor, entity, row, **values):
    return office.ask(actor, "update", entity=entity, id=row["id"], ver=row["ver"], values=values)["row"]


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


# -- customers who are persons (CUS-15), the calendar (ACT-04), and being told in time (CAR-03, NTF-03) ------------------

NEW_YEAR = datetime.fromisoformat("2026-12-29T02:00:00+00:00")


@pytest.fixture
def person(office):
    """A customer of Alice's who is a person, born on 31 December."""
    office.now = NEW_YEAR
    return office.create(
        ALICE, "customer", name="陈静", nature="individual", birthday="1985-12-31", mobile="13911112222"
    )


def morning(office, times: int = 1) -> None:
    for _ in range(times):
        with office.house.sessions.begin() as session:
            remind_of_birthdays(
                Work(session, Actor.system("customer"), office.house, door="remind_of_birthdays")
            )


def announced(office) -> list[tuple]:
    return [(e.owner_id, e.name, str(e.on), e.wishes) for e in office.emitted(BirthdayComesUp)]


def test_a_customer_who_is_a_person_has_one_and_a_company_has_none(office, customer, person):
    assert names(office, days=7) == ["陈静"]
    told = office.ask(ALICE, "birthdays", days=7)["rows"][0]
    assert (told["entity"], told["on"], told["mobile"]) == ("customer.customer", "2026-12-31", "13911112222")
    with pytest.raises(Invalid) as told:
        change(office, ALICE, "customer", customer, birthday="1999-01-01")
    assert [(p.field, p.code) for p in told.value.fields] == [("birthday", "only_of_a_person")]
    with pytest.raises(Invalid):
        change(office, ALICE, "customer", person, nature="company")


def test_whoever_is_contact_and_customer_is_congratulated_once(office, customer):
    office.now = NEW_YEAR
    contact = born(office, customer, "王芳", "1990-12-30")
    office.ask(ALICE, "sell_privately_contact", id=contact["id"], ver=contact["ver"])
    assert [str(row.birthday) for row in office.rows(Customer, contact_id=UUID(contact["id"]))] == [
        "1990-12-30"
    ]
    office.create(ROOT, "birthday_rule", days=3)
    morning(office, 2)
    assert names(office, days=7) == ["王芳"]
    assert [name for _, name, *_ in announced(office)] == ["王芳"]


@pytest.mark.parametrize("until", ["2027-01-05", "2028-06-01"])
def test_the_calendar_shows_whose_birthday_is_then_of_one_person_or_of_all_one_sees(
    office, customer, person, until
):
    born(office, customer, "张", "1980-01-02")
    born(office, customer, "春", "1980-04-20")

    def drawn(actor, **wish):
        found = office.ask(
            actor, "calendar", **{"from": "2026-12-30T00:00+08:00", "to": f"{until}T00:00+08:00"}, **wish
        )
        return [(row["name"], row["on"]) for row in found["birthdays"]]

    soon = [("陈静", "2026-12-31"), ("张", "2027-01-02")]
    expected = soon if until < "2027-02" else [*soon, ("春", "2027-04-20")]
    assert drawn(ALICE) == drawn(BOB) == drawn(ALICE, staff_id=str(ALICE.id)) == expected
    assert drawn(BOB, staff_id=str(BOB.id)) == drawn(CAROL) == []


def test_of_very_many_those_come_that_are_celebrated_first(office, customer, monkeypatch):
    monkeypatch.setattr(birthdays_query, "MOST", 2)
    office.now = NEW_YEAR
    for name, day in (("春", "04-20"), ("除夕", "12-31"), ("昨天", "12-28"), ("元旦", "01-01")):
        born(office, customer, name, f"1980-{day}")
    assert names(office) == names(office, days=300) == ["除夕", "元旦"]


def test_a_span_of_the_calendar_ends_before_its_last_midnight(office, person):
    def drawn(to):
        found = office.ask(ALICE, "calendar", **{"from": "2026-12-30T00:00+08:00", "to": to})
        return [row["name"] for row in found["birthdays"]]

    assert (drawn("2026-12-31T00:00+08:00"), drawn("2026-12-31T08:00+08:00")) == ([], ["陈静"])


def test_of_very_many_each_is_told_some_morning(office, customer, monkeypatch):
    monkeypatch.setattr(birthdays, "AT_ONCE", 1)
    office.now = NEW_YEAR
    office.create(ROOT, "birthday_rule", days=3)
    for name in ("张", "李", "王"):
        born(office, customer, name, "1980-12-31")
    morning(office, 4)
    assert sorted(name for _, name, *_ in announced(office)) == sorted(("张", "李", "王"))


def test_whoever_looks_after_them_is_told_once_a_year_so_many_days_before(office, customer, person):
    office.create(ROOT, "birthday_rule", days=3)
    office.create(ROOT, "birthday_rule", days=30, staff_id=str(CAROL.id))
    contact = born(office, customer, "张", "1980-01-03")
    office.create(ALICE, "wish", text="不收礼", kind="taboo", customer_id=customer["id"])
    office.create(
        ALICE, "wish", text="上午别打电话", kind="time", customer_id=customer["id"], contact_id=contact["id"]
    )
    other = born(office, customer, "李", "1970-06-01")
    office.create(
        ALICE, "wish", text="爱喝茶", kind="gift", customer_id=customer["id"], contact_id=other["id"]
    )
    morning(office, 2)
    assert announced(office) == [(ALICE.id, "陈静", "2026-12-31", ())]
    office.later(days=4)  # two mornings on which nothing ran are made up for
    morning(office, 2)
    assert announced(office)[1:] == [(ALICE.id, "张", "2027-01-03", ("不收礼", "上午别打电话"))]
    office.later(days=363)
    morning(office, 2)
    assert sorted(row[1:3] for row in announced(office)[2:]) == [("张", "2028-01-03"), ("陈静", "2027-12-31")]


def test_a_person_with_a_rule_of_her_own_is_told_by_that_and_without_rules_nobody_is(office, person):
    morning(office)
    assert announced(office) == []
    office.create(ROOT, "birthday_rule", days=60)
    mine = office.create(ROOT, "birthday_rule", days=0, staff_id=str(ALICE.id))
    with pytest.raises(Invalid):
        office.create(ROOT, "birthday_rule", days=1, staff_id=str(ALICE.id))
    morning(office)
    assert announced(office) == []
    change(office, ROOT, "birthday_rule", mine, days=2)
    morning(office)
    assert len(announced(office)) == 1


SELLER = cast(ALICE_ID, "Alice", "customer.customer.* own", "customer.set_birthday_days own")


def test_each_person_sets_her_own_days_and_takes_them_back(office, person):
    """CAR-03: hers go before the company's; without them those for everybody count again."""
    office.create(ROOT, "birthday_rule", days=0)
    morning(office)
    assert announced(office) == []
    for days in (1, 2):  # said twice there is one rule
        assert office.ask(SELLER, "set_birthday_days", days=days) == {"days": days}
    office.ask(CAROL, "set_birthday_days", days=60)
    assert [(r.staff_id, r.days) for r in office.rows(BirthdayRule, archived_at=None)] == [
        (None, 0), (ALICE.id, 2), (CAROL.id, 60),
    ]  # fmt: skip
    morning(office)
    assert [name for _, name, *_ in announced(office)] == ["陈静"]
    for _ in range(2):
        office.ask(SELLER, "set_birthday_days", days=None)
    assert [(r.staff_id, r.days) for r in office.rows(BirthdayRule, archived_at=None)] == [
        (None, 0),
        (CAROL.id, 60),
    ]


@pytest.mark.parametrize("days", [-1, 61, "soon"])
def test_days_that_are_none_are_refused_by_name(office, days):
    with pytest.raises(Invalid) as refused:
        office.ask(SELLER, "set_birthday_days", days=days)
    assert [problem.field for problem in refused.value.fields] == ["days"]
    with pytest.raises(Forbidden):
        office.ask(cast(ALICE_ID, "Alice", "customer.customer.* own"), "set_birthday_days", days=1)
