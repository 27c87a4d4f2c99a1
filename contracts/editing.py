"""Who else has the form of a record open just now (users 11). The same for every entity of every service."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from contracts.message import Message
from contracts.query import Of

EVERY = 20
"""Seconds between two signs of life of an open form."""


class EditingOf(Of):
    """I have this record's form open; who else has? Said again as long as it stays open. It changes nothing of the record."""

    answers: ClassVar[Editing]

    id: UUID


class Editor(Message):
    """Somebody who has the form open, and since when."""

    person_id: UUID
    name: str
    name_en: str | None = None
    since: datetime


class Editing(Message):
    """The others, whoever began first before the rest."""

    others: tuple[Editor, ...] = ()
