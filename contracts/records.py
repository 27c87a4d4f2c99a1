"""Which kinds of record there are: found by the name under which references, rights and forms know them."""

from __future__ import annotations

import importlib
from functools import cache

from contracts.message import Line, Record, declared_in


@cache
def find(entity: str) -> type[Record] | None:
    """The record called `service.noun`; None where there is none that people see."""
    service, _, noun = entity.partition(".")
    try:
        module = importlib.import_module(f"contracts.{service}")
    except ModuleNotFoundError:
        return None
    records = (
        found for found in declared_in(module) if issubclass(found, Record) and not issubclass(found, Line)
    )
    return next((record for record in records if record.noun() == noun and record.label), None)
