"""Runs the parts of Guanxi: `python -m chassis run|relay|heard|migrate|seed|revision|keys|check …`."""

import argparse
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chassis.service import Service

START_PATIENCE = 30.0
"""Seconds a part waits at its start for a broker or a database that is only just starting itself."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m chassis", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    _add(commands, "run", "serve one service", service=None)
    _add(commands, "relay", "send out what services announce", services="+")
    _add(commands, "heard", "print what any service listens to", services="*")
    _add(commands, "migrate", "bring databases and broker to this version", services="*")
    _add(commands, "seed", "put in the rows that services are born with", services="*")
    _add(commands, "revision", "write a migration from the difference", service=None, name=None)
    _add(commands, "keys", "make the key pair that signs who asks", folder=None)
    _add(commands, "check", "say whether settings, broker and databases are as they must be", services="*")
    given = parser.parse_args()
    globals()[given.command](given)


def run(given: argparse.Namespace) -> None:
    # before all else: eventlet must be in place when the rest is imported
    hosting = importlib.import_module("chassis.hosting")
    from chassis import checks, metrics, tracing
    from chassis.settings import service_settings

    settings, service = service_settings(), find(given.service)
    _logs(service.name, settings.log_level)
    _stop_on(checks.key_problems(settings.public_key))
    _stop_on(
        checks.problems(
            [service.name], settings, [checks.REPLIES], patience=START_PATIENCE, waits=_say_waiting
        )
    )
    metrics.begin(settings)
    tracing.set_up(service.name, settings.traces_url)
    hosting.run(service, settings)


def relay(given: argparse.Namespace) -> None:
    from chassis import checks, metrics, relay
    from chassis.names import events_exchange
    from chassis.settings import service_settings

    def all_heard() -> list[tuple[str, str]]:
        asked = subprocess.run(
            [sys.executable, "-m", "chassis", "heard", *given.services], stdout=subprocess.PIPE, check=True
        )
        return [(source, type_) for source, type_ in json.loads(asked.stdout)]

    # by their names alone: the relay has no need of their code, and would carry it in its memory
    settings, names = service_settings(), [find(n).name if ":" in n else n for n in given.services]
    _logs("relay", settings.log_level)
    announces = [events_exchange(name) for name in names]
    _stop_on(checks.problems(names, settings, announces, patience=START_PATIENCE, waits=_say_waiting))
    metrics.begin(settings)
    relay.run(names, settings, all_heard)


def heard(given: argparse.Namespace) -> None:
    from chassis import registry

    known = [find(name) for name in {*given.services, *registry.names()}]
    print(json.dumps(sorted({key for service in known for key in service.hears()})))


def migrate(given: argparse.Namespace) -> None:
    from chassis import checks, migrate, registry, seeds, topology
    from chassis.settings import service_settings

    settings, names = service_settings(), given.services or registry.names()
    _stop_on(checks.server_problems(names, settings))
    for name in names:
        migrate.create_database(settings.database(name))
        migrate.upgrade(name, settings.database(name))
        topology.bring_up_to_date(find(name), settings.amqp_url, settings.database(name))
        planted = seeds.plant(find(name), settings.branch, settings.database(name))
        print(f"{name} is at this version" + (f"; {planted} rows put in" if planted else ""), flush=True)


def revision(given: argparse.Namespace) -> None:
    from chassis import migrate
    from chassis.settings import service_settings

    side = "chassis" if given.service == "chassis" else "service"
    service = "organization" if side == "chassis" else given.service
    url = service_settings().database(service)
    migrate.create_database(url)
    migrate.upgrade(service, url)
    migrate.revise(service, url, given.name, side=side)


def check(given: argparse.Namespace) -> None:
    from chassis import checks, migrate, registry
    from chassis.settings import service_settings

    settings = service_settings()
    names = given.services or registry.names()
    found = [*checks.key_problems(settings.public_key), *checks.problems(names, settings)]
    for name in names if not found else ():
        if difference := migrate.difference(name, settings.database(name)):
            found.append(f"database of {name}: {difference}")
    _stop_on(found)
    print("Settings, broker and databases are as they must be.")


def seed(given: argparse.Namespace) -> None:
    from chassis import registry, seeds
    from chassis.settings import service_settings

    settings = service_settings()
    for name in given.services or registry.names():
        service = find(name)
        planted = seeds.plant(service, settings.branch, settings.database(service.name))
        print(f"{service.name}: {planted} rows put in")


def keys(given: argparse.Namespace) -> None:
    make_keys(Path(given.folder))


def make_keys(folder: Path) -> None:
    """A key pair in this folder, unless there is one: the private half for the gateway, the public for the services."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private, public = folder / "actor.private.pem", folder / "actor.public.pem"
    if private.exists() and public.exists():
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    with open(os.open(private, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secret)
    public.write_bytes(
        key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    )


def find(name: str) -> "type[Service]":
    """The class of a service by its name, or by `module:Class` for one that lives elsewhere."""
    from chassis import registry

    module, _, cls = name.partition(":")
    try:
        return getattr(importlib.import_module(module), cls) if cls else registry.service_class(name)
    except LookupError as error:
        sys.exit(str(error))


def _stop_on(problems: list[str]) -> None:
    from chassis.settings import CannotStart

    if problems:
        raise CannotStart(*problems)


def _say_waiting(why: str) -> None:
    from chassis.logs import log

    log().warning("waiting", why=why, seconds=START_PATIENCE)


def _logs(process: str, level: str) -> None:
    from chassis import logs

    logs.set_up(process, level)


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    command: str,
    says: str,
    /,
    **takes: str | None,
) -> None:
    parser = commands.add_parser(command, help=says)
    for argument, count in takes.items():
        parser.add_argument(argument, **({"nargs": count} if count else {}))  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
