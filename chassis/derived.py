"""Columns that are made anew from other rows: shown, filtered and sorted as any other, but no change of the record.

They are written past version, stamps and change log: a payment that comes in must not send back what a person is typing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

MARK = "derived"
CHANGED = "retelling"
"""Under which name a session keeps whose cards it is to tell anew."""


def derived(*args: Any, **more: Any) -> Any:
    """A `mapped_column` of this kind."""
    return mapped_column(*args, info={MARK: True}, **more)


def is_derived(column: Any) -> bool:
    """Whether the column says nothing that a reader of the change log would want."""
    return bool(getattr(column, "info", {}).get(MARK))  # what is worked out in the query has none


class Retold:
    """A row whose card also carries what is derived."""

    retold: Mapped[int] = derived(default=0, server_default="0")
    """How often its card was told anew. Below zero: it was told last when such cards said less."""


def note(session: Session, cls: type[Any], ids: Iterable[UUID]) -> None:
    """What stands on the cards of these rows has changed; each was written, and so locked, by this transaction."""
    work = session.info.get("work")
    if issubclass(cls, Retold) and work is not None and not work.is_trial:
        session.info.setdefault(CHANGED, {}).setdefault(cls, set()).update(ids)


def put(session: Session, cls: type[Any], id: UUID, values: dict[str, Any]) -> None:
    """Write derived values of one row; whoever has it in hand sees them.

    Those that stand on its card are to be others than before: it is told anew.
    """
    table: Any = cls.__table__  # type: ignore[attr-defined]
    session.connection().execute(update(table).where(table.c.id == id).values(values))
    if issubclass(cls, Retold) and values.keys() & set(cls.listed.carries):  # type: ignore[attr-defined]
        note(session, cls, [id])
    row = session.identity_map.get(identity_key(cls, id))
    if row is not None:
        for name, value in values.items():
            set_committed_value(row, name, value)
