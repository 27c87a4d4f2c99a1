"""Brings databases and broker to this version and puts in what every copy begins with: `python -m deploy.prepare`.

The same as `python -m chassis migrate` and `… seed`, in one process that does its importing while the servers start.
"""

import argparse
import importlib
import sys
from pathlib import Path

from . import place, servers

DONE = "prepared"


def main() -> None:
    """Import, wait for the servers, work, say that it is done."""
    importlib.import_module(
        "chassis.settings"
    ).service_settings()  # wrong ones are said before anything is waited for
    chassis = importlib.import_module("chassis.__main__")
    everything = importlib.import_module("chassis.registry").names()
    for name in everything:
        chassis.find(name)
    for name in sys.argv[1:]:
        servers.wait_ready(name, 120)
    for step in (chassis.migrate, chassis.seed):
        step(argparse.Namespace(services=everything))
    mark().touch()


def mark() -> Path:
    """The file that says that services may start; taken away at the beginning of every start."""
    return place.run_dir() / DONE


if __name__ == "__main__":
    try:
        main()
    except servers.NotReady as trouble:
        sys.exit(str(trouble))
