"""A customer resource plan beside what was done: worked out from activities and lifecycles, kept nowhere (CUS-10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from chassis import acting, labels
from chassis.entities import by_entity
from chassis.threads import Pause
from chassis.work import Work
from contracts.customer import PlanFact, PlanProgress, PlanProgressOf, Worked
from services.customer import model, rules
from services.customer.model.told import merged_of, stages_of, told_of

AT_ONCE = 1000
OUTCOMES = ("success", "failure", "stranded")


def plan_progress(work: Work, message: PlanProgressOf) -> PlanProgress:
    """Of each line: planned, done, and what became of the customers; the rows behind one number when it is named."""
    plan = work.read(model.ResourcePlan, message.plan_id)
    until = min(plan.ends_on, work.today)
    done = _done(work, plan, until)
    stages = _Stages(work, [activity.customer_id for activity, _ in done], until)
    zone = ZoneInfo(work.actor.timezone)
    found: dict[tuple[UUID, UUID], list[tuple[Any, str, str]]] = defaultdict(list)
    pause = Pause()
    for activity, name in done:
        pause()
        told = stages.outcome(activity.customer_id, activity.done_at.astimezone(zone).date())
        if told is not None:
            found[activity.kind_id, told[0]].append((activity, name, told[1]))
    deals, amount = _deals(work, {activity.customer_id for activity, _ in done}, plan.starts_on, until)
    rows = _rows(plan, found, message)
    staff = {row.owner_id for row in rows if row.owner_id}
    kinds = {"organization.choice": {line.kind_id for line in plan.lines}, "organization.staff": staff}
    named = labels.named(work, kinds, by_entity(work))
    return PlanProgress(
        until=until, lines=tuple(_fact(line, found[line.kind_id, line.stage_id]) for line in plan.lines),
        deals=deals, deals_amount=amount, rows=rows,
        labels={id: {"label": label.label, "label_en": label.label_en} for id, label in named.items()}
        | {str(s.id): {"label": s.name, "label_en": s.name_en} for s in stages.all},
    )  # fmt: skip


def _done(work: Work, plan: Any, until: date) -> list[tuple[Any, str]]:
    """The work of the plan's kinds, people and time that the actor sees, with the customer's name."""
    one, zone = model.Activity, ZoneInfo(work.actor.timezone)
    begin, end = (
        datetime.combine(plan.starts_on, time.min, zone), datetime.combine(until, time.max, zone),
    )  # fmt: skip
    wanted = select(one).where(
        one.state == "done", one.archived_at.is_(None), one.customer_id.is_not(None),
        one.kind_id.in_({line.kind_id for line in plan.lines}), one.done_at.between(begin, end),
    )  # fmt: skip
    if plan.staff_id is not None:
        wanted = wanted.where(one.owner_id == plan.staff_id)
    if (top := plan.for_department_id) is not None:
        wanted = wanted.where(one.department_id.in_(acting.departments_from(work, top)))
    rows = list(work.session.scalars(wanted.order_by(one.done_at.desc(), one.id)))
    customers = model.Customer.__table__
    ids = {row.customer_id for row in rows}
    names = dict(
        work.session.execute(select(customers.c.id, customers.c.name).where(customers.c.id.in_(ids))).all()
    )
    return [(row, names[row.customer_id]) for row in rows if row.customer_id in names]


class _Stages:
    """Where customers stood on a day, and what became of them by the last."""

    def __init__(self, work: Work, ids: list[UUID], until: date) -> None:
        self.until = until
        with work.everything():
            self.all = stages_of(work)
            self.told = dict(_told(work, sorted(set(ids))))
        self.position = {stage.id: stage.position for stage in self.all}
        self.known: dict[tuple[UUID, date], tuple[UUID, str] | None] = {}

    def outcome(self, customer_id: UUID, day: date) -> tuple[UUID, str] | None:
        """The stage in which the day began for the customer, and what became of it; None without any stage."""
        key = customer_id, day
        if key not in self.known:
            self.known[key] = self._outcome(*key)
        return self.known[key]

    def _outcome(self, customer_id: UUID, day: date) -> tuple[UUID, str] | None:
        told = self.told[customer_id]
        # what was done that day may itself have led on
        stood = rules.way(self.all, [turn for turn in told if turn.on < day]).stage
        if stood is None:
            stood = rules.way(self.all, [turn for turn in told if turn.fact == "customer_created"]).stage
        if stood is None:
            return None
        went = rules.way(self.all, [turn for turn in told if turn.on <= self.until])
        led_on = any(
            self.position[id] > stood.position and turn.on >= day for id, turn in went.entered.items()
        )
        return stood.id, "success" if led_on else "failure" if went.is_lost else "stranded"


def _told(work: Work, ids: list[UUID]) -> Iterator[tuple[UUID, list[rules.Turn]]]:
    for at in range(0, len(ids), AT_ONCE):
        for id, (told, _) in told_of(work, ids[at : at + AT_ONCE]).items():
            yield id, told


def _fact(line: Any, rows: list[tuple[Any, str, str]]) -> PlanFact:
    counts = {outcome: sum(1 for *_, o in rows if o == outcome) for outcome in OUTCOMES}
    return PlanFact(
        position=line.position, kind_id=line.kind_id, stage_id=line.stage_id, planned=line.planned, actual=len(rows),
        **counts,
    )  # fmt: skip


def _rows(plan: Any, found: Any, message: PlanProgressOf) -> tuple[Worked, ...]:
    line = next((line for line in plan.lines if line.position == message.line), None)
    if line is None:
        return ()
    return tuple(
        Worked(
            activity_id=activity.id, subject=activity.subject, done_at=activity.done_at, owner_id=activity.owner_id,
            customer_id=activity.customer_id, customer=name, outcome=outcome,
        )
        for activity, name, outcome in found[line.kind_id, line.stage_id]
        if message.outcome in (None, outcome)
    )  # fmt: skip


def _deals(work: Work, ids: set[UUID], since: date, until: date) -> tuple[int, Decimal]:
    """Contracts signed in the time by the customers that were worked with, and not given up since; as far as the actor sees
    these customers: their money is told on their pages only."""
    seen = set(work.session.scalars(select(model.Customer.id).where(model.Customer.id.in_(ids))))
    everybody = {id for group in merged_of(work, sorted(seen)).values() for id in group}
    dealing: Any = model.Dealing.__table__
    given_up = select(dealing.c.thing_id).where(dealing.c.what == "contract_cancelled")
    wanted = select(dealing.c.thing_id, dealing.c.amount).where(
        dealing.c.what == "contract_signed", dealing.c.customer_id.in_(everybody),
        dealing.c.happened_on.between(since, until), dealing.c.thing_id.not_in(given_up),
    )  # fmt: skip
    signed: dict[UUID, Decimal] = dict(work.session.execute(wanted).all())  # type: ignore[arg-type]
    return len(signed), sum(signed.values(), Decimal("0.00"))
