"""When something takes place that repeats: counted on the clock of a time zone, written as RFC 5545 does (ACT-01)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, YEARLY, rrule
from pydantic_core import PydanticCustomError

from contracts import kinds
from contracts.customer import MOST_REPEATED, Repetition
from contracts.errors import FieldProblem, Invalid

FREQUENCY: dict[str, Any] = {"day": DAILY, "week": WEEKLY, "month": MONTHLY, "year": YEARLY}
NAMES = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
WEEKDAYS = (MO, TU, WE, TH, FR, SA, SU)
DAYS: dict[str, Any] = dict(
    zip(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), WEEKDAYS, strict=True)
)
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
ENDED_BY = {"on_a_day": "until", "after_n_times": "times"}


def times(wish: Repetition, unit: str, begins: datetime, zone: ZoneInfo) -> list[datetime]:
    """When it takes place, the first time included: counted on the clock of the zone."""
    local = on_clock(begins, zone)
    found = [moved(local, timedelta(0), zone)]  # it takes place whether or not the rule names its day
    for at in _rule(wish, unit, local):
        if len(found) == wish.times:
            break
        if at > local:
            found.append(moved(at, timedelta(0), zone))  # adding to local time would ignore its gaps
        if len(found) > MOST_REPEATED:
            raise Invalid(FieldProblem("until", "too_often", max=MOST_REPEATED))
    if len(found) < 2:
        raise Invalid(FieldProblem("until", "before", date=local.date().isoformat()))
    return found


def check(wish: Repetition, unit: str) -> None:
    """It ends in one way or never, and says no weekday where there is none to choose. Raises Invalid."""
    ends = wish.ends
    if ends is None and wish.times is None and wish.until is None:
        raise Invalid(FieldProblem("ends", "required"))
    if ends is not None:
        for name in ENDED_BY.values():
            given = getattr(wish, name) is not None
            if given != (ENDED_BY.get(ends) == name):
                raise Invalid(FieldProblem(name, "ends_otherwise" if given else "required"))
    if wish.weekdays and unit not in ("week", "month"):
        raise Invalid(FieldProblem("weekdays", "by_week_or_month"))
    if wish.nth is not None and unit != "month":
        raise Invalid(FieldProblem("nth", "by_month"))


def _rule(wish: Repetition, unit: str, local: datetime) -> rrule:
    check(wish, unit)
    until = datetime.combine(wish.until, time.max) if wish.until is not None else None
    if until is not None and until <= local:
        raise Invalid(FieldProblem("until", "before", date=local.date().isoformat()))
    days = _days(wish, unit, local) or None
    return rrule(
        FREQUENCY[unit], dtstart=local, interval=wish.every or 1, byweekday=days, until=until, wkst=MO
    )


def _days(wish: Repetition, unit: str, first: datetime) -> list[Any]:
    """The weekdays that were named; which of them in the month, where that was said of none the one of the first time."""
    days = [DAYS[name] for name in wish.weekdays]
    if unit == "month" and wish.nth is not None:
        return [day(NTH[wish.nth]) for day in days or [WEEKDAYS[first.weekday()]]]
    return days


def written(wish: Repetition, unit: str, first: datetime) -> str:
    """As RFC 5545 writes it."""
    days = ",".join(f"{day.n or ''}{CODES[day.weekday]}" for day in _days(wish, unit, first))
    parts = [f"FREQ={NAMES[unit]}", f"INTERVAL={wish.every or 1}"]
    parts += [f"BYDAY={days}"] if days else []
    parts += [f"COUNT={wish.times}"] if wish.times is not None else []
    parts += [f"UNTIL={wish.until:%Y%m%d}"] if wish.until is not None else []
    return ";".join(parts)


def up_to(rule: str, last_on: Any) -> str:
    """The same rule, ending on that day."""
    parts = [part for part in rule.split(";") if not part.startswith(("COUNT=", "UNTIL="))]
    return ";".join([*parts, f"UNTIL={last_on:%Y%m%d}"])


def ending(like: tuple[datetime, datetime | None], at: datetime, zone: ZoneInfo) -> datetime | None:
    """When what lasts from one moment to another ends where it begins at `at`: as long later, and what ends at the hour it
    began, days later, does so there too, though one of those days has 23 hours."""
    starts_at, ends_at = like
    if ends_at is None:
        return None
    days = on_clock(ends_at, zone) - on_clock(starts_at, zone)
    if days and days % timedelta(days=1) == timedelta(0):
        return moved(on_clock(at, zone), days, zone)
    return at + (ends_at - starts_at)


def on_clock(at: datetime, zone: ZoneInfo) -> datetime:
    """What a clock in the zone shows then."""
    return at.astimezone(zone).replace(tzinfo=None)


def moved(local: datetime, step: timedelta, zone: ZoneInfo) -> datetime:
    """So far away on the zone's clock, as a moment. Raises Invalid where the calendar ends."""
    try:
        found = kinds.moment((local + step).replace(tzinfo=zone))
    except (OverflowError, PydanticCustomError):
        raise Invalid(FieldProblem("starts_at", "not_a_time", value=local.date().isoformat())) from None
    assert found is not None
    return found
