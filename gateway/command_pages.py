"""Commands that belong to no single document, as a small form or as JSON: `/<service>/do/<door>`.

Fields without a description (ids the page knows) come in the address and travel hidden:
`/organization/do/set_password?staff_id=…&_next=/organization/staff/…`.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from contracts.errors import Invalid, KeyReused, NotFound, Problem, Refused, Unavailable
from contracts.message import Act, Command
from gateway import typed_names, wording
from gateway.auth import require
from gateway.entity_pages.forms import json_body
from gateway.entity_pages.subject import labels_for
from gateway.fields import read_values, references
from gateway.forms import build_form
from gateway.frame import registry
from gateway.render import form_key, go, idempotency_key, json, page, safe_address, wanted
from gateway.rpc import ask

blueprint = Blueprint("command", __name__)
ADDRESS = "/<noun:service>/do/<noun:door>"


def _find(service: str, door: str) -> type[Command]:
    command = registry().commands.get(f"{service}.{door}")
    if command is None or issubclass(command, Act):
        raise NotFound(entity=service, id=door)
    require(f"{service}.{door}")
    return command


@blueprint.get(ADDRESS)
def form(service: str, door: str) -> Response:
    """What the command wants to know; the address fills in what is known."""
    command = _find(service, door)
    values = {name: a.default for name, a in command.attrs().items() if a.default not in (None, (), "")}
    values |= read_values(command.attrs(), request.args)
    return _show(command, service, door, values, _hidden(command))


@blueprint.post(ADDRESS)
def do(service: str, door: str) -> Response:
    """Do it."""
    command = _find(service, door)
    if wanted() == "json":
        return json(ask(service, door, command.read(json_body()), key=idempotency_key()))
    values, hidden = read_values(command.attrs(), request.form), _hidden(command)
    try:
        typed_names.resolve(command.attrs(), values)
        ask(service, door, command.read({**values, **hidden}), key=idempotency_key())
    except (Invalid, Refused, Unavailable) as problem:
        return _show(command, service, door, values, hidden, problem)
    flash(_("Done: %(verb)s.", verb=wording.verb(door)), "success")
    return go(safe_address(request.form.get("_next")))


def _hidden(command: type[Command]) -> dict[str, str]:
    names = set(command.model_fields) - set(command.attrs())
    return {name: value for name in names if (value := request.values.get(name))}


def _show(
    command: type[Command], service: str, door: str, values: dict[str, Any], hidden: dict[str, str],
    problem: Problem | None = None,
) -> Response:  # fmt: skip
    key = idempotency_key() if problem is not None and not isinstance(problem, KeyReused) else None
    labels = labels_for(references(command.attrs(), values))
    return page(
        "page/command.html", "dialog-body", status=problem.status if problem else 200,
        form=build_form(f"{service}.{door}", command.attrs(), values, labels, problem), problem=problem,
        title=wording.verb(door), hidden=hidden, key=key or form_key(), address=request.path,
        back=safe_address(request.values.get("_next")),
    )  # fmt: skip
