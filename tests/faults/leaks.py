"""Whether processes keep what they should have given back: memory, files, connections."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import psutil

from tests.faults.rig import LISTENERS, SERVICES, Rig

MEMORY = 96 * 1024 * 1024
"""Bytes that a process may have grown by since the first look, caches and pools included."""
FILES = 25
"""Open files, likewise: a pool holds up to twenty connections to the database."""
POOL = 21
"""Connections of one process to its database: ten, ten more in a rush, and the post office's sign of life."""
LINES = Counter(
    [f"guanxi {name} {line}" for name in LISTENERS for line in ("rpc", "events")]
    + [f"guanxi {name} relay" for name in SERVICES]
    + ["guanxi gateway rpc"]
)
"""All lines to the broker that there should be."""


@dataclass(frozen=True)
class Size:
    """One process at one moment."""

    pid: int
    memory: int
    files: int


class Scales:
    """Remembers how large each process was when it was first seen."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.first: dict[int, Size] = {}

    def weigh(self) -> list[str]:
        """What has grown too much since, by name; a process seen for the first time has not."""
        found = []
        for name in (*LISTENERS, "relay", "gateway worker", "services"):
            size = self._size(name)
            if size is None:
                continue
            first = self.first.setdefault(size.pid, size)
            if size.memory - first.memory > MEMORY:
                found.append(f"{name} had {first.memory >> 20} MB and has {size.memory >> 20}")
            if size.files - first.files > FILES:
                found.append(f"{name} had {first.files} files open and has {size.files}")
        return found

    def _size(self, name: str) -> Size | None:
        try:
            process = psutil.Process(self.rig.victim(name))
            return Size(process.pid, process.memory_info().rss, process.num_fds())
        except (psutil.NoSuchProcess, FileNotFoundError):
            return None


def wrong_lines(rig: Rig) -> list[str]:
    """Connections too many or too few, of all that pass the proxies."""
    there = Counter(passage.name for passage in list(rig.amqp.passages))
    found = [
        f"{there[name]} × {name or 'a nameless line'}, not {LINES[name]}"
        for name in {*there, *LINES}
        if there[name] != LINES[name]
    ]
    bases = Counter(passage.name for passage in list(rig.database_line.passages))
    return found + [
        f"{count} connections to {name}" for name, count in bases.items() if name and count > POOL + 1
    ]
