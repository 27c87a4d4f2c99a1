"""Columns that are made anew from other rows: shown, filtered and sorted as any other, but no change of the record.

They are written past version, stamps and change log: a payment that comes in must not send back what a person is typing.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session, mapped_column
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

MARK = "derived"


def derived(*args: Any, **more: Any) -> Any:
    """A `mapped_column` of this kind."""
    return mapped_column(*args, info={MARK: True}, **more)


def is_derived(column: Any) -> bool:
    """Whether the column says nothing that a reader of the change log would want."""
    return bool(getattr(column, "info", {}).get(MARK))  # what is worked out in the query has none


def put(session: Session, cls: type[Any], id: UUID, values: dict[str, Any]) -> None:
    """Write derived values of one row; whoever has it in hand sees them."""
    table: Any = cls.__table__  # type: ignore[attr-defined]
    session.connection().execute(update(table).where(table.c.id == id).values(values))
    row = session.identity_map.get(identity_key(cls, id))
    if row is not None:
        for name, value in values.items():
            set_committed_value(row, name, value)
