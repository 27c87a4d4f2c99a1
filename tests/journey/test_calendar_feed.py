"""One's own calendar on one's telephone: an address that other programs subscribe to. ACT-04, CAR-03."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import requests
from icalendar import Calendar, Event

from tests.journey.system import System
from tests.journey.test_lead_to_last_payment import choice

TOMORROW = datetime.now(ZoneInfo("Asia/Shanghai")).replace(
    hour=14, minute=0, second=0, microsecond=0
) + timedelta(1)


def entries(address: str) -> dict[str, Event]:
    """What a calendar program reads there, by UID."""
    answer = requests.get(address, timeout=20)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    lines = answer.content.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    return {str(event["UID"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_a_telephone_shows_what_is_planned_follows_changes_and_forgets_what_is_cancelled(guanxi: System):
    alice = guanxi.client("alice")
    made = alice.post("/person/calendar-address")
    address = made["address"]
    subject = f"演示三坐标{uuid4().hex[:6]}；带上样品, 资料"
    customer = alice.rows("customer/customer", limit=1)[0]
    row = alice.post(
        "/customer/do/plan_activity", kind_id=choice(alice, "activity_kind", "first_visit"), subject=subject,
        starts_at=TOMORROW.isoformat(), ends_at=(TOMORROW + timedelta(hours=1)).isoformat(),
        customer_id=customer["id"], text="第一行\n第二行",
    )["row"]  # fmt: skip
    uid = f"{row['id']}@guanxi"
    seen = entries(address)[uid]
    assert str(seen["SUMMARY"]) == f"{subject} · {customer['name']}"
    assert (seen.start, seen.end - seen.start) == (TOMORROW, timedelta(hours=1))
    assert str(seen["DESCRIPTION"]) == "第一行\n第二行"
    assert seen["URL"] == f"{guanxi.url}/customer/activity/{row['id']}"

    first = requests.get(address, timeout=20)
    again = requests.get(address, headers={"If-None-Match": first.headers["ETag"]}, timeout=20)
    assert (again.status_code, again.content) == (304, b"")

    later = TOMORROW + timedelta(hours=2)
    alice.patch(f"/customer/activity/{row['id']}", ver=row["ver"], starts_at=later.isoformat(), ends_at=None)
    moved = entries(address)[uid]
    assert moved.start == later
    assert moved["SEQUENCE"] > seen["SEQUENCE"]
    alice.post(f"/customer/activity/{row['id']}/cancel")
    assert uid not in entries(address)


def test_a_contacts_birthday_returns_every_year(guanxi: System):
    alice = guanxi.client("alice")
    customer = alice.rows("customer/customer", limit=1)[0]
    contact = alice.post(
        "/customer/contact", customer_id=customer["id"], name=f"闰月{uuid4().hex[:4]}", birthday="1984-02-29"
    )["row"]
    seen = entries(alice.post("/person/calendar-address")["address"])[f"{contact['id']}@guanxi"]
    assert contact["name"] in seen["SUMMARY"]
    assert str(seen["RRULE"].to_ical(), "ascii") == "FREQ=YEARLY;BYMONTHDAY=-1;BYMONTH=2"


def test_the_address_opens_the_calendar_only_and_not_after_it_was_revoked(guanxi: System):
    alice = guanxi.client("alice")
    made = alice.post("/person/calendar-address")
    key = {"Authorization": f"Bearer {made['token']}", "Accept": "application/json"}
    assert requests.get(f"{guanxi.url}/customer/customer", headers=key, timeout=20).status_code == 401
    alice.post(f"/person/tokens/{made['id']}/revoke")
    for gone in (made["address"], made["address"].replace("gx_", "gx_x")):
        assert requests.get(gone, timeout=20).status_code == 404
    logs = "".join(log.read_text(errors="replace") for log in (guanxi.folder / "log").glob("gateway*"))
    assert "/calendar/feed/<secret>.ics" in logs
    assert made["token"] not in logs
