"""Ids are made by whoever names a thing first, so that nobody waits for one (UUIDv7: they sort by time of birth)."""

import os
import time
from uuid import UUID

_last = 0
"""The place in time of the latest id of this process: milliseconds, and in the lower twelve bits how many there were in one."""


def new_id() -> UUID:
    """A fresh UUIDv7, greater than the one before."""
    global _last
    _last = at = max(time.time_ns() // 1_000_000 << 12, _last + 1)
    chance = int.from_bytes(os.urandom(8)) & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=at >> 12 << 80 | 7 << 76 | (at & 0xFFF) << 64 | 2 << 62 | chance)
