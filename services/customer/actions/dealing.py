"""Writing down what the other services tell of customers, and making a customer's figures from it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.derived import put
from chassis.merging import Merge
from chassis.replicas import Replica
from chassis.work import Work
from services.customer import model, rules
from services.customer.actions.classes import ask_rules
from services.customer.actions.lifecycle import place
from services.customer.model.told import merged_of


def note(
    work: Work, thing_id: UUID, customer_id: UUID | None, at: date | datetime | None = None, **figures: Any
) -> None:
    """Write down the news being heard, once, and make the figures of whom it concerns anew.

    at   when it happened; when it was told unless given
    """
    cause = work.cause
    if cause is None:
        raise RuntimeError("dealings are only written down when something was announced")
    at = at if at is not None else cause.occurred_at
    values = {
        "id": cause.id, "thing_id": thing_id, "what": cause.type, "told_id": customer_id,
        "happened_on": at.astimezone(_zone(work, customer_id)).date() if isinstance(at, datetime) else at,
        "told_at": cause.occurred_at, "sequence": cause.sequence, **figures,
    }  # fmt: skip
    work.session.execute(insert(model.Dealing).values(values).on_conflict_do_nothing())
    settle(work, thing_id)


def _zone(work: Work, customer_id: UUID | None) -> Any:
    table = model.Customer.__table__
    branch = select(table.c.branch_id).where(table.c.id == customer_id)
    return work.zone_at(work.session.scalar(branch) if customer_id else None)


def settle(work: Work, thing_id: UUID) -> None:
    """Whose the thing is now, and the figures of whoever it was counted for before and is counted for now."""
    told = list(work.session.scalars(select(model.Dealing).where(model.Dealing.thing_id == thing_id)))
    if not told:
        return
    card = work.session.scalars(select(Replica).where(Replica.id == thing_id)).first()
    on_card = card.data.get("customer_id") if card is not None else None
    first = next((row.told_id for row in rules.in_order(told) if row.told_id is not None), None)
    customer_id = UUID(on_card) if on_card else first
    before = {row.customer_id for row in told}
    if before == {customer_id}:
        return
    work.session.execute(
        update(model.Dealing).where(model.Dealing.thing_id == thing_id).values(customer_id=customer_id),
        execution_options={"synchronize_session": False},
    )
    figure(work, *(id for id in before | {customer_id} if id is not None))


def figure(work: Work, *customer_ids: UUID) -> None:
    """Make the figures of these customers anew: of each, or of the one it was merged into."""
    with work.everything():
        for id in sorted({_kept(work, id) for id in customer_ids}):
            # one after the other: whoever comes second sees what the first wrote down
            locked = select(model.Customer.id).where(model.Customer.id == id).with_for_update(key_share=True)
            if work.session.execute(locked).first() is not None:
                put(work.session, model.Customer, id, asdict(rules.figures(told_of(work, id))))
                ask_rules(work, [id])
                place(work, [id])


def told_of(work: Work, customer_id: UUID) -> list[Any]:
    """Everything that was told of a customer and of those that were merged into it."""
    table = model.Dealing.__table__
    ids = merged_of(work, [customer_id])[customer_id]
    return list(work.session.execute(select(table).where(table.c.customer_id.in_(ids))))


def _kept(work: Work, id: UUID) -> UUID:
    """The customer it was merged into, at last; itself when it was not."""
    seen = {id}
    while True:
        wanted = select(Merge.kept_id).where(Merge.gone_ids.contains([str(id)]), Merge.undone_at.is_(None))
        kept = work.session.scalars(wanted.limit(1)).first()
        if kept is None or kept in seen:
            return id
        id = kept
        seen.add(id)
