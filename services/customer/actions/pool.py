"""The pool (公海): leads and customers that nobody works, who may take how many of them, and how they get there."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Text, cast, func, select

from chassis.audit import Change
from chassis.entities import answer
from chassis.replicas import Replica
from chassis.work import Work
from contracts.customer import (
    AssignLead,
    HandOverCustomer,
    HoldsEnough,
    NotInPool,
    PickCustomer,
    PickedEnough,
    PickLead,
    ReleaseCustomer,
    ReleaseLead,
)
from contracts.errors import NotFound
from services.customer import model
from services.customer.model.pool_rule import (
    held,
    in_reach,
    is_open,
    open_rows,
    rule_for,
    wait_for_others,
    written,
)

AT_ONCE = 200
"""Rows that one run puts into the pool: the first one after a rule was made may find a hundred thousand."""


ENDED = ("completed", "cancelled")
"""States of a contract in which nothing is to be done any more."""
OF_CONTRACTS = (
    "contract_signed",
    "contract_completed",
    "contract_cancelled",
    "payment_recorded",
    "former_contract_booked",
)


def pick_lead(work: Work, message: PickLead) -> dict[str, Any]:
    """Take a lead out of the pool and work it."""
    return _pick(work, model.Lead, message.id)


def pick_customer(work: Work, message: PickCustomer) -> dict[str, Any]:
    """Take a customer out of the pool and look after it; its people come along."""
    return _pick(work, model.Customer, message.id)


def _pick(work: Work, cls: Any, id: UUID) -> dict[str, Any]:
    wait_for_others(work, work.actor.id)
    work.permission = (
        None  # what belongs to nobody is covered by nobody's rights; who may pick it is asked here
    )
    with work.everything():
        row = work.get(cls, id)
        if not in_reach(work, row):
            raise NotFound(entity=cls.record.entity(), id=id)
        if row.owner_id is not None or not is_open(row):
            raise NotInPool(name=row.name)
        _within_limits(work, cls)
        work.give(row, work.actor.id)
    work.session.flush()
    return answer(work, row)


def _within_limits(work: Work, cls: Any) -> None:
    rule = rule_for(work, cls, work.actor.id)
    if rule.picks_a_day is not None and _picked_today(work, cls) >= rule.picks_a_day:
        raise PickedEnough(limit=rule.picks_a_day)
    if rule.most_held is not None and held(work, cls, work.actor.id) >= rule.most_held:
        raise HoldsEnough(limit=rule.most_held)


def _picked_today(work: Work, cls: Any) -> int:
    morning = datetime.combine(work.today, time(), ZoneInfo(work.actor.timezone)).astimezone(UTC)
    picks = select(func.count(Change.record_id.distinct())).where(
        Change.at >= morning, Change.actor_id == work.actor.id, Change.entity == cls.record.entity(),
        Change.door == f"customer.pick_{cls.record.noun()}",
    )  # fmt: skip
    return work.session.scalar(picks) or 0


def release_lead(work: Work, message: ReleaseLead) -> dict[str, Any]:
    """Somebody else may have more luck with it."""
    lead = work.get(model.Lead, message.id, message.ver)
    lead.move("release", work.now)
    return _released(work, lead)


def release_customer(work: Work, message: ReleaseCustomer) -> dict[str, Any]:
    """Somebody else may have more time for it."""
    return _released(work, work.get(model.Customer, message.id, message.ver))


def _released(work: Work, row: Any) -> dict[str, Any]:
    put_in(work, row)
    work.let_go.add(row)
    work.session.flush()
    return answer(work, row)


def put_in(work: Work, row: Any, idle_days: int | None = None) -> None:
    """It belongs to nobody now, but to the same department and branch as before."""
    row.owner_id, row.idle_days = None, idle_days


def assign_lead(work: Work, message: AssignLead) -> dict[str, Any]:
    """Somebody is to work it, whether it lay in the pool or on another desk."""
    lead = work.get(model.Lead, message.id, message.ver)
    lead.move("assign", work.now)
    if message.owner_id != lead.owner_id:
        give(work, lead, message)
        work.let_go.add(lead)
    work.session.flush()
    return answer(work, lead)


def give(work: Work, row: Any, message: AssignLead | HandOverCustomer) -> None:
    """Somebody is given it, beyond what the rules let her hold where it is said why (LED-08)."""
    row.beyond_limit = message.beyond_limit
    work.note = message.note or message.beyond_limit
    work.give(row, message.owner_id)


def return_idle(work: Work) -> None:
    """What nobody followed up for as long as the rules say goes into the pool, some at a time."""
    for cls in (model.Lead, model.Customer):
        rules_there = written(work, cls)
        own = [rule.staff_id for rule in rules_there if rule.staff_id is not None]
        for rule in rules_there:
            days = rule_for(work, cls, rule.staff_id).idle_days
            if days is not None:
                whose = (
                    cls.owner_id == rule.staff_id if rule.staff_id is not None else cls.owner_id.not_in(own)
                )
                for row in _idle(work, cls, whose, days):
                    put_in(work, row, days)


def _idle(work: Work, cls: Any, whose: Any, days: int) -> list[Any]:
    """Open ones that came to their owner, and were last followed up, so many days ago or longer; without a contract that is
    under way, or that anything happened with since."""
    since = work.now - timedelta(days=days)
    field = model.Activity.customer_id if cls is model.Customer else model.Activity.lead_id
    followed = select(model.Activity.id).where(
        field == cls.id,
        model.Activity.state == "done",
        model.Activity.done_at > since,
        model.Activity.archived_at.is_(None),
    )
    came = select(Change.id).where(
        Change.record_id == cls.id, Change.at > since, Change.changes.has_key("owner_id")
    )
    wanted = select(cls).where(
        whose, cls.owner_id.is_not(None), cls.created_at <= since, open_rows(cls),
        ~followed.exists(), ~came.exists(),
    )  # fmt: skip
    if cls is model.Customer:
        wanted = wanted.where(*_no_contract_since(since.date()))
    return list(
        work.session.scalars(
            wanted.order_by(cls.created_at).limit(AT_ONCE).with_for_update(of=cls, skip_locked=True)
        )
    )


def _no_contract_since(day: date) -> tuple[Any, ...]:
    """No contract that is under way, and none of which anything was heard since (docs/decisions/0060)."""
    card, news = Replica, model.Dealing
    running = select(card.id).where(
        card.entity == "receivables.contract",
        card.data["customer_id"].astext == cast(model.Customer.id, Text),
        card.archived.is_(False),
        card.data["state"].astext.not_in(ENDED),
    )
    heard = select(news.id).where(
        news.customer_id == model.Customer.id, news.happened_on > day, news.what.in_(OF_CONTRACTS)
    )
    return ~running.exists(), ~heard.exists()
