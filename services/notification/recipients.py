"""Who is told: who still works here, in which role, and how each wants it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from chassis.replicas import Replica
from chassis.work import Work
from contracts.organization import role_id
from services.notification import model, rules


def works_here(staff: Replica) -> bool:
    """Whether a staff member is still with us."""
    return not staff.archived and staff.data.get("state") != "left"


def preferred(work: Work, staff_id: UUID, kind: str) -> str:
    """How she wants to be told of this; what is usual, unless she said otherwise."""
    said = work.find(model.Preference, owner_id=staff_id, kind=kind, archived_at=None)
    return said.way if said is not None else rules.KINDS[kind].way


def holders(work: Work, role: str, branch_id: UUID | None = None) -> list[UUID]:
    """Those who work here in a shipped role, in one branch or in all."""
    held = select(Replica).where(
        Replica.entity == "organization.staff", Replica.data.contains({"roles": [str(role_id(role))]})
    )
    return [
        card.id
        for card in work.session.scalars(held.order_by(Replica.id))
        if works_here(card) and (branch_id is None or card.branch_id == branch_id)
    ]
