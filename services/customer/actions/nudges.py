"""Each morning: what lies without a plan, with whom contact is due, what has stalled, and the next steps that are due; each once, in one message a person (users 13)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Select, cast, delete, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert

from chassis.work import Work
from contracts.customer import ContactDue, CustomersStalled, LiesWithoutPlan, NextStepsDue
from services.customer import model
from services.customer.model.pool_rule import WORKED, open_rows, rule_for

NAMED = 5
MISSED = timedelta(days=7)
"""A next step that was due longer ago is no news."""
FORGOTTEN = timedelta(days=800)


def nudge(work: Work) -> None:
    """Tell owners what is new of each kind since the last morning."""
    for cls in (model.Lead, model.Customer):
        _without_plan(work, cls)
    for one in _rhythms(work):
        for owner_id, count, names in _fresh(work, "rhythm", _unheard(work, one)):
            told = ContactDue(
                owner_id=owner_id, value_class=one.value_class, on=work.today, days=one.days, count=count, names=names
            )  # fmt: skip
            work.emit(told)
    for owner_id, count, names in _fresh(work, "next_step", _next_steps(work)):
        work.emit(NextStepsDue(owner_id=owner_id, on=work.today, count=count, names=names))
    for owner_id, count, names in _fresh(work, "stalled", _stalled(work)):
        work.emit(CustomersStalled(owner_id=owner_id, on=work.today, count=count, names=names))
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
        for owner_id, count, names in _fresh(work, "no_plan", _idle(work, cls, whose, days)):
            told = LiesWithoutPlan(
                owner_id=owner_id, about=about, on=work.today, days=days, count=count, names=names
            )
            work.emit(told)


def _idle(work: Work, cls: Any, whose: Any, days: int) -> Select[Any]:
    """Open ones with the moment since which nobody was in contact, when that is so long ago and nothing is planned."""
    one = model.Activity.__table__
    field = one.c.customer_id if cls is model.Customer else one.c.lead_id
    mine = (field == cls.id, one.c.archived_at.is_(None))
    last = select(func.max(one.c.done_at)).where(*mine, one.c.state == "done").scalar_subquery()
    plan = select(one.c.id).where(*mine, one.c.state == "planned").exists()
    since = func.greatest(cls.created_at, last)
    others = []
    if cls is model.Customer:  # those have a rhythm of their own
        others = [cls.value_class.not_in([one.value_class for one in _rhythms(work)])]
    return select(cls.id, cls.name, cls.owner_id, since.label("since")).where(
        *others, whose, cls.owner_id.is_not(None), open_rows(cls), cls.created_at <= work.now - timedelta(days=days), ~plan,
        since <= work.now - timedelta(days=days),
    )  # fmt: skip


def _rhythms(work: Work) -> list[model.ContactRhythm]:
    """Of the value classes that have one."""
    return [one for one in work.find_all(model.ContactRhythm, archived_at=None) if one.days is not None]


def _unheard(work: Work, rhythm: model.ContactRhythm) -> Any:
    """Customers of a value class with the moment since which nobody was in contact, planned or not (CUS-05)."""
    one, since = model.Customer, func.coalesce(model.Customer.last_activity_at, model.Customer.created_at)
    found: Any = select(one.id, one.name, one.owner_id, since.label("since")).where(
        one.owner_id.is_not(None), open_rows(one), one.is_lost.is_(False), one.value_class == rhythm.value_class,
        since <= work.now - timedelta(days=rhythm.days or 0),
    )  # fmt: skip
    return found


def _next_steps(work: Work) -> Select[Any]:
    """Leads whose next step is due; where it is a planned activity, its own reminder tells."""
    lead, one = model.Lead, model.Activity.__table__
    plan = select(one.c.id).where(
        one.c.lead_id == lead.id, one.c.state == "planned", one.c.archived_at.is_(None)
    )
    since = func.timezone(work.actor.timezone, cast(lead.next_step_on, DateTime)).label("since")
    return select(lead.id, lead.name, lead.owner_id, since).where(
        lead.owner_id.is_not(None), lead.archived_at.is_(None), lead.state.in_(WORKED),
        lead.next_step_on.between(work.today - MISSED, work.today), ~plan.exists(),
    )  # fmt: skip


def _stalled(work: Work) -> Select[Any]:
    """Customers that stand still; one that moves and stalls again is another time."""
    one = model.Customer
    since = func.timezone(work.actor.timezone, cast(one.stalls_on, DateTime)).label("since")
    return select(one.id, one.name, one.owner_id, since).where(
        one.owner_id.is_not(None),
        one.archived_at.is_(None),
        one.is_lost.is_(False),
        one.stalls_on <= work.today,
    )


def _fresh(work: Work, about: str, due: Select[Any]) -> Iterator[tuple[UUID, int, tuple[str, ...]]]:
    """Of all that is due, however much: for each owner how many she was not told of before, and the names of the longest waiting.

    From now on she has been.
    """
    table, found = model.Nudged, due.cte("found")
    values = select(found.c.id, literal(about), found.c.since)
    fresh = insert(table).from_select(["record_id", "about", "since"], values).on_conflict_do_nothing()
    told = fresh.returning(table.record_id).cte("told")
    names = func.array_agg(aggregate_order_by(found.c.name, found.c.since, found.c.id))
    mine = select(found.c.owner_id, func.count(), names[1:NAMED]).join(told, told.c.record_id == found.c.id)
    mine = mine.group_by(found.c.owner_id).order_by(found.c.owner_id)
    for owner_id, count, first in work.session.execute(mine).all():
        yield owner_id, count, tuple(first)
