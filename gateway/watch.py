"""Looks at all parts again and again, and has administrators told of what stays wrong: by mail, once a day for one reason.

Each gateway process looks; notification tells nobody twice. What keeps us from reaching notification at all, it tells
by itself (services/notification/actions/trouble.py).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from flask import Flask

from chassis.logs import log
from chassis.wire import Call
from contracts.notification import ReportTrouble
from gateway import operation
from gateway.operation import Part

PERIOD = 30.0
"""Seconds between two looks; what both see is reported."""
LATE = {"outbox_lag": "outbox", "queue_lag": "queue", "inbox_lag": "inbox", "outbox_refused": "refused"}
JOBS = {"job_failed", "job_late", "books_disagree"}
Reason = tuple[str, str, str]
"""Kind, part, what."""


class Watch:
    """One process's eye on the whole."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._seen: set[Reason] = set()

    def start(self) -> None:
        """In the background, for as long as the process lives."""
        threading.Thread(target=self._turn, name="watch", daemon=True).start()

    def _turn(self) -> None:
        pause = threading.Event()
        while not pause.wait(PERIOD):
            try:
                self.look()
            except Exception:
                log().exception("watch failed")

    def look(self) -> list[ReportTrouble]:
        """Report what is wrong now and was at the last look; gives the reports."""
        wire, sessions = self._app.extensions["guanxi-wire"], self._app.extensions["guanxi-sessions"]
        services, call_id = self._app.extensions["guanxi-registry"].services, uuid4().hex
        limit = self._app.extensions["guanxi-settings"].lag_limit
        parts = operation.ask(wire, services, sessions.own_token(), call_id, limit)
        found = {(one.kind, one.part, one.what): one for part in parts for one in reports(part)}
        stays = [report for reason, report in found.items() if reason in self._seen]
        self._seen = set(found)
        calls = [
            Call(
                "notification",
                "report_trouble",
                one.model_dump(mode="json"),
                sessions.own_token(),
                uuid4().hex,
                call_id,
            )
            for one in stays
        ]
        if calls:
            wire.settle(calls)
        return stays


def reports(part: Part) -> Iterator[ReportTrouble]:
    """What administrators are told of one part. Of mail that does not get out, notification tells them itself."""
    facts: dict[str, Any] = part.facts or {}
    for door, count in (facts.get("parked_at") or {}).items():
        yield ReportTrouble(kind="event_parked", part=part.name, what=door, count=count)
    for trouble in part.troubles:
        values = trouble.values
        if trouble.kind == "silent":
            yield ReportTrouble(kind="part_silent", part=part.name)
        elif trouble.kind in LATE:
            minutes = round(values.get("age", 0) / 60)
            yield ReportTrouble(
                kind="events_late",
                part=part.name,
                what=LATE[trouble.kind],
                count=values["count"],
                minutes=minutes,
            )
        elif trouble.kind in JOBS:
            yield ReportTrouble(
                kind="job_failed", part=part.name, what=values["job"], error=values.get("error") or ""
            )
