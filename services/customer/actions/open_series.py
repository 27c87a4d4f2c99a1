"""A series without an end: kept filled for half a year ahead with ordinary activities, for as long as nobody ends it (ACT-01)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from sqlalchemy import func, select

from chassis import own_fields, replicas
from chassis.identity import new_id
from chassis.logs import log
from chassis.work import Work
from contracts.errors import Problem
from services.customer import model
from services.customer.actions.repetition import ending, moved, on_clock, up_to

AHEAD = timedelta(days=180)
AT_LEAST = 2
"""Planned ahead, however far away: the last one is the pattern of what follows, and the next one is what people change."""
TAKEN_ALONG = (
    "kind_id",
    "subject",
    "text",
    "lead_id",
    "customer_id",
    "contact_id",
    "opportunity_id",
    "remind",
    "series_id",
    "repeats",
)


def again(work: Work, row: model.Activity, at: datetime, zone: ZoneInfo, **other_values: Any) -> None:
    """Plan the same at another time, as long, for the same person."""
    values = {name: getattr(row, name) for name in TAKEN_ALONG} | other_values
    other = model.Activity(
        id=new_id(), starts_at=at, ends_at=ending((row.starts_at, row.ends_at), at, zone), tags=list(row.tags or ()), **values
    )  # fmt: skip
    other.belong_with(row)
    own_fields.take_along(work, work.add(other), *own_fields.noted(row))


def begin(work: Work, first: model.Activity, rule: str, zone: ZoneInfo) -> None:
    """From this one on, until somebody ends it."""
    local = on_clock(first.starts_at, zone)
    after = rrulestr(rule, dtstart=local).after(local)
    series = model.OpenSeries(
        id=first.series_id, rule=rule, zone=zone.key, begins=local, next_at=after or local, moved_by=timedelta(0)
    )  # fmt: skip
    work.session.add(series)
    _fill(work, series, first)


def go_on(work: Work) -> None:
    """Plan what has come within half a year. One that cannot go on keeps no other waiting."""
    for id in work.session.scalars(_due(work)).all():
        try:
            with work.session.begin_nested():
                _go_on(work, id)
        except Problem as problem:
            log().warning("series stopped", series=str(id), problem=problem.as_dict())


def _due(work: Work) -> Any:
    series = model.OpenSeries
    is_near = series.next_at + series.moved_by <= (work.now + AHEAD).replace(tzinfo=None)
    are_few = _ahead(work, series.id).scalar_subquery() < AT_LEAST
    return select(series.id).where(is_near | are_few).order_by(series.next_at)


def _ahead(work: Work, id: Any) -> Any:
    """How many of a series are to come."""
    one = model.Activity
    return select(func.count()).where(
        one.series_id == id, one.state == "planned", one.starts_at > work.now, one.archived_at.is_(None)
    )  # fmt: skip


def _go_on(work: Work, id: UUID) -> None:
    """The customer is held first: whoever hands it over just now is waited for, and what is planned here goes to the new owner."""
    like = _pattern(work, id)
    if like is not None and not _takes_place(work, like):
        return
    held = select(model.OpenSeries).where(model.OpenSeries.id == id).with_for_update(skip_locked=True)
    series = work.session.scalars(held).first()
    if series is None:
        return  # somebody changes it, or it has just been ended
    like = _pattern(work, id)
    if like is None:
        work.session.delete(series)
        return
    zone = {"timezone": series.zone}
    with work.on_behalf_of(work.actor.model_copy(update=zone)):
        _fill(work, series, like)
        work.session.flush()


def _pattern(work: Work, id: UUID) -> model.Activity | None:
    """What the next ones are like: the last that is planned, or was."""
    one = model.Activity
    wanted = select(one).where(one.series_id == id, one.archived_at.is_(None)).limit(1)
    latest = wanted.order_by((one.state == "planned").desc(), one.starts_at.desc(), one.id)
    return work.session.scalars(latest, execution_options={"populate_existing": True}).first()


def _takes_place(work: Work, like: model.Activity) -> bool:
    """Not while whoever does it has left and nobody took over, nor at a customer or lead that was put away or dropped."""
    cards = replicas.several(work.session, [like.owner_id] if like.owner_id else [])
    if any(card.data.get("state", "active") != "active" for card in cards):
        return False
    cls: Any = model.Customer if like.customer_id else model.Lead
    whole_id = like.customer_id or like.lead_id
    held = select(cls).where(cls.id == whole_id).with_for_update(read=True, key_share=True, of=cls)
    whole = work.session.scalars(held).first() if whole_id else None
    if whole is None:
        return True
    return whole.archived_at is None and getattr(whole, "state", None) != "dropped"


def _fill(work: Work, series: model.OpenSeries, like: model.Activity) -> None:
    """Plan what lies between now and the horizon and is not planned yet; what was missed meanwhile is left out."""
    zone = ZoneInfo(series.zone)
    work.session.flush()
    ahead = work.session.scalar(_ahead(work, series.id)) or 0
    for local in rrulestr(series.rule, dtstart=series.begins).xafter(series.next_at, inc=True):
        at = moved(local, series.moved_by, zone)
        if series.last_on is not None and (local + series.moved_by).date() > series.last_on:
            break
        if at > work.now + AHEAD and ahead >= AT_LEAST:
            series.next_at = local
            return
        if at > work.now:
            again(work, like, at, zone, contact_id=_still_there(work, like), repeats=_said(series))
            ahead += 1
    work.session.delete(series)


def _said(series: model.OpenSeries) -> str:
    return up_to(series.rule, series.last_on) if series.last_on else series.rule


def _still_there(work: Work, like: model.Activity) -> UUID | None:
    """Its contact, unless she works somewhere else by now."""
    if like.contact_id is None or like.customer_id is None:
        return like.contact_id
    with work.everything(), work.session.no_autoflush:
        contact = work.session.get(model.Contact, like.contact_id)
    return contact.id if contact is not None and contact.customer_id == like.customer_id else None


def held(work: Work, activity: model.Activity) -> model.OpenSeries | None:
    """What says how its series goes on, locked; None where it has an end, or stands alone."""
    if activity.series_id is None:
        return None
    wanted = select(model.OpenSeries).where(model.OpenSeries.id == activity.series_id).with_for_update()
    return work.session.scalars(wanted, execution_options={"populate_existing": True}).first()


def move_on(series: model.OpenSeries, before: datetime, after: datetime) -> None:
    """What is yet to be planned moves as far on the series' own clock."""
    zone = ZoneInfo(series.zone)
    series.moved_by = series.moved_by + (on_clock(after, zone) - on_clock(before, zone))


def end(work: Work, series: model.OpenSeries, last_on: date) -> None:
    """It goes on up to this day; what is planned until then says so."""
    if last_on < (series.next_at + series.moved_by).date():
        work.session.delete(series)
    else:
        series.last_on = last_on
    one = model.Activity
    rest = select(one).where(one.series_id == series.id, one.state == "planned", one.archived_at.is_(None))
    for row in work.session.scalars(rest.with_for_update(of=one)):
        row.repeats = up_to(series.rule, last_on)
