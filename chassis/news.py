"""What a reaction that takes many announcements at once is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from contracts.message import Envelope, Event

E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class News(Generic[E]):
    """One announcement: what it says, and when, where and by whom it was said."""

    event: E
    envelope: Envelope
