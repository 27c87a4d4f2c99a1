"""Every verb of every document: a small form made from the command's fields, and the command itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from contracts.errors import Forbidden, Invalid, KeyReused, NotFound, Problem, Refused, Unavailable
from contracts.message import Act, Attr, Record
from contracts.query import GetOf
from gateway import api, typed_names, wording
from gateway.entity_pages.subject import called, find_record, labels_for
from gateway.fields import read_values, references
from gateway.forms import build_form
from gateway.frame import list_address, registry, screens
from gateway.languages import gettext as _
from gateway.render import (
    came_from,
    form_key,
    go,
    idempotency_key,
    json,
    json_body,
    page,
    record_address,
    safe_address,
    template_for,
    wanted,
)
from gateway.rpc import ask

blueprint = Blueprint("verb", __name__)
ADDRESS = "/<noun:service>/<noun:noun>/<uuid:id>/<noun:verb>"


@blueprint.get(ADDRESS)
@api.only_page("the form")
def form(service: str, noun: str, id: UUID, verb: str) -> Response:
    """What the verb wants to know, with what is known already filled in from the record; what is said about the step itself is not."""
    record, act = _find(service, noun, verb)
    stored = ask(service, "get", GetOf(entity=record.entity(), id=id))
    if verb not in stored["can"]["verbs"]:
        raise Forbidden(permission=f"{service}.{verb}_{noun}")
    attrs = asked(act)
    values = {name: a.default for name, a in attrs.items() if a.default not in (None, (), "")}
    blank = {*Act.model_fields, *screens().of_command(f"{service}.{verb}_{noun}").blank}
    known = {name: stored["row"].get(name) for name in attrs if name not in blank}
    values |= {name: value for name, value in known.items() if value not in (None, "", [])}
    values |= read_values(attrs, request.args)
    return _show(
        record,
        act,
        verb,
        stored["row"],
        values,
        {**labels_for(references(attrs, values)), **stored["labels"]},
    )


def _verbs() -> Iterator[api.Described]:
    for record in registry().records.values():
        for verb in record.all_verbs():
            act = registry().act(record, verb)
            said = f"{verb.capitalize()}: {act.__doc__ or ''}".strip()
            one = api.of_record(record, verb, said, takes=act, answers={})
            yield replace(one, values={**one.values, "verb": verb})


@blueprint.post(ADDRESS)
@api.described(each=_verbs)
def act(service: str, noun: str, id: UUID, verb: str) -> Response:
    """Do it. The same for a button, a script and a program."""
    record, act = _find(service, noun, verb)
    is_json = wanted() == "json"
    values: dict[str, Any] = json_body() if is_json and request.data else {}
    if not is_json:
        values = read_values(act.attrs(), request.form)
        ver = request.form.get("ver", type=int)
        values |= {"ver": ver} if ver is not None else {}
    try:
        if not is_json:
            typed_names.resolve(act.attrs(), values)
        message = act.read({**values, "id": str(id)})
        answer = ask(service, f"{verb}_{noun}", message, key=idempotency_key())
    except (Invalid, Refused, Unavailable) as problem:
        if is_json:
            raise
        row = {**_stored(record, id), "id": str(id), "ver": request.form.get("ver", type=int)}
        return _show(record, act, verb, row, values, labels_for(references(act.attrs(), values)), problem)
    if is_json:
        return json(answer)
    flash(_("Done: %(verb)s.", verb=wording.verb(verb, record.entity())), "success")
    if isinstance(answer, dict) and not answer.get("can", {}).get("read", True):
        return go(list_address(record.entity()))  # she let go of it
    return go(safe_address(request.form.get("_next"), record_address(record.entity(), id)))


def _stored(record: type[Record], id: UUID) -> dict[str, Any]:
    """The record as it is now, so that a form that was refused says as much about it as before; nothing while it is silent."""
    try:
        row: dict[str, Any] = ask(record.service(), "get", GetOf(entity=record.entity(), id=id))["row"]
    except Problem:
        return {}
    return row


def asked(act: type[Act]) -> dict[str, Attr]:
    """What a verb wants to know; the remark comes last."""
    return dict(sorted(act.attrs().items(), key=lambda pair: pair[0] == "note"))


def _find(service: str, noun: str, verb: str) -> tuple[type[Record], type[Act]]:
    record = find_record(service, noun)
    if verb not in record.all_verbs():
        raise NotFound(entity=f"{service}.{noun}", id=verb)
    return record, registry().act(record, verb)


def _show(
    record: type[Record],
    act: type[Act],
    verb: str,
    row: Any,
    values: Any,
    labels: Any,
    problem: Problem | None = None,
) -> Response:
    key = idempotency_key() if problem is not None and not isinstance(problem, KeyReused) else None
    attrs = asked(act)
    return page(
        template_for(record.entity(), "verb"), "dialog-body",
        status=problem.status if problem else 200, record=record, entity=record.entity(), verb=verb, row=row,
        form=build_form(f"{record.service()}.{verb}_{record.noun()}", attrs, values, labels, problem),
        title=called(record, row, labels), problem=problem,
        key=key or form_key(), address=record_address(record.entity(), row["id"]),
        next=safe_address(request.form.get("_next") or came_from(), ""),
    )  # fmt: skip
