"""Processes we started, remembered by number and start time, so that nobody else's is ever touched."""

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from .place import folder


class StillRunning(Exception):
    """A process did not end, even when it was told to at once."""


def remember(name: str, pid: int) -> None:
    """Write down a process of ours. Its start time tells it from a later one with the same number."""
    note = _note(name)
    draft = note.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps({"pid": pid, "started": _started(pid)}))
    draft.replace(note)


def find(name: str) -> int | None:
    """The process number if the process we wrote down is still the one that runs under it."""
    try:
        noted = json.loads(_note(name).read_text())
    except (FileNotFoundError, ValueError):
        return None
    started = _started(noted["pid"])
    return noted["pid"] if started and started == noted["started"] else None


def remembered() -> list[str]:
    """Names of all processes written down, running or not."""
    return sorted(path.stem for path in folder("processes").glob("*.json"))


def stop(name: str, gently: signal.Signals = signal.SIGTERM, patience: float = 30) -> bool:
    """End our process of that name and wait until it is gone; false if it was not running."""
    pid = find(name)
    if pid is None:
        _note(name).unlink(missing_ok=True)
        return False
    for order, seconds in ((gently, patience), (signal.SIGKILL, 10.0)):
        try:
            os.kill(pid, order)
        except ProcessLookupError:
            break
        if wait_until(lambda: find(name) is None, seconds):
            break
    else:
        raise StillRunning(f"{name} (process {pid}) does not end")
    _note(name).unlink(missing_ok=True)
    return True


def working_in(folder: Path) -> list[int]:
    """Numbers of all living processes, ours or not, that have this folder as their working folder."""
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if link.readlink() == folder:
                found.append(int(link.parent.name))
        except (OSError, ValueError):
            continue  # gone meanwhile, or somebody else's whom we may not look at
    return found


def wait_until(done: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    """Ask again and again until it is so; false when the time is over."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def _note(name: str) -> Path:
    return folder("processes") / f"{name}.json"


def _started(pid: int) -> str | None:
    """Start time in clock ticks since boot, with the boot it counts from; None for no process or a dead one."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else f"{boot}/{fields[19]}"
