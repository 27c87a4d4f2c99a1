"""Telling programs that keep a copy of our records which of them changed: a few events for one act, and none while nobody asks.

Whether somebody asks, the cards of webhooks tell (docs/decisions/0081).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy.orm import Session

from chassis import definitions
from chassis.house import House
from chassis.identity import new_id
from contracts.changes import MOST, ChangedRecord, RecordsChanged
from contracts.own_fields import by_logged

ENTITY = "notification.webhook"
Entry = dict[str, Any]
"""Of the change log."""


def asked_for(house: House, session: Session) -> type[RecordsChanged] | None:
    """The event by which this service tells of changes, if some program wants to hear of it."""
    event: type[RecordsChanged] | None = house.service.tells_changes_by
    if event is None or event.noun() not in definitions.known(house, session, ENTITY, _wanted):
        return None
    return event


def _wanted(webhooks: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    return frozenset(event for one in webhooks if one["is_active"] for event in one["events"])


def tell(work: Any, entries: Sequence[Entry]) -> None:
    """Announce what these entries of the log say, if anybody wants to know."""
    if (event := work.changes_told_by) is None:
        return
    for entity, several in groupby(entries, key=itemgetter("entity")):
        for part in _parts(list(several)):
            work.emit(event(changes_id=new_id(), entity=entity, records=_records(entity, part)))


def _parts(entries: list[Entry]) -> Iterator[list[Entry]]:
    for first in range(0, len(entries), MOST):
        yield entries[first : first + MOST]


def _records(entity: str, entries: list[Entry]) -> tuple[ChangedRecord, ...]:
    """Own fields under the names by which the API knows them."""
    own = by_logged(entity)
    return tuple(
        ChangedRecord(
            id=entry["record_id"],
            ver=entry["ver"],
            fields=tuple(own[name].name if name in own else name for name in entry["changes"]),
        )
        for entry in entries
    )
