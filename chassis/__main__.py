"""Runs the parts of Guanxi: `python -m chassis run|relay|migrate|seed|revision|keys|check …`."""

import argparse
import importlib
import os
import sys
from pathlib import Path

SERVICES = (
    "organization", "customer", "sales", "receivables", "service_desk", "notification", "reporting", "branch_sync",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m chassis", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    _add(commands, "run", "serve one service", service=None)
    _add(commands, "relay", "send out what services announce", services="+")
    _add(commands, "migrate", "bring databases and broker to this version", services="*")
    _add(commands, "seed", "put in the rows that services are born with", services="*")
    _add(commands, "revision", "write a migration from the difference", service=None, name=None)
    _add(commands, "keys", "make the key pair that signs who asks", folder=None)
    _add(commands, "check", "say whether settings, broker and databases are as they must be", services="*")
    given = parser.parse_args()
    globals()[given.command](given)


def run(given: argparse.Namespace) -> None:
    # first of all: eventlet must be in place before anything else is imported
    from chassis import hosting
    from chassis.settings import service_settings

    settings = service_settings()
    _logs(given.service, settings.log_level)
    hosting.run(find(given.service), settings)


def seed(given: argparse.Namespace) -> None:
    from chassis import registry, seeds
    from chassis.settings import service_settings

    settings = service_settings()
    for name in given.services or registry.names():
        service = find(name)
        planted = seeds.plant(service, settings.branch, settings.database(service.name))
        print(f"{service.name}: {planted} rows put in")


def keys(given: argparse.Namespace) -> None:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    folder = Path(given.folder)
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
