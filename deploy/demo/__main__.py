"""Loads the demo company into a running Guanxi that has nobody in it yet."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from contracts.errors import Problem

from . import customers, deals, money, people, plans, relations, rules, schedule, service
from .asking import Desk, NotLoaded, demo_id

STEPS: dict[str, Callable[[Desk, date], None]] = {
    "people": people.load,
    "rules": rules.load,
    "customers": customers.load,
    "opportunities and quotes": deals.load,
    "contracts and payments": money.load,
    "leads": customers.load_leads,
    "schedule": schedule.load,
    "people at customers": relations.load,
    "plans": plans.load,
    "tickets and articles": service.load,
}
LAST = demo_id("article", service.ARTICLES[-2][1])
"""When this is there, everything is."""


def main() -> int:
    """Step by step, each saying how long it took."""
    desk = Desk.from_environment()
    there = {row["id"] for row in desk.rows("organization.staff")}
    if there - {str(people.staff_id(person.login)) for person in people.STAFF}:
        print("There are people here already. The demo data is only for a Guanxi that nobody uses yet.")
        return 0
    if desk.rows("service_desk.article", id=str(LAST), state="published"):
        print("The demo data is there already.")
        return 0
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    for what, step in STEPS.items():
        begun = time.monotonic()
        step(desk, today)
        print(f"· {what} ({time.monotonic() - begun:.1f} s)", flush=True)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (NotLoaded, Problem) as trouble:
        sys.exit(f"✗ {trouble}")
