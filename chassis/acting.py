"""Acting for somebody who is not there: what she may do, put together from the cards of staff, roles and places.

For what runs by the calendar in a person's name: it must see what she sees today, neither more nor less.
"""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from sqlalchemy import select

from chassis import replicas
from chassis.replicas import Replica
from chassis.work import Work
from contracts.actor import Actor, Grant

STAFF, DEPARTMENT = "organization.staff", "organization.department"


def actor_of(work: Work, staff_id: UUID | None) -> Actor | None:
    """The person with her rights as the cards tell them now; None when she is unknown or no longer works here."""
    card = work.session.get(Replica, staff_id) if staff_id is not None else None
    if card is None or card.entity != STAFF or card.archived or card.data.get("state") == "left":
        return None
    roles = replicas.several(work.session, [UUID(id) for id in card.data.get("roles") or ()])
    (branch,) = replicas.several(work.session, [card.branch_id] if card.branch_id else []) or (None,)
    department = card.department_id if card.data.get("department_id") else None
    return Actor(
        id=card.id, name=card.label, name_en=card.label_en, branch_id=card.branch_id, department_id=department,
        timezone=(branch and branch.data.get("timezone")) or work.actor.timezone,
        roles=tuple(role.data["code"] for role in roles if not role.archived),
        grants=tuple(
            Grant(permission=line["permission"], scope=line["scope"])
            for role in roles
            if not role.archived
            for line in role.data.get("grants") or ()
        ),
        departments=(department, *below(work, DEPARTMENT, "parent_id", department)) if department else (),
        reports=below(work, STAFF, "manager_id", card.id),
    )  # fmt: skip


def below(work: Work, entity: str, field: str, top: UUID) -> tuple[UUID, ...]:
    """Everything that stands below one in the tree its cards make, at any depth."""
    wanted = select(Replica.id, Replica.data[field].astext).where(Replica.entity == entity)
    children: dict[str, list[UUID]] = defaultdict(list)
    for id, above in work.session.execute(wanted):
        if above:
            children[above].append(id)
    found: dict[UUID, None] = {}
    ahead = [top]
    while ahead:
        new = [id for id in children[str(ahead.pop())] if id not in found and id != top]
        found |= dict.fromkeys(new)
        ahead += new
    return tuple(found)
