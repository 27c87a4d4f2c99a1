"""A form that is open says so, and shows who else has it open (users 11)."""

from __future__ import annotations

import zlib
from typing import Any
from uuid import UUID

import orjson
from flask import Blueprint, request
from werkzeug.wrappers import Response

from chassis.wire import raise_problem
from contracts.editing import EVERY, Editing, EditingOf
from contracts.errors import Problem
from gateway import api
from gateway.entity_pages.subject import find_record
from gateway.languages import language
from gateway.render import block, json, wanted
from gateway.rpc import Question, ask_each

blueprint = Blueprint("editing", __name__)
PATIENCE = 3.0
"""Seconds after which a sign of life is not waited for: the next one comes soon."""


@blueprint.post("/<noun:service>/<noun:noun>/<uuid:id>/editing")
@api.described(
    summary=f"Say that you are editing a record, and hear who else is; again every {EVERY} seconds as long as you are.",
    answers=Editing,
)
def editing(service: str, noun: str, id: UUID) -> Response:
    """Who else is at it; nothing where the page says so already, or where the service does not answer."""
    record = find_record(service, noun, "update")
    question = Question(service, "editing", EditingOf(entity=record.entity(), id=id))
    answer = ask_each(question, timeout=PATIENCE)[0]
    if wanted() == "json":
        return json(raise_problem(answer))
    seen = request.args.get("seen", "")
    if isinstance(answer, Problem):
        return Response(status=204)
    now = f"{zlib.crc32(orjson.dumps([language(), answer])):x}" if answer["others"] else ""
    if now == seen:
        return Response(status=204)
    return block("part/editing.html", "editing", others=answer["others"], seen=now, address=request.path)


@blueprint.record
def _offer(state: Any) -> None:
    state.app.jinja_env.globals["editing_every"] = EVERY
