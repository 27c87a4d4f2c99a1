"""Credit for what was done with customers and written down: counted anew from the activities whenever somebody asks (CON-06)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Date, cast, func, or_, select, true

from chassis import labels
from chassis.entities import by_entity
from chassis.work import Work
from contracts.customer import PersonsPoints, Points, PointsEntry, PointsOf
from contracts.errors import FieldProblem, Invalid
from services.customer import model

PROMPT = timedelta(days=2)
"""Who writes it down later than this does so late: seen, and counted all the same."""
LAST_DAY = date(9999, 11, 30)
"""The calendar knows no month behind the next."""
MOST = 200
ONE = model.Activity
ENTERED = func.coalesce(ONE.state_at, ONE.created_at)
"""When it was written down as done."""
IS_LATE = ONE.done_at + PROMPT < ENTERED


def points(work: Work, message: PointsOf) -> Points:
    """Each activity done counts once, for its owner, by the day it was done on; put away or cancelled, no more."""
    first, last = _period(work, message)
    zone = ZoneInfo(work.actor.timezone)
    worth = _worth(work.actor.timezone)
    counted = (
        ONE.state == "done", ONE.archived_at.is_(None), ONE.owner_id.is_not(None),
        or_(ONE.customer_id.is_not(None), ONE.lead_id.is_not(None)),
        ONE.done_at >= datetime.combine(first, time(), zone),
        ONE.done_at < datetime.combine(last + timedelta(days=1), time(), zone),
        *((ONE.owner_id == message.staff_id,) if message.staff_id else ()),
    )  # fmt: skip
    people = _people(work, worth, counted)
    entries = _entries(work, worth, counted) if message.staff_id else ()
    wanted = labels.Wanted().add("organization.staff", (one.staff_id for one in people))
    for entry in entries:
        wanted.add("organization.choice", [entry.kind_id])
        wanted.add("customer.customer", [entry.customer_id]).add("customer.lead", [entry.lead_id])
    return Points(
        from_on=first, to_on=last, people=people, entries=entries,
        labels=labels.named(work, wanted, by_entity(work)),
    )  # fmt: skip


def _period(work: Work, message: PointsOf) -> tuple[date, date]:
    """Given days, else this month, or the month the one given day belongs to."""
    for name in ("from_on", "to_on"):
        if (getattr(message, name) or work.today) > LAST_DAY:
            raise Invalid(FieldProblem(name, "after", date=LAST_DAY.isoformat()))
    near = message.from_on or message.to_on or work.today
    first = message.from_on or near.replace(day=1)
    last = message.to_on or (near.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    if last < first:
        raise Invalid(FieldProblem("to_on", "before", date=first.isoformat()))
    return first, last


def _worth(timezone: str) -> Any:
    """The points of an activity: by the newest rule of its kind on the day it was done."""
    rule = model.PointRule
    day = cast(func.timezone(timezone, ONE.done_at), Date)
    return (
        select(rule.points)
        .where(
            rule.kind_id == ONE.kind_id, rule.archived_at.is_(None), or_(rule.from_on.is_(None), rule.from_on <= day)
        )
        .order_by(rule.from_on.desc().nulls_last())
        .limit(1)
        .correlate(ONE)
        .lateral("worth")
    )  # fmt: skip


def _people(work: Work, worth: Any, counted: Any) -> tuple[PersonsPoints, ...]:
    total = func.coalesce(func.sum(worth.c.points), 0)
    found: Any = (
        select(ONE.owner_id, total, func.count(), func.count().filter(IS_LATE))
        .outerjoin(worth, true())
        .where(*counted)
        .group_by(ONE.owner_id)
        .order_by(total.desc(), func.count().desc(), ONE.owner_id)
        .limit(MOST)
    )
    rows = list(work.session.execute(found))
    first_with = {earned: place for place, (_, earned, *_) in reversed(list(enumerate(rows, start=1)))}
    return tuple(
        PersonsPoints(rank=first_with[earned], staff_id=id, points=earned, activities=count, late=late)
        for id, earned, count, late in rows
    )


def _entries(work: Work, worth: Any, counted: Any) -> tuple[PointsEntry, ...]:
    found: Any = (
        select(
            ONE.id, ONE.subject, ONE.kind_id, ONE.customer_id, ONE.lead_id, ONE.done_at, ENTERED, IS_LATE, worth.c.points
        )
        .outerjoin(worth, true())
        .where(*counted)
        .order_by(ONE.done_at.desc(), ONE.id)
        .limit(MOST)
    )  # fmt: skip
    return tuple(
        PointsEntry(
            activity_id=id, subject=subject, kind_id=kind, customer_id=customer, lead_id=lead, done_at=done,
            entered_at=entered, is_late=is_late, points=earned or 0,
        )
        for id, subject, kind, customer, lead, done, entered, is_late, earned in work.session.execute(found)
    )  # fmt: skip
