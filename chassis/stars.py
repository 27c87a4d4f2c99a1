"""Who has put a star on which record."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import ChassisBase
from chassis.work import Work


class Favourite(ChassisBase):
    """A star of one person on one record."""

    __tablename__ = "favourite"
    __table_args__ = (Index("ix_favourite_person_id_at", "person_id", "at"),)

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    entity: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column()


def is_starred(work: Work, row: Any) -> bool:
    """Whether the actor has a star on it."""
    return work.session.get(Favourite, (work.actor.id, row.id)) is not None


def starred(work: Work, cls: type[Any]) -> ColumnElement[bool]:
    """The condition on a list of this class that only the actor's favourites are meant."""
    mine = select(Favourite.record_id).where(
        Favourite.person_id == work.actor.id, Favourite.entity == cls.record.entity()
    )
    condition: ColumnElement[bool] = cls.id.in_(mine)
    return condition
