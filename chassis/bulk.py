"""Many rows in one statement. They travel as one JSON text: an import spends its time on the rows, not on parameters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

import orjson
from sqlalchemy import Table, inspect, text
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
    columns = ", ".join(f'"{name}"' for name in rows[0])
    statement = (
        f'INSERT INTO "{table.name}" AS old ({columns}) SELECT {columns} '
        f'FROM json_populate_recordset(NULL::"{table.name}", CAST(:rows AS json))'
        + (" ON CONFLICT DO NOTHING" if known else "")
        + (_unless_older(table, rows[0], newer) if newer else "")
    )
    return session.connection().execute(text(statement), {"rows": dumped(rows)}).rowcount


def _unless_older(table: Table, columns: Iterable[str], newer: str) -> str:
    key = [column.name for column in table.primary_key]
    values = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in key)
    old, new = ((", ".join(f"{whose}.{name}" for name in newer.split(", "))) for whose in ("old", "excluded"))
    return f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {values} WHERE ({old}) < ({new})"


def update(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Set columns of rows found by their primary key; each row gives its key and all have the same columns."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    values = ", ".join(f'"{name}" = new."{name}"' for name in rows[0] if name not in keys)
    same = " AND ".join(f'old."{name}" = new."{name}"' for name in keys)
    statement = (
        f'UPDATE "{table.name}" old SET {values} '
        f'FROM json_populate_recordset(NULL::"{table.name}", CAST(:rows AS json)) new WHERE {same}'
    )
    session.connection().execute(text(statement), {"rows": dumped(rows)})


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
