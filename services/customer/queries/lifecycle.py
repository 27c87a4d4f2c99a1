"""The way of one customer, and how many stand where (CUS-07, CUS-08)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from chassis.audit import plain
from chassis.work import Work
from contracts.customer import LifecycleCounts, LifecycleOf
from services.customer import model, rules
from services.customer.model.told import stages_of, told_of


def lifecycle(work: Work, message: LifecycleOf) -> dict[str, Any]:
    """Each stage with when it was planned and entered, by what; where the customer stood on that day, stalled or lost."""
    customer = work.read(model.Customer, message.customer_id)
    day = message.as_of or work.today
    with work.everything():
        stages = stages_of(work)
        told, last_contact_on = told_of(work, [customer.id])[customer.id]
    found = rules.way(stages, [turn for turn in told if turn.on <= day or turn.mark == "planned"])
    if last_contact_on is not None and last_contact_on <= day and found.moved_on is not None:
        found.moved_on = max(found.moved_on, last_contact_on)
    stalls_on = found.stalls_on
    return {
        "customer_id": str(customer.id), "name": customer.name, "as_of": day.isoformat(), "is_now": day >= work.today,
        "stage_id": str(found.stage.id) if found.stage is not None else None, "since": plain(found.since),
        "is_lost": found.is_lost, "stalls_on": plain(stalls_on),
        "is_stalled": stalls_on is not None and stalls_on <= day,
        "stages": [
            {
                "id": str(stage.id), "name": stage.name, "name_en": stage.name_en,
                "planned": _said(found.planned.get(stage.id)), "entered": _said(found.entered.get(stage.id)),
            }
            for stage in stages
        ],
        "told": [_said(turn) for turn in found.told],
    }  # fmt: skip


def _said(turn: rules.Turn | None) -> dict[str, Any] | None:
    if turn is None:
        return None
    names = ("on", "fact", "mark", "id", "note", "told_by")
    return {name: plain(getattr(turn, name)) for name in names}


def lifecycle_counts(work: Work, message: LifecycleCounts) -> dict[str, Any]:
    """Per stage: customers that stand there, stalled and lost ones, and the work that is open with them."""
    customer = model.Customer
    lost, stalled = customer.is_lost, customer.is_lost.is_(False) & (customer.stalls_on <= work.today)
    counted = {
        "customers": func.count(customer.id),
        "stalled": func.count().filter(stalled),
        "lost": func.count().filter(lost),
        "activities": func.coalesce(func.sum(customer.open_activities), 0),
        "opportunities": func.coalesce(func.sum(customer.open_opportunities), 0),
        "amount": func.coalesce(func.sum(customer.open_amount), 0),
        "tickets": func.coalesce(func.sum(customer.open_tickets), 0),
    }
    seen = select(customer).where(customer.archived_at.is_(None), customer.stage_id.is_not(None))
    wanted = seen.with_only_columns(customer.stage_id, *counted.values()).group_by(customer.stage_id)
    found: dict[Any, dict[str, Any]] = {}
    for row in work.session.execute(wanted):
        found[row[0]] = dict(zip(counted, map(_whole, row[1:]), strict=True))
    nothing = dict.fromkeys(counted, 0) | {"amount": "0.00"}
    return {
        "stages": [
            {
                "id": str(stage.id),
                "name": stage.name,
                "name_en": stage.name_en,
                **found.get(stage.id, nothing),
            }
            for stage in stages_of(work)
        ]
    }


def _whole(value: Any) -> Any:
    return value if isinstance(value, int) else plain(value)
