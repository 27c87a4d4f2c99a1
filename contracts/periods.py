"""Days in words, as they stand in conditions: `this_month`, `last_90_days`, `30_days_ago`; counted from the day it is for
whoever asks."""

from __future__ import annotations

import re
from datetime import date, timedelta

NAMED = (
    "today", "yesterday", "tomorrow", "this_week", "last_week", "next_week", "this_month", "last_month", "next_month",
    "this_quarter", "last_quarter", "this_year", "last_year", "past", "future",
)  # fmt: skip
COUNTED = ("last_n_days", "next_n_days", "n_days_ago", "in_n_days")
"""With a number for n. The first two are spans that include today, the others one day: so `last_90_days` and everything
before the day `90_days_ago` share no day and leave none out."""

_NUMBER = re.compile(r"(?<![a-z0-9])\d{1,5}(?![a-z0-9])")
Span = tuple[date | None, date | None]


def counted(word: str) -> tuple[str, int] | None:
    """`last_90_days` → (`last_n_days`, 90); None for any other word."""
    found = _NUMBER.search(word.replace("_", " "))
    if found is None:
        return None
    form = word[: found.start()] + "n" + word[found.end() :]
    return (form, int(found.group())) if form in COUNTED else None


def is_period(word: str) -> bool:
    """Whether this is such a word."""
    return word in NAMED or counted(word) is not None


def span(word: str, today: date) -> Span:
    """First and last day it means; None where it is open. Only for a word that is one."""
    if (of_days := counted(word)) is not None:
        return _days(*of_days, today)
    if word == "past":
        return None, today - timedelta(days=1)
    if word == "future":
        return today + timedelta(days=1), None
    which, _, unit = word.partition("_")
    if not unit:
        day = today + timedelta(days={"yesterday": -1, "today": 0, "tomorrow": 1}[which])
        return day, day
    first = _beginning(unit, today)
    if which == "last":
        first = _beginning(unit, first - timedelta(days=1))
    elif which == "next":
        first = _following(unit, first)
    return first, _following(unit, first) - timedelta(days=1)


def _days(form: str, number: int, today: date) -> Span:
    before, after = today - timedelta(days=number), today + timedelta(days=number)
    return {
        "last_n_days": (before, today),
        "next_n_days": (today, after),
        "n_days_ago": (before, before),
        "in_n_days": (after, after),
    }[form]


def _beginning(unit: str, day: date) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1)


def _following(unit: str, first: date) -> date:
    if unit == "week":
        return first + timedelta(days=7)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
