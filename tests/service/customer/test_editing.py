"""Two people who have the form of one record open see that the other is at it (users 11): a warning, nobody is held up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.editing import OpenForm
from chassis.forgetting import Forgetter
from contracts.errors import Forbidden, NotFound
from tests.cast import ALICE_ID, person
from tests.service.customer.conftest import ALICE, BOB, CAROL, READER


def at_it(office, who, customer) -> list[tuple[str, str]]:
    others = office.ask(who, "editing", entity="customer", id=customer["id"])["others"]
    return [(one["name"], one["since"][11:16]) for one in others]


def test_each_sees_the_other_and_since_when(office, customer):
    assert at_it(office, ALICE, customer) == []
    office.later(minutes=0.5)
    assert at_it(office, BOB, customer) == [("Alice", "04:00")]
    office.later(seconds=30)
    assert at_it(office, ALICE, customer) == [("Bob", "04:00")]
    office.later(seconds=20)
    assert at_it(office, BOB, customer) == [("Alice", "04:00")]


def test_whoever_left_is_gone_within_a_minute(office, customer):
    at_it(office, ALICE, customer)
    told, waited = [], 0
    while waited < 60:  # Bob's form asks every twenty seconds
        told.append(at_it(office, BOB, customer))
        office.later(seconds=20)
        waited += 20
    assert told[0] == [("Alice", "04:00")]
    assert at_it(office, BOB, customer) == []


def test_a_page_that_slept_for_a_moment_was_at_it_all_the_time(office, customer):
    at_it(office, ALICE, customer)
    office.later(minutes=5)
    assert at_it(office, BOB, customer) == []
    at_it(office, ALICE, customer)
    assert at_it(office, BOB, customer) == [("Alice", "04:00")]
    office.later(minutes=30)
    at_it(office, ALICE, customer)
    assert at_it(office, BOB, customer) == [("Alice", "04:35")]


def test_another_record_is_another_matter(office, customer):
    other = office.create(ALICE, "customer", name="别家")
    at_it(office, ALICE, other)
    assert at_it(office, BOB, customer) == []


def test_only_who_may_see_and_change_the_record_is_there_and_hears_of_it(office, customer):
    with pytest.raises(NotFound):
        at_it(office, CAROL, customer)
    with pytest.raises(Forbidden):
        at_it(office, READER, customer)
    assert at_it(office, ALICE, customer) == []


def test_it_changes_nothing_of_the_record(office, customer):
    at_it(office, BOB, customer)
    kept = office.ask(ALICE, "get", entity="customer", id=customer["id"], history=9)
    assert (kept["row"]["ver"], kept["row"]["updated_at"]) == (customer["ver"], customer["updated_at"])
    saved = office.ask(
        ALICE, "update", entity="customer", id=customer["id"], ver=customer["ver"], values={"phone": "010-1"}
    )
    assert saved["row"]["phone"] == "010-1", "a warning holds nobody up"


def test_she_is_one_person_however_many_windows_she_has(office, customer):
    for _ in range(3):
        at_it(office, ALICE, customer)
    assert len(office.rows(OpenForm)) == 1
    anew = person(ALICE_ID, "Alice Wang", "customer.* own")
    assert at_it(office, anew, customer) == []


def test_it_is_forgotten(office, customer):
    at_it(office, ALICE, customer)
    office.now += timedelta(days=2)
    Forgetter(office.house).run_due()
    assert office.rows(OpenForm) == []
