"""An activity again and again: each time one of its own, at the same hour of the actor's clock (ACT-01)."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule
from sqlalchemy import select

from chassis.identity import new_id
from chassis.work import Work
from contracts.customer import MOST_REPEATED, RepeatActivity
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
        found.append(at.replace(tzinfo=zone).astimezone(UTC))  # adding to local time would ignore its gaps
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


def cancel_following(work: Work, activity: Any) -> None:
    """What comes after it in its series does not take place either, as far as the actor may decide that."""
    one = model.Activity
    later = select(one).where(
        one.series_id == activity.series_id, one.starts_at > activity.starts_at, one.state == "planned",
        one.archived_at.is_(None),
    )  # fmt: skip
    for row in work.session.scalars(later.with_for_update(of=one)):
        if work.may("customer.cancel_activity", row):
            row.move("cancel", work.now)
