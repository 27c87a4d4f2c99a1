"""A big file of customers with the check for duplicates, against COPY of the same rows; does memory stay flat?

The clock runs from the upload until every row is looked at, and from the word to go until the last one is made.

`GUANXI_BENCH_IMPORT=100000` for the big size, 20,000 unless told. `GUANXI_BENCH_CUSTOMERS=1000000`: into the books of a
company that has so many already, and half as many people again; none unless told.
"""

from __future__ import annotations

import io
import os
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any

import psutil
import psycopg2
from sqlalchemy import create_engine

from bench import books
from bench.row import Row, at_least, at_most
from tests.journey.system import Client, System, running, wait_for
from tests.journey.test_lead_to_last_payment import spreadsheet

ROWS = int(os.environ.get("GUANXI_BENCH_IMPORT", "20000"))
THERE = int(os.environ.get("GUANXI_BENCH_CUSTOMERS", "0"))
PATIENCE = 1200
COLUMNS = (
    "id, home, epoch, ver, created_at, updated_at, owner_id, department_id, branch_id, number, name, kind, value_class, "
    "phone, name_key, reach, search_text, grams"
)


def measure() -> list[Row]:
    with running() as system:
        root = system.client("root")
        most = _Most(psutil.Process(system.pid("customer")))
        gateway = _Most(*psutil.Process(system.pid("gateway")).children())
        wait_for("the demo data to be digested everywhere", lambda: _is_at_rest(system), PATIENCE)
        _fill(system)
        spent = _Spent(system)
        looked, made = _imported(system, root)
        took, before = looked + made, most.first
        behind = _caught_up(system)
        cpu = spent.so_far()
        most.stop()
        gateway.stop()
        copied = _copied(system.database("customer"))
        return [
            at_least(
                f"import of {ROWS:,} customers from xlsx, against COPY", ROWS / took, "/s", 0.05, copied
            ),
            at_least(f"import of {ROWS:,} customers from xlsx", ROWS / took, "/s", 2000.0),
            Row("of it reading the file and looking at each row", ROWS / looked, "/s"),
            Row("of it making them", ROWS / made, "/s"),
            Row("until all who listen know them too, after it said done", behind, "s"),
            Row("processor time of all processes for one row, listeners included", cpu / ROWS * 1000, "ms"),
            *(Row(f"of it {part}", seconds / ROWS * 1000, "ms") for part, seconds in spent.by_part().items()),
            Row("memory the service grew by meanwhile", most.highest - before, "MiB"),
            at_most("memory the gateway grew by meanwhile", gateway.highest - gateway.first, "MiB", 64),
        ]


def _fill(system: System) -> None:
    if THERE:
        engine = create_engine(system.database("customer"))
        books.fill(engine, THERE)
        engine.dispose()


def _is_at_rest(system: System) -> bool:
    """Whether nothing of the system does more than wait; looked at for two seconds."""
    spent = _Spent(system)
    time.sleep(2)
    return spent.so_far() < 0.3


def _caught_up(system: System) -> float:
    """Seconds until every listener has the last card and nothing is on its way."""
    begun = time.perf_counter()
    for name in ("sales", "receivables", "service_desk", "notification", "reporting"):
        with psycopg2.connect(_plain(system.database(name))) as database:
            database.autocommit = True
            wait_for(f"{name} to know them all", _knows(database), PATIENCE)
    return time.perf_counter() - begun


def _knows(database: Any) -> Callable[[], bool]:
    def knows() -> bool:
        with database.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM replica WHERE entity = 'customer.customer' AND label LIKE '第%'"
            )
            return bool(cursor.fetchone()[0] >= ROWS)

    return knows


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg2://", "postgresql://")


