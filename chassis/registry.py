"""Finds a service's class and tables by its name."""

from __future__ import annotations

import importlib
from pathlib import Path

from sqlalchemy import MetaData

from chassis.service import Service

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
