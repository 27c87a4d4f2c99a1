"""A service's doors without the broker: ask as somebody, hear news, see what was announced."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session, sessionmaker

from chassis import bundles, database, doors, migrate, registry, replicas
from chassis.house import House
from chassis.identity import new_id
from chassis.news import News
from chassis.outbox import Outgoing
from chassis.service import Service
from chassis.wire import CALL_HEADER, KEY_HEADER, TOKEN_HEADER
from chassis.work import Work
from contracts.actor import Actor
from contracts.errors import Problem
from contracts.message import Envelope, Event, Listed

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
"""Noon in Shanghai on the day all tests begin on."""


class Databases:
    """The databases of one test run, made when first wanted."""

    def __init__(self, server: str, prefix: str) -> None:
        self.server, self.prefix = server.rstrip("/"), prefix
        self.engines: dict[str, Any] = {}

    def url(self, service: str) -> str:
        return f"{self.server}/{self.prefix}{service}"

    def engine(self, service: type[Service]) -> Any:
        if service.name not in self.engines:
            url = self.url(service.name)
            migrate.create_database(url)
            if service.name in registry.names():
                migrate.upgrade(service.name, url)
            self.engines[service.name] = database.connect(url, pool_size=4)
            if service.name not in registry.names():  # a toy: no revisions, straight from its tables
                database.ChassisBase.metadata.create_all(self.engines[service.name])
                service.entities[0].metadata.create_all(self.engines[service.name])
        return self.engines[service.name]

    def drop(self) -> None:
        for engine in self.engines.values():
            engine.dispose()
        drop_databases(self.server, self.prefix)


def drop_databases(server: str, prefix: str) -> None:
    """Take away every database of a test run."""
    admin = create_engine(
        f"{server}/postgres".replace("postgresql://", "postgresql+psycopg2://", 1),
        isolation_level="AUTOCOMMIT",
    )
    with admin.connect() as connection:
        names = connection.scalars(
            text("SELECT datname FROM pg_database WHERE starts_with(datname, :prefix)"), {"prefix": prefix}
        ).all()
        for name in names:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    admin.dispose()


class Desk:
    """One service on a transaction that never ends well: every test starts from the same rows."""

    def __init__(self, service: type[Service], connection: Any, sessions: sessionmaker[Session]) -> None:
        self.connection, self.now = connection, NOON
        self._actors: dict[str, Actor] = {}
        self.house = House(service, "HQ", sessions, self._actors.__getitem__, lambda: self.now)

    @classmethod
    def at(cls, databases: Databases, service: type[Service] | str) -> Desk:
        """A desk at a service (its class or its name)."""
        service = registry.service_class(service) if isinstance(service, str) else service
        connection = databases.engine(service).connect()
        connection.begin()
        # it lies idle while other tests of its module run, on a busy machine for minutes
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        sessions = database.sessions(connection)
        sessions.configure(join_transaction_mode="create_savepoint")
        return cls(service, connection, sessions)

    def close(self) -> None:
        self.connection.rollback()
        self.connection.close()

    def later(self, **delta: float) -> None:
        """Let time pass: `later(days=3)`."""
        self.now += timedelta(**delta)

    def ask(self, actor: Actor, door: str, message: Any = None, key: str | None = None, **fields: Any) -> Any:
        """Ask at a door and get the result. Raises the problem that was answered."""
        self._actors[str(actor.id)] = actor
        body = message.as_json() if hasattr(message, "as_json") else {**(message or {}), **fields}
        headers = {TOKEN_HEADER: str(actor.id), CALL_HEADER: "test", **({KEY_HEADER: key} if key else {})}
        reply = doors.answer(self.house, door, _json(body), headers)
        if reply["error"]:
            raise Problem.from_dict(reply["error"])
        return reply["result"]

    def create(self, actor: Actor, entity: str, **values: Any) -> dict[str, Any]:
        """A new row through the form's door; answers its values."""
        return self.ask(actor, "create", {"entity": entity, "values": values})["row"]

    def hear(
        self, event: Event, by: Actor | None = None, id: UUID | None = None, sequence: int = 0
    ) -> Envelope:
        """Let the service hear what another one announced, as its inbox would."""
        by = by or Actor.system("test")
        envelope = Envelope(
            id=id or new_id(), origin="HQ", source=type(event).service(), type=type(event).noun(),
            aggregate_id=event.aggregate_id, occurred_at=self.now, recorded_at=self.now, actor_id=by.id,
            actor_name=by.name, body=event.as_json(), sequence=sequence,
        )  # fmt: skip
        with self.house.sessions.begin() as session:
            actor = Actor(id=by.id, name=by.name, kind="system")
            work = Work(session, actor, self.house, door=envelope.type, call_id="test", cause=envelope)
            if isinstance(event, Listed) and type(event) in self.house.service.follows:
                replicas.follow(session, event)
            for door in self.house.service.reactions().values():
                if door.message is type(event):
                    door.react(work, [News(event, envelope)])
        return envelope

    def emitted(self, wanted: type[Event] | None = None) -> list[Any]:
        """What was announced so far, oldest first; of one class when told."""
        with self.house.sessions() as session:
            rows = session.scalars(select(Outgoing).order_by(Outgoing.id)).all()
            found = [Envelope.model_validate(one) for row in rows for one in bundles.apart(row.body)]
        if wanted is None:
            return found
        return [
            wanted.model_validate(envelope.body)
            for envelope in found
            if (envelope.source, envelope.type) == (wanted.service(), wanted.noun())
        ]

    def rows(self, cls: type[Any], **where: Any) -> list[Any]:
        """Rows as they are stored, past all rights."""
        with self.house.sessions() as session:
            return list(session.scalars(select(cls).filter_by(**where)))


def _json(body: Any) -> Any:
    """As it would have travelled."""
    from chassis.wire import decode, encode

    return decode(encode(body))
