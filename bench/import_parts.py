"""What one row of an import costs each part it goes through, one part at a time and without the broker.

Of each part its own processor time and PostgreSQL's, so that it counts little what else the machine is doing.
`GUANXI_BENCH_PARTS=20000` for more than 5,000 rows.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from typing import Any

import psycopg2

from bench.cost import spent
from bench.row import Row
from chassis import bundles, database, logs, registry
from chassis.importing import Importer
from chassis.inbox import Inbox
from chassis.relay import Relay
from deploy import servers
from tests.cards import company
from tests.cast import ROOT_ID, person
from tests.desk import Databases, Desk

ROWS = int(os.environ.get("GUANXI_BENCH_PARTS", "5000"))
AT_ONCE = 1000
LISTENERS = ("sales", "receivables", "service_desk", "notification", "reporting")
ROOT = person(ROOT_ID, "Root", "customer.* all")
COLUMNS = ("name", "phone", "address")


def measure() -> Iterator[Row]:
    logs.set_up("bench", "warning")
    gc.set_threshold(10_000)  # as `chassis.hosting` does, which would put eventlet in place here
    databases = Databases(servers.addresses()["DATABASE_URL"], f"bench_{os.getpid()}_")
    total = 0.0
    try:
        for what, (own, database_) in _measured(databases):
            total += own + database_
            yield Row(what, own, "µs")
            yield Row(f"{what}, in PostgreSQL", database_, "µs")
        yield Row("all of it", total, "µs")
    finally:
        databases.drop()


def _measured(databases: Databases) -> Iterator[tuple[str, tuple[float, float]]]:
    office = _office(databases, "customer")
    started = office.ask(
        ROOT, "start_import", entity="customer", file_name="客户.xlsx", columns=list(COLUMNS)
    )
    job = started["id"]
    yield "taking it in", _cost(databases, lambda: _stage(office, job))
    for what, door in (("looking at it", "check_import"), ("making it", "run_import")):
        office.ask(ROOT, door, job_id=job)
        yield what, _cost(databases, Importer(office.house).run_all)
    if (made := office.ask(ROOT, "job", id=job)["made"]) != ROWS:
        raise AssertionError(f"{made} made")
    broker = _Broker()
    with closing(psycopg2.connect(databases.url("customer"))) as connection:
        connection.autocommit = True
        yield "the relay's part", _cost(databases, lambda: broker.take(connection))
    for name in LISTENERS:
        inbox = Inbox(_office(databases, name).house, delays=())
        yield f"hearing of it: {name}", _cost(databases, partial(_hear, inbox, broker.bodies))


def _office(databases: Databases, service: str) -> Desk:
    """A desk whose transactions are committed."""
    cls = registry.service_class(service)
    engine = databases.engine(cls)
    office = Desk(cls, None, database.sessions(engine))
    office.now = office.now.now(office.now.tzinfo)
    for card in company(ROOT):
        if type(card) in cls.follows:
            office.hear(card)
    return office


def _stage(office: Desk, job: str) -> None:
    for first in range(0, ROWS, AT_ONCE):
        rows = [
            {
                "name": f"第{n}精密机械制造有限公司",
                "phone": f"0571{n:07d}",
                "address": f"杭州市西湖区文三路{n}号",
            }
            for n in range(first, min(first + AT_ONCE, ROWS))
        ]
        office.ask(ROOT, "stage_rows", job_id=job, first=first + 2, rows=rows)


class _Broker:
    """Takes over whatever it is given, at once."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def take(self, connection: Any) -> None:
        relay = Relay("customer", "", "", lambda *_: True)
        while relay.send_batch(connection, self):  # type: ignore[arg-type]
            pass

    def publish(self, rows: list[Any]) -> tuple[list[int], list[Any]]:
        self.bodies += [bundles.packed([row.envelope]) for row in rows]
        return [row.id for row in rows], []


def _hear(inbox: Inbox, bodies: list[bytes]) -> None:
    for n in range(0, len(bodies), 4):  # 256 KiB, as a listener takes them
        inbox.take(bodies[n : n + 4])


def _cost(databases: Databases, part: Callable[[], None]) -> tuple[float, float]:
    """Microseconds of processor time for one row: the service's own, and that of its connections in PostgreSQL."""
    gc.collect()
    gc.freeze()  # as what a service has imported is
    server, own = _server(databases), time.process_time()
    part()
    own, server = time.process_time() - own, _server(databases) - server
    return own / ROWS * 1e6, server / ROWS * 1e6


def _server(databases: Databases) -> float:
    with closing(psycopg2.connect(databases.url("customer"))) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE starts_with(datname, %s) AND pid <> pg_backend_pid()",
            (databases.prefix,),
        )
        return sum(spent(pid) for (pid,) in cursor) / 1000
