"""Choices for a reference field, found by a fragment of the name."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from contracts.errors import NotFound
from contracts.query import OptionsOf
from gateway import api
from gateway.entity_pages.subject import find_record
from gateway.frame import registry
from gateway.related import attr_at
from gateway.render import block, json, wanted
from gateway.rpc import ask


@api.described(
    summary="Records that a field may refer to, by a fragment of their name.",
    asks=(
        api.text("q", "Fragment of a name."),
        api.text("for", "`service.noun.field` that is filled in: what it takes is offered."),
    ),
)
def options(service: str, noun: str) -> Response:
    """Rows that fit a fragment; `for=service.entity.field` applies that field's fixed filter."""
    record = find_record(service, noun)
    message = OptionsOf(
        entity=record.entity(),
        text=request.args.get("q", "")[:200] or None,
        among=among(request.args.get("for", "")),
    )
    found = ask(service, "options", message)
    if wanted() == "json":
        return json(found)
    return block("part/options.html", "options", found=found["options"], entity=record.entity())


def among(field: str) -> dict[str, str]:
    """The filter that the asking field declares: a record's, one of its lines', a command's, or that of a related record to
    which a condition reaches."""
    if not field:
        return {}
    service, noun, path = [*field.split(".", 2), "", ""][:3]
    record = registry().record(f"{service}.{noun}")
    if record is not None and "." in path and (found := attr_at(record, path)) is not None:
        return dict(found.among)
    entity, _, name = field.rpartition(".")
    record = registry().record(entity)
    asking = record or registry().commands.get(entity)
    attrs = asking.attrs() if asking is not None else {}
    if name not in attrs:
        lines = [a.lines.attrs() for a in attrs.values() if a.lines is not None]
        attrs = next((inner for inner in lines if name in inner), {})
    if name not in attrs:
        raise NotFound(entity=field)
    return dict(attrs[name].among)
