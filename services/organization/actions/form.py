"""How forms are arranged, told to the gateway (users 6)."""

from __future__ import annotations

from typing import Any

from chassis import definitions
from chassis.forms import ENTITY
from chassis.work import Work
from contracts.organization import FormsOf


def forms(work: Work, message: FormsOf) -> list[dict[str, Any]]:
    """All that count now, as their cards tell them."""
    return definitions.defined(work.entities, work.session, ENTITY)
