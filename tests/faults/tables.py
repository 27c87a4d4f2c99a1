"""Looks into the product's tables, past the product: what was announced, heard, written, kept as a copy."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from chassis import bundles, flush, registry, search
from chassis.database import Searchable
from chassis.inbox import FOLLOW
from chassis.service import Service
from tests.faults.rig import LISTENERS, SERVICES, Rig
from tests.faults.witness import Witness

Row = tuple[Any, ...]


@cache
def service(name: str) -> type[Service]:
    """A service's class, the witness among them."""
    return Witness if name == "witness" else registry.service_class(name)


@cache
def doors(name: str) -> dict[str, list[str]]:
    """`source.type` → the doors at which this service hears it."""
    found: dict[str, list[str]] = defaultdict(list)
    for door_name, door in service(name).reactions().items():
        found[f"{door.message.service()}.{door.message.noun()}"].append(door_name)
    for event in service(name).follows:
        found[f"{event.service()}.{event.noun()}"].append(FOLLOW)
    return found


class Tables:
    """All databases of a rig, from a mark on: what was there before is not looked at again."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.outbox_mark = {
            name: self.one(name, "select coalesce(max(id), 0) from outbox") for name in LISTENERS
        }
        self.inbox_mark = {
            name: self.one(name, "select coalesce(max(position), 0) from inbox") for name in LISTENERS
        }
        self.heard_mark = self.one("witness", "select coalesce(max(id), 0) from heard")
        self.began = self.one("organization", "select now()")

    def rows(self, service: str, statement: str, **values: Any) -> list[Row]:
        with self.rig.engine(service).connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement), values)]

    def one(self, service: str, statement: str, **values: Any) -> Any:
        return self.rows(service, statement, **values)[0][0]

    # -- news ---------------------------------------------------------------------------------------------------

    def announced(self) -> dict[UUID, tuple[str, UUID, int, str]]:
        """Event → (source.type, aggregate, its place in the outbox, the speaker), of all speakers."""
        told = "select source || '.' || type, id, body from outbox where id > :mark"
        return {
            UUID(one["id"]): (type_, UUID(one["aggregate_id"]), id * bundles.MOST + n, name)
            for name in SERVICES
            for type_, id, body in self.rows(name, told, mark=self.outbox_mark[name])
            for n, one in enumerate(bundles.apart(body))
        }

    def unsent(self) -> dict[str, int]:
        """Speaker → events that are still in its outbox."""
        count = "select coalesce(sum(count), 0) from outbox where published_at is null"
        return {name: n for name in SERVICES if (n := self.one(name, count))}

    def open_at(self, name: str) -> list[Row]:
        """(event, door, state, error, aggregate) of what a listener has not settled."""
        return self.rows(
            name,
            "select event_id, door, state, error, aggregate_id from inbox "
            "where state in ('waiting', 'held', 'parked')",
        )

    def inbox(self, name: str) -> dict[tuple[UUID, str], str]:
        """(event, door) → state, of what a listener has heard."""
        found = self.rows(
            name, "select event_id, door, state from inbox where position > :mark", mark=self.inbox_mark[name]
        )
        return {(event, door): state for event, door, state in found}

    def heard(self) -> list[tuple[UUID, UUID]]:
        """(event, aggregate) each time the witness was told, in that order."""
        statement = "select event_id, aggregate_id from heard where id > :mark order by id"
        return [
            (event, aggregate) for event, aggregate in self.rows("witness", statement, mark=self.heard_mark)
        ]

    # -- rows ---------------------------------------------------------------------------------------------------

    def done_by(self, name: str, notes: Iterable[str]) -> Counter[str]:
        """Remark → in how many transactions of this service it was written to the change log."""
        statement = (
            "select note, count(distinct (at, call_id)) from change where note = any(:notes) group by note"
        )
        return Counter(dict(self.rows(name, statement, notes=list(notes))))

    def named(self, name: str, table: str, column: str, values: Iterable[str]) -> Counter[str]:
        """Value → rows that have it in this column."""
        statement = f"select {column}, count(*) from {table} where {column} = any(:values) group by 1"
        return Counter(dict(self.rows(name, statement, values=list(values))))

    def counted(self, name: str, statement: str, ids: Iterable[str]) -> Counter[str]:
        """As `named`, for a statement of one's own over ids: `select id, count(*) … = any(:ids) group by 1`."""
        found = self.rows(name, statement, ids=[UUID(id) for id in ids])
        return Counter({str(id): count for id, count in found})

    def wrong_copies(self) -> list[str]:
        """Replicas that are not what the row they stand for says, and rows whose replica is missing."""
        return [wrong for name in SERVICES for wrong in self._wrong_copies_of(name)]

    def _wrong_copies_of(self, name: str) -> list[str]:
        wrong: list[str] = []
        for cls in service(name).entities:
            listed = cls.listed
            key = f"{name}.{listed.noun()}" if listed is not None else ""
            listeners = [other for other in SERVICES if FOLLOW in doors(other).get(key, ())]
            if not listeners:
                continue
            with Session(self.rig.engine(name)) as session:
                cards = {
                    row.id: flush.card(cls, row, row.ver)
                    for row in session.scalars(select(cls).where(cls.updated_at >= self.began))
                }
            for other in listeners if cards else ():
                wrong += self._compare(other, f"{name}.{cls.record.noun()}", cards)
        return wrong

    def _compare(self, other: str, entity: str, cards: dict[UUID, Any]) -> list[str]:
        kept = {
            id: rest
            for id, *rest in self.rows(
                other,
                "select id, label, number, archived, data from replica where id = any(:ids)",
                ids=list(cards),
            )
        }
        return [
            f"{other} has {entity} {id} as {kept.get(id)}, it is {[card.label, card.number, card.archived, card.data]}"
            for id, card in cards.items()
            if kept.get(id) != [card.label, card.number, card.archived, card.data]
        ]

    def badly_indexed(self) -> list[str]:
        """Rows whose searched text or grams are not what their values say."""
        wrong = []
        for name in SERVICES:
            for cls in service(name).entities:
                if not issubclass(cls, Searchable):
                    continue
                with Session(self.rig.engine(name)) as session:
                    for row in session.scalars(select(cls).where(cls.updated_at >= self.began)):
                        found = search.text_of(row, cls.record)
                        if row.search_text != found or set(row.grams) != set(search.grams(found)):
                            wrong.append(
                                f"{cls.record.entity()} {row.id} is found by {row.search_text!r}, not {found!r}"
                            )
        return wrong
