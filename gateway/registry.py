"""Every record and command that the messages declare, found by the name of its service and its own."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from types import ModuleType

import contracts
from contracts import own_objects
from contracts.message import Act, Attr, Command, Event, Line, Listed, Message, Question, Record, declared_in
from contracts.query import Of

SHARED = frozenset(
    {
        "actor",
        "addresses",
        "attachments",
        "batches",
        "cards",
        "comments",
        "deleted_fields",
        "editing",
        "errors",
        "favourites",
        "forms",
        "kinds",
        "language",
        "lifecycle",
        "merging",
        "message",
        "money",
        "own_fields",
        "own_objects",
        "periods",
        "query",
        "records",
        "shipped",
        "transfer",
    }
)


class Registry:
    """What can be shown and asked; built once at start, but for the kinds of record that the company defines itself."""

    def __init__(self, modules: Iterable[ModuleType]) -> None:
        self._shipped: dict[str, type[Record]] = {}
        self.commands: dict[str, type[Command]] = {}
        self.facts: list[type[Event]] = []
        self.questions: dict[str, type[Question]] = {}
        for module in modules:
            for found in declared_in(module):
                self._add(found)

    @classmethod
    def shipped(cls, *more: ModuleType) -> Registry:
        """All message files of the services."""
        names = [item.name for item in pkgutil.iter_modules(contracts.__path__) if item.name not in SHARED]
        return cls([*(importlib.import_module(f"contracts.{name}") for name in names), *more])

    def _add(self, found: type[Message]) -> None:
        if issubclass(found, Record) and not issubclass(found, Line) and found.label:
            self._shipped[found.entity()] = found
        elif issubclass(found, Command) and not issubclass(found, Of):
            self.commands[f"{found.service()}.{found.noun()}"] = found
        elif issubclass(found, Event) and not issubclass(found, Listed):
            self.facts.append(found)
        elif issubclass(found, Question):
            self.questions[f"{found.service()}.{found.door()}"] = found

    @property
    def records(self) -> Mapping[str, type[Record]]:
        """`service.noun` → record, the own objects of this request behind those that were shipped."""
        own = own_objects.known()
        return {**self._shipped, **own} if own else self._shipped

    @property
    def services(self) -> tuple[str, ...]:
        """Services that own a record or hear a command."""
        names = [*self._shipped, *self.commands]
        return tuple(sorted({name.partition(".")[0] for name in names}))

    def record(self, entity: str) -> type[Record] | None:
        """The record called `service.noun`."""
        return self._shipped.get(entity) or own_objects.known().get(entity)

    def act(self, record: type[Record], verb: str) -> type[Act]:
        """The command behind a verb of a document: `SignContract`, or a plain Act when it takes nothing more."""
        found = self.commands.get(f"{record.service()}.{verb}_{record.noun()}")
        return found if found is not None and issubclass(found, Act) else Act

    def pointing_at(self, entity: str) -> list[tuple[type[Record], Attr]]:
        """Records that refer to this one, and by which field: what a page lists as related."""
        return [
            (record, attr)
            for record in self.records.values()
            for attr in record.own_attrs().values()
            if attr.ref == entity
        ]
