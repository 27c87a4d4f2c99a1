"""Due times, averages, trees and excerpts on plain values."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some

from services.service_desk import rules

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


def test_due_times_count_from_when_it_came_in():
    answer, close = rules.due(NOON, *rules.PROMISED["urgent"])
    assert (answer - NOON, close - NOON) == (timedelta(hours=1), timedelta(hours=8))


def test_more_urgent_is_never_due_later():
    hours = [rules.PROMISED[priority] for priority in ("urgent", "high", "normal", "low")]
    assert hours == sorted(hours)


def test_hours_have_two_places_and_are_never_negative():
    assert rules.hours_between(NOON, NOON + timedelta(minutes=20)) == Decimal("0.33")
    assert rules.hours_between(NOON, NOON - timedelta(minutes=20)) == Decimal("0.00")


def test_an_average_of_nothing_is_none_not_zero():
    assert rules.average([]) is None
    assert rules.average([5, 4, 4]) == Decimal("4.33")


@given(some.dictionaries(some.integers(0, 8), some.integers(0, 8) | some.none(), max_size=9))
def test_a_line_above_ends_even_in_a_circle(parents):
    above = {UUID(int=k): None if v is None else UUID(int=v) for k, v in parents.items()}
    for start in above:
        line = rules.line_above(above, start)
        assert line[0] == start
        assert len(line) == len(set(line))


def test_a_tree_keeps_every_entry_once():
    entries = [{"id": 1, "parent_id": None}, {"id": 2, "parent_id": 1}, {"id": 3, "parent_id": 9}]
    assert rules.tree(entries) == [
        {"id": 1, "parent_id": None, "children": [{"id": 2, "parent_id": 1, "children": []}]},
        {"id": 3, "parent_id": 9, "children": []},
    ]


def test_an_excerpt_shows_the_find_with_its_surroundings():
    body = "一" * 100 + "保险丝" + "二" * 100
    assert rules.excerpt(body, "保险", around=3) == "…一一一保险丝二二…"
    assert rules.excerpt("short", "other") == "short"
