"""Who has a birthday when: the day itself, and the same as conditions."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from services.customer.model.customer import Contact, Customer


def people(cls: type[Any]) -> tuple[ColumnElement[bool], ...]:
    """Of contacts or customers those whose birthday we know. Whoever is both is found as the contact."""
    known = (cls.birthday.is_not(None), cls.archived_at.is_(None))
    if cls is not Customer:
        return known
    contact = Contact.__table__
    same = select(contact.c.id).where(
        contact.c.id == Customer.contact_id,
        contact.c.birthday.is_not(None),
        contact.c.archived_at.is_(None),
        contact.c.owner_id == Customer.owner_id,
    )
    return (*known, ~same.exists())


def born_on(cls: type[Any], days: Iterable[date]) -> ColumnElement[bool]:
    """Whose birthday is on one of these days; who was born on 29 February is congratulated on the 28th in other years."""
    wanted = {f"{day:%m%d}" for day in days}
    if any(f"{day:%m%d}" == "0228" and not isleap(day.year) for day in days):
        wanted.add("0229")
    return _day(cls).in_(sorted(wanted))


def soonest(cls: type[Any], since: date) -> tuple[ColumnElement[Any], ...]:
    """In the order in which they are celebrated from a day on."""
    return _day(cls) < f"{since:%m%d}", _day(cls)


def _day(cls: type[Any]) -> ColumnElement[str]:
    return func.to_char(cls.birthday, "MMDD")


def next_birthday(born: date, today: date) -> date:
    """The first day from today on that it is celebrated; of a leap day's child the 28th in other years."""
    found = _birthday_in(born, today.year)
    return found if found >= today else _birthday_in(born, today.year + 1)


def _birthday_in(born: date, year: int) -> date:
    is_leap_day = (born.month, born.day) == (2, 29) and not isleap(year)
    return date(year, 2, 28) if is_leap_day else date(year, born.month, born.day)
