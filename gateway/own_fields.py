"""Own fields on pages: which there are, asked of organization every few seconds and told to whoever describes a record."""

from __future__ import annotations

import time
from typing import Any

from flask import Flask, current_app, g

from chassis.wire import Call
from contracts import own_fields
from contracts.errors import Problem
from contracts.own_fields import Known
from contracts.query import ListOf, Query
from gateway import auth
from gateway.frame import registry
from gateway.kept import Turns
from gateway.languages import LANGUAGES, language
from gateway.rpc import settle

ENTITY = "organization.own_field"
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
        self._known: dict[str, Known] = {}

    def known(self, tongue: str) -> Known:
        """The own fields, called as in this language."""
        turn = self._turns.of("organization")
        if self._until < time.monotonic() or self._turn != turn:
            self._until, self._turn = time.monotonic() + FRESH, turn  # only one thread asks
            self._ask()
        return self._known.get(tongue, {})

    def _ask(self) -> None:
        message = ListOf(entity=ENTITY, query=Query(limit=1000)).model_dump(mode="json", exclude_unset=True)
        call = Call("organization", "list", message, auth.sessions().own_token(), None, g.call_id)
        answer: Any = settle([call], PATIENCE)[0]
        if not isinstance(answer, Problem):
            self._known = {
                tongue: own_fields.described(answer["rows"], tongue.partition("_")[0]) for tongue in LANGUAGES
            }


def extensible() -> list[str]:
    """The kinds of record to which fields can be added."""
    return [
        entity
        for entity, record in registry().records.items()
        if record.creatable and (record.service() in SERVICES or entity in MORE)
    ]


def learn() -> None:
    """Before each request of somebody we know, and before pages for strangers that show some."""
    if "token" in g:
        definitions: Definitions = current_app.extensions["guanxi-own-fields"]
        own_fields.know(definitions.known(language()))


def install(app: Flask) -> None:
    """Know the own fields before any page runs."""
    app.extensions["guanxi-own-fields"] = Definitions(app.extensions["guanxi-kept"].turns)
    app.before_request(learn)
    app.jinja_env.globals["extensible"] = extensible
