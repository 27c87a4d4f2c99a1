"""A big company's books: customers and the people there, with all that they are searched and sorted by, copied into the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any

from sqlalchemy import Connection, Engine, text

from chassis.identity import new_id
from chassis.search import grams, searched
from services.customer.rules import name_key, reach_keys, tax_key

CONTACTS = 1.5
"""People at a customer."""
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
CUSTOMER = (
    "id", "home", "epoch", "ver", "created_at", "updated_at", "owner_id", "department_id", "branch_id", "number", "name", "kind",
    "value_class", "phone", "tax_number", "name_key", "tax_key", "reach", "search_text", "grams",
)  # fmt: skip
CONTACT = (
    "id", "home", "epoch", "ver", "created_at", "updated_at", "owner_id", "department_id", "branch_id", "customer_id", "name",
    "mobile", "reach", "search_text", "grams",
)  # fmt: skip
OWNERS = "SELECT DISTINCT owner_id, department_id, branch_id FROM customer WHERE owner_id IS NOT NULL"
Values = list[Any]


def fill(engine: Engine, customers: int) -> None:
    """Add so many customers and half as many people again; indexes are made when the rows are there, as a restore does."""
    with engine.begin() as connection:
        owners = [list(owner) for owner in connection.execute(text(OWNERS))]
        ids = [str(new_id()) for _ in range(customers)]
        with _indexes_later(connection, "customer"):
            _copy(connection, "customer", CUSTOMER, _customers(ids, owners))
        with _indexes_later(connection, "contact"):
            _copy(connection, "contact", CONTACT, _contacts(ids, owners, int(customers * CONTACTS)))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))  # of all tables, or the server does it while we measure
        connection.execute(text("CHECKPOINT"))


def _customers(ids: list[str], owners: list[Values]) -> Iterator[Values]:
    now = datetime.now(UTC)
    for n, (id, owner) in enumerate(zip(ids, cycle(owners), strict=False), start=1):
        name, number = f"测试{chr(19968 + n % 20000)}{chr(19968 + n * 7 % 20000)}公司", f"BM-{n}"
        phone, tax = f"0571{n:08}", f"91330{n:010}QX"
        found = searched((("text", number), ("text", name), ("phone", phone)))
        at = now - timedelta(seconds=n)
        kinds = ("end_customer", "potential")
        keys = (name_key(name), tax_key(tax), _array(reach_keys(phones=[phone])))
        yield [
            id,
            "HQ",
            1,
            1,
            at,
            now,
            *owner,
            number,
            name,
            *kinds,
            phone,
            tax,
            *keys,
            found,
            _array(grams(found)),
        ]


def _contacts(ids: list[str], owners: list[Values], most: int) -> Iterator[Values]:
    """Of the same owner as their customer."""
    now = datetime.now(UTC)
    whose = list(zip(ids, cycle(owners), strict=False))
    for n, (customer, owner) in enumerate(islice(cycle(whose), most), start=1):
        name = f"{FAMILY[n % len(FAMILY)]}{chr(19968 + n * 11 % 20000)}"
        mobile = f"13{n * 7919 % 10**9:09}"
        found = searched((("text", name), ("phone", mobile)))
        at = now - timedelta(seconds=n)
        keys = (_array(reach_keys(phones=[mobile])), found, _array(grams(found)))
        yield [str(new_id()), "HQ", 1, 1, at, now, *owner, customer, name, mobile, *keys]


def _array(values: Iterable[str]) -> str:
    """As PostgreSQL writes an array of texts."""
    return "{" + ",".join(f'"{_quoted(value)}"' for value in values) + "}"


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _copy(connection: Connection, table: str, columns: tuple[str, ...], rows: Iterable[Values]) -> None:
    cursor: Any = connection.connection.cursor()
    cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", _Lines(rows))


class _Lines:
    """Rows as COPY reads them, made as they are asked for."""

    def __init__(self, rows: Iterable[Values]) -> None:
        self._rows = iter(rows)

    def read(self, _size: int) -> str:
        return "".join(map(_line, islice(self._rows, 200)))


def _line(row: Values) -> str:
    return "\t".join(_value(value) for value in row) + "\n"


def _value(value: Any) -> str:
    """As COPY's text format wants it."""
    if value is None:
        return "\\N"
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


@contextmanager
def _indexes_later(connection: Connection, table: str) -> Iterator[None]:
    """Without the indexes that no constraint stands on, until all rows are there."""
    wanted = """SELECT indexname, indexdef FROM pg_indexes WHERE tablename = :table
        AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE conrelid = CAST(:table AS regclass))"""
    found = connection.execute(text(wanted), {"table": table}).all()
    for name, _ in found:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    yield
    connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '512MB'")
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    for _, definition in found:
        connection.exec_driver_sql(definition)
