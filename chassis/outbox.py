"""What a service announces, kept in the same transaction as the change it tells of. The relay sends it out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, String, Text, event, func, select, text
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column, sessionmaker

from chassis import bulk
from chassis.database import ChassisBase
from chassis.names import OUTBOX_CHANNEL
from contracts.message import Envelope

_PENDING = "outbox"


class Outgoing(ChassisBase):
    """One event on its way out. It stays here until the broker has taken it over."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_unpublished", "id", postgresql_where=text("published_at is null")),
        # only what is stuck: what comes behind it is looked up for every batch
        Index(
            "ix_outbox_refused",
            "aggregate_id",
            "id",
            postgresql_where=text("published_at is null and error is not null"),
        ),
        Index("ix_outbox_sequence", "sequence", unique=True),
        Index("ix_outbox_published_at", "published_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    origin: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(60))
    type: Mapped[str] = mapped_column(String(80))
    aggregate_id: Mapped[UUID] = mapped_column()
    body: Mapped[dict[str, Any]] = mapped_column()
    """The whole envelope; the relay puts the sequence into it."""
    created_at: Mapped[datetime] = mapped_column()
    sequence: Mapped[int | None] = mapped_column(BigInteger)
    """Dense, in the order of sending; given by the relay, because the order of ids is not the order of commits."""
    published_at: Mapped[datetime | None] = mapped_column()
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    retry_at: Mapped[datetime | None] = mapped_column()
    error: Mapped[str | None] = mapped_column(Text)


def watch(factory: sessionmaker[Session]) -> None:
    """Write what these sessions announce, also what is announced by the last flush before the commit."""
    event.listen(factory, "before_commit", _write)
    event.listen(factory, "after_soft_rollback", _forget)


def append(session: Session, envelope: Envelope) -> None:
    """Announce with this transaction, or not at all. Written just before the commit."""
    if not session.in_transaction():
        session.begin()  # so that there is something to roll back, which takes this back too
    pending = session.info.setdefault(_PENDING, [])
    pending.append((session.get_nested_transaction(), envelope))


def _write(session: Session) -> None:
    """Give ids under a lock on each aggregate, so that for one aggregate their order is the order of commits.

    At the end of the transaction and in a fixed order of locks: nobody can wait for us and we for him.
    """
    session.flush()  # takes the locks on the rows first, and may announce more
    pending: list[tuple[SessionTransaction | None, Envelope]] = session.info.get(_PENDING, [])
    nested = session.get_nested_transaction()
    if nested is not None:
        outer = nested.parent if nested.parent is not None and nested.parent.nested else None
        pending[:] = [(outer if owner is nested else owner, envelope) for owner, envelope in pending]
        return
    if not pending:
        return
    envelopes = [envelope for _, envelope in pending]
    pending.clear()
    connection = session.connection()
    aggregates = sorted({envelope.aggregate_id.hex for envelope in envelopes})
    key = func.unnest(aggregates).column_valued("aggregate")
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    bulk.insert(session, Outgoing.__table__, [_row(envelope) for envelope in envelopes])  # type: ignore[arg-type]
    connection.execute(select(func.pg_notify(OUTBOX_CHANNEL, "")))


def _row(envelope: Envelope) -> dict[str, Any]:
    return {
        "event_id": envelope.id,
        "origin": envelope.origin,
        "source": envelope.source,
        "type": envelope.type,
        "aggregate_id": envelope.aggregate_id,
        "body": {name: value for name, value in envelope.__dict__.items() if name != "sequence"},
        "created_at": envelope.recorded_at,
    }


def _forget(session: Session, ended: SessionTransaction) -> None:
    """What a rolled back savepoint announced was not said."""
    pending = session.info.get(_PENDING)
    if not pending:
        return
    if ended.nested:
        pending[:] = [(owner, envelope) for owner, envelope in pending if owner is not ended]
    else:
        pending.clear()
