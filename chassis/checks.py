"""Whether a part can start: each thing that is wrong is said with the setting that names it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg2
from amqp.exceptions import AccessRefused, NotAllowed

from chassis.broker import LINK_ERRORS, Address, connect
from chassis.settings import ServiceSettings

OLDEST_RABBITMQ = (3, 10)
CLOCK_TOLERANCE = 300.0


def problems(services: list[str], settings: ServiceSettings, *, patience: float = 0) -> list[str]:
    """What keeps these services from starting, waiting a while for servers that do not answer yet."""
    deadline = time.monotonic() + patience
    found = _patiently(broker_problem, settings.amqp_url, deadline)
    for service in services:
        found += _patiently(database_problem, settings.database(service), deadline)
    return found


class NotYet(Exception):
    """It does not answer; perhaps it is only starting."""


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


def broker_problem(url: str) -> str | None:
    """Why RabbitMQ cannot be used. Raises NotYet when it does not answer."""
    address = Address.of(url)
    try:
        with contextlib.closing(connect(url, "check")) as connection:
            version = connection.server_properties.get("version", "0.0")
    except AccessRefused:
        return f"AMQP_URL: RabbitMQ at {address.host} refuses the user or the password"
    except NotAllowed:
        return f"AMQP_URL: there is no virtual host {address.vhost} at {address.host}, or we may not use it"
    except LINK_ERRORS as error:
        raise NotYet(f"AMQP_URL: RabbitMQ does not answer at {address.host} ({error})") from None
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_RABBITMQ:
        return f"AMQP_URL: RabbitMQ at {address.host} is {version}; 3.10 or newer is needed"
    return None


def database_problem(url: str) -> str | None:
    """Why a database cannot be used. Raises NotYet when its server does not answer."""
    name = url.rpartition("/")[2]
    try:
        with (
            contextlib.closing(psycopg2.connect(url, connect_timeout=5)) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute("select now(), to_regclass('outbox')")
            now, outbox = cursor.fetchone()
    except psycopg2.OperationalError as error:
        said = str(error).strip().splitlines()[-1]
        if "password" in said or "does not exist" in said or "not permitted" in said:
            return f"DATABASE_URL: {name}: {said} (python -m chassis migrate makes databases)"
        raise NotYet(f"DATABASE_URL: {name}: {said}") from None
    if outbox is None:
        return f"DATABASE_URL: {name} has no tables of ours yet (python -m chassis migrate)"
    apart = abs((datetime.now(UTC) - now).total_seconds())
    if apart > CLOCK_TOLERANCE:
        return f"DATABASE_URL: the clocks of this machine and of the database server are {apart:.0f} s apart"
    return None


def _patiently(check: Callable[[str], str | None], url: str, deadline: float) -> list[str]:
    while True:
        try:
            found = check(url)
        except NotYet as error:
            if time.monotonic() > deadline:
                return [str(error)]
            time.sleep(0.5)
        else:
            return [found] if found else []
