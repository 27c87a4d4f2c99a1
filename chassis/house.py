"""What every door of a service stands in: its class, its branch, its database, its clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from chassis import database
from contracts.actor import Actor

Clock = Callable[[], datetime]
"""Tells the time in UTC; tests set it."""


def wall_clock() -> datetime:
    """Now."""
    return datetime.now(UTC)


@dataclass
class House:
    """One service in one process: made once, handed to every door, reaction and job."""

    service: Any
    """The Service class."""
    branch: str
    sessions: sessionmaker[Session]
    verify: Callable[[str], Actor]
    """The actor of a signed token. Raises Unauthenticated."""
    clock: Clock = wall_clock
    definitions: dict[str, tuple[Any, int, float]] = field(default_factory=dict, init=False, repr=False)
    """What `chassis.definitions` knows of each kind, since which turn, and until when it believes it."""

    @property
    def name(self) -> str:
        """The service's name."""
        found: str = self.service.name
        return found

    @cached_property
    def reading(self) -> sessionmaker[Session]:
        """Sessions for questions, in which nothing can be written."""
        return database.reading(self.sessions)

    @cached_property
    def clocked(self) -> dict[str, Any]:
        """Name → job by the clock."""
        found: dict[str, Any] = self.service.clocked()
        return found

    @cached_property
    def called(self) -> dict[str, tuple[str, ...]]:
        """Entity of another service → what people call its records by, beside their names."""
        return {card.entity: card.called for card in self.service.follows}

    @cached_property
    def doors(self) -> dict[str, Any]:
        """Name → door that answers."""
        found: dict[str, Any] = self.service.requests()
        return found

    @cached_property
    def entities(self) -> dict[str, type[Any]]:
        """Noun → mapped class."""
        return {cls.record.noun(): cls for cls in self.service.entities}