def _imported(system: System, root: Client) -> tuple[float, float]:
    """Seconds from handing in the file until each row is looked at, and from there until the last one is a customer.

    By the service's own clock, not by when we looked.
    """
    file = _spreadsheet()
    begun = time.time()
    sent = root.ask("POST", "/customer/customer/import", files={"file": ("客户.xlsx", file)})
    if sent.status_code not in (200, 201, 202):
        raise AssertionError(sent.text[:500])
    path = f"/customer/customer/import/{sent.json()['id']}"
    checked = wait_for("the check", lambda: (j := root.get(path))["state"] == "checked" and j, PATIENCE)
    if checked["good"] != ROWS:
        raise AssertionError(checked)
    asked = time.time()
    root.post(f"{path}/run")
    done = wait_for("the import", lambda: (j := root.get(path))["state"] == "done" and j, PATIENCE)
    if done["made"] != ROWS:
        raise AssertionError(done)
    return _ended(checked) - begun, _ended(done) - asked


def _ended(job: dict[str, Any]) -> float:
    return datetime.fromisoformat(job["ended_at"]).timestamp()


def _spreadsheet() -> bytes:
    rows = ((f"第{n}精密机械制造有限公司", f"0571{n:07d}", f"杭州市西湖区文三路{n}号") for n in range(ROWS))
    return spreadsheet(("客户名称", "电话", "地址"), *rows)


def _copied(url: str) -> float:
    """Rows a second by COPY of the imported rows into a table with the same indexes."""
    with psycopg2.connect(_plain(url)) as database:
        cursor = database.cursor()
        rows = io.StringIO()
        cursor.copy_expert(
            f"COPY (SELECT {COLUMNS} FROM customer ORDER BY id DESC LIMIT {ROWS}) TO STDOUT", rows
        )
        cursor.execute("CREATE TABLE bench_copy (LIKE customer INCLUDING ALL)")
        database.commit()
        rows.seek(0)
        begun = time.perf_counter()
        cursor.copy_expert(f"COPY bench_copy ({COLUMNS}) FROM STDIN", rows)
        database.commit()
        return ROWS / (time.perf_counter() - begun)


class _Most:
    """Watches how much memory a process of the system has."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self.first = self.highest = self._now()
        self._ended = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def stop(self) -> None:
        self._ended.set()

    def _watch(self) -> None:
        while not self._ended.wait(0.5):
            self.highest = max(self.highest, self._now())

    def _now(self) -> float:
        return float(self._process.memory_info().rss) / 1048576


class _Spent:
    """The processor time of everything that runs for the system, servers included, since it was made."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._before = self._now()

    def so_far(self) -> float:
        """Seconds, of all of them."""
        return sum(self.by_part().values())

    def by_part(self) -> dict[str, float]:
        """Seconds, by kind of process."""
        spent = self._now()
        spent.subtract(self._before)
        return {part: seconds for part, seconds in spent.most_common() if seconds > 0}

    def _now(self) -> Counter[str]:
        found: Counter[str] = Counter()
        folder = str(self._system.folder)
        roots = [
            one for one in psutil.process_iter(["cmdline"]) if folder in " ".join(one.info["cmdline"] or ())
        ]
        if self._system.process is not None:
            roots.append(psutil.Process(self._system.process.pid))
        everything = {one.pid: one for root in roots for one in (root, *root.children(recursive=True))}
        for one in everything.values():
            try:
                times, part = one.cpu_times(), self._part(one)
            except psutil.Error:
                continue
            found[part] += times.user + times.system
        return found

    def _part(self, process: psutil.Process) -> str:
        for name, pid in self._pids.items():
            if process.pid == pid:
                return name
        if process.name() == "postgres":
            told = re.match(r"postgres: \S+ guanxi_(\S+)", " ".join(process.cmdline()))
            return f"PostgreSQL, {told[1] if told else 'of its own accord'}"
        return {"beam.smp": "RabbitMQ"}.get(process.name(), "gateway and others")

    @cached_property
    def _pids(self) -> dict[str, int]:
        names = ("customer", "sales", "receivables", "service_desk", "notification", "reporting", "relay")
        return {name: self._system.pid(name) for name in names}
