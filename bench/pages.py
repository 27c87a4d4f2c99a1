"""Pages at 100,000 customers against the SQL alone, memory of the whole, and how long a start takes."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import create_engine, text

from bench.row import Row, at_most
from tests.journey.system import Client, System, running

CUSTOMERS = 100_000
ROUNDS = 40
USERS = 8

FILL = """
INSERT INTO customer (id, home, epoch, ver, created_at, updated_at, owner_id, department_id, branch_id, number, name,
    kind, value_class, name_key, search_text, grams)
SELECT uuidv7(), 'HQ', 1, 1, now() - n * interval '1 second', now(), owner.owner_id, owner.department_id, owner.branch_id,
    'BM-' || n, name, 'end_customer', 'potential', name, name,
    ARRAY(SELECT DISTINCT substr(name, i, 2) FROM generate_series(1, length(name) - 1) i)
        || ARRAY(SELECT DISTINCT substr(name, i, 1) FROM generate_series(1, length(name)) i)
FROM (SELECT n, '测试' || chr(19968 + n % 20000) || chr(19968 + n * 7 % 20000) || '公司' AS name FROM generate_series(1, :n) n) names
CROSS JOIN LATERAL (SELECT owner_id, department_id, branch_id FROM customer WHERE owner_id IS NOT NULL AND number NOT LIKE 'BM-%'
    ORDER BY (n * 2654435761 % 1000003), id OFFSET (n % 10) LIMIT 1) owner
"""
LIST = "SELECT * FROM customer WHERE archived_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 51"
COUNT = "SELECT count(*) FROM (SELECT 1 FROM customer WHERE archived_at IS NULL LIMIT 10001) capped"
FIND = "SELECT * FROM customer WHERE grams @> ARRAY['公司'] AND archived_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 51"


def measure() -> list[Row]:
    """Start a whole Guanxi with its demo data, add customers, and ask."""
    with running() as system:
        rows = [_memory(system), *_start(system)]
        engine = create_engine(system.database("customer"))
        _fill(engine)
        grace = system.client("grace")
        rows += _lists(engine, grace)
        rows.append(_file(grace))
        engine.dispose()
    return rows


def _fill(engine) -> None:
    with engine.begin() as connection:
        connection.execute(text(FILL), {"n": CUSTOMERS})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE customer"))


def _lists(engine, grace: Client) -> list[Row]:
    def sql(*statements: str) -> Callable[[], None]:
        def ask() -> None:
            with engine.connect() as connection:
                for statement in statements:
                    connection.execute(text(statement)).all()

        return ask

    pages = {
        "list of 100,000 customers": ("/customer/customer", sql(LIST, COUNT)),
        "search of a very common fragment": ("/customer/customer?q=公司", sql(FIND, COUNT)),
        "search of a rare fragment": ("/customer/customer?q=丁三", sql(FIND.replace("公司", "丁三"))),
    }
    rows = []
    for what, (path, floor) in pages.items():
        alone = _p95(floor, users=USERS)
        page = _p95(lambda path=path: grace.page(path), users=USERS)
        rows.append(
            at_most(f"{what}, page, {USERS} users, p95, against the SQL alone", page, "ms", 4.0, alone)
        )
    return rows


def _file(grace: Client) -> Row:
    customer = grace.rows("customer/customer", limit=1, sort="created_at")[0]["id"]
    single = _p95(lambda: grace.page(f"/customer/contact?customer_id={customer}"))
    whole = _p95(lambda: grace.page(f"/customer/customer/{customer}"))
    return at_most(
        "customer page of five services, p95, against a page of one question", whole, "ms", 2.0, single
    )


def _p95(ask: Callable[[], object], users: int = 1) -> float:
    """Milliseconds that 95 of 100 questions take at most, asked by several at once."""
    took: list[float] = []

    def one() -> None:
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            ask()
            took.append((time.perf_counter() - begun) * 1000)

    ask()
    threads = [threading.Thread(target=one) for _ in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statistics.quantiles(took, n=20)[-1]


def _memory(system: System) -> Row:
    """Proportional memory of every process of ours, some seconds after the start, without PostgreSQL and RabbitMQ."""
    total = 0.0
    for pid in system.own_processes():
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue  # a command of the start that has just ended
        total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return at_most("memory of the whole system, idle, without PostgreSQL and RabbitMQ", total, "MiB", 600.0)


def _start(system: System) -> list[Row]:
    system.stop()
    begun = time.monotonic()
    system.up()
    return [at_most("start, the second time, until healthy", time.monotonic() - begun, "s", 15.0)]
