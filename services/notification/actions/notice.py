"""Somebody is told something, once for one reason; she reads it, and says how she wants to be told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from chassis.identity import new_id
from chassis.replicas import Replica
from chassis.work import Work
from contracts.notification import MarkRead, SetPreference
from services.notification import model, recipients, wording


def tell(
    work: Work, kind: str, to: UUID | None, *, reason: str, link: str | None, values: dict[str, Any]
) -> model.Notice | None:
    """Tell one person: at the bell, and by letter when she wants that. Nobody is told twice for one reason, nobody who
    left is told anything, and nobody hears of what she did herself.

    Raises NotFound while her card is not here yet: the news then waits and comes again.
    """
    if to is None or (work.cause is not None and work.cause.actor_id == to):
        return None
    staff = work.known("organization.staff", to)
    way = recipients.preferred(work, to, kind)
    reason = f"{kind}:{reason}"
    if not recipients.works_here(staff) or way == "none":
        return None
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{to}:{reason}", 0))))
    if work.find(model.Notice, owner_id=to, reason=reason) is not None:
        return None
    worded = wording.word(work, kind, staff, values)
    notice = model.Notice(
        id=new_id(), kind=kind, subject=worded.subject, text=worded.text, link=link, reason=reason,
        customer_id=values.get("customer"), language=worded.language, way=way,
    )  # fmt: skip
    work.give(notice, to)
    work.add(notice)
    if way == "email":
        work.session.flush()
        _write_letter(work, notice, staff)
    return notice


def tell_all(work: Work, kind: str, to: Iterable[UUID | None], **what: Any) -> None:
    """Tell several people, each once."""
    for id in dict.fromkeys(to):
        tell(work, kind, id, **what)


def _write_letter(work: Work, notice: model.Notice, staff: Replica) -> None:
    address = staff.data.get("email")
    letter = model.Letter(
        notice_id=notice.id, subject=notice.subject, address=address, next_attempt_at=work.now
    )
    if address is None:
        letter.state, letter.error, letter.next_attempt_at = "failed", "no address", None
    letter.belong_with(notice)
    work.add(letter)


def mark_read(work: Work, message: MarkRead) -> dict[str, Any]:
    """I have seen these, or all that came until a moment."""
    mine = select(model.Notice).where(model.Notice.owner_id == work.actor.id, model.Notice.read_at.is_(None))
    if message.ids:
        mine = mine.where(model.Notice.id.in_(message.ids))
    else:
        mine = mine.where(model.Notice.created_at <= (message.until or work.now).astimezone(UTC))
    notices = list(work.session.scalars(mine.with_for_update()))
    for notice in notices:
        notice.read_at = work.now
    return {"read": len(notices)}


def set_preference(work: Work, message: SetPreference) -> model.Preference:
    """Tell me of this kind of thing so from now on."""
    said = work.find(model.Preference, owner_id=work.actor.id, kind=message.kind)
    if said is None:
        said = work.add(model.Preference(kind=message.kind, way=message.way))
    said.way, said.archived_at = message.way, None
    return said
