"""Ids are made by whoever names a thing first, so that nobody waits for one (UUIDv7: they sort by time of birth)."""

from uuid import UUID

import uuid6


def new_id() -> UUID:
    """A fresh UUIDv7."""
    return UUID(int=uuid6.uuid7().int)
