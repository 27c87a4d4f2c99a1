"""Runs one of the product's programs with what the fault suite needs inside it: `python -m tests.faults.inside MODULE …`

The clock of one service can be put wrong, and parts of the product can be broken on purpose (`sabotage`). Files in the
folder GUANXI_STOP_AT switch both on while the program runs; without such a file the product runs as it is.
"""

from __future__ import annotations

import datetime
import importlib
import os
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

FOLDER = Path(os.environ.get("GUANXI_STOP_AT", "/nowhere"))
BEGINNING = {
    "deploy.nursery": ("chassis.hosting", "deploy.nursery"),
    "tests.faults.witness": ("chassis.hosting", "tests.faults.witness"),
    "chassis": ("chassis.relay", "chassis.__main__"),
}
"""Program → what it imports first, for eventlet must be in place before the rest; and where its `main` is."""
SETTLED = 1.0
"""Seconds of life after which a service's death is one of its own: here they die often, and not by their own fault."""
SILENCE = 6.0
"""Seconds after which a silent database is given up here: nobody wants to wait for the product's 75 in each run."""
_here = {"service": ""}


def main() -> None:
    """Become that program."""
    sys.argv[:] = sys.argv[1:]
    first, place = BEGINNING[sys.argv[0]]
    importlib.import_module(first)
    if first == "chassis.hosting":
        skew_clocks()
    importlib.import_module("chassis.silence").SILENCE = SILENCE  # type: ignore[attr-defined]
    if os.environ.get("FAULTS_SABOTAGE"):
        importlib.import_module("tests.faults.sabotage").install(sys.argv[0])
    program = importlib.import_module(place)
    if place == "deploy.nursery":
        program.SETTLED = SETTLED  # type: ignore[attr-defined]
    program.main()


def skew() -> float:
    """Seconds by which the clock of this process is wrong just now."""
    try:
        return float((FOLDER / f"{_here['service']}.clock").read_text() or 0)
    except (FileNotFoundError, ValueError):
        return 0.0


class _Datetime(datetime.datetime):
    @classmethod
    def now(cls, tz: Any = None) -> datetime.datetime:  # type: ignore[override]
        return datetime.datetime.now(tz) + datetime.timedelta(seconds=skew())


def skew_clocks() -> None:
    """Whatever asks for the time in a service gets it from here: doors, jobs, tokens."""
    from jwt import api_jwt

    from chassis import hosting, house, wire

    def clock() -> datetime.datetime:
        return house.wall_clock() + datetime.timedelta(seconds=skew())

    def make(service: Any, *rest: Any) -> house.House:
        _here["service"] = service.name
        return house.House(service, *rest, clock=clock)

    hosting.House = make  # type: ignore[misc, assignment]
    wire.time = SimpleNamespace(time=lambda: time.time() + skew(), monotonic=time.monotonic)  # type: ignore[assignment]
    api_jwt.datetime = _Datetime  # type: ignore[misc]


if __name__ == "__main__":
    main()
