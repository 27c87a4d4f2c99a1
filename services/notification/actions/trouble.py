"""Whoever runs the system hears of what needs her: once a day for one reason."""

from __future__ import annotations

import time
from typing import Any

from chassis import health
from chassis.settings import service_settings
from chassis.work import Work
from contracts.notification import ReportTrouble
from services.notification import recipients
from services.notification.actions import notice

PAGES = {"event_parked": "/administration/messages"}
PAGE = "/administration/operation"


def report_trouble(work: Work, message: ReportTrouble) -> None:
    """What the gateway saw when it looked at all parts."""
    tell(work, message)


def warn_of_silence(work: Work) -> None:
    """What nobody else could tell us: that we ourselves have not reached the broker for too long."""
    now = time.monotonic()
    down = max((now - line.down_since for line in health.lines if line.down_since is not None), default=0.0)
    if down > service_settings().lag_limit:
        tell(work, ReportTrouble(kind="part_silent", part="RabbitMQ", minutes=round(down / 60)))


def tell(work: Work, trouble: ReportTrouble) -> None:
    """By mail and at the bell, to every administrator."""
    values: dict[str, Any] = trouble.model_dump(exclude={"kind"})
    notice.tell_all(
        work, trouble.kind, recipients.holders(work, "administrator"),
        reason=f"{trouble.part}:{trouble.what}:{work.today}"[:180], link=PAGES.get(trouble.kind, PAGE), values=values,
    )  # fmt: skip
