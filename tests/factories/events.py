"""An event of any class, made from its declaration alone."""

from __future__ import annotations

import types
import typing
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from chassis.identity import new_id
from contracts.message import Event, Listed, snake
from tests.desk import NOON

PLAIN = {
    UUID: lambda: new_id(), str: lambda: "sample", int: lambda: 3, bool: lambda: True, date: NOON.date,
    datetime: lambda: NOON, Decimal: lambda: Decimal("1000.00"), float: lambda: 1.0,
}  # fmt: skip


PEOPLE = {"owner", "author", "approver", "from", "to", "staff", "executor"}


def event(cls: type[Event], **given: Any) -> Any:
    """One event; the fields that are not given are filled in."""
    return cls(**(fields(cls, given) | given))


def fields(cls: type[BaseModel], given: dict[str, Any]) -> dict[str, Any]:
    """A value for every field that is not given."""
    return {
        name: value(info.annotation) if info.is_required() or info.default is None else info.default
        for name, info in cls.model_fields.items()
        if name not in given
    }


def value(annotation: Any) -> Any:
    """Something of this type."""
    origin, inside = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (types.UnionType, typing.Union):
        return value(next(arm for arm in inside if arm is not type(None)))
    if origin is typing.Literal:
        return inside[0]
    if origin is tuple:
        return (value(inside[0]),)
    if origin is list:
        return [value(inside[0])]
    if origin is dict or annotation is dict:
        return {}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation(**fields(annotation, {}))
    return PLAIN[annotation]()


def heard(samples: Any, cls: type[Event], *, known: bool) -> Event:
    """An event as this service may hear it: it names rows whose cards are here, and with `known` rows of the service's own."""
    if issubclass(cls, Listed):
        return samples.card(cls, new_id(), {})
    from tests.conformance import everything

    nouns = {record.noun(): entity for entity, record in everything.records().items()}
    own = {c.record.entity() for c in samples.service.entities}
    given: dict[str, Any] = {}
    for name in [name for name in cls.model_fields if name.endswith(("_id", "_by"))]:
        entity = nouns.get(snake(name.removesuffix("_id")), "organization.staff" if _is_person(name) else "")
        if entity in samples.followed:
            given[name] = samples.id_for(entity)
        elif known and entity in own:
            given[name] = samples.row(entity)["id"]
    return event(cls, **given)


def _is_person(name: str) -> bool:
    return name.rpartition("_")[2] == "by" or name.removesuffix("_id").rpartition("_")[2] in PEOPLE
