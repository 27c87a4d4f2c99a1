"""What an administrator defines and every service has to know, such as own fields: read from cards, or from our own table where
we keep them, and believed for a moment. What comes or changes in this process is known at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import replicas
from chassis.house import House
from chassis.replicas import Replica

Described = TypeVar("Described")
FRESH = 2.0
"""Seconds for which what we know is believed."""


def known(
    house: House, session: Session, entity: str, describe: Callable[[Iterable[Mapping[str, Any]]], Described]
) -> Described:
    """What is made of all that are defined now."""
    return believed(house, entity, lambda: describe(defined(house.entities, session, entity)))


def believed(house: House, entity: str, read: Callable[[], Described]) -> Described:
    """What was read of these definitions last, as long as that is believed."""
    found, turn, until = house.definitions.get(entity, (None, -1, 0.0))
    if turn != replicas.turns[entity] or until < time.monotonic():
        turn, found = replicas.turns[entity], read()
        house.definitions[entity] = (found, turn, time.monotonic() + FRESH)
    return found  # type: ignore[no-any-return]


def forget(entity: str) -> None:
    """One of our own came or changed: look again."""
    replicas.turns[entity] += 1


def defined(entities: Mapping[str, type[Any]], session: Session, entity: str) -> list[dict[str, Any]]:
    """All that are defined now, as their cards tell them."""
    kept = entities.get(entity.rpartition(".")[2])
    if kept is not None:
        from chassis import flush  # which needs to know own fields

        rows = session.scalars(select(kept).where(kept.archived_at.is_(None)))
        return [{**flush.card(type(row), row, row.ver).data, "id": str(row.id)} for row in rows]
    cards = select(Replica.id, Replica.data).where(Replica.entity == entity, Replica.archived.is_(False))
    return [{**card.data, "id": str(card.id)} for card in session.execute(cards)]
