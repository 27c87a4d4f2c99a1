"""Whether a service, a relay or a migration can start: each thing that is wrong is said with the setting that names it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import psycopg2

from chassis.broker_checks import CLOCK_TOLERANCE, NotYet, broker_problem, patiently
from chassis.names import events_exchange
from chassis.settings import ServiceSettings

PARTS = Path(__file__).resolve().parent.parent
REPLIES = ""
"""The exchange without a name, by which answers go back."""

_MISSING_RIGHT = """
select c.relname from pg_class c
where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and not (
    has_table_privilege(c.oid, 'select') and has_table_privilege(c.oid, 'insert')
    and has_table_privilege(c.oid, 'update') and has_table_privilege(c.oid, 'delete'))
order by c.relname limit 1
"""
_CANNOT_MAKE = """
select current_user from pg_roles where rolname = current_user and not (rolcreatedb or rolsuper)
    and exists (select from unnest(%s) wanted where wanted not in (select datname from pg_database))
"""


def problems(
    services: list[str],
    settings: ServiceSettings,
    exchanges: Sequence[str] = (),
    *,
    patience: float = 0,
    waits: Callable[[str], None] = lambda why: None,
) -> list[str]:
    """What keeps these services from starting, or from publishing to these exchanges.

    Servers that do not answer yet are waited for; `waits` hears once what for.
    """
    deadline = time.monotonic() + patience
    found = patiently(partial(broker_problem, settings.amqp_url, exchanges), deadline, waits)
    for service in services:
        check = partial(database_problem, settings.database(service), service)
        found += patiently(check, deadline, waits)
    return found


def server_problems(services: list[str], settings: ServiceSettings) -> list[str]:
    """What keeps databases and exchanges of these services from being made."""
    exchanges = [events_exchange(service) for service in services]
    wanted = [settings.database(service).rpartition("/")[2] for service in services]
    now = time.monotonic()
    return [
        *patiently(partial(broker_problem, settings.amqp_url, exchanges), now),
        *patiently(partial(server_problem, f"{settings.database_url}/postgres", wanted), now),
    ]


def key_problems(public_key: str) -> list[str]:
    """Why nobody's token could be verified."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # large, and seldom needed
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        right = isinstance(load_pem_public_key(public_key.encode()), Ed25519PublicKey)
    except ValueError:
        right = False
    return (
        []
        if right
        else ["GUANXI_PUBLIC_KEY: is no Ed25519 public key in PEM (python -m chassis keys makes one)"]
    )


def server_problem(url: str, databases: list[str]) -> str | None:
    """Why these databases cannot be made on a server. Raises NotYet when it does not answer."""
    return _asked(url, lambda cursor: _may_make(cursor, databases) or _clock(cursor))


def database_problem(url: str, service: str = "") -> str | None:
    """Why a database cannot be used by its service. Raises NotYet when its server does not answer."""
    name = url.rpartition("/")[2]
    return _asked(url, lambda cursor: _age(cursor, name, service) or _rights(cursor, name) or _clock(cursor))


def _asked(url: str, ask: Callable[[Any], str | None]) -> str | None:
    name = url.rpartition("/")[2]
    try:
        with _cursor(url) as cursor:
            return ask(cursor)
    except psycopg2.errors.InsufficientPrivilege as error:
        return f"DATABASE_URL: {name}: {str(error).strip().splitlines()[0]}"
    except psycopg2.OperationalError as error:
        said = str(error).strip().splitlines()[-1]
        if "password" in said or "does not exist" in said or "not permitted" in said:
            return f"DATABASE_URL: {name}: {said} (python -m chassis migrate makes databases)"
        if "could not translate host name" in said or "permission denied" in said:
            return f"DATABASE_URL: {name}: {said}"
        raise NotYet(f"DATABASE_URL: {name}: {said}") from None


@contextlib.contextmanager
def _cursor(url: str) -> Iterator[Any]:
    with (
        contextlib.closing(psycopg2.connect(url, connect_timeout=5)) as connection,
        connection.cursor() as cursor,
    ):
        yield cursor


def _one(cursor: Any, statement: str, values: Any = None) -> Any:
    cursor.execute(statement, values)
    row = cursor.fetchone()
    return row[0] if row else None


def _age(cursor: Any, name: str, service: str) -> str | None:
    """Whether the tables are as old as this version needs them at least; newer ones it can work with."""
    if _one(cursor, "select to_regclass('outbox')") is None:
        return f"DATABASE_URL: {name} has no tables of ours yet (python -m chassis migrate)"
    for label, number in _needed(service).items():
        newest = "select max(version_num) from alembic_version where version_num like %s"
        found = _one(cursor, newest, [f"{label}\\_%"])
        if found is None or int(found.rpartition("_")[2]) < number:
            needed = f"{label}_{number:04}"
            return f"DATABASE_URL: {name} is at {found}, {needed} is needed (python -m chassis migrate)"
    return None


def _needed(service: str) -> dict[str, int]:
    """The newest migrations that this version brings; none for a service that lives elsewhere."""
    own = PARTS / "services" / service / "migrations"
    if not service or not own.is_dir():
        return {}
    folders = {"chassis": PARTS / "chassis/migrations/versions", service: own}
    return {label: len(list(folder.glob("[0-9]*.py"))) for label, folder in folders.items()}


def _rights(cursor: Any, name: str) -> str | None:
    table = _one(cursor, _MISSING_RIGHT)
    if table is None:
        return None
    return f"DATABASE_URL: {name}: our user may not read and write the table {table} (GRANT, or make it the owner)"


def _may_make(cursor: Any, databases: list[str]) -> str | None:
    user = _one(cursor, _CANNOT_MAKE, [databases])
    if user is None:
        return None
    return f"DATABASE_URL: the user {user} may not make the databases we need (ALTER ROLE {user} CREATEDB)"


def _clock(cursor: Any) -> str | None:
    apart = abs(time.time() - float(_one(cursor, "select extract(epoch from clock_timestamp())")))
    if apart <= CLOCK_TOLERANCE:
        return None
    return f"DATABASE_URL: the clocks of this machine and of the database server are {apart:.0f} s apart"
