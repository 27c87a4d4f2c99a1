"""Rows that every copy of Guanxi is born with (base data, roles, catalogues): the same ids in every branch."""

from __future__ import annotations

from uuid import UUID, uuid5

FAMILY = UUID("6f1d3f0e-5c1b-5b1e-9a55-6775616e7869")
"""Ids of shipped rows are derived from this, their entity and their code. Never to be changed."""

HOME = "HQ"
"""Where shipped rows are at home: headquarters says how they read, whichever branch put them in."""


def shipped_id(entity: str, *code: str) -> UUID:
    """`shipped_id("organization.choice", "industry", "trade")` is the same id everywhere and for ever."""
    return uuid5(FAMILY, "/".join((entity, *code)))
