"""How a record is found again by the value of one field, however somebody wrote it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import PydanticCustomError
from sqlalchemy import ColumnElement, func, or_

from chassis import bulk, own_fields
from contracts import kinds
from contracts.message import Attr

Read = Callable[[Any], str | None]
NO_DIGIT = re.compile(r"\D")


class FoundBy(NamedTuple):
    """Where a class keeps what a field says, written so that the same reads the same.

    read     what is kept of it; None where that tells nothing apart
    column   where; kind: what stands before it there, where keys of several kinds are kept together
    same     what two must agree in, where more than `read` says
    """

    read: Read
    column: str
    kind: str = ""
    same: Read | None = None


class Key:
    """One field of a class by which rows of a file find their records."""

    def __init__(self, cls: type[Any], attr: Attr) -> None:
        self.cls, self.attr = cls, attr
        self._known: FoundBy | None = cls.found_by.get(attr.name)

    def clean(self, value: Any) -> Any:
        """What a cell says, as it would be kept; None where it could not be."""
        try:
            if self.attr.kind == "id":
                return UUID(str(value).strip())
            return kinds.CLEAN[self.attr.kind](value)
        except (PydanticCustomError, ValueError):
            return None

    def same(self, value: Any) -> str:
        """Two that read the same here are one and the same."""
        if self._known is not None:
            return (self._known.same or self._known.read)(value) or str(value)
        if self.attr.kind == "email":
            return str(value).casefold()
        return NO_DIGIT.sub("", value) if self.attr.kind == "phone" else str(value)

    def where(self, values: Collection[Any]) -> ColumnElement[bool]:
        """Rows among which are all that have one of these values."""
        column = own_fields.column(self.cls, self.attr)
        if self._known is None:
            return self._as_written(column, values)
        kept: Any = getattr(self.cls, self._known.column)
        read = {value: self._known.read(value) for value in values}
        keys = [key for key in read.values() if key is not None]
        mute = [value for value, key in read.items() if key is None]
        held = (
            kept.overlap([f"{self._known.kind} {key}" for key in keys])
            if self._known.kind
            else bulk.among(kept, keys)
        )
        return or_(held, column.in_(mute)) if mute else held

    def _as_written(self, column: Any, values: Collection[Any]) -> ColumnElement[bool]:
        if self.attr.kind == "email":
            return func.lower(column).in_({self.same(value) for value in values})  # type: ignore[no-any-return]
        if self.attr.kind == "phone":
            digits = func.regexp_replace(column, r"\D", "", "g")
            return digits.in_({self.same(value) for value in values})  # type: ignore[no-any-return]
        return column.in_(values)  # type: ignore[no-any-return]
