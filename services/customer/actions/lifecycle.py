"""Where customers stand in their lifecycle: by facts, and by what people say (CUS-07)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis.derived import put
from chassis.entities import answer
from chassis.work import Work
from contracts.customer import MarkCustomer, UnmarkCustomer
from contracts.errors import FieldProblem, Invalid, NotFound
from services.customer import model, rules
from services.customer.model.told import merged_of, stages_of, told_of


def mark_customer(work: Work, message: MarkCustomer) -> dict[str, Any]:
    """It entered a stage, is planned to, is lost, or came back; said with a day and a remark."""
    customer = work.get(model.Customer, message.id, message.ver)
    on = message.on or work.today
    if (message.stage_id is None) == (message.mark in ("entered", "planned")):
        raise Invalid(FieldProblem("stage_id", "wrong" if message.stage_id else "required"))
    if message.mark == "lost" and not message.note:
        raise Invalid(FieldProblem("note", "required"))
    if message.mark != "planned" and on > work.today:
        raise Invalid(FieldProblem("on", "after", date=work.today.isoformat()))
    if (
        message.stage_id is not None
        and work.find(model.LifecycleStage, id=message.stage_id, archived_at=None) is None
    ):
        raise Invalid(FieldProblem("stage_id", "not_an_id", value=message.stage_id))
    work.made = work.add(
        model.LifecycleMark(
            customer_id=customer.id, mark=message.mark, stage_id=message.stage_id, happened_on=on, note=message.note,
            told_at=work.now, told_by=work.actor.name,
        )
    )  # fmt: skip
    work.session.flush()
    place(work, [customer.id])
    return answer(work, customer)


def unmark_customer(work: Work, message: UnmarkCustomer) -> dict[str, Any]:
    """It was a mistake."""
    customer = work.get(model.Customer, message.id, message.ver)
    mark = work.find(model.LifecycleMark, id=message.mark_id, withdrawn_at=None)
    if mark is None or mark.customer_id not in merged_of(work, [customer.id])[customer.id]:
        raise NotFound(entity="customer.lifecycle_mark", id=message.mark_id)
    mark.withdrawn_at = work.now
    work.session.flush()
    place(work, [customer.id])
    return answer(work, customer)


def place(work: Work, ids: list[UUID]) -> None:
    """Where these customers stand now, made anew from everything that was told of them."""
    stages, ways, before = stages_of(work), told_of(work, ids), _placed(work, ids)
    for id, (told, last_contact_on) in ways.items():
        found = rules.way(stages, told)
        if last_contact_on is not None and found.moved_on is not None:
            found.moved_on = max(found.moved_on, last_contact_on)
        now = (
            found.stage.id if found.stage is not None else None,
            found.since,
            found.stalls_on,
            found.is_lost,
        )
        if before.get(id) != now:
            was = before.get(id, (None,) * len(PLACE))
            moved = {name: new for name, old, new in zip(PLACE, was, now, strict=True) if new != old}
            put(work.session, model.Customer, id, moved)


PLACE = ("stage_id", "stage_since", "stalls_on", "is_lost")
"""The columns that say where a customer stands."""


def _placed(work: Work, ids: list[UUID]) -> dict[UUID, tuple[Any, ...]]:
    """Where they stood: most stand there still, and to write that down again costs more than to look."""
    table: Any = model.Customer.__table__
    rows = work.session.execute(
        select(table.c.id, *(table.c[name] for name in PLACE)).where(table.c.id.in_(ids))
    )
    return {id: tuple(place) for id, *place in rows}
