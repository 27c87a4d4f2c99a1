"""What somebody did with customers and leads and plans next, with what was remarked on it: for whoever coaches her (STF-07)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from chassis import comments, labels
from chassis.audit import Change, plain
from chassis.entities import by_entity
from chassis.work import Work
from contracts.query import Happened, StaffTrail, StaffTrailOf, happened
from services.customer import model

MOST_PLANNED = 20
ONE = model.Activity


def staff_trail(work: Work, message: StaffTrailOf) -> StaffTrail:
    """Of what the reader may see. Somebody who is not below her does not exist."""
    hers_id, limit = work.colleague(message.staff_id).id, message.most
    since = message.begins(work.today, ZoneInfo(work.actor.timezone))
    activities = [*_planned(work, hers_id), *_done(work, hers_id, since, limit)]
    leads, turns = _turns(work, hers_id, since, limit)
    remarks = comments.on(work, [*(row.id for row in activities), *leads])
    wanted = labels.Wanted().behind(activities, ONE.record.attrs())
    wanted.add("organization.staff", [*(row.actor_id for row in turns), *comments.people_in(remarks)])
    named = labels.named(work, wanted, by_entity(work))
    told = [_activity(row, named) for row in activities]
    told += [entry for row in turns if (entry := _turned(row, leads[row.record_id])) is not None]
    return {
        "timeline": sorted(told, key=lambda entry: entry["at"], reverse=True)[:limit],
        "remarks": comments.by_record(remarks),
        "labels": {id: label.as_json() for id, label in named.items()},
    }


def _planned(work: Work, staff_id: UUID) -> list[Any]:
    """What lies nearest, behind or ahead: a series of a year leaves room for what was done."""
    away = func.abs(func.extract("epoch", ONE.starts_at - work.now))
    wanted = select(ONE).where(ONE.owner_id == staff_id, ONE.archived_at.is_(None), ONE.state == "planned")
    return list(work.session.scalars(wanted.order_by(away, ONE.id).limit(MOST_PLANNED)))


def _done(work: Work, staff_id: UUID, since: datetime, limit: int) -> list[Any]:
    wanted = select(ONE).where(
        ONE.owner_id == staff_id, ONE.archived_at.is_(None), ONE.state == "done", ONE.done_at >= since
    )
    return list(work.session.scalars(wanted.order_by(ONE.done_at.desc(), ONE.id.desc()).limit(limit)))


def _turns(work: Work, staff_id: UUID, since: datetime, limit: int) -> tuple[dict[UUID, Any], list[Any]]:
    """Leads of hers that something happened to since then, and what that was."""
    lead = model.Lead
    hers = select(lead).where(lead.owner_id == staff_id, lead.updated_at >= since, lead.archived_at.is_(None))
    found = {row.id: row for row in work.session.scalars(hers.order_by(lead.updated_at.desc()).limit(limit))}
    turns = select(Change).where(
        Change.record_id.in_(found), Change.at >= since, or_(Change.ver == 1, Change.changes.has_key("state"))
    )
    return found, list(work.session.scalars(turns.order_by(Change.at.desc()).limit(limit)))


def _activity(row: Any, named: dict[str, Any]) -> Happened:
    """With whom it was, behind what it was about."""
    about = named.get(str(row.customer_id or row.lead_id))
    title = f"{row.subject} · {about.label}" if about is not None else row.subject
    text = "\n".join(part for part in (row.text, row.outcome) if part) or None
    at, of = plain(row.done_at or row.starts_at), (ONE.record.entity(), str(row.id))
    return happened(
        at, f"activity_{row.state}", title, of, str(row.owner_id), text=text, about_id=str(row.kind_id)
    )


def _turned(row: Any, lead: Any) -> Happened | None:
    """A lead was written down, converted or dropped."""
    _before, state = row.changes.get("state", (None, None))
    kind = (
        "lead_created"
        if row.ver == 1
        else {"converted": "lead_converted", "dropped": "lead_dropped"}.get(state)
    )
    if kind is None:
        return None
    of, by = (model.Lead.record.entity(), str(lead.id)), str(row.actor_id) if row.actor_id else None
    return happened(plain(row.at), kind, lead.name, of, by, text=row.note)
