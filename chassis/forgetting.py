"""What is settled for long enough is forgotten, so that a busy day costs the same after ten years as after one.

Three tables only grow: what was sent, what was heard, what was answered under a key. An event is forgotten where it was
announced only when the broker has confirmed it, and where it was heard only when it was done or discarded: what waits,
is held or parked stays for as long as it takes. Parts of files that nobody put on a record go as well, imports whose
file never came whole, batches that nobody did, and who had a form open.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from chassis.attachments import FilePart
from chassis.batches import Batch
from chassis.database import ChassisBase
from chassis.doors import Answered
from chassis.editing import OpenForm
from chassis.house import House
from chassis.inbox import Incoming
from chassis.logs import log
from chassis.outbox import Outgoing
from chassis.transfer import Job

SENT = timedelta(days=30)
"""So long an event could be sent once more, should a broker lose its disk."""
HEARD = timedelta(days=90)
"""Longer than what was sent: a copy that comes late must still be known as one."""
ANSWERED = timedelta(days=30)
"""So long the same key gets the same answer."""

UNCLAIMED = timedelta(days=1)
"""So long a file that was sent may wait to be put on a record, or to be read to its end."""
UNDONE = timedelta(days=7)
"""So long a batch that was picked or tried may wait to be done."""

BATCH = 2000
"""Rows of one transaction: what others wait for is over in some ten milliseconds."""
NAP, SHORT_NAP = 600.0, 0.2


class Forgetter:
    """Forgets what one service no longer needs, a little at a time."""

    def __init__(self, house: House) -> None:
        self.house = house

    def run_due(self) -> float:
        """Forget a batch of each; gives the seconds until it is worth asking again."""
        now = self.house.clock()
        gone = [
            self._forget(Outgoing, Outgoing.published_at, now - SENT, _may_be_forgotten()),
            self._forget(Incoming, Incoming.done_at, now - HEARD, Incoming.state.in_(("done", "discarded"))),
            self._forget(Answered, Answered.at, now - ANSWERED),
            self._forget(FilePart, FilePart.waits_since, now - UNCLAIMED),
            self._forget(Job, Job.created_at, now - UNCLAIMED, Job.read_at.is_(None)),
            self._forget(OpenForm, OpenForm.seen_at, now - UNCLAIMED),
            self._forget(Batch, Batch.waits_since, now - UNDONE),
        ]
        return SHORT_NAP if BATCH in gone else NAP

    def _forget(
        self, table: type[ChassisBase], stamp: Any, before: datetime, *further: ColumnElement[bool]
    ) -> int:
        with self.house.sessions.begin() as session:
            if not _alone(session, table.__tablename__):
                return 0
            key = list(table.__table__.primary_key)
            oldest = select(*key).where(stamp < before, *further).order_by(stamp).limit(BATCH).subquery()
            same = [column == oldest.c[column.name] for column in key]
            found: Any = session.connection().execute(delete(table).where(*same))
            gone: int = found.rowcount
        if gone:
            log().info("forgotten", service=self.house.name, table=table.__tablename__, rows=gone)
        return gone


def _may_be_forgotten() -> ColumnElement[bool]:
    """The broker has it, and it is not the last: the next number is given after the highest one there is."""
    return Outgoing.sequence < select(func.max(Outgoing.sequence)).scalar_subquery()


def _alone(session: Session, table: str) -> bool:
    """Whether no other process is at it."""
    key = func.hashtextextended(f"forget {table}", 0)
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(key))))
