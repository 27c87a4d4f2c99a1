"""Own fields, own objects and forms on pages: which there are, asked of organization every few seconds and told to whoever
describes a record or looks for one."""

from __future__ import annotations

import time

from flask import Flask, current_app, g

from chassis.wire import Call
from contracts import forms, own_fields, own_objects
from contracts.errors import Problem
from contracts.forms import Known as Forms
from contracts.message import Message
from contracts.organization import FormsOf
from contracts.own_fields import NEAR, REFERABLE
from contracts.own_fields import Known as Fields
from contracts.own_objects import Known as Objects
from contracts.query import ListOf, Query
from gateway import auth
from gateway.frame import registry
from gateway.kept import Turns
from gateway.languages import LANGUAGES, language
from gateway.rpc import settle

FIELDS, OBJECTS = "organization.own_field", "organization.own_object"
FRESH = 5.0
"""Seconds for which an answer is believed. What was changed through this gateway is asked for at once."""
PATIENCE = 3.0
SERVICES = frozenset({"customer", "sales", "receivables", "service_desk"})
"""Services that hear of own fields, so that all their records may have some."""
MORE = frozenset({"organization.staff", "organization.department", "organization.branch"})


class Definitions:
    """What organization last said; while it is silent, that stays true."""

    def __init__(self, turns: Turns) -> None:
        self._turns, self._turn = turns, b""
        self._until = 0.0
        self._fields: dict[str, Fields] = {}
        self._objects: dict[str, Objects] = {}
        self._forms: dict[str, Forms] = {}

    def known(self, tongue: str) -> tuple[Fields, Objects, Forms]:
        """The own fields, the own objects and the forms, worded as in this language."""
        turn = self._turns.of("organization")
        if self._until < time.monotonic() or self._turn != turn:
            self._until, self._turn = time.monotonic() + FRESH, turn  # only one thread asks
            self._ask()
        return self._fields.get(tongue, {}), self._objects.get(tongue, {}), self._forms.get(tongue, {})

    def _ask(self) -> None:
        calls = [_call("list", _all(FIELDS)), _call("list", _all(OBJECTS)), _call("forms", FormsOf())]
        fields, objects, arranged = settle(calls, PATIENCE)
        tongues = {tongue: tongue.partition("_")[0] for tongue in LANGUAGES}
        if not isinstance(fields, Problem):
            self._fields = {one: own_fields.described(fields["rows"], word) for one, word in tongues.items()}
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
    return [
        entity
        for entity, record in registry().records.items()
        if record.creatable and (record.service() in SERVICES or entity in MORE)
    ]


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


def install(app: Flask) -> None:
    """Know them before any page runs."""
    app.extensions["guanxi-definitions"] = Definitions(app.extensions["guanxi-kept"].turns)
    app.before_request(learn)
    app.jinja_env.globals.update(extensible=extensible, referable=referable)
