"""What a telephone reads of one's calendar, read by a parser that is not the one that wrote it (ACT-04)."""

from __future__ import annotations

from datetime import timedelta

from flask import g
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream

from gateway.pages import calendar_feed
from tests.gateway import fake

ID = "01900000-0000-7000-8000-00000000000{}"


def entry(number: int, ends_at: str | None, reminders: list[int]) -> dict:
    return {
        "id": ID.format(number), "ver": 3, "updated_at": "2026-03-01T02:00:00+00:00", "subject": f"拜访{number}，带样品; 资料",
        "text": "第一行\n第二行", "kind_id": ID.format(9), "starts_at": "2026-03-11T02:00:00+00:00", "ends_at": ends_at,
        "state": "planned", "customer_id": None, "lead_id": None, "reminders": reminders,
    }  # fmt: skip


def read(app, **mine) -> Calendar:
    with app.test_request_context():
        g.actor = fake.PEOPLE["alice"]
        text = calendar_feed._calendar({"entries": [], "birthdays": [], "labels": {}, **mine}).to_ical()
    return IcsCalendarStream.calendar_from_ics(text.decode())


def test_it_reminds_as_we_do_and_ends_later_than_it_begins_or_says_no_end(app):
    hour, moment = "2026-03-11T03:00:00+00:00", "2026-03-11T02:00:00+00:00"
    long, none, zero = read(
        app, entries=[entry(1, hour, [1440, 60]), entry(2, None, [0]), entry(3, moment, [])]
    ).events
    assert (long.summary, long.description) == ("拜访1，带样品; 资料", "第一行\n第二行")
    assert long.dtend - long.dtstart == timedelta(hours=1)
    assert [each.trigger for each in long.alarm] == [timedelta(days=-1), timedelta(hours=-1)]
    assert {each.action for each in long.alarm} == {"DISPLAY"}
    assert [each.trigger for each in none.alarm] == [timedelta()]
    assert (none.dtend, zero.dtend, zero.alarm) == (None, None, [])


def test_a_birthday_is_stamped_in_utc_and_returns_every_year(app):
    person = {
        "id": ID.format(4),
        "ver": 1,
        "entity": "customer.contact",
        "name": "王芳",
        "birthday": "1990-02-03",
    }
    (born,) = read(app, birthdays=[person | {"customer_id": None}]).events
    assert born.rrule.freq == "YEARLY"
    assert born.dtstamp.utcoffset() == timedelta()
