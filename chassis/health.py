"""Whether a service can work: its database answers, and it hears the news of others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import text

from chassis.broker import Line
from chassis.work import Work
from contracts.errors import Unavailable
from contracts.message import Message

lines: list[Line] = []
"""The lines to the broker that this process keeps up."""
stuck: set[str] = set()
"""What this process cannot get done just now, and tries again."""
in_hand: list[Callable[[], tuple[int, datetime | None]]] = []
"""Each tells how many events this process has taken from its queue and not done yet, and when the first was announced."""


class Ping(Message):
    """Are you there?"""


def ping(work: Work, message: Ping) -> dict[str, Any]:
    """Says that it works. Raises Unavailable naming the part that does not."""
    work.session.execute(text("select 1"))
    for line in lines:
        if not line.is_ready or line.blocked:
            raise Unavailable(service=work.service, part="rabbitmq", line=line.purpose)
    for part in stuck:
        raise Unavailable(service=work.service, part=part)
    return {"service": work.service, "branch": work.branch, "at": work.now.isoformat()}
