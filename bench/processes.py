"""How much more one service does with 1, 2 and 4 processes: questions that only travel, and commands that are written down."""

from __future__ import annotations

import statistics
import time

import psutil

from bench.row import Row
from bench.toys import world
from chassis.identity import new_id
from chassis.wire import Call
from tests.chassis.world import World

FLIGHT = 50
FLIGHTS = 20
PROCESSES = (1, 2, 4)


def measure() -> list[Row]:
    with world() as made:
        rows = []
        for wanted in PROCESSES:
            while len(made.processes) < wanted:
                made.serve("workshop")
            for what, call in (
                ("questions", Call("workshop", "echo", {"text": "hello"}, made.token)),
                ("commands", _command(made)),
            ):
                rate, busy = _rate(made, call)
                rows.append(Row(f"{what}, {wanted} processes of the service, {FLIGHT} in flight", rate, "/s"))
                rows.append(Row("  of both cores, whoever uses them", busy, "%"))
        return rows


def _command(made: World) -> Call:
    return Call("workshop", "make_part", {"order_id": str(new_id()), "names": ["part"]}, made.token)


def _rate(made: World, call: Call) -> tuple[float, float]:
    made.rpc.gather([call] * FLIGHT)
    psutil.cpu_percent()
    rates = []
    for _ in range(FLIGHTS):
        begun = time.perf_counter()
        made.rpc.gather([call] * FLIGHT)
        rates.append(FLIGHT / (time.perf_counter() - begun))
    return statistics.median(rates), psutil.cpu_percent()
