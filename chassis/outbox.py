"""What a service announces, kept in the same transaction as the change it tells of. The relay sends it out.

Many events that tell of the same act (an import) share a row, so that they are written, numbered and marked together; each
keeps its id, its thing and its place in the order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, String, Text, Uuid, event, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column, sessionmaker

from chassis import bulk, bundles
from chassis.database import ChassisBase
from chassis.names import OUTBOX_CHANNEL
from contracts.message import Envelope

_PENDING = "outbox"


class Outgoing(ChassisBase):
    """An event on its way out, or several of one kind. It stays here until the broker has taken it over."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_unpublished", "id", postgresql_where=text("published_at is null")),
        # only what is stuck: what comes behind it is looked up for every batch
        Index(
            "ix_outbox_refused",
            "aggregate_ids",
            postgresql_using="gin",
            postgresql_where=text("published_at is null and error is not null"),
        ),
        Index("ix_outbox_sequence", "sequence", unique=True),
        Index("ix_outbox_published_at", "published_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    """Its own, or that of the first of several."""
    count: Mapped[int] = mapped_column(default=1, server_default="1")
    """How many events it is."""
    origin: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(60))
    type: Mapped[str] = mapped_column(String(80))
    aggregate_ids: Mapped[Sequence[UUID]] = mapped_column(ARRAY(Uuid))
    """The things that it tells of."""
    body: Mapped[dict[str, Any]] = mapped_column()
    """The whole envelope, or several as `bundles.together` puts them; the relay puts the sequence into it."""
    created_at: Mapped[datetime] = mapped_column()
    sequence: Mapped[int | None] = mapped_column(BigInteger)
    """Dense, in the order of sending, of the first of several; given by the relay, because the order of ids is not the
    order of commits."""
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
    bulk.insert(session, Outgoing.__table__, list(_rows(envelopes)))  # type: ignore[arg-type]
    connection.execute(select(func.pg_notify(OUTBOX_CHANNEL, "")))


def _rows(envelopes: Sequence[Envelope]) -> Iterator[dict[str, Any]]:
    """In order; those that follow each other and tell of the same act share one."""
    for _, alike in groupby(envelopes, key=bundles.act):
        for several in bundles.parted(list(alike)):
            first = several[0]
            yield {
                "event_id": first.id,
                "count": len(several),
                "origin": first.origin,
                "source": first.source,
                "type": first.type,
                "aggregate_ids": list(dict.fromkeys(envelope.aggregate_id for envelope in several)),
                "body": bundles.together(several),
                "created_at": first.recorded_at,
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
