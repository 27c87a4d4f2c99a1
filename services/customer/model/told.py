"""Everything that was told of customers and their lifecycle, those merged into them included."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from chassis.merging import Merge
from chassis.work import Work
from services.customer import rules
from services.customer.model.activity import Activity
from services.customer.model.customer import Customer
from services.customer.model.dealing import Dealing
from services.customer.model.lifecycle import LifecycleMark, LifecycleStage


def stages_of(work: Work) -> list[Any]:
    """The stages in their order."""
    wanted = select(LifecycleStage).where(LifecycleStage.archived_at.is_(None))
    return list(work.session.scalars(wanted.order_by(LifecycleStage.position, LifecycleStage.id)))


def told_of(work: Work, ids: list[UUID]) -> dict[UUID, tuple[list[rules.Turn], date | None]]:
    """Customer → what was told of its lifecycle, and the day of the last contact; merged ones count for the kept one."""
    whose = merged_of(work, ids)
    everybody = [id for group in whose.values() for id in group]
    dealings, marks = (
        _by_customer(work, Dealing, everybody),
        _by_customer(work, LifecycleMark, everybody),
    )
    customers, activities = Customer.__table__, Activity.__table__
    contacts = (
        select(activities.c.customer_id, func.min(activities.c.done_at), func.max(activities.c.done_at))
        .where(
            activities.c.customer_id.in_(ids),
            activities.c.state == "done",
            activities.c.archived_at.is_(None),
        )
        .group_by(activities.c.customer_id)
    )
    in_contact = {id: (first, last) for id, first, last in work.session.execute(contacts)}
    born = select(customers.c.id, customers.c.created_at, customers.c.branch_id).where(
        customers.c.id.in_(ids)
    )
    found: dict[UUID, tuple[list[rules.Turn], date | None]] = {}
    for id, at, branch_id in work.session.execute(born):
        zone = work.zone_at(branch_id)
        days = [moment.astimezone(zone).date() for moment in in_contact.get(id, ())]
        told = rules.turns(
            at.astimezone(zone).date(),
            days[0] if days else None,
            [row for one in whose[id] for row in dealings[one]],
        )
        told += [
            rules.Turn(
                row.happened_on,
                mark=row.mark,
                stage_id=row.stage_id,
                id=row.id,
                note=row.note,
                told_by=row.told_by,
            )
            for one in whose[id]
            for row in marks[one]
            if row.withdrawn_at is None
        ]
        found[id] = (told, days[-1] if days else None)
    return found


def _by_customer(work: Work, cls: Any, ids: list[UUID]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    table = cls.__table__
    for row in work.session.execute(select(table).where(table.c.customer_id.in_(ids))):
        found[row.customer_id].append(row)
    return found


def merged_of(work: Work, ids: list[UUID]) -> dict[UUID, set[UUID]]:
    """Customer → itself and all that were merged into it, or into those."""
    found = {id: {id} for id in ids}
    whose: dict[UUID, UUID] = {id: id for id in ids}
    fresh = set(ids)
    while fresh:
        wanted = select(Merge.kept_id, Merge.gone_ids).where(
            Merge.kept_id.in_(fresh), Merge.undone_at.is_(None)
        )
        fresh = set()
        for kept_id, gone in work.session.execute(wanted):
            for id in map(UUID, gone):
                if id not in whose:
                    whose[id] = whose[kept_id]
                    found[whose[id]].add(id)
                    fresh.add(id)
    return found
