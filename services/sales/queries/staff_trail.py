"""How somebody's opportunities and quotes moved: for whoever coaches her (STF-07)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import array

from chassis import comments, labels
from chassis.audit import Change, plain
from chassis.entities import by_entity
from chassis.work import Work
from contracts.query import StaffTrail, StaffTrailOf
from services.sales.model import Opportunity, Quote
from services.sales.queries.customer_file import TOLD, told_of


def staff_trail(work: Work, message: StaffTrailOf) -> StaffTrail:
    """Of what the reader may see. Somebody who is not below her does not exist."""
    hers_id, limit = work.colleague(message.staff_id).id, message.most
    since = message.begins(work.today, ZoneInfo(work.actor.timezone))
    hers = _hers(work, hers_id, since, limit)
    changes = select(Change).where(
        Change.record_id.in_(hers), Change.at >= since, Change.changes.has_any(array(TOLD))
    )
    turns = [_row(one) for one in work.session.scalars(changes.order_by(Change.at.desc()).limit(limit))]
    told = [told_of(turn, *hers[turn["id"]]) for turn in turns]
    remarks = comments.on(work, hers)
    staff = [*(turn["actor_id"] for turn in turns), *comments.people_in(remarks)]
    wanted = labels.Wanted().add("organization.staff", staff)
    for entity in ("sales.stage", "organization.choice"):
        wanted.add(entity, [turn["about_id"] for turn in turns])
    named = labels.named(work, wanted, by_entity(work))
    return {
        "timeline": told,
        "remarks": comments.by_record(remarks),
        "labels": {id: label.as_json() for id, label in named.items()},
    }


def _hers(work: Work, staff_id: UUID, since: datetime, limit: int) -> dict[UUID, tuple[Any, dict[str, Any]]]:
    found = {}
    kinds: tuple[Any, ...] = (Opportunity, Quote)
    for cls in kinds:
        wanted = select(cls).where(
            cls.owner_id == staff_id, cls.updated_at >= since, cls.archived_at.is_(None)
        )
        for row in work.session.scalars(wanted.order_by(cls.updated_at.desc()).limit(limit)):
            shown = {name: getattr(row, name) for name in cls.record.title}
            amount = plain(row.amount) if cls is Quote else None
            found[row.id] = (cls, {**shown, "id": str(row.id), "amount": amount})
    return found


def _row(change: Change) -> dict[str, Any]:
    """As the question of the customer's page has it."""
    of = "reason_id" if "state" in change.changes else "stage_id"
    about = (change.changes.get(of) or (None, None))[1]
    return {
        "id": change.record_id, "at": plain(change.at), "actor_id": str(change.actor_id) if change.actor_id else None,
        "note": change.note, "changes": change.changes, "about_id": about,
    }  # fmt: skip
