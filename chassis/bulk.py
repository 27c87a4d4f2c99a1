"""Many rows in one statement. They travel as one JSON text, in which what all of them have in common is said once: an import
spends its time on the rows, not on parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

import orjson
from sqlalchemy import ColumnElement, String, Table, Text, Uuid, any_, cast, inspect, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session


def insert(
    session: Session, table: Table, rows: Sequence[dict[str, Any]], *, known: bool = False, newer: str = ""
) -> int:
    """Insert rows given by column name, all with the same columns; says how many.

    known   rows whose key is there already are left as they are
    newer   columns by which a row whose key is there replaces it, if it is greater in them: «epoch, ver»
    """
    if not rows:
        return 0
    columns = tuple(rows[0])
    own = _own_columns(columns, rows)
    return _run(session, _insert(table, columns, own, known, newer), own, rows)


def update(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Set columns of rows found by their primary key; each row gives its key and all have the same columns."""
    if rows:
        columns = tuple(rows[0])
        own = _own_columns(columns, rows)
        _run(session, _update(table, columns, own), own, rows)


def _run(session: Session, statement: str, own: tuple[str, ...], rows: Sequence[dict[str, Any]]) -> int:
    values = {
        "rows": dumped([{name: row[name] for name in own} for row in rows]),
        "same": dumped({name: value for name, value in rows[0].items() if name not in own}),
    }
    return session.connection().exec_driver_sql(statement, values).rowcount


def _own_columns(columns: tuple[str, ...], rows: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """The columns in which the rows differ."""
    first = rows[0]
    found = (name for name in columns if any(row[name] != first[name] for row in rows))
    return tuple(found) or columns[:1]


@lru_cache(maxsize=1000)
def _insert(table: Table, columns: tuple[str, ...], own: tuple[str, ...], known: bool, newer: str) -> str:
    return (
        f'INSERT INTO "{table.name}" AS old ({_listed(columns)}) SELECT {_listed(columns, own)} FROM {_source(table, own)}'
        + (" ON CONFLICT DO NOTHING" if known else "")
        + (_unless_older(table, columns, newer) if newer else "")
    )


def _unless_older(table: Table, columns: tuple[str, ...], newer: str) -> str:
    key = [column.name for column in table.primary_key]
    values = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in key)
    old, new = ((", ".join(f"{whose}.{name}" for name in newer.split(", "))) for whose in ("old", "excluded"))
    return f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {values} WHERE ({old}) < ({new})"


@lru_cache(maxsize=1000)
def _update(table: Table, columns: tuple[str, ...], own: tuple[str, ...]) -> str:
    keys = [column.name for column in table.primary_key]
    values = ", ".join(f'"{name}" = {_whose(name, own)}' for name in columns if name not in keys)
    same = " AND ".join(f'old."{name}" = {_whose(name, own)}' for name in keys)
    return f'UPDATE "{table.name}" old SET {values} FROM {_source(table, own)} WHERE {same}'


def _source(table: Table, own: tuple[str, ...]) -> str:
    """The rows by what is their own, and beside each what they have in common."""
    types = ", ".join(f'"{name}" {_sql_type(table, name)}' for name in own)
    return (
        f"json_to_recordset(CAST(%(rows)s AS json)) AS new ({types}), "
        f'json_populate_record(NULL::"{table.name}", CAST(%(same)s AS json)) AS same'
    )


def _listed(columns: tuple[str, ...], own: tuple[str, ...] | None = None) -> str:
    return ", ".join(f'"{name}"' if own is None else _whose(name, own) for name in columns)


def _whose(name: str, own: tuple[str, ...]) -> str:
    return f'{"new" if name in own else "same"}."{name}"'


@cache
def _sql_type(table: Table, name: str) -> str:
    return str(table.c[name].type.compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]


def among(column: Any, values: Iterable[Any]) -> ColumnElement[bool]:
    """One of these values, told as one: as many parameters cost more than the look-up. Ids may come as texts."""
    if isinstance(column.type, Uuid):
        return column == any_(cast([str(value) for value in values], postgresql.ARRAY(Uuid(as_uuid=False))))
    kind = Text() if isinstance(column.type, String) else column.type  # a cast to a length would cut
    return column == any_(cast(list(values), postgresql.ARRAY(kind)))


@contextmanager
def by_index(session: Session) -> Iterator[None]:
    """What is asked in here is looked up key by key: for hundreds of keys among arrays PostgreSQL guesses that most rows have
    one, and would compare each row with each key, which took a hundred times as long."""
    session.execute(text("SET LOCAL enable_seqscan = off"))
    yield
    session.execute(text("SET LOCAL enable_seqscan TO DEFAULT"))


def columns_of(row: Any) -> dict[str, Any]:
    """A new mapped row's values by column name."""
    values = inspect(row).dict
    return {column: values.get(name) for name, column in _columns(type(row))}  # type: ignore[arg-type]


@cache
def _columns(cls: Any) -> tuple[tuple[str, str], ...]:
    return tuple((attr.key, attr.columns[0].name) for attr in inspect(cls).column_attrs)


def dumped(value: Any) -> str:
    """As JSON that PostgreSQL reads back into the columns' own types."""
    return orjson.dumps(value, default=_plain).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, set | frozenset):
        return list(value)
    raise TypeError(f"cannot be kept: {type(value).__name__}")
