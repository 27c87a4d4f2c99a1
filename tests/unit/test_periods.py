"""Days in words mean the days one would count on a calendar (DAT-01, users 9)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import periods

DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
WEDNESDAY = date(2026, 2, 25)


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("today", "2026-02-25", "2026-02-25"), ("this_week", "2026-02-23", "2026-03-01"),
        ("last_month", "2026-01-01", "2026-01-31"), ("this_quarter", "2026-01-01", "2026-03-31"),
        ("last_year", "2025-01-01", "2025-12-31"), ("past", None, "2026-02-24"), ("future", "2026-02-26", None),
        ("last_90_days", "2025-11-27", "2026-02-25"), ("next_14_days", "2026-02-25", "2026-03-11"),
        ("30_days_ago", "2026-01-26", "2026-01-26"), ("in_3_days", "2026-02-28", "2026-02-28"),
    ],
)  # fmt: skip
def test_what_a_word_means(word, first, last):
    assert [day and str(day) for day in periods.span(word, WEDNESDAY)] == [first, last]


@given(DAYS, st.integers(0, 99_999).filter(lambda n: n < 40_000))
def test_the_last_days_and_what_was_before_share_no_day_and_leave_none_out(today, number):
    first, last = periods.span(f"last_{number}_days", today)
    (boundary, _) = periods.span(f"{number}_days_ago", today)
    assert (first, last) == (boundary, today)
    assert last - first == timedelta(days=number)


@pytest.mark.parametrize(
    "word",
    [
        "",
        "last_days",
        "last_x_days",
        "last_123456_days",
        "days_ago",
        "2026-02-25",
        "last_3_weeks",
        "in_3_days_ago",
        "n_days_ago",
    ],
)
def test_other_words_are_none(word):
    assert not periods.is_period(word)
