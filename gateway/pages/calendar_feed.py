"""One's own calendar as other programs read it: iCalendar at an address that is itself the key (ACT-04, CAR-03).

RFC 5545: an entry keeps its UID, and its SEQUENCE grows with every change, so a program that reads it again updates what
it has; what was cancelled is no longer there.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, request
from icalendar import Alarm, Calendar, Event
from werkzeug.wrappers import Response

from contracts.errors import NotFound, Unauthenticated
from gateway import api, auth, wording
from gateway.languages import gettext as _
from gateway.languages import today
from gateway.pages.calendar import birthday_title, whole_days
from gateway.rpc import ask

blueprint = Blueprint("calendar_feed", __name__)
PAST, FUTURE = timedelta(days=90), timedelta(days=400)
READ_AGAIN = timedelta(minutes=15)


@blueprint.get("/calendar/feed/<secret>.ics")
@api.described(media="text/calendar", is_open=True)
def feed(secret: str) -> Response:
    """Whoever has the address may read it. A wrong or revoked one is nowhere to be found."""
    try:
        auth.recognise(secret[:500], "calendar")
    except Unauthenticated:
        raise NotFound(entity="calendar", id="") from None
    auth.require("customer.calendar")
    span = {"from": f"{today() - PAST}T00:00", "to": f"{today() + FUTURE}T00:00"}
    mine = ask("customer", "calendar", {**span, "staff_id": auth.actor().id})
    response = Response(_calendar(mine).to_ical(), mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'inline; filename="guanxi.ics"'
    response.headers["Cache-Control"] = f"private, max-age={READ_AGAIN.seconds}"
    response.add_etag()
    return response.make_conditional(request)


def _calendar(mine: dict[str, Any]) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Guanxi//CRM//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Guanxi · %(name)s", name=auth.actor().name))
    calendar.add("refresh-interval", READ_AGAIN, parameters={"VALUE": "DURATION"})
    for entry in mine["entries"]:
        calendar.add_component(_activity(entry, mine["labels"]))
    for person in mine["birthdays"]:
        calendar.add_component(_birthday(person, mine["labels"]))
    return calendar


def _activity(entry: dict[str, Any], labels: dict[str, Any]) -> Event:
    about = wording.name_of(labels.get(entry["customer_id"] or entry["lead_id"]))
    event = _event(entry, f"/customer/activity/{entry['id']}")
    event.add("summary", f"{entry['subject']} · {about}" if about else entry["subject"])
    days = whole_days(entry)
    starts, ends = days or (
        datetime.fromisoformat(entry["starts_at"]),
        entry["ends_at"] and datetime.fromisoformat(entry["ends_at"]),
    )
    event.add("dtstart", starts)
    if ends and ends > starts:  # RFC 5545: it ends later than it begins, or does not say
        event.add("dtend", ends)
    event.add("dtstamp", datetime.fromisoformat(entry["updated_at"]))
    event.add("status", "CONFIRMED")
    if entry["text"]:
        event.add("description", entry["text"])
    if kind := wording.name_of(labels.get(entry["kind_id"])):
        event.add("categories", [kind])
    for minutes in entry["reminders"]:
        event.add_component(_alarm(entry["subject"], minutes))
    return event


def _alarm(subject: str, minutes: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", subject)
    alarm.add("trigger", -timedelta(minutes=minutes))
    return alarm


def _birthday(person: dict[str, Any], labels: dict[str, Any]) -> Event:
    born = date.fromisoformat(person["birthday"])
    event = _event(person, f"/{person['entity'].replace('.', '/')}/{person['id']}")
    event.add("summary", birthday_title(person, labels))
    event.add("dtstart", born)
    event.add("dtstamp", datetime.combine(born, time(), UTC))
    yearly: dict[str, Any] = {"freq": "yearly"}
    if (born.month, born.day) == (2, 29):
        yearly |= {"bymonth": 2, "bymonthday": -1}
    event.add("rrule", yearly)
    event.add("transp", "TRANSPARENT")
    return event


def _event(row: dict[str, Any], path: str) -> Event:
    event = Event()
    event.add("uid", f"{row['id']}@guanxi")
    event.add("sequence", row["ver"])
    event.add("url", request.url_root.rstrip("/") + path)
    return event
