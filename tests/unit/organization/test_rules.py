"""Waiting after wrong passwords, weak passwords, and how codes and permissions look."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.organization import base_data, roles, rules

NOW = datetime(2026, 3, 10, tzinfo=UTC)


def wrong(count: int, last: int = 0) -> list[datetime]:
    """So many wrong attempts, a second apart, the last so many seconds ago."""
    return [NOW - timedelta(seconds=last + n) for n in range(count)]


@pytest.mark.parametrize(
    ("count", "wait"), [(0, 0), (4, 0), (5, 15), (6, 30), (7, 60), (10, 480), (11, 900), (60, 900)]
)
def test_the_wait_doubles_and_ends_at_a_quarter_of_an_hour(count: int, wait: int):
    assert rules.wait(wrong(count), NOW, 5) == wait


@given(st.integers(5, 200), st.integers(0, 2000))
def test_a_wait_only_gets_shorter_as_time_passes(count: int, passed: int):
    left = rules.wait(wrong(count), NOW, 5)
    later = NOW + timedelta(seconds=passed)
    assert rules.wait(wrong(count), later, 5) == max(0, left - passed)


@pytest.mark.parametrize("text", ["customer.lead.*", "sales.*", "*", "*.read", "receivables.sign_contract"])
def test_these_are_permissions(text: str):
    assert rules.is_permission(text)


@pytest.mark.parametrize("text", ["", ".", "a.", "a..b", "a.b.c.d", "A.b", "a b", "a.b!", "a.b\n"])
def test_these_are_not(text: str):
    assert not rules.is_permission(text)


def test_a_password_may_not_be_the_persons_name_with_a_number():
    assert rules.is_weak("lialice2026", "lialice")
    assert not rules.is_weak("lialice2026 goes home", "lialice")


def test_a_line_of_the_role_table_has_a_cell_for_each_role():
    held = roles.grants()
    assert set(held) == set(roles.NAMES)
    assert ("customer.lead.*", "own") in held["rep"]
    assert ("customer.lead.*", "department") in held["sales_manager"]
    assert all(rules.is_permission(permission) for lines in held.values() for permission, _ in lines)


def test_no_permission_stands_in_the_role_table_twice():
    lines = [line.split()[0] for line in roles.TABLE.strip().splitlines()[1:] if line.strip()]
    assert len(lines) == len(set(lines))


def test_indented_lines_stand_below():
    assert base_data.rows("  a 甲 A\n    b 乙 B b\n  c 丙 C") == [
        (0, "a", "甲", "A"),
        (1, "b", "乙", "B b"),
        (0, "c", "丙", "C"),
    ]
