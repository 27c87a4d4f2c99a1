"""An activity again and again: each time one of its own, at the same hour of the actor's clock (ACT-01); moved alone or with
all that follow (ACT-04)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule
from pydantic_core import PydanticCustomError
from sqlalchemy import select

from chassis.identity import new_id
from chassis.work import Work
from contracts import kinds
from contracts.customer import MOST_REPEATED, MoveActivity, RepeatActivity
from contracts.errors import FieldProblem, Invalid
from services.customer import model

FREQUENCY: dict[str, Any] = {"day": DAILY, "week": WEEKLY, "month": MONTHLY, "year": YEARLY}
NAMES = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
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
    starts = _times(message, first.starts_at, ZoneInfo(work.actor.timezone))
    first.series_id, first.repeats = new_id(), _written(message)
    lasts = first.ends_at - first.starts_at if first.ends_at else None
    for at in starts[1:]:
        row = model.Activity(
            id=new_id(), starts_at=at, ends_at=at + lasts if lasts else None, series_id=first.series_id,
            repeats=first.repeats, own=dict(first.own), **{name: getattr(first, name) for name in TAKEN_ALONG},
        )  # fmt: skip
        row.owner_id, row.department_id, row.branch_id = first.owner_id, first.department_id, first.branch_id
        work.add(row)
    work.session.flush()
    return first


def _times(message: RepeatActivity, begins: datetime, zone: ZoneInfo) -> list[datetime]:
    """When it takes place, the first time included: counted on the clock of the zone."""
    if message.times is None and message.until is None:
        raise Invalid(FieldProblem("times", "required"))
    local = begins.astimezone(zone).replace(tzinfo=None)
    until = datetime.combine(message.until, time.max) if message.until is not None else None
    if until is not None and until <= local:
        raise Invalid(FieldProblem("until", "before", date=local.date().isoformat()))
    rule = rrule(
        FREQUENCY[message.unit], dtstart=local, interval=message.every, count=message.times, until=until
    )
    found: list[datetime] = []
    for at in rule:
        found.append(_moved(at, timedelta(0), zone))  # adding to local time would ignore its gaps
        if len(found) > MOST_REPEATED:
            raise Invalid(FieldProblem("until", "too_often", max=MOST_REPEATED))
    if len(found) < 2:
        raise Invalid(FieldProblem("until", "before", date=local.date().isoformat()))
    return found


def _written(message: RepeatActivity) -> str:
    parts = [f"FREQ={NAMES[message.unit]}", f"INTERVAL={message.every}"]
    parts += [f"COUNT={message.times}"] if message.times is not None else []
    parts += [f"UNTIL={message.until:%Y%m%d}"] if message.until is not None else []
    return ";".join(parts)


def move_activity(work: Work, message: MoveActivity) -> model.Activity:
    """This one, and when told so all later ones of its series: each as far on the clock, and each as long."""
    first = work.get(model.Activity, message.id, message.ver)
    first.move("move")
    zone = ZoneInfo(work.actor.timezone)
    before, lasts = first.starts_at, _length(first, message)
    later = following(work, first) if message.following else []
    step = _on_clock(message.starts_at, zone) - _on_clock(before, zone)
    _put(first, message.starts_at, lasts)
    for row in later:
        if work.may("customer.move_activity", row):
            _put(row, _moved(_on_clock(row.starts_at, zone), step, zone), lasts)
    work.session.flush()
    return first


def _moved(local: datetime, step: timedelta, zone: ZoneInfo) -> datetime:
    """So far away on the zone's clock, as a moment. Raises Invalid where the calendar ends."""
    try:
        found = kinds.moment((local + step).replace(tzinfo=zone))
    except (OverflowError, PydanticCustomError):
        raise Invalid(FieldProblem("starts_at", "not_a_time", value=local.date().isoformat())) from None
    assert found is not None
    return found


def _length(row: Any, message: MoveActivity) -> timedelta | None:
    if message.ends_at is not None:
        if message.ends_at < message.starts_at:
            raise Invalid(FieldProblem("ends_at", "before", date=message.starts_at.isoformat()))
        return message.ends_at - message.starts_at
    return row.ends_at - row.starts_at if row.ends_at is not None else None


def _on_clock(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _put(row: Any, at: datetime, lasts: timedelta | None) -> None:
    row.starts_at, row.ends_at = at, at + lasts if lasts is not None else None


def following(work: Work, activity: Any) -> list[Any]:
    """What is planned later in its series, locked; nothing where there is none."""
    if activity.series_id is None:
        return []
    one = model.Activity
    later = select(one).where(
        one.series_id == activity.series_id, one.starts_at > activity.starts_at, one.state == "planned",
        one.archived_at.is_(None),
    )  # fmt: skip
    return list(work.session.scalars(later.order_by(one.starts_at).with_for_update(of=one)))


def cancel_following(work: Work, activity: Any) -> None:
    """What comes after it in its series does not take place either, as far as the actor may decide that."""
    for row in following(work, activity):
        if work.may("customer.cancel_activity", row):
            row.move("cancel", work.now)
