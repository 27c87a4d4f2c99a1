"""Records that changed, for programs that keep a copy of their own: which, to which version, in what. What stands in them they ask for."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from contracts.message import Announced, Event

MOST = 100
"""Records in one event."""


class ChangedRecord(Announced):
    """One record at a new version; of a new one every field that says something."""

    id: UUID
    ver: int
    fields: tuple[str, ...]


class RecordsChanged(Event):
    """Records of one kind were entered or changed by the same act, own fields and archiving included; which came first, their versions tell."""

    aggregate: ClassVar[str] = "changes_id"

    changes_id: UUID
    entity: str
    records: tuple[ChangedRecord, ...]
