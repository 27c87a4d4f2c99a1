"""The calendar, and what lies on one's desk today."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select

from chassis import comments as remarks
from chassis import counting, labels
from chassis.entities import by_entity, possible, values
from chassis.work import Work
from contracts.customer import CalendarOf, Comment, MyDay
from services.customer import model
from services.customer.queries import birthdays

MOST = 2000
"""Entries in one answer."""
PARTS = {"today": 200, "overdue": 200, "open": 200, "leads": 50, "comments": 20}
"""How many of each are told with one's day; of all the number."""
SHOWN = (
    "id", "ver", "updated_at", "subject", "text", "kind_id", "starts_at", "ends_at", "done_at", "state", "owner_id", "customer_id", "lead_id",
    "contact_id", "opportunity_id", "repeats",
)  # fmt: skip
MOMENT = timedelta.resolution
"""At the end of a span of time it is over."""
RECENT = timedelta(days=14)
WEEK = 7
"""Days in advance that a birthday is told of."""


def calendar(work: Work, message: CalendarOf) -> dict[str, Any]:
    """What touches a span of time, of one person or of all whose activities the actor sees; cancelled ones left out.

    With it whose birthday is then, of those the person looks after, or of all the actor sees. Where there is more than one
    answer holds, the entries nearest to now are in it, and `is_cut` says so. Each tells how long before its owner is reminded.
    """
    ends = func.coalesce(model.Activity.ends_at, model.Activity.starts_at)
    wanted = _open_or_done().where(model.Activity.starts_at < message.until, ends >= message.since)
    if message.staff_id is not None:
        wanted = wanted.where(model.Activity.owner_id == message.staff_id)
    far = func.abs(func.extract("epoch", model.Activity.starts_at - work.now))
    nearest = list(work.session.scalars(wanted.order_by(far, model.Activity.id).limit(MOST + 1)))
    rows = sorted(nearest[:MOST], key=lambda row: (row.starts_at, row.id))
    reminders = model.ReminderRule.minutes_before(work, [row for row in rows if row.state == "planned"])
    zone = ZoneInfo(work.actor.timezone)
    since, last = (at.astimezone(zone).date() for at in (message.since, message.until - MOMENT))
    days = max((last - since).days, 0)
    born = birthdays.told(work, birthdays.coming(work, message.staff_id, since, days), since)
    return {
        "entries": [
            {**_shown(row), "can": possible(work, row), "reminders": reminders.get(row.id, [])}
            for row in rows
        ],
        "is_cut": len(nearest) > MOST,
        "birthdays": born["rows"],
        "labels": {**_labels(work, rows), **born["labels"]},
    }


def my_day(work: Work, message: MyDay) -> dict[str, Any]:
    """Today's schedule with what goes on from before, what is overdue, what comes in two weeks, leads to be followed, and remarks on my work: the first of
    each, and of all how many there are (ACT-05)."""
    zone = ZoneInfo(work.actor.timezone)
    morning = datetime.combine(work.today, time(), zone)
    midnight = datetime.combine(work.today + timedelta(days=1), time(), zone)
    mine = _open_or_done().where(model.Activity.owner_id == work.actor.id).order_by(model.Activity.starts_at)
    planned = mine.where(model.Activity.state == "planned")
    starts = model.Activity.starts_at
    goes_on = (model.Activity.state == "planned") & (starts < morning) & (model.Activity.ends_at > morning)
    parts = {
        "today": mine.where((starts >= morning) & (starts < midnight) | goes_on),
        "overdue": planned.where(starts < morning, ~func.coalesce(goes_on, False)),
        "open": planned.where(starts >= midnight, starts < midnight + RECENT),
    }
    parts |= {"leads": _leads_to_follow(work), "comments": remarks.for_me(work)}
    found = {name: list(work.session.scalars(wanted.limit(PARTS[name]))) for name, wanted in parts.items()}
    counts = {name: _count(work, wanted, found[name], PARTS[name]) for name, wanted in parts.items()}
    leads, comments = found.pop("leads"), found.pop("comments")
    born = birthdays.told(work, birthdays.coming(work, work.actor.id, work.today, WEEK), work.today)
    rows = [row for part in found.values() for row in part]
    return {
        **{
            name: [{**_shown(row), "can": possible(work, row)} for row in part]
            for name, part in found.items()
        },
        "counts": counts,
        "leads": [_of(row, "id", "number", "name", "contact_name", "next_step_on", "state") for row in leads],
        "comments": [
            _of(row, "id", "about", "record_id", "text", "mentions", "created_at", "created_by")
            for row in comments
        ],
        "birthdays": born["rows"],
        "labels": {
            **_labels(work, rows),
            **_labels(work, comments),
            **born["labels"],
            **_subjects(work, comments),
        },
    }


def _count(work: Work, wanted: Select[Any], found: list[Any], most: int) -> dict[str, Any]:
    """How many there are in all; counted only where not all of them were told."""
    count, capped = (
        (len(found), False)
        if len(found) < most
        else counting.count(work.session, wanted.column_descriptions[0]["entity"], wanted)
    )
    return {"count": count, "capped": capped}


def _open_or_done() -> Select[Any]:
    return select(model.Activity).where(
        model.Activity.archived_at.is_(None), model.Activity.state != "cancelled"
    )


def _leads_to_follow(work: Work) -> Select[Any]:
    lead = model.Lead
    wanted = select(lead).where(
        lead.owner_id == work.actor.id, lead.next_step_on <= work.today, lead.archived_at.is_(None),
        lead.state.in_(("new", "following")),
    )  # fmt: skip
    return wanted.order_by(lead.next_step_on, lead.id)


def _subjects(work: Work, comments: list[Any]) -> dict[str, Any]:
    """The names of what was remarked on."""
    wanted: dict[str, set[Any]] = {}
    for remark in comments:
        wanted.setdefault(remark.about, set()).add(remark.record_id)
    return {id: label.as_json() for id, label in labels.named(work, wanted, by_entity(work)).items()}


def _shown(row: model.Activity) -> dict[str, Any]:
    return _of(row, *SHOWN)


def _of(row: Any, *names: str) -> dict[str, Any]:
    attrs = row.record.attrs()
    return values(row, {name: attrs[name] for name in names})


def _labels(work: Work, rows: list[Any]) -> dict[str, Any]:
    attrs = {**(rows[0].record if rows else Comment).attrs()}
    found = labels.behind_fields(work, rows, attrs, by_entity(work))
    return {id: label.as_json() for id, label in found.items()}
