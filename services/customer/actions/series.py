"""An activity again and again: each time one of its own, at the same hour of the actor's clock (ACT-01); moved and changed alone,
with all that follow, or all (ACT-04)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, YEARLY, rrule
from pydantic_core import PydanticCustomError
from sqlalchemy import select

from chassis import own_fields
from chassis.identity import new_id
from chassis.work import Work
from contracts import kinds
from contracts.customer import (
    MOST_REPEATED,
    ChangeSeriesActivity,
    MoveActivity,
    RepeatActivity,
    Repetition,
)
from contracts.errors import FieldProblem, Invalid
from services.customer import model

FREQUENCY: dict[str, Any] = {"day": DAILY, "week": WEEKLY, "month": MONTHLY, "year": YEARLY}
NAMES = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
WEEKDAYS = (MO, TU, WE, TH, FR, SA, SU)
DAYS: dict[str, Any] = dict(
    zip(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), WEEKDAYS, strict=True)
)
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
TAKEN_ALONG = (
    "kind_id",
    "subject",
    "text",
    "lead_id",
    "customer_id",
    "contact_id",
    "opportunity_id",
    "remind",
)


def repeat_activity(work: Work, message: RepeatActivity) -> model.Activity:
    """Plan all further times at once. Raises Invalid when there would be none, too many, or no end."""
    first = work.get(model.Activity, message.id, message.ver)
    first.move("repeat")
    if first.series_id is not None:
        raise Invalid(FieldProblem("every", "repeated_already"))
    repeat(work, first, message, message.unit)
    work.session.flush()
    return first


def repeat(work: Work, first: model.Activity, wish: Repetition, unit: str) -> None:
    """Make it the first of a series; each of the others as the first one is."""
    zone = ZoneInfo(work.actor.timezone)
    starts = _times(wish, unit, first.starts_at, zone)
    first.series_id, first.repeats = new_id(), _written(wish, unit, _on_clock(first.starts_at, zone))
    lasts = first.ends_at - first.starts_at if first.ends_at else None
    for at in starts[1:]:
        row = model.Activity(
            id=new_id(), starts_at=at, ends_at=at + lasts if lasts else None, series_id=first.series_id,
            repeats=first.repeats, tags=list(first.tags or ()), **{name: getattr(first, name) for name in TAKEN_ALONG},
        )  # fmt: skip
        row.belong_with(first)
        own_fields.take_along(work, work.add(row), *own_fields.noted(first))


def _times(wish: Repetition, unit: str, begins: datetime, zone: ZoneInfo) -> list[datetime]:
    """When it takes place, the first time included: counted on the clock of the zone."""
    if wish.times is None and wish.until is None:
        raise Invalid(FieldProblem("times", "required"))
    if wish.weekdays and unit not in ("week", "month"):
        raise Invalid(FieldProblem("weekdays", "by_week_or_month"))
    if wish.nth is not None and unit != "month":
        raise Invalid(FieldProblem("nth", "by_month"))
    local = begins.astimezone(zone).replace(tzinfo=None)
    until = datetime.combine(wish.until, time.max) if wish.until is not None else None
    if until is not None and until <= local:
        raise Invalid(FieldProblem("until", "before", date=local.date().isoformat()))
    days = _days(wish, unit, local) or None
    rule = rrule(
        FREQUENCY[unit], dtstart=local, interval=wish.every or 1, byweekday=days, until=until, wkst=MO
    )
    found = [_moved(local, timedelta(0), zone)]  # it takes place whether or not the rule names its day
    for at in rule:
        if len(found) == wish.times:
            break
        if at > local:
            found.append(_moved(at, timedelta(0), zone))  # adding to local time would ignore its gaps
        if len(found) > MOST_REPEATED:
            raise Invalid(FieldProblem("until", "too_often", max=MOST_REPEATED))
    if len(found) < 2:
        raise Invalid(FieldProblem("until", "before", date=local.date().isoformat()))
    return found


def _days(wish: Repetition, unit: str, first: datetime) -> list[Any]:
    """The weekdays that were named; which of them in the month, where that was said of none the one of the first time."""
    days = [DAYS[name] for name in wish.weekdays]
    if unit == "month" and wish.nth is not None:
        return [day(NTH[wish.nth]) for day in days or [WEEKDAYS[first.weekday()]]]
    return days


def _written(wish: Repetition, unit: str, first: datetime) -> str:
    """As RFC 5545 writes it."""
    days = ",".join(f"{day.n or ''}{CODES[day.weekday]}" for day in _days(wish, unit, first))
    parts = [f"FREQ={NAMES[unit]}", f"INTERVAL={wish.every or 1}"]
    parts += [f"BYDAY={days}"] if days else []
    parts += [f"COUNT={wish.times}"] if wish.times is not None else []
    parts += [f"UNTIL={wish.until:%Y%m%d}"] if wish.until is not None else []
    return ";".join(parts)


def move_activity(work: Work, message: MoveActivity) -> model.Activity:
    """This one, and when told so others of its series: each as far on the clock, and each as long."""
    first = work.get(model.Activity, message.id, message.ver)
    first.move("move")
    others = [row for row in others_of(work, first, message.reach) if work.may("customer.move_activity", row)]
    _shift(work, first, others, message.starts_at, _length(first, message.starts_at, message.ends_at))
    work.session.flush()
    return first


def change_series_activity(work: Work, message: ChangeSeriesActivity) -> model.Activity:
    """What it is about, when and by whom: of this one, of all that follow, or of all; what is done stays as it was."""
    first = work.get(model.Activity, message.id, message.ver)
    first.move("change_series")
    if first.series_id is None:
        raise Invalid(FieldProblem("reach", "no_series"))
    allowed = "customer.change_series_activity"
    others = [row for row in others_of(work, first, message.reach) if work.may(allowed, row)]
    for row in (first, *others):
        row.subject, row.kind_id = message.subject or row.subject, message.kind_id or row.kind_id
        if message.owner_id is not None and message.owner_id != row.owner_id:
            work.give(row, message.owner_id)
            row.is_told = row is first
    if message.starts_at is not None or message.ends_at is not None:
        starts_at = message.starts_at or first.starts_at
        _shift(work, first, others, starts_at, _length(first, starts_at, message.ends_at))
    work.session.flush()
    return first


def _shift(
    work: Work, first: Any, others: Iterable[Any], starts_at: datetime, lasts: timedelta | None
) -> None:
    """All as far on the clock as the first, and as long."""
    zone = ZoneInfo(work.actor.timezone)
    step = _on_clock(starts_at, zone) - _on_clock(first.starts_at, zone)
    _put(first, starts_at, lasts)
    for row in others:
        _put(row, _moved(_on_clock(row.starts_at, zone), step, zone), lasts)


def _moved(local: datetime, step: timedelta, zone: ZoneInfo) -> datetime:
    """So far away on the zone's clock, as a moment. Raises Invalid where the calendar ends."""
    try:
        found = kinds.moment((local + step).replace(tzinfo=zone))
    except (OverflowError, PydanticCustomError):
        raise Invalid(FieldProblem("starts_at", "not_a_time", value=local.date().isoformat())) from None
    assert found is not None
    return found


