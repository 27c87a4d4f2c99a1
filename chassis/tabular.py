"""Rows as plain values straight from their table: to make an object of each takes longer than to read it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Integer, String, Text, Uuid, cast, inspect

from chassis.audit import plain
from contracts.own_fields import is_own

AS_THEY_ARE = (String, Integer, Boolean)
"""Kinds of columns whose values travel as the database gives them."""


class Columns:
    """Some columns of a class: how they are asked for, and their values as they travel."""

    def __init__(self, cls: type[Any], names: Iterable[str]) -> None:
        mapped = inspect(cls).column_attrs
        given = list(names)
        self._own = tuple(name for name in given if is_own(name))
        self.names = tuple(name for name in given if name in mapped) + (("own",) if self._own else ())
        self.asked = tuple(_asked(getattr(cls, name), name) for name in self.names)
        self._nothing = dict.fromkeys(name for name in given if name not in mapped)
        self._rewritten = tuple(
            column.key for column in self.asked if not isinstance(column.type, AS_THEY_ARE)
        )

    def values(self, row: Iterable[Any]) -> dict[str, Any]:
        """What a row of the database says; the row may have more columns behind ours."""
        found = dict(zip(self.names, row, strict=False)) | self._nothing
        for name in self._rewritten:
            if (value := found[name]) is not None:
                found[name] = plain(value)
        if self._own:
            own = found.pop("own") or {}
            found |= {name: own.get(name) for name in self._own}
        return found


def _asked(column: Any, name: str) -> Any:
    """An id is asked for as text: the database writes it faster than we make an object and a text of it."""
    element: ColumnElement[Any] = cast(column, Text) if isinstance(column.type, Uuid) else column
    return element.label(name)


def columns(cls: type[Any], names: tuple[str, ...]) -> Columns:
    """The same, made once for each class and choice of names."""
    return _made(cls, names)  # type: ignore[arg-type]


_made = lru_cache(maxsize=1000)(Columns)  # own fields come and go
