"""A small world for the toy services: a virtual host, databases and keys of its own, and their processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import amqp
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from chassis import database, topology
from chassis.broker import connect
from chassis.service import Service
from chassis.wire import RpcClient, sign_actor
from contracts.actor import Actor
from deploy import place, rabbitmq
from tests.chassis.toys.ledger_service import Ledger
from tests.chassis.toys.workshop_service import Workshop

ROOT = Path(__file__).resolve().parents[2]
CLASSES = {"workshop": Workshop, "ledger": Ledger}
PLACES = {name: f"{cls.__module__}:{cls.__name__}" for name, cls in CLASSES.items()}
DEADLINE = 60.0


def until(true: Callable[[], Any], what: str = "it to happen", deadline: float = DEADLINE) -> Any:
    """Wait for something to become true, and give it back."""
    end = time.monotonic() + deadline
    while not (found := true()):
        assert time.monotonic() < end, f"waited {deadline} s for {what}"
        time.sleep(0.02)
    return found


class World:
    """Where the toys live."""

    def __init__(
        self, amqp_url: str, database_url: str, prefix: str, keys: Path, log_level: str = "info"
    ) -> None:
        self.amqp_url, self.database_url, self.prefix = amqp_url, database_url, prefix
        self.token = sign_actor(Actor.system("test"), (keys / "actor.private.pem").read_text(), 3600)
        self.logs = keys
        self.environment = os.environ | {
            "AMQP_URL": amqp_url,
            "DATABASE_URL": database_url,
            "GUANXI_DATABASE_PREFIX": prefix,
            "GUANXI_PUBLIC_KEY_FILE": str(keys / "actor.public.pem"),
            "GUANXI_RETRY_DELAYS": "0.1,0.2,0.3",
            "GUANXI_LOG_LEVEL": log_level,
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "",  # a process that compiles everything anew takes seconds to start
            "PYTHONPYCACHEPREFIX": str(place.folder("bytecode")),
            "PYPINYIN_NO_PHRASES": "yes",
        }
        self.engines = {name: self._make_database(cls) for name, cls in CLASSES.items()}
        self.processes: list[subprocess.Popen[bytes]] = []
        self.kept: dict[str, subprocess.Popen[bytes]] = {}
        self.rpc = RpcClient(amqp_url, "test")
        for cls in CLASSES.values():
            topology.bring_up_to_date(cls, amqp_url, self.url(cls.name))

    def url(self, service: str) -> str:
        return f"{self.database_url}/{self.prefix}{service}"

    def start(self, command: str, *names: str, **settings: str) -> subprocess.Popen[bytes]:
        """`start("run", "ledger")`: one more process of the chassis, with settings of its own where told."""
        log = (self.logs / f"{command}-{'-'.join(names)}.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", "chassis", command, *(PLACES[name] for name in names)],
            cwd=ROOT, env=self.environment | settings, stdout=log, stderr=log,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def serve(self, name: str) -> subprocess.Popen[bytes]:
        """A service, waited for until it answers."""
        process = self.start("run", name)
        until(lambda: self.answers(name), f"{name} to answer")
        return process

    def keep(self, role: str, start: Callable[..., Any], *names: str) -> None:
        """Start a process for this role unless one is running."""
        running = self.kept.get(role)
        if running is None or running.poll() is not None:
            self.kept[role] = start(*names)

    def without(self, role: str) -> World:
        """Nobody has this role: what an earlier test left running for the next is ended."""
        running = self.kept.pop(role, None)
        if running is not None and running.poll() is None:
            self.end(running)
        return self

    def restart(self, role: str, how: int = signal.SIGKILL) -> None:
        """End the process of this role and start another."""
        self.end(self.kept[role], how)
        self.kept[role] = self.start("relay", "workshop", "ledger") if role == "relay" else self.serve(role)

    def end(self, process: subprocess.Popen[bytes], how: int = signal.SIGKILL) -> None:
        process.send_signal(how)
        process.wait(DEADLINE)
        if process in self.processes:
            self.processes.remove(process)

    def call(self, service: str, door: str, message: dict[str, Any] | None = None, **more: Any) -> Any:
        return self.rpc.call(service, door, message, token=self.token, **more)

    def answers(self, name: str) -> bool:
        """Whether the service and all its lines are up."""
        try:
            self.call(name, "ping", timeout=0.5)
        except Exception:
            return False
        return True

    def session(self, service: str) -> Session:
        return Session(self.engines[service])

    def rows(self, cls: type[Any], service: str = "ledger", **where: Any) -> list[Any]:
        with self.session(service) as session:
            order = list(cls.__table__.primary_key)
            return list(session.scalars(select(cls).filter_by(**where).order_by(*order)))

    def connection(self) -> amqp.Connection:
        return connect(self.amqp_url, "test")

    def consumers(self, queue: str) -> int:
        with self.connection() as connection:
            return int(connection.channel().queue_declare(queue, passive=True).consumer_count)

    def undelivered(self, queue: str) -> int:
        """Messages that no consumer has been given."""
        with self.connection() as connection:
            return int(connection.channel().queue_declare(queue, passive=True).message_count)

    def cut_connections(self) -> None:
        """The broker closes every connection of this world."""
        vhost = self.amqp_url.rpartition("/")[2]
        rabbitmq.control("close_all_connections", "--vhost", vhost, "cut by a test")

    @contextmanager
    def outage(self, service: str) -> Iterator[None]:
        """One service's database takes nobody in and throws everybody out, for a while."""
        name = f"{self.prefix}{service}"
        self.engines[service].dispose()
        with self._admin().connect() as admin:
            admin.execute(text(f'alter database "{name}" allow_connections false'))
            out = text("select pg_terminate_backend(pid) from pg_stat_activity where datname = :name")
            admin.execute(out, {"name": name})
            try:
                yield
            finally:
                admin.execute(text(f'alter database "{name}" allow_connections true'))

    def close(self) -> None:
        self.rpc.close()
        for process in [*self.processes]:
            self.end(process)
        for engine in self.engines.values():
            engine.dispose()
        with self._admin().connect() as connection:
            for name in CLASSES:
                connection.execute(text(f'drop database if exists "{self.prefix}{name}" with (force)'))

    def _make_database(self, service: type[Service]) -> Any:
        with self._admin().connect() as connection:
            connection.execute(text(f'create database "{self.prefix}{service.name}"'))
        engine = database.connect(self.url(service.name), pool_size=2)
        database.ChassisBase.metadata.create_all(engine)
        sys.modules[service.__module__].Base.metadata.create_all(engine)
        return engine

    def _admin(self) -> Any:
        url = f"{self.database_url}/postgres".replace("postgresql://", "postgresql+psycopg2://", 1)
        return create_engine(url, isolation_level="AUTOCOMMIT")
