"""What a service remembers of other services' rows: id, number, names and a few values, from their cards."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from operator import attrgetter
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from chassis import bulk
from chassis.database import ChassisBase
from contracts.message import Listed

turns: Counter[str] = Counter()
"""Entity → how often its cards changed in this process, for those who keep what they made of them."""
PATIENCE = 2.0
"""Seconds a door waits for a card that is still on its way before it says «no such record»."""


class Replica(ChassisBase):
    """One card: the newest (epoch, version, how often it was told anew) that arrived."""

    __tablename__ = "replica"
    __table_args__ = (
        Index("ix_replica_entity_number", "entity", "number"),
        Index("ix_replica_entity_label", "entity", "label"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    entity: Mapped[str] = mapped_column(String(60))
    number: Mapped[str | None] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(200))
    label_en: Mapped[str | None] = mapped_column(String(200))
    data: Mapped[dict[str, Any]] = mapped_column()
    archived: Mapped[bool] = mapped_column(default=False)
    epoch: Mapped[int] = mapped_column()
    ver: Mapped[int] = mapped_column()
    retold: Mapped[int] = mapped_column(default=0, server_default="0")

    def __getattr__(self, name: str) -> Any:
        """Carried values read like attributes: `replica.owner_id` (as ids where the name ends in `_id`)."""
        data = self.__dict__.get("data")
        if data is None or name not in data:
            raise AttributeError(name)
        value = data[name]
        return UUID(value) if value is not None and name.endswith("_id") else value


def follow(session: Session, *events: Listed) -> None:
    """Keep cards unless a later one is already here: any order, any number of times, the same result."""
    latest: dict[UUID, Listed] = {}
    for event in events:
        before = latest.get(event.record_id)
        if before is None or _age(before) < _age(event):
            latest[event.record_id] = event
    turns.update({event.card_of for event in latest.values()})
    if latest:
        # in a fixed order of rows, and as one statement: ten thousand cards of an import are a hundred of these
        cards = [_card(latest[id]) for id in sorted(latest, key=attrgetter("int"))]
        bulk.insert(session, Replica.__table__, cards, newer="epoch, ver, retold")  # type: ignore[arg-type]
        seen = _seen(session)
        for id in latest.keys() & seen.keys():
            if (card := seen.pop(id)) is not None:
                session.expire(card)


def _age(event: Listed) -> tuple[int, int, int]:
    return event.epoch, event.ver, event.retold


def _card(event: Listed) -> dict[str, Any]:
    return {
        "id": event.record_id, "entity": event.card_of, "number": event.number, "label": event.label,
        "label_en": event.label_en, "data": event.data, "archived": event.archived, "epoch": event.epoch,
        "ver": event.ver, "retold": event.retold,
    }  # fmt: skip


def known(session: Session, entity: str, record_id: UUID, *, patience: float = PATIENCE) -> Replica | None:
    """The card, waiting a moment for one that is on its way."""
    deadline = time.monotonic() + patience
    while True:
        found = session.scalars(
            select(Replica).where(Replica.id == record_id, Replica.entity == entity)
        ).first()
        if found is not None or time.monotonic() > deadline:
            return found
        time.sleep(0.02)


def several(session: Session, ids: Iterable[UUID]) -> list[Replica]:
    """The cards of these ids, as far as they are known; within one transaction each is looked for once."""
    wanted, seen = list(dict.fromkeys(ids)), _seen(session)
    missing = [id for id in wanted if id not in seen]
    if missing:
        seen.update(dict.fromkeys(missing))
        seen.update(
            (card.id, card)
            for card in session.scalars(select(Replica).where(bulk.among(Replica.id, missing)))
        )
    return [card for id in wanted if (card := seen.get(id)) is not None]


_SEEN: WeakKeyDictionary[SessionTransaction, dict[UUID, Replica | None]] = WeakKeyDictionary()
"""Cards a transaction has looked for. A hundred news of one import name the same two people and their branch."""


def _seen(session: Session) -> dict[UUID, Replica | None]:
    transaction = session.get_transaction()
    return {} if transaction is None else _SEEN.setdefault(transaction, {})


def named(session: Session, entity: str, text: str, among: dict[str, Any]) -> list[Replica]:
    """Cards with exactly this name (either language) or number: how an imported text finds its record."""
    wanted = select(Replica).where(
        Replica.entity == entity,
        (Replica.label == text) | (Replica.number == text) | (Replica.label_en == text),
        Replica.archived.is_(False),
    )
    for name, value in among.items():
        wanted = wanted.where(Replica.data[name].astext == str(value))
    return list(session.scalars(wanted.limit(2)))
