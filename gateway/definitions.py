"""Own fields, own objects and forms on pages: which there are, asked of organization every few seconds and told to whoever
describes a record or looks for one."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from flask import Flask, current_app, g

from chassis.wire import Call
from contracts import forms, own_fields, own_objects
from contracts.errors import Problem
from contracts.forms import Known as Forms
from contracts.message import Attr, Message
from contracts.organization import FormsOf
from contracts.own_fields import NEAR, REFERABLE
from contracts.own_fields import Known as Fields
from contracts.own_objects import Known as Objects
from contracts.query import ListOf, Query
from gateway import auth
from gateway.frame import registry
from gateway.kept import Turns
from gateway.languages import LANGUAGES, gettext, language
from gateway.rpc import settle

FIELDS, OBJECTS = "organization.own_field", "organization.own_object"
FRESH = 5.0
"""Seconds for which an answer is believed. What was changed through this gateway is asked for at once."""
PATIENCE = 3.0


class Definitions:
    """What organization last said; while it is silent, that stays true."""

    def __init__(self, turns: Turns) -> None:
        self._turns, self._turn = turns, b""
        self._until = 0.0
        self._fields: dict[str, Fields] = {}
        self._objects: dict[str, Objects] = {}
        self._forms: dict[str, Forms] = {}
        self._away: dict[tuple[str, str], dict[str, Any]] = {}
        """Fields that were put away or deleted, by kind of record and the name under which their values stand."""

    def known(self, tongue: str) -> tuple[Fields, Objects, Forms]:
        """The own fields, the own objects and the forms, worded as in this language."""
        turn = self._turns.of("organization")
        if self._until < time.monotonic() or self._turn != turn:
            self._until, self._turn = time.monotonic() + FRESH, turn  # only one thread asks
            self._ask()
        return self._fields.get(tongue, {}), self._objects.get(tongue, {}), self._forms.get(tongue, {})

    def put_away(self, entity: str, logged: str) -> dict[str, Any] | None:
        """A field that is there no longer, as it was."""
        return self._away.get((entity, logged))

    def _ask(self) -> None:
        every = ListOf(entity=FIELDS, query=Query(limit=1000, archived=True))
        calls = [_call("list", every), _call("list", _all(OBJECTS)), _call("forms", FormsOf())]
        fields, objects, arranged = settle(calls, PATIENCE)
        tongues = {tongue: tongue.partition("_")[0] for tongue in LANGUAGES}
        if not isinstance(fields, Problem):
            there = [row for row in fields["rows"] if row["archived_at"] is None]
            self._fields = {one: own_fields.described(there, word) for one, word in tongues.items()}
            self._away = {
                (row["entity_name"], own_fields.logged_as(row["code"], row["kept_as"])): row
                for row in fields["rows"] if row["archived_at"] is not None
            }  # fmt: skip
        if not isinstance(objects, Problem):
            self._objects = {
                one: own_objects.described(objects["rows"], word) for one, word in tongues.items()
            }
        if not isinstance(arranged, Problem):
            self._forms = {one: forms.described(arranged, word) for one, word in tongues.items()}


def _all(entity: str) -> ListOf:
    return ListOf(entity=entity, query=Query(limit=1000))


def _call(door: str, message: Message) -> Call:
    body = message.model_dump(mode="json", exclude_unset=True)
    return Call("organization", door, body, auth.sessions().own_token(), None, g.call_id)


def extensible() -> list[str]:
    """The kinds of record to which fields can be added."""
    return [entity for entity, record in registry().records.items() if own_fields.may_have(record)]


def referable() -> list[str]:
    """The kinds of record to which an own field may refer."""
    return [*REFERABLE, *NEAR, *own_objects.known()]


def learn() -> None:
    """Before each request of somebody we know, and before pages for strangers that show some; other strangers hear of none, and
    none of them fills in a form of ours."""
    definitions: Definitions = current_app.extensions["guanxi-definitions"]
    fields, objects, arranged = definitions.known(language()) if "token" in g else ({}, {}, forms.NONE)
    own_fields.know(fields)
    own_objects.know(objects)
    forms.know(arranged if g.actor.kind == "staff" else forms.NONE, g.actor.above)


def attr_in_log(entity: str, logged: str) -> Attr | None:
    """The own field that the log of such a record tells of by this name: one that is there, was put away, or was deleted."""
    found = own_fields.by_logged(entity).get(logged)
    if found is None:
        definitions: Definitions = current_app.extensions["guanxi-definitions"]
        row = definitions.put_away(entity, logged)
        if row is None:
            return None
        [found] = own_fields.described([row], language().partition("_")[0])[entity]
        if row["state"] == "deleted":
            found = replace(found, label=gettext("%(what)s (deleted)", what=found.label))
    return replace(found, name=logged)


def install(app: Flask) -> None:
    """Know them before any page runs."""
    app.extensions["guanxi-definitions"] = Definitions(app.extensions["guanxi-kept"].turns)
    app.before_request(learn)
    app.jinja_env.globals.update(attr_in_log=attr_in_log, extensible=extensible, referable=referable)
