"""What stands beside forms, dialogs and records: a hint about whom somebody is dealing with.

A page module in `gateway/pages` says with `beside = Beside(…)` about which kinds of record it has something to say. Wherever
such a record is shown, or a form is about one, the place for its hint is there, and is filled anew when another is chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, url_for
from werkzeug.datastructures import MultiDict

from contracts.message import Attr
from gateway.auth import actor

FIELD = "_field"
"""In an address: `_field=customer_id:customer.customer`, where the form's own field tells which one is meant."""


@dataclass(frozen=True)
class Beside:
    """A hint that one page gives: at `endpoint`, to whoever has the permission, about records of these kinds, or beside the
    dialogs of these commands."""

    endpoint: str
    permission: str
    about: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """Where a hint stands. `fields` of the form around it say more than is known already."""

    address: str
    fields: str


def places(known: Mapping[str, Any], asked: Iterable[Attr] = ()) -> list[Place]:
    """The hints beside something: `known` are records it is about, by kind; `asked` the fields of the form."""
    found = []
    hints: list[Beside] = current_app.extensions["guanxi-beside"]
    fields = [attr for attr in asked if attr.ref and not attr.many]
    for hint in hints:
        told = {entity: str(id) for entity, id in known.items() if id and entity in hint.about}
        open_fields = [attr for attr in fields if attr.ref in hint.about]
        if actor().may(hint.permission) and (told or open_fields):
            pairs = [*told.items(), *((FIELD, f"{attr.name}:{attr.ref}") for attr in open_fields)]
            names = ",".join(attr.name for attr in open_fields)
            found.append(Place(f"{url_for(hint.endpoint)}?{urlencode(pairs)}", names))
    return found


def behind(attrs: Iterable[Attr], row: Mapping[str, Any]) -> dict[str, Any]:
    """The records that a row refers to, by kind: the first of each."""
    found: dict[str, Any] = {}
    for attr in attrs:
        if attr.ref and not attr.many and row.get(attr.name):
            found.setdefault(attr.ref, row[attr.name])
    return found


def around(entity: str, attrs: Iterable[Attr], row: Mapping[str, Any]) -> dict[str, Any]:
    """A record itself, and what it refers to."""
    return {**behind(attrs, row), entity: row.get("id")}


def told(given: MultiDict[str, str], about: Iterable[str]) -> list[tuple[str, str]]:
    """The records an address of a hint names: (kind, id)."""
    wanted = set(about)
    found = [(entity, given[entity]) for entity in wanted if given.get(entity)]
    for pair in given.getlist(FIELD):
        name, _, entity = pair.partition(":")
        if entity in wanted and given.get(name):
            found.append((entity, given[name]))
    return found


def install(app: Flask) -> None:
    """For every template."""
    app.jinja_env.globals.update(beside_places=places, around=around)
