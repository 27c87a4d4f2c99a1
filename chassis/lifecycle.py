"""Moves a document through its states; a wrong move raises with the verb and the state it met."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from contracts.errors import IllegalTransition


class Lives:
    """A row with a state; the table of moves stands on its record. History of states is the change log."""

    state: Mapped[str] = mapped_column(String(40))
    state_at: Mapped[datetime | None] = mapped_column()

    def __init__(self, **values: Any) -> None:
        values.setdefault("state", type(self).record.lifecycle.start)  # type: ignore[attr-defined]
        super().__init__(**values)

    def move(self, verb: str, at: datetime | None = None) -> None:
        """Take the verb's step. Raises IllegalTransition when it does not start from the present state."""
        life, is_put_away = type(self).record.lifecycle, getattr(self, "archived_at", None) is not None  # type: ignore[attr-defined]
        target = life.leads(verb, self.state, is_put_away)
        if target is None:
            is_ready = life.leads(verb, self.state) is not None
            raise IllegalTransition(verb=verb, state="archived" if is_put_away and is_ready else self.state)
        if target != self.state:
            self.state, self.state_at = target, at or self.state_at
