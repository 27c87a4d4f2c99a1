"""Finds what there is: services, their classes and tables by name, messages by looking into contracts/."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from sqlalchemy import MetaData

import contracts
from chassis.service import Service
from contracts.message import Event, Listed, Message, declared_in

PARTS = Path(__file__).resolve().parent.parent


def names() -> list[str]:
    """Every service there is: the folders of services/."""
    return sorted(path.parent.name for path in (PARTS / "services").glob("*/service.py"))


def service_class(name: str) -> type[Service]:
    """The service's class. Raises LookupError when there is none of that name."""
    if name not in names():
        raise LookupError(f"there is no service called {name}; there are: {', '.join(names())}")
    module = importlib.import_module(f"services.{name}.service")
    found = [
        c for c in vars(module).values() if isinstance(c, type) and issubclass(c, Service) and c.name == name
    ]
    return found[0]


def service_tables(name: str) -> MetaData:
    """The tables of the service itself, without those of the mechanisms."""
    found: MetaData = importlib.import_module(f"services.{name}.model").Base.metadata
    return found


@cache
def messages() -> tuple[type[Message], ...]:
    """Every message class of every module of contracts/."""
    found: list[type[Message]] = []
    for part in pkgutil.iter_modules(contracts.__path__):
        found += declared_in(importlib.import_module(f"contracts.{part.name}"))
    return tuple(found)


def events() -> dict[str, type[Event]]:
    """`service.type` → event. A class that others build on is no event itself."""
    found = [m for m in messages() if issubclass(m, Event) and m not in (Event, Listed)]
    built_on = {base for event in found for base in event.__bases__}
    return {f"{event.service()}.{event.noun()}": event for event in found if event not in built_on}
