"""Each morning: what lies without a plan, and the next steps that are due; each once, in one message a person (users 13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from chassis.work import Work
from contracts.customer import LiesWithoutPlan, NextStepsDue
from services.customer import model
from services.customer.model.pool_rule import WORKED, open_rows, rule_for

AT_ONCE = 10_000
NAMED = 5
MISSED = timedelta(days=7)
"""A next step that was due longer ago is no news."""
FORGOTTEN = timedelta(days=800)
Owned = dict[UUID, list[Any]]


def nudge(work: Work) -> None:
    """Tell owners what is new of both kinds since the last morning."""
    for cls in (model.Lead, model.Customer):
        _without_plan(work, cls)
    for owner_id, rows in _fresh(work, "next_step", _next_steps(work)).items():
        work.emit(NextStepsDue(owner_id=owner_id, on=work.today, count=len(rows), names=_names(rows)))
    table = model.Nudged
    work.session.execute(delete(table).where(table.since < work.now - FORGOTTEN))


def _without_plan(work: Work, cls: Any) -> None:
    about = cls.record.entity()
    written = work.find_all(model.PoolRule, applies_to=about, archived_at=None)
    own = [rule.staff_id for rule in written if rule.staff_id is not None]
    for rule in written:
        days = rule_for(work, cls, rule.staff_id).remind_days
        if days is None:
            continue
        whose = cls.owner_id == rule.staff_id if rule.staff_id is not None else cls.owner_id.not_in(own)
        for owner_id, rows in _fresh(work, "no_plan", _idle(work, cls, whose, days)).items():
            work.emit(
                LiesWithoutPlan(
                    owner_id=owner_id,
                    about=about,
                    on=work.today,
                    days=days,
                    count=len(rows),
                    names=_names(rows),
                )
            )


def _idle(work: Work, cls: Any, whose: Any, days: int) -> Iterable[Any]:
    """Open ones with the moment since which nobody was in contact, when that is so long ago and nothing is planned."""
    one = model.Activity.__table__
    field = one.c.customer_id if cls is model.Customer else one.c.lead_id
    mine = (field == cls.id, one.c.archived_at.is_(None))
    last = select(func.max(one.c.done_at)).where(*mine, one.c.state == "done").scalar_subquery()
    plan = select(one.c.id).where(*mine, one.c.state == "planned").exists()
    since = func.greatest(cls.created_at, last)
    idle = select(cls.id, cls.name, cls.owner_id, since.label("since")).where(
        whose, cls.owner_id.is_not(None), open_rows(cls), cls.created_at <= work.now - timedelta(days=days), ~plan,
        since <= work.now - timedelta(days=days), ~_told("no_plan", cls.id, since),
    )  # fmt: skip
    return work.session.execute(idle.order_by(since, cls.id).limit(AT_ONCE))


def _next_steps(work: Work) -> Iterable[Any]:
    """Leads whose next step is due; where it is a planned activity, its own reminder tells."""
    lead, one = model.Lead, model.Activity.__table__
    plan = select(one.c.id).where(
        one.c.lead_id == lead.id, one.c.state == "planned", one.c.archived_at.is_(None)
    )
    zone = ZoneInfo(work.actor.timezone)
    due = select(lead.id, lead.name, lead.owner_id, lead.next_step_on).where(
        lead.owner_id.is_not(None), lead.archived_at.is_(None), lead.state.in_(WORKED),
        lead.next_step_on.between(work.today - MISSED, work.today), ~plan.exists(),
    )  # fmt: skip
    for id, name, owner_id, on in work.session.execute(
        due.order_by(lead.next_step_on, lead.id).limit(AT_ONCE)
    ):
        yield id, name, owner_id, datetime.combine(on or work.today, time(), zone).astimezone(UTC)


def _told(about: str, record_id: Any, since: Any) -> Any:
    table = model.Nudged
    told = select(table.since).where(table.record_id == record_id, table.about == about, table.since == since)
    return told.exists()


def _fresh(work: Work, about: str, rows: Iterable[Any]) -> Owned:
    """Those not told of before, by owner; from now on they have been."""
    found = {id: (name, owner_id, since) for id, name, owner_id, since in rows}
    if not found:
        return {}
    table = model.Nudged
    values = [{"record_id": id, "about": about, "since": since} for id, (_, _, since) in found.items()]
    fresh = insert(table).values(values).on_conflict_do_nothing().returning(table.record_id)
    mine: Owned = defaultdict(list)
    for id in set(work.session.scalars(fresh)):
        mine[found[id][1]].append(found[id])
    return mine


def _names(rows: list[Any]) -> tuple[str, ...]:
    """The first few, the longest waiting first."""
    return tuple(name for name, _, _ in sorted(rows, key=lambda row: (row[2], row[0]))[:NAMED])
