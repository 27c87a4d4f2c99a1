"""Own objects in the service that keeps their records: a mapped class for each, made while the service runs.

All of them are rows of one table. Each class adds to the service's one what tells its rows from the others', so whatever
works with mapped classes works with these.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import definitions
from chassis.house import House
from chassis.replicas import Replica
from contracts import own_objects

ENTITY = "organization.own_object"
Classes = dict[str, type[Any]]
"""Noun → mapped class."""

_made: dict[tuple[type[Any], str], type[Any]] = {}
_making = Lock()


def classes(house: House, session: Session) -> Classes:
    """The own objects whose records are kept here, as their cards tell; those put away as well, which say so themselves."""
    base = house.service.own_objects
    if base is None:
        return {}
    found = definitions.believed(house, ENTITY, lambda: _read(session))
    return {own_objects.PREFIX + row["code"]: mapped(base, row, is_retired) for row, is_retired in found}


def _read(session: Session) -> list[tuple[dict[str, Any], bool]]:
    """Each definition, and whether it was put away."""
    cards = select(Replica.id, Replica.data, Replica.archived).where(Replica.entity == ENTITY)
    return [({**card.data, "id": card.id}, card.archived) for card in session.execute(cards)]


def mapped(base: type[Any], row: Mapping[str, Any], is_retired: bool = False) -> type[Any]:
    """The mapped class of an own object, as its definition describes it now."""
    code = row["code"]
    with _making:  # mapped once in a process
        cls = _made.get((base, code))
        if cls is None:
            told = {"__tablename__": None, "__mapper_args__": {"polymorphic_identity": code}}
            cls = _made[base, code] = type(
                own_objects.PREFIX + code, (base,), {**told, "__module__": __name__}
            )
    prefix = row.get("number_prefix")
    cls.record, cls.retired = own_objects.record_of(row), is_retired
    cls.numbered = f"{prefix}-{{branch}}-{{year}}-{{seq:05}}" if prefix else None
    return cls
