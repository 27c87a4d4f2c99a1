"""Jobs by the clock: each due moment once, whichever process does it, and late rather than never."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import String, Text, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from chassis import metrics
from chassis.database import ChassisBase
from chassis.house import House
from chassis.identity import new_id
from chassis.logs import log
from chassis.work import Work
from contracts.actor import Actor

if TYPE_CHECKING:
    from chassis.service import Door

FIRST_RETRY = timedelta(seconds=60)
LONGEST_RETRY = timedelta(hours=1)
LONGEST_NAP = 30.0
KEPT_RUNS = 30
PATIENCE = 600.0
"""Seconds beyond its period after which a job whose moment came and went is late."""


class ScheduleRun(ChassisBase):
    """One due moment of one job."""

    __tablename__ = "schedule_run"

    job: Mapped[str] = mapped_column(String(80), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    next_attempt_at: Mapped[datetime | None] = mapped_column()
    done_at: Mapped[datetime | None] = mapped_column()
    error: Mapped[str | None] = mapped_column(Text)


def state(session: Session, clocked: dict[str, Door], now: datetime) -> dict[str, dict[str, Any]]:
    """Of each job: when it was last done, what went wrong in the newest run, and whether its moment was missed."""
    newest = select(ScheduleRun.job, func.max(ScheduleRun.due_at), func.max(ScheduleRun.done_at)).group_by(
        ScheduleRun.job
    )
    known = {job: (due_at, done_at) for job, due_at, done_at in session.execute(newest)}
    found = {}
    for name, door in clocked.items():
        due_at, done_at = known.get(name, (None, None))
        row = session.get(ScheduleRun, (name, due_at)) if due_at else None
        period = door.every if door.every is not None else 86400.0
        late = due_at is not None and (now - due_at).total_seconds() > 2 * period + PATIENCE
        found[name] = {
            "done_at": done_at.isoformat() if done_at else None,
            "error": row.error if row is not None and row.done_at is None else None,
            "late": late,
        }
    return found


class Schedule:
    """Runs the jobs of one service when their moment has come."""

    def __init__(self, house: House, timezone: str) -> None:
        self.house = house
        self.zone = ZoneInfo(timezone)
        self.jobs = house.service.clocked()

    def run_due(self) -> float:
        """Run what is due now; gives the seconds until it is worth looking again."""
        for name, job in self.jobs.items():
            due_at = self.last_due(job)
            if self._claim(name, due_at):
                self._run(name, job, due_at)
        now = self.house.clock()
        naps = [(self.last_due(job) + self._period(job) - now).total_seconds() for job in self.jobs.values()]
        return max(0.1, min(LONGEST_NAP, *naps)) if naps else LONGEST_NAP

    def last_due(self, job: Door) -> datetime:
        """The latest moment at which the job should have run."""
        now = self.house.clock()
        if job.every is not None:
            return datetime.fromtimestamp(now.timestamp() // job.every * job.every, UTC)
        here, at = now.astimezone(self.zone), job.at or time()
        due = datetime.combine(here.date(), at, self.zone)
        if due > here:
            due = datetime.combine(here.date() - timedelta(days=1), at, self.zone)
        return due.astimezone(UTC)

    def _period(self, job: Door) -> timedelta:
        return timedelta(seconds=job.every) if job.every is not None else timedelta(days=1)

    def _claim(self, name: str, due_at: datetime) -> bool:
        """Whether this process is the one to do it. Counted before it is tried, as with events."""
        with self.house.sessions.begin() as session:
            if not _alone(session, f"claim {name}"):
                return False
            now = self.house.clock()
            row = session.get(ScheduleRun, (name, due_at))
            if row is not None and (row.done_at or (row.next_attempt_at and row.next_attempt_at > now)):
                return False
            attempts = (row.attempts if row else 0) + 1
            retry_at = now + min(FIRST_RETRY * 2 ** (attempts - 1), LONGEST_RETRY)
            values = {"attempts": attempts, "next_attempt_at": retry_at}
            session.execute(
                insert(ScheduleRun)
                .values(job=name, due_at=due_at, **values)
                .on_conflict_do_update(index_elements=[ScheduleRun.job, ScheduleRun.due_at], set_=values)
            )
            return True

    def _run(self, name: str, job: Door, due_at: datetime) -> None:
        call_id = new_id().hex
        try:
            with self.house.sessions.begin() as session:
                # another key than for claiming: who claims must not keep the one who claimed from running
                if not _alone(session, f"job {name}"):
                    return
                actor = Actor.system(name).model_copy(update={"timezone": self.zone.key})
                work = Work(session, actor, self.house, door=name, call_id=call_id)
                job.function(work)
                row = session.get_one(ScheduleRun, (name, due_at))
                row.done_at, row.next_attempt_at, row.error = self.house.clock(), None, None
                oldest = due_at - KEPT_RUNS * self._period(job)
                session.execute(
                    delete(ScheduleRun).where(ScheduleRun.job == name, ScheduleRun.due_at < oldest)
                )
            metrics.jobs.labels(self.house.name, name, "done").inc()
            log().info("job", job=name, call=call_id, due=due_at.isoformat())
        except Exception as error:
            metrics.jobs.labels(self.house.name, name, "failed").inc()
            log().exception("job failed", job=name, call=call_id, due=due_at.isoformat())
            with self.house.sessions.begin() as session:
                session.get_one(ScheduleRun, (name, due_at)).error = f"{type(error).__name__}: {error}"[:2000]


def _alone(session: Session, what: str) -> bool:
    """Whether no other process has this in hand, until the end of the transaction."""
    key = func.hashtextextended(what, 0)
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(key))))
