"""Rows as plain values straight from their table: to make an object of each takes longer than to read it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import (
    Boolean,
    ColumnElement,
    DateTime,
    Integer,
    Numeric,
    Select,
    String,
    Text,
    Uuid,
    cast,
    func,
    inspect,
    select,
)
from sqlalchemy.orm import Session

from chassis.audit import plain
from contracts import own_fields
from contracts.own_fields import is_own

AS_THEY_ARE = (String, Integer, Boolean)
"""Kinds of columns whose values travel as the database gives them."""


class Columns:
    """Some columns of a class: how they are asked for, and their values as they travel."""

    def __init__(self, cls: type[Any], names: Iterable[str]) -> None:
        mapped = inspect(cls).column_attrs
        given = list(names)
        self._entity = cls.record.entity() if hasattr(cls, "record") else ""
        self._own = tuple(name for name in given if is_own(name))
        self.names = tuple(name for name in given if name in mapped) + (("own",) if self._own else ())
        self.asked = tuple(_asked(getattr(cls, name), name) for name in self.names)
        self._nothing = dict.fromkeys(name for name in given if name not in mapped)
        self._moments = tuple(column.key for column in self.asked if isinstance(column.type, DateTime))
        self._rewritten = tuple(
            column.key for column in self.asked if not isinstance(column.type, AS_THEY_ARE)
        )

    def read(self, session: Session, rows: Select[Any]) -> list[dict[str, Any]]:
        """These columns of rows of the class as they travel: one text of the database, of which no values are made."""
        return self.read_text(session.execute(self.as_text(rows)).scalar_one())

    def as_text(self, rows: Select[Any]) -> Select[str | None]:
        """The question for these columns of rows of the class, answered as one text; None where there are no rows."""
        few = rows.with_only_columns(*self.asked).subquery("few")
        return select(cast(func.json_agg(few.table_valued()), Text))

    def read_text(self, text: str | None) -> list[dict[str, Any]]:
        """What such a text tells, as it travels."""
        found: list[dict[str, Any]] = orjson.loads(text) if text else []
        for row in found:
            for name in self._moments:
                row[name] = moment(row[name])
            self._complete(row)
        return found

    def values(self, row: Iterable[Any]) -> dict[str, Any]:
        """What a row of the database says; the row may have more columns behind ours."""
        found = dict(zip(self.names, row, strict=False))
        for name in self._rewritten:
            if (value := found[name]) is not None:
                found[name] = plain(value)
        self._complete(found)
        return found

    def _complete(self, row: dict[str, Any]) -> None:
        """With own fields, and those that the table does not have."""
        row |= self._nothing
        if self._own:
            own = row.pop("own") or {}
            row |= {name: own.get(own_fields.logged(self._entity, name)) for name in self._own}


def moment(text: str | None) -> str | None:
    """With six digits of a second or none, as all our moments are written: the database leaves out zeros at the end."""
    return text if text is None or len(text) in (25, 32) else f"{text[:-6]:0<26}{text[-6:]}"


def _asked(column: Any, name: str) -> Any:
    """Ids and amounts are asked for as text: the database writes it faster than we make an object and a text of it."""
    element: ColumnElement[Any] = cast(column, Text) if isinstance(column.type, Uuid | Numeric) else column
    return element.label(name)


def columns(cls: type[Any], names: tuple[str, ...]) -> Columns:
    """The same, made once for each class and choice of names."""
    return _made(cls, names)  # type: ignore[arg-type]


_made = lru_cache(maxsize=1000)(Columns)  # own fields come and go
