"""What others may do: a colleague's rights, put together from the cards of staff, roles and places.

For what runs by the calendar in a person's name, and for asking who else may see a row: by the same rule, as she would see it
today, neither more nor less.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis import replicas, scope
from chassis.replicas import Replica
from chassis.work import Work
from contracts.actor import Actor, Grant

STAFF, DEPARTMENT = "organization.staff", "organization.department"
Tree = dict[str, list[UUID]]
"""Id of what stands above, as text → what stands right below it."""


def actor_of(work: Work, staff_id: UUID | None) -> Actor | None:
    """The person with her rights as the cards tell them now; None when she is unknown or no longer works here."""
    card = work.session.get(Replica, staff_id) if staff_id is not None else None
    if card is None or card.entity != STAFF or not _works_here(card):
        return None
    return _acting(work, card, _tree(work, DEPARTMENT, "parent_id"), _tree(work, STAFF, "manager_id"))


def departments_from(work: Work, top: UUID) -> tuple[UUID, ...]:
    """A department and those below it."""
    return top, *_below(_tree(work, DEPARTMENT, "parent_id"), top)


def people(work: Work) -> list[Replica]:
    """Everybody who works here, by name."""
    cards = select(Replica).where(Replica.entity == STAFF).order_by(Replica.label, Replica.id)
    return [card for card in work.session.scalars(cards) if _works_here(card)]


def who_see(work: Work, row: Any) -> list[Replica]:
    """Those of them who may read this row, by their roles or because it was shared with them."""
    permission = f"{row.record.entity()}.read"
    shared = select(scope.Share.staff_id).where(
        scope.Share.entity == row.record.entity(), scope.Share.record_id == row.id
    )
    with_whom = set(work.session.scalars(shared))
    departments, staff = _tree(work, DEPARTMENT, "parent_id"), _tree(work, STAFF, "manager_id")
    found = []
    for card in people(work):
        actor = _acting(work, card, departments, staff)
        if scope.covers(actor, permission, row) or (card.id in with_whom and actor.may(permission)):
            found.append(card)
    return found


def _works_here(card: Replica) -> bool:
    return not card.archived and card.data.get("state") != "left"


def _acting(work: Work, card: Replica, departments: Tree, staff: Tree) -> Actor:
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
        departments=(department, *_below(departments, department)) if department else (),
        reports=_below(staff, card.id),
    )  # fmt: skip


def _tree(work: Work, entity: str, field: str) -> Tree:
    wanted = select(Replica.id, Replica.data[field].astext).where(Replica.entity == entity)
    children: Tree = defaultdict(list)
    for id, above in work.session.execute(wanted):
        if above:
            children[above].append(id)
    return children


def _below(children: Tree, top: UUID) -> tuple[UUID, ...]:
    """Everything that stands below one, at any depth."""
    found: dict[UUID, None] = {}
    ahead = [top]
    while ahead:
        new = [id for id in children.get(str(ahead.pop()), ()) if id not in found and id != top]
        found |= dict.fromkeys(new)
        ahead += new
    return tuple(found)
