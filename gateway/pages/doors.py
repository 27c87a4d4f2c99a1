"""Commands and questions that are no verb of a document: `/customer/do/log_activity`, `/sales/ask/forecast`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, current_app, flash, request
from werkzeug.wrappers import Response

from contracts.errors import Invalid, KeyReused, NotFound, Problem, Refused, Unavailable
from contracts.message import Act, Attr, Command, Message
from gateway import api, auth, typed_names, wording
from gateway.beside import behind
from gateway.entity_pages.attachments import take_files
from gateway.entity_pages.subject import labels_for
from gateway.fields import read_values, references
from gateway.forms import build_form
from gateway.frame import registry, screens
from gateway.languages import gettext as _
from gateway.render import (
    came_from,
    form_key,
    go,
    idempotency_key,
    json,
    json_body,
    page,
    safe_address,
    wanted,
)
from gateway.rpc import ask
from gateway.screen import Dialog, grouped

blueprint = Blueprint("door", __name__)


def _questions() -> Iterator[api.Described]:
    for name, asked in registry().questions.items():
        service, _, door = name.partition(".")
        yield api.Described(
            values={"service": service, "name": door}, id=f"{service}_ask_{door}", summary=_said(asked), asks=(asked,),
            answers=asked.answer(),
        )  # fmt: skip


@blueprint.get("/<noun:service>/ask/<noun:name>")
@api.described(each=_questions)
def question(service: str, name: str) -> Response:
    """What a service can tell, as JSON. Parameters are the fields of its question."""
    if f"{service}.{name}" not in registry().questions:
        raise NotFound(entity="door", id=f"{service}.{name}")
    message = registry().questions[f"{service}.{name}"]
    given = {
        key: values if len(values) > 1 or message.takes_several(key) else values[0]
        for key, values in request.args.lists()
    }
    return json(ask(service, name, given))


@blueprint.get("/<noun:service>/do/<noun:name>")
@api.only_page("the form")
def form(service: str, name: str) -> Response:
    """What the command wants to know; the address may fill fields: `?customer_id=…`."""
    attrs = _command(service, name).attrs()
    auth.require(f"{service}.{name}")
    values = {key: a.default for key, a in attrs.items() if a.default not in (None, (), "")}
    values |= {key: datetime.now(UTC).isoformat() for key in screens().of_command(f"{service}.{name}").now}
    given = read_values(attrs, request.args)
    fill = current_app.extensions["guanxi-fills"].get(f"{service}.{name}")
    values |= fill(given) if fill is not None else {}
    return _show(service, name, attrs, values | given)


def _commands() -> Iterator[api.Described]:
    for name, command in registry().commands.items():
        service, _, door = name.partition(".")
        if not issubclass(command, Act):
            yield api.Described(
                values={"service": service, "name": door}, id=f"{service}_{door}", summary=_said(command), takes=command,
                answers={},
            )  # fmt: skip


def _said(message: type[Message]) -> str:
    return " ".join((message.__doc__ or message.noun()).split())


@blueprint.post("/<noun:service>/do/<noun:name>")
@api.described(each=_commands)
def act(service: str, name: str) -> Response:
    """Do it. The same for a form, a script and a program."""
    command = _command(service, name)
    if wanted() == "json":
        given = json_body() if request.data else {}
        return json(ask(service, name, given, key=idempotency_key()))
    attrs = command.attrs()
    values: dict[str, Any] = read_values(attrs, request.form)
    try:
        typed_names.resolve(attrs, values)
        take_files(service, attrs, values)
        ask(service, name, command.read(values | _named(command)), key=idempotency_key())
    except (Invalid, Refused, Unavailable) as problem:
        return _show(service, name, attrs, values, problem)
    flash(_("Done: %(verb)s.", verb=wording.verb(name)), "success")
    return go(safe_address(request.form.get("_next"), "/"))


def _command(service: str, name: str) -> type[Command]:
    found = registry().commands.get(f"{service}.{name}")
    if found is None:
        raise NotFound(entity="door", id=f"{service}.{name}")
    return found


def _named(command: type[Command]) -> dict[str, Any]:
    """Ids that a form does not show but carries: what the command is about."""
    plain = set(command.model_fields) - set(command.attrs())
    return {name: request.form[name] for name in plain if request.form.get(name)}


def _show(
    service: str, name: str, attrs: dict[str, Attr], values: dict[str, Any], problem: Problem | None = None
) -> Response:
    key = idempotency_key() if problem is not None and not isinstance(problem, KeyReused) else None
    command, dialog = _command(service, name), screens().of_command(f"{service}.{name}")
    fixed = _fixed(attrs, dialog)
    spare = {other for field in fixed for other in dialog.spare.get(field, ())}
    if command.makes is not None:
        spare |= (
            screens().of(command.makes).left_out
            - set(request.values)
            - {n for n, a in attrs.items() if a.required}
        )
    sections = grouped(dialog.sections, [n for n in attrs if n not in fixed and n not in spare])
    asked = {n: attrs[n] for _title, names in sections for n in names}
    labels = labels_for(references(attrs, values))
    hidden = {n: request.values[n] for n in command.model_fields if n not in asked and request.values.get(n)}
    return page(
        "page/do.html", "dialog-body", status=problem.status if problem else 200,
        title=wording.verb(name), form=build_form(f"{service}.{name}", asked, values, labels, problem),
        sections=sections, about=[wording.name_of(labels.get(str(values.get(n)))) for n in fixed], fixed=fixed,
        folded=dialog.folded,
        known=behind((attrs[n] for n in fixed), values),
        problem=problem, key=key or form_key(), hidden=hidden, address=request.path,
        next=safe_address(request.values.get("_next") or came_from(), "/"),
    )  # fmt: skip


def _fixed(attrs: dict[str, Attr], dialog: Dialog) -> list[str]:
    """What the page has filled in, so that nobody is asked: whom it is about."""
    if request.method == "POST":
        return [name for name in request.form.getlist("_fixed") if name in attrs]
    return [n for n, a in attrs.items() if request.args.get(n) and (a.ref or n in dialog.carried)]