def _length(row: Any, starts_at: datetime, ends_at: datetime | None) -> timedelta | None:
    if ends_at is not None:
        if ends_at < starts_at:
            raise Invalid(FieldProblem("ends_at", "before", date=starts_at.isoformat()))
        return ends_at - starts_at
    return row.ends_at - row.starts_at if row.ends_at is not None else None


def _on_clock(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _put(row: Any, at: datetime, lasts: timedelta | None) -> None:
    row.starts_at, row.ends_at = at, at + lasts if lasts is not None else None


def others_of(work: Work, activity: Any, reach: str) -> list[Any]:
    """What is planned in its series beside it, later or at all, locked; nothing where there is none."""
    if activity.series_id is None or reach == "only_this":
        return []
    one = model.Activity
    wanted = select(one).where(
        one.series_id == activity.series_id, one.id != activity.id, one.state == "planned", one.archived_at.is_(None)
    )  # fmt: skip
    if reach == "this_and_following":
        wanted = wanted.where(one.starts_at > activity.starts_at)
    return list(work.session.scalars(wanted.order_by(one.starts_at).with_for_update(of=one)))


def cancel_others(work: Work, activity: Any, reach: str) -> None:
    """So much of its series does not take place either, as far as the actor may decide that."""
    for row in others_of(work, activity, reach):
        if work.may("customer.cancel_activity", row):
            row.move("cancel", work.now)
