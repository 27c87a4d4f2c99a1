"""What one answer costs: the CPU time of every process, which a busy machine changes far less than the clock on the wall."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path

import psutil

from bench.load import Arrive, Ask
from tests.journey.system import System

SERVERS = {"gateway": "gateway", "postgres": "PostgreSQL", "rabbitmq": "RabbitMQ"}
ITSELF = "this program"


TIMES = 11


def cost(system: System, arrive: Arrive, rounds: int) -> Counter[str]:
    """Milliseconds of CPU for one answer, by part, asked by one user again and again.

    Asked in several goes of so many rounds, of which this is the middle one: jobs by the clock fall into some of them.
    """
    ask = arrive()
    ask()
    goes = [_go(_parts(system), ask, rounds) for _ in range(TIMES)]
    return sorted(goes, key=Counter.total)[TIMES // 2]


def _go(parts: dict[int, str], ask: Ask, rounds: int) -> Counter[str]:
    before, own = {pid: spent(pid) for pid in parts}, time.process_time()
    for _ in range(rounds):
        ask()
    found = Counter({ITSELF: (time.process_time() - own) * 1000 / rounds})
    for pid, part in parts.items():
        found[part] += (spent(pid) - before[pid]) / rounds
    return found


def _parts(system: System) -> dict[int, str]:
    """Every process of a running Guanxi, and the part it belongs to; what is no server counts as a service."""
    found: dict[int, str] = {}
    for file in (system.folder / "processes").glob("*.json"):
        process = psutil.Process(json.loads(file.read_text())["pid"])
        part = SERVERS.get(file.stem, "services")
        for one in (process, *process.children(recursive=True)):
            if part != "services" or one.pid not in found:
                found[one.pid] = part
    return found


def spent(pid: int) -> float:
    """Milliseconds of CPU that its threads have had so far."""
    spent = 0
    for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            spent += int(thread.read_text().split()[0])
        except OSError:
            continue  # it has just ended
    return spent / 1e6
