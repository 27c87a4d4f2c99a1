"""Somebody else must agree before a document goes on: request, decision, deputy, and the trail of both."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import ChassisBase
from chassis.identity import new_id
from chassis.work import Work
from contracts.errors import Forbidden, Refused
from contracts.language import N_


class NoOpenRequest(Refused):
    pattern = N_("Nobody has asked for a decision on this.")


class OwnRequest(Forbidden):
    pattern = N_("You cannot decide on your own request.")


class Approval(ChassisBase):
    """One request for a decision and how it ended: who asked whom, when, and how long it lay there."""

    __tablename__ = "approval"
    __table_args__ = (
        Index("ix_approval_record_id", "record_id"),
        Index("ix_approval_approver_id_state", "approver_id", "state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entity: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[UUID] = mapped_column()
    policy: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(20), default="open")
    requested_by: Mapped[UUID] = mapped_column()
    requested_at: Mapped[datetime] = mapped_column()
    approver_id: Mapped[UUID | None] = mapped_column()
    decided_by: Mapped[UUID | None] = mapped_column()
    decided_at: Mapped[datetime | None] = mapped_column()
    note: Mapped[str | None] = mapped_column(Text)


def request(work: Work, row: Any, policy: str) -> Approval:
    """Ask the direct superior of whoever asks; without one, anybody who holds the right may decide."""
    asked = Approval(
        entity=row.record.entity(), record_id=row.id, policy=policy, requested_by=work.actor.id,
        requested_at=work.now, approver_id=work.actor.manager_id,
    )  # fmt: skip
    work.add(asked)
    return asked


def decide(work: Work, row: Any, *, granted: bool, note: str | None = None) -> Approval:
    """Close the open request.

    The one who was asked decides, or anybody whose right to decide reaches beyond her own rows (a deputy, a superior
    further up). Raises NoOpenRequest when nobody asked, OwnRequest when the asker decides for herself.
    """
    asked = work.session.scalars(
        select(Approval)
        .where(Approval.record_id == row.id, Approval.state == "open")
        .order_by(Approval.requested_at.desc())
        .with_for_update()
    ).first()
    if asked is None:
        raise NoOpenRequest(id=row.id)
    if asked.requested_by == work.actor.id and asked.approver_id not in (None, work.actor.id):
        raise OwnRequest(id=row.id)
    asked.state = "granted" if granted else "refused"
    asked.decided_by, asked.decided_at, asked.note = work.actor.id, work.now, note
    return asked


def withdraw(work: Work, row: Any) -> None:
    """Nobody need decide any more: the document went another way."""
    for asked in work.find_all(Approval, record_id=row.id, state="open"):
        asked.state, asked.decided_by, asked.decided_at = "withdrawn", work.actor.id, work.now


def trail(work: Work, record_id: UUID) -> list[Approval]:
    """All requests about one document, oldest first."""
    found = select(Approval).where(Approval.record_id == record_id).order_by(Approval.requested_at)
    return list(work.session.scalars(found))


def waiting_for(work: Work) -> list[Approval]:
    """What lies on the actor's desk: open requests addressed to her."""
    found = select(Approval).where(Approval.approver_id == work.actor.id, Approval.state == "open")
    return list(work.session.scalars(found.order_by(Approval.requested_at)))
