"""Stars: the records of any kind that somebody keeps at hand. Hers alone; what she may no longer see is not shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from chassis import labels
from chassis.audit import plain
from chassis.entities import by_entity, find_class
from chassis.stars import Favourite, is_starred
from chassis.work import Work
from contracts.errors import FieldProblem, Invalid
from contracts.favourites import MOST, FavouritesOf, StarOf


def star(work: Work, message: StarOf) -> dict[str, Any]:
    """On or off; twice is once."""
    row = work.read(find_class(work, message.entity, "read"), message.id)
    mine = Favourite.person_id == work.actor.id
    if not message.is_on:
        work.session.execute(delete(Favourite).where(mine, Favourite.record_id == row.id))
        return {"starred": False}
    if (work.session.scalar(select(func.count()).where(mine)) or 0) >= MOST and not is_starred(work, row):
        raise Invalid(FieldProblem("is_on", "too_many_favourites", max=MOST))
    values = {"person_id": work.actor.id, "record_id": row.id, "entity": row.record.entity(), "at": work.now}
    work.session.execute(insert(Favourite).values(values).on_conflict_do_nothing())
    return {"starred": True}


def favourites(work: Work, message: FavouritesOf) -> dict[str, Any]:
    """The actor's favourites of this service with their names."""
    wanted = select(Favourite).where(Favourite.person_id == work.actor.id).order_by(Favourite.at.desc())
    stars = list(work.session.scalars(wanted.limit(MOST)))
    known, seen = by_entity(work), dict[str, set[UUID]]()
    for entity in {one.entity for one in stars} & known.keys():
        if work.actor.may(f"{entity}.read") and not known[entity].retired:
            cls, wished = known[entity], [one.record_id for one in stars if one.entity == entity]
            seen[entity] = set(
                work.session.scalars(select(cls.id).where(cls.id.in_(wished), cls.archived_at.is_(None)))
            )
    rows = [one for one in stars if one.record_id in seen.get(one.entity, ())]
    rows = rows[: max(1, min(message.limit, MOST))]
    ids = {one.record_id for one in rows}
    named = labels.named(work, {entity: found & ids for entity, found in seen.items()}, known)
    return {
        "rows": [{"entity": one.entity, "id": plain(one.record_id), "at": plain(one.at)} for one in rows],
        "labels": {id: label.as_json() for id, label in named.items()},
    }
