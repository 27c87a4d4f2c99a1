"""What the simulated people asked for and what they were told: the books of the driver, independent of the product's."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

DONE, REFUSED, OPEN = "answered", "refused", "unanswered"


@dataclass
class Command:
    """One press of one button. Its id is the idempotency key, and stands in what it writes, so that it can be found."""

    id: str
    kind: str
    who: str
    path: str
    body: dict[str, Any]
    state: str = OPEN
    answer: dict[str, Any] = field(default_factory=dict)
    """What was said to the first press that was answered."""
    said: list[str] = field(default_factory=list)
    """Status or mishap of each press."""
    about: str = ""
    """The record it acts on, once that is known."""
    amount: Decimal = Decimal(0)

    @property
    def service(self) -> str:
        return self.path.split("/")[1]

    @property
    def row(self) -> dict[str, Any]:
        found: dict[str, Any] = self.answer.get("row", {})
        return found


class Ledger:
    """All commands of one run."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.stuck: list[str] = []
        """What somebody waited for in vain."""
        self._lock = threading.Lock()

    def add(self, command: Command) -> Command:
        with self._lock:
            self.commands.append(command)
        return command

    def gave_up(self, what: str) -> None:
        with self._lock:
            self.stuck.append(what)

    def of(self, state: str) -> list[Command]:
        return [command for command in self.commands if command.state == state]

    def done(self, kind: str) -> list[Command]:
        return [command for command in self.of(DONE) if command.kind == kind]
