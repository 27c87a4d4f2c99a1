"""Who has the form of a record open just now, so that two people do not write over each other unawares (users 11).

It warns and holds nobody up: what decides is still the version that was seen (docs/decisions/0064). An open form gives a sign of
life every twenty seconds; whoever gives none is not there (docs/decisions/0070).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index, String, case, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import ChassisBase
from chassis.entities import find_class
from chassis.work import Work
from contracts.editing import EVERY, Editing, EditingOf, Editor

GONE = timedelta(seconds=2 * EVERY)
"""Whoever gave no sign for so long has left: with the time until the others ask again it is a minute."""
BREAK = timedelta(minutes=10)
"""Whoever comes back within this has been at it all the time: browsers let pages in the background sleep."""


class OpenForm(ChassisBase):
    """One person with the form of one record open."""

    __tablename__ = "open_form"
    __table_args__ = (Index("ix_open_form_seen_at", "seen_at"), {"prefixes": ["UNLOGGED"]})

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(String(200))
    since: Mapped[datetime] = mapped_column()
    seen_at: Mapped[datetime] = mapped_column()


def editing(work: Work, message: EditingOf) -> Editing:
    """She is at it, and who else is. Raises NotFound for a record out of reach, Forbidden where she may not change such."""
    row = work.read(find_class(work, message.entity, "update"), message.id)
    one, actor = OpenForm, work.actor
    said = insert(one).values(
        record_id=row.id,
        person_id=actor.id,
        name=actor.name,
        name_en=actor.name_en,
        since=work.now,
        seen_at=work.now,
    )
    since = case((one.seen_at < work.now - BREAK, work.now), else_=one.since)
    work.session.execute(
        said.on_conflict_do_update(
            index_elements=["record_id", "person_id"], set_={"since": since, "seen_at": work.now}
        )
    )
    there = one.record_id == row.id, one.person_id != actor.id, one.seen_at >= work.now - GONE
    others = work.session.scalars(select(one).where(*there).order_by(one.since, one.person_id))
    return Editing(others=tuple(Editor.of(other) for other in others))
