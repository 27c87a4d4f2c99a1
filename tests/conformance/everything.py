"""What there is: records, events, verbs, doors, tables. Found by looking, so that whatever is new is found too."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from chassis import own_objects as chassis_objects
from chassis import registry
from chassis.service import Door, Service
from contracts import own_objects
from contracts.errors import Problem
from contracts.message import Line, OwnedRecord, Record, TaggedRecord

ROOT = Path(__file__).resolve().parents[2]
CODE = ("contracts", "chassis", "services", "gateway", "deploy", "tests")


OWN_OBJECT = {
    "id": "sample", "code": "sample", "name": "样品", "name_en": "Sample", "plural_en": "Samples", "icon_name": "package",
    "has_customer": True, "number_prefix": "YP", "position": 0,
}  # fmt: skip
"""A kind of record that a company might define itself: whatever holds for all entities holds for it as well."""
OWN = own_objects.record_of(OWN_OBJECT)


def records() -> dict[str, type[Record]]:
    """`service.noun` → record, lines included, what they are built on not."""
    base = {Record, OwnedRecord, TaggedRecord, Line}
    found = {m.entity(): m for m in registry.messages() if issubclass(m, Record) and m not in base}
    return found | {OWN.entity(): OWN}


def problems() -> list[type[Problem]]:
    """Every kind of answer that is not a result, wherever it is declared."""
    for name in registry.names():
        service_class(name)
    found: list[type[Problem]] = []
    waiting = [Problem]
    while waiting:
        cls = waiting.pop()
        found.append(cls)
        waiting += cls.__subclasses__()
    return [cls for cls in found if cls.__module__.split(".")[0] in CODE[:4]]


@cache
def service_class(name: str) -> type[Service]:
    return registry.service_class(name)


def services() -> dict[str, type[Service]]:
    return {name: service_class(name) for name in registry.names()}


def entities() -> dict[str, tuple[type[Service], type[Any]]]:
    """`service.noun` → its service and its mapped class."""
    found = {
        cls.record.entity(): (service, cls) for service in services().values() for cls in service.entities
    }
    own = {service: service.own_objects for service in services().values() if service.own_objects is not None}
    return found | {
        OWN.entity(): (service, chassis_objects.mapped(base, OWN_OBJECT)) for service, base in own.items()
    }


def doors(*kinds: str) -> dict[str, tuple[type[Service], Door]]:
    """`service.door` → every door of a service's own, without those that all services inherit."""
    inherited = Service.doors()
    return {
        f"{service.name}.{name}": (service, door)
        for service in services().values()
        for name, door in service.doors().items()
        if (not kinds or door.kind in kinds) and inherited.get(name) is not door
    }


def verbs() -> dict[str, tuple[type[Record], str]]:
    """`service.verb_noun` → the record and its verb, for every verb that people use."""
    return {
        f"{record.service()}.{verb}_{record.noun()}": (record, verb)
        for record in records().values()
        if record.service() in registry.names()
        for verb in record.all_verbs()
    }


def python_files(*folders: str) -> list[Path]:
    """Source files of these folders (all of ours unless told)."""
    return [path for folder in folders or CODE for path in sorted((ROOT / folder).rglob("*.py"))]


@cache
def _asked(service: str) -> str:
    """What the tests of a service say."""
    folder = ROOT / "tests"
    files = [*sorted((folder / "service" / service).rglob("*.py")), folder / "factories" / f"{service}.py"]
    return "\n".join(path.read_text() for path in files if path.exists())


def asked_in_tests(name: str) -> bool:
    """Whether a test of the service knows its door (`sales.board`), or the event its reaction hears.

    A verb may be asked for by its parts: `f"{verb}_lead"` beside `"drop"`; doors made for many events by their beginning.
    """
    service, _, door = name.partition(".")
    ways = [[door]]
    found = doors().get(name)
    if found is not None and found[1].kind == "reaction" and found[1].message is not None:
        noun = found[1].message.noun()
        ways = [
            [found[1].message.__name__],
            *([[door.removesuffix(noun) + "{"]] if door.endswith(noun) else []),
        ]
    elif found is not None and found[1].kind == "job":
        ways += [[f"run_{door}"], [found[1].function.__name__]]
    elif name in verbs():
        record, verb = verbs()[name]
        ways.append([f"}}_{record.noun()}", verb])
    said = _asked(service)
    return any(all(re.search(rf"{_edge(word)}{re.escape(word)}\b", said) for word in way) for way in ways)


def _edge(word: str) -> str:
    return r"\b" if word[0].isalnum() else ""
