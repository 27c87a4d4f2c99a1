"""What somebody keeps at hand: stars on records of any kind, hers alone. The same for every entity of every service."""

from __future__ import annotations

from uuid import UUID

from contracts.message import Command, Message
from contracts.query import Of

MOST = 200
"""Favourites of one person in one service; more would be a list, and for that there are views."""


class StarOf(Of, Command):
    """Put a star on a record, or take it off."""

    id: UUID
    is_on: bool


class FavouritesOf(Message):
    """The records a person has put a star on, the latest first."""

    limit: int = 20
