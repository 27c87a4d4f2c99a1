"""A round trip to a service: ours against raw py-amqp, and against stock Nameko, in turns on the same broker."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from bench.contenders import RawClient, nameko_client, until_it_works
from bench.row import Row, at_least, at_most
from bench.toys import world
from chassis.wire import Call
from tests.chassis.world import World

ROUNDS = 8
SERIAL = 200
FLIGHT = 50
FLIGHTS = 10

Batch = Callable[[int], None]


def measure() -> list[Row]:
    with world() as made:
        made.serve("workshop")
        rivals = [
            subprocess.Popen(
                [sys.executable, "-m", "bench.contenders", kind, made.amqp_url], env=made.environment
            )
            for kind in ("raw", "nameko")
        ]
        try:
            with nameko_client(made.amqp_url) as stock:
                return _compared({"raw": _raw(made), "stock": stock, "ours": _ours(made)})
        finally:
            for rival in rivals:
                rival.kill()
                rival.wait()


def _raw(made: World) -> Batch:
    clients: list[RawClient] = []

    def batch(count: int) -> None:
        if not clients:
            client = RawClient(made.amqp_url)
            client.channel.queue_declare("bench-echo", passive=True)
            clients.append(client)
        clients[0].batch(count)

    return batch


def _ours(made: World) -> Batch:
    call = Call("workshop", "echo", {"text": "hello"}, made.token)

    def batch(count: int) -> None:
        made.rpc.gather([call] * count)

    return batch


def _compared(contenders: dict[str, Batch]) -> list[Row]:
    serial: dict[str, list[float]] = {name: [] for name in contenders}
    rates: dict[str, list[float]] = {name: [] for name in contenders}
    for batch in contenders.values():
        until_it_works(batch)
        for _ in range(50):
            batch(1)
    for _ in range(ROUNDS):  # in turns, so that a busy moment of the machine hits all of them
        for name, batch in contenders.items():
            serial[name] += [_spent(batch, 1) for _ in range(SERIAL if name != "stock" else SERIAL // 4)]
            flights = [_spent(batch, FLIGHT) for _ in range(FLIGHTS if name != "stock" else FLIGHTS // 4)]
            rates[name].append(FLIGHT * len(flights) / sum(flights))
    ms = {name: statistics.median(spent) * 1000 for name, spent in serial.items()}
    p99 = {name: statistics.quantiles(spent, n=100)[98] * 1000 for name, spent in serial.items()}
    rate = {name: statistics.median(found) for name, found in rates.items()}
    return [
        at_most("RPC round trip, median, against raw py-amqp", ms["ours"], "ms", 2.0, ms["raw"]),
        Row("RPC round trip, p99, against raw py-amqp", p99["ours"], "ms", p99["raw"]),
        at_most("RPC round trip, median, against stock Nameko", ms["ours"], "ms", 1 / 2.5, ms["stock"]),
        Row(f"RPC with {FLIGHT} in flight, against raw py-amqp", rate["ours"], "/s", rate["raw"]),
        at_least(
            f"RPC with {FLIGHT} in flight, against stock Nameko", rate["ours"], "/s", 2.5, rate["stock"]
        ),
    ]


def _spent(batch: Batch, count: int) -> float:
    begun = time.perf_counter()
    batch(count)
    return time.perf_counter() - begun
