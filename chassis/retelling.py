"""Cards that say more than the record: what is derived changes past its version, often in masses, and is told all the same.

Whatever changes such a card within a transaction, it is told once, at the end, as the row stands then: made of the row
itself and counted there, so that of two cards of one version everybody knows the newer.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import event, inspect, update
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker

from chassis import bulk, flush
from chassis.derived import CHANGED


def watch(factory: sessionmaker[Session]) -> None:
    """Tell what these sessions changed, before they write down what they announce."""
    event.listen(factory, "before_commit", _tell)
    event.listen(factory, "after_soft_rollback", _forget)


def _tell(session: Session) -> None:
    if session.get_nested_transaction() is not None:
        return
    session.flush()  # may change more
    changed: dict[type[Any], set[UUID]] = session.info.pop(CHANGED, {})
    for cls, ids in changed.items():
        table = cls.__table__
        names = {"id", "epoch", "ver", "retold", "archived_at", *flush.watched(cls)}  # type: ignore[arg-type]
        columns = [table.c[name] for name in sorted(names) if name in inspect(cls).columns]
        told = update(table).where(bulk.among(table.c.id, ids)).values(retold=table.c.retold + 1)
        rows = session.connection().execute(told.returning(*columns)).all()
        for row in sorted(rows, key=lambda row: row.id):
            session.info["work"].emit(flush.card(cls, row, row.ver))


def _forget(session: Session, ended: SessionTransaction) -> None:
    """What was undone as a whole was not changed; after a savepoint the card says what stands there anyway."""
    if not ended.nested:
        session.info.pop(CHANGED, None)
