"""Pages of a big company against the SQL alone, many users at once, memory of the whole, and how long a start takes.

`GUANXI_BENCH_CUSTOMERS=1000000` for the big size, with 1,500,000 people; 100,000 unless told.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from bench import books, finding, floor
from bench.cost import cost
from bench.load import Times, answer, command, measured, page, sql
from bench.row import Row, at_most
from tests.journey.system import Client, System, running

CUSTOMERS = int(os.environ.get("GUANXI_BENCH_CUSTOMERS", "100000"))
USERS = 8
CROWD = 64

ROWS = "SELECT * FROM customer WHERE archived_at IS NULL {and_} ORDER BY created_at DESC, id DESC LIMIT 51"
FEW = """SELECT * FROM customer WHERE id = ANY ((SELECT array_agg(id) FROM customer WHERE archived_at IS NULL {and_})::uuid[])
    ORDER BY created_at DESC, id DESC LIMIT 51"""
COUNT = "SELECT count(*) FROM (SELECT 1 FROM customer WHERE archived_at IS NULL {and_} LIMIT 10001) capped"
NAMES = "SELECT id, entity, label, label_en, number FROM replica WHERE id = ANY (%s)"
FRAGMENT = "AND grams @> ARRAY[%s]"
COMMON, RARE = "公司", "丁三"


def measure() -> Iterator[Row]:
    """Start a whole Guanxi with its demo data, add customers, and ask; what was measured stands though a later part fails."""
    with running() as system:
        yield Row("memory right after the demo data was loaded", _memory(system), "MiB")
        yield from _start(system)
        yield at_most(
            "memory of the whole system, idle, without PostgreSQL and RabbitMQ", _memory(system), "MiB", 600.0
        )
        url = system.database("customer")
        engine = create_engine(url)
        begun = time.monotonic()
        books.fill(engine, CUSTOMERS)
        yield Row(f"copying {CUSTOMERS:,} customers and the people there", time.monotonic() - begun, "s")
        names = _names(engine)
        engine.dispose()
        grace = system.client("grace")
        yield from _costs(system, grace)
        yield from _lists(url, grace, names)
        yield _file(grace)
        yield from finding.measure(system, grace, COMMON, RARE)
        yield from _crowds(grace)


def _names(engine: Engine) -> list[str]:
    """Whom and what the first page refers to."""
    with engine.connect() as connection:
        refers = "SELECT unnest(ARRAY[owner_id, department_id, branch_id])::text FROM customer LIMIT 50"
        return sorted(set(connection.scalars(text(refers))))


def _costs(system: System, grace: Client) -> Iterator[Row]:
    """What one page takes of the machine."""
    customer = _customer(grace)
    asked = {
        "list, page": page(grace, "/customer/customer"),
        "list, JSON": answer(grace, "/customer/customer"),
        "search of a rare fragment, page": page(grace, f"/customer/customer?q={RARE}"),
        "page of one question": page(grace, f"/customer/contact?customer_id={customer}"),
        "customer page": page(grace, f"/customer/customer/{customer}"),
    }
    for what, asking in asked.items():
        parts = cost(system, asking, 20)
        shares = ", ".join(f"{part} {spent:.1f}" for part, spent in parts.most_common())
        yield Row(f"{what}, CPU of one: {shares}", parts.total(), "ms")


def _customer(grace: Client) -> str:
    found: str = grace.rows("customer/customer", limit=1, sort="created_at")[0]["id"]
    return found


def _lists(url: str, grace: Client, names: list[str]) -> list[Row]:
    """A page of rows, how many there are, and the names behind them, asked by SQL and as a page."""
    who = (NAMES.replace("%s", "%s::uuid[]"), (names,))

    def found(rows: str, fragment: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        narrowed = (fragment,) if fragment else ()
        condition = FRAGMENT if fragment else ""
        return (rows.format(and_=condition), narrowed), (COUNT.format(and_=condition), narrowed), who

    asked = {
        f"list of {CUSTOMERS:,} customers": ("/customer/customer", found(ROWS, "")),
        "search of a very common fragment": (f"/customer/customer?q={COMMON}", found(ROWS, COMMON)),
        "search of a rare fragment": (f"/customer/customer?q={RARE}", found(FEW, RARE)),
    }
    floors = {f"/{number}": questions for number, (_, questions) in enumerate(asked.values())}
    rows: list[Row] = []
    with floor.serving(url, floors) as served:
        for floored, (what, (path, questions)) in zip(floors, asked.items(), strict=True):
            alone = measured(sql(url, *questions), USERS, 100).p95
            behind = measured(served(floored), USERS, 100).p95
            rows += _list(what, grace, path, alone, behind)
    return rows


def _list(what: str, grace: Client, path: str, alone: float, behind: float) -> Iterator[Row]:
    """Against the SQL alone, and against the same as a bare page: where the SQL is nothing, what is left of a page is not."""
    asked_as = {"page": page(grace, path), "JSON": answer(grace, path)}
    if "?" in path:
        asked_as["while typing"] = page(grace, path, "list")
    for kind, asking in asked_as.items():
        name, took = f"{what}, {kind}, {USERS} users, p95", measured(asking, USERS, 40).p95
        yield Row(f"{name}, against the SQL alone", took, "ms", alone)
        yield at_most(f"{name}, against the same SQL behind gunicorn", took, "ms", 4.0, behind)
        yield at_most(name, took, "ms", 50.0)


def _file(grace: Client) -> Row:
    customer = _customer(grace)
    single = measured(page(grace, f"/customer/contact?customer_id={customer}"), 1, 60)
    whole = measured(page(grace, f"/customer/customer/{customer}"), 1, 60)
    return at_most(
        "customer page of five services, median, against a page of one question",
        whole.median, "ms", 2.0, single.median,
    )  # fmt: skip


def _crowds(grace: Client) -> Iterator[Row]:
    """Many at once on a list, a record, a command."""
    customer = _customer(grace)
    number = count()
    new = {"kind": "end_customer"}
    asked = {
        "list, page": page(grace, "/customer/customer"),
        "record, page": page(grace, f"/customer/contact?customer_id={customer}"),
        "customer page": page(grace, f"/customer/customer/{customer}"),
        "command (a new customer)": command(
            grace, "/customer/customer", lambda: {**new, "name": f"压测企业{next(number)}号"}
        ),
    }
    for what, ask in asked.items():
        for users in (USERS, CROWD):
            times: Times = measured(ask, users, 320 // users)
            yield Row(f"{what}, {users} users, p95", times.p95, "ms")
            yield Row(f"{what}, {users} users", times.rate, "/s")


def _memory(system: System) -> float:
    """Proportional memory of every process of ours, without PostgreSQL and RabbitMQ, MiB."""
    total = 0.0
    for pid in system.own_processes():
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue  # a command of the start that has just ended
        total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return total


def _start(system: System) -> list[Row]:
    system.stop()
    begun = time.monotonic()
    system.up()
    return [at_most("start, the second time, until healthy", time.monotonic() - begun, "s", 15.0)]
