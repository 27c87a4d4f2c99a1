"""Brings a service's database to the newest revision, writes new revisions, and tells whether one is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

# Every table of the mechanisms must be known before anything is compared.
from chassis.registry import PARTS, service_tables

HERE = Path(__file__).parent / "migrations"


def create_database(url: str) -> bool:
    """Make the database when it is not there yet; says whether it did."""
    wanted = make_url(url.replace("postgresql://", "postgresql+psycopg2://", 1))
    engine = create_engine(wanted.set(database="postgres"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            found = text("SELECT 1 FROM pg_database WHERE datname = :name")
            if connection.execute(found, {"name": wanted.database}).first():
                return False
            connection.execute(
                text(f"CREATE DATABASE \"{wanted.database}\" ENCODING 'UTF8' TEMPLATE template0")
            )
            return True
    finally:
        engine.dispose()


def upgrade(service: str, url: str) -> None:
    """Apply every revision that is missing, of the mechanisms first. Two of these at once wait for each other."""
    with _connected(url) as connection:
        connection.execute(text("SELECT pg_advisory_lock(8401)"))
        connection.commit()
        for target in ("chassis@head", f"{service}@head"):
            command.upgrade(_config(service, connection), target)


def revise(service: str, url: str, name: str, *, side: str = "service") -> None:
    """Write a revision with what the tables differ in; read it before you keep it."""
    label = service if side == "service" else "chassis"
    folder = HERE / "versions" if side == "chassis" else PARTS / "services" / service / "migrations"
    folder.mkdir(exist_ok=True)
    number = len(list(folder.glob("[0-9]*.py"))) + 1
    place: dict[str, Any] = (
        {"head": "base", "branch_label": label} if number == 1 else {"head": f"{label}@head"}
    )
    with _connected(url) as connection:
        command.revision(
            _config(service, connection, side=side), message=name, autogenerate=True,
            rev_id=f"{label}_{number:04}", version_path=str(folder),
            **place,
        )  # fmt: skip
    written = next(folder.glob(f"{label}_{number:04}_*.py"))
    written.rename(folder / written.name.removeprefix(f"{label}_"))
    if side == "service":
        (folder / "HEAD").write_text(f"{number:04}_{name}\n")


def difference(service: str, url: str) -> str | None:
    """What the tables say that no revision does; None when they agree."""
    with _connected(url) as connection:
        try:
            command.check(_config(service, connection))
        except CommandError as error:
            return str(error)
    return None


def _connected(url: str) -> Any:
    """A connection of its own that is hung up afterwards: with it go its lock and its settings."""
    address = url.replace("postgresql://", "postgresql+psycopg2://", 1)
    return create_engine(address, poolclass=NullPool).connect()


def _config(service: str, connection: Connection, side: str | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "newline")
    folders = [HERE / "versions", PARTS / "services" / service / "migrations"]
    config.set_main_option("version_locations", "\n".join(str(folder) for folder in folders))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes.update(connection=connection, tables=service_tables(service), side=side)
    config.print_stdout = lambda *_: None  # type: ignore[method-assign]
    return config
