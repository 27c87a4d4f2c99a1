"""`/openapi.json`: all that programs can do, generated from the addresses and what is said beside their functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, current_app, request
from werkzeug.routing import Rule
from werkzeug.routing.converters import AnyConverter, UUIDConverter
from werkzeug.wrappers import Response

from contracts import own_fields, own_objects
from contracts.errors import Unauthenticated
from contracts.message import Message
from gateway import api, auth
from gateway.addresses import NounConverter
from gateway.api import Described
from gateway.definitions import learn
from gateway.entity_pages.list_files import MEDIA_TYPES
from gateway.entity_pages.papers import WRITERS
from gateway.frame import registry
from gateway.render import json
from gateway.schemas import Schemas, ref

blueprint = Blueprint("openapi", __name__)
FILES = MEDIA_TYPES | {kind: media for kind, (_, media) in WRITERS.items()}
"""What stands behind the dot of an address → the kind of content that comes back."""
KEY = {
    "name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 150},
    "description": "Repeating a request with the same key does it once and answers the same.",
}  # fmt: skip


@blueprint.get("/openapi.json")
@api.described(id="openapi", is_open=True)
def document() -> Response:
    """This description: to strangers what comes with Guanxi, to people what their company has added as well."""
    kept: dict[str, Any] = current_app.extensions.setdefault("guanxi-openapi", {})
    name = "people" if _is_somebody() else "strangers"
    now = own_objects.known(), own_fields.known()
    if name not in kept or kept[name][0] != now:
        kept[name] = now, describe()
    response = json(kept[name][1])
    if name == "strangers":
        response.headers["Cache-Control"] = "public, max-age=300"
        response.headers["Vary"] = "Authorization, Cookie"
    return response


def _is_somebody() -> bool:
    """Whether whoever asks is known here; she need not be."""
    secret = auth.bearer(request) or request.cookies.get(auth.COOKIE)
    if not secret or len(secret) > auth.LONGEST:
        return False
    try:
        auth.recognise(secret)
    except Unauthenticated:
        return False
    learn()
    return True


def describe() -> dict[str, Any]:
    """OpenAPI 3.1."""
    schemas = Schemas()
    paths: dict[str, dict[str, Any]] = {}
    for rule, said in _addresses():
        for one in [said] if said.each is None else said.each():
            path, method = _path(rule, one.values), _method(rule)
            paths.setdefault(path, {})[method] = _operation(rule, one, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Guanxi", "version": "1", "description": INTRODUCTION, "license": LICENCE},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.found,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {
                "Problem": {
                    "description": "What went wrong.",
                    "content": {"application/problem+json": {"schema": ref("Problem")}},
                }
            },
        },
    }


INTRODUCTION = (
    "Every address of the pages answers JSON to `Accept: application/json`. Amounts are decimal strings, days are "
    "ISO dates, moments are ISO in UTC. Whoever changes a record says which version she read, "
    "in `ver` or `If-Match`: it is refused with 409 when somebody saved since, with 428 when nothing is said. Lists are read page by page with `after`. "
    "A list is narrowed by any of its fields, and beyond what it names: a number in front (`1.FIELD`) puts a condition in "
    "brackets with the others of that number, of which one must hold; `FIELD.FIELD` reaches into a record it refers to "
    "(another service's as far as named), "
    "`NOUN.FIELD.FIELD` into those that refer to it, of which one must be so; `-` in front (`-FIELD`, "
    "`-NOUN.FIELD.FIELD`) says that it is not so. What is the same for every kind of "
    "record is described once, with the record's service and noun in the address: `/{service}/{noun}/{id}/history`."
)
LICENCE = {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"}


# -- addresses --------------------------------------------------------------------------------------------------


def _addresses() -> Iterator[tuple[Rule, Described]]:
    """Each address once: of several spellings the one that says most; a file of another kind is an address of its own."""
    chosen: dict[tuple[str, str, bool], Rule] = {}
    for rule in current_app.url_map.iter_rules():
        key = rule.endpoint, _method(rule), bool(_kinds(rule))
        if "suffix" in rule.arguments and not _kinds(rule):
            continue  # `.json` says no more than the header
        if key not in chosen or len(rule.arguments) > len(chosen[key].arguments):
            chosen[key] = rule
    for (endpoint, method, is_file), rule in chosen.items():
        said = api.of(current_app.view_functions[endpoint])
        if isinstance(said, Described) and said.method in ("", method):
            name = said.id or endpoint.removeprefix("entity.").replace(".", "_")
            if is_file:
                has_json = (endpoint, method, False) not in chosen
                said = replace(said, each=None, answers=said.answers if has_json else None, id=f"{name}_file")
            yield rule, said if said.id else replace(said, id=name)


def _method(rule: Rule) -> str:
    methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    return methods[0].lower()


def _kinds(rule: Rule) -> list[str]:
    """The kinds of file an address may end in, beside JSON."""
    found = rule._converters.get("suffix")
    return sorted(found.items - {"json"}) if isinstance(found, AnyConverter) else []


def _path(rule: Rule, values: Mapping[str, str]) -> str:
    def part(found: re.Match[str]) -> str:
        return values.get(found[1], f"{{{found[1]}}}")

    return re.sub(r"<(?:[^<>]*:)?(\w+)>", part, rule.rule)


def _places(rule: Rule, said: Described) -> Iterator[dict[str, Any]]:
    """What is filled in at an address."""
    for name, converter in rule._converters.items():
        if name not in said.values:
            schema = _place(name, converter)
            if name == "suffix":
                schema = {"type": "string", "enum": [*_kinds(rule), *["json"] * (said.answers is not None)]}
            yield {"name": name, "in": "path", "required": True, "schema": schema}


def _place(name: str, converter: Any) -> dict[str, Any]:
    if isinstance(converter, UUIDConverter):
        return {"type": "string", "format": "uuid"}
    if isinstance(converter, AnyConverter):
        return {"type": "string", "enum": sorted(converter.items)}
    if isinstance(converter, NounConverter) and name == "service":
        return {"type": "string", "enum": list(registry().services)}
    if isinstance(converter, NounConverter):
        return {"type": "string", "enum": sorted({record.noun() for record in registry().records.values()})}
    return {"type": "string", "maxLength": 500}


# -- operations -------------------------------------------------------------------------------------------------


def _operation(rule: Rule, said: Described, schemas: Schemas) -> dict[str, Any]:
    view, method = current_app.view_functions[rule.endpoint], _method(rule)
    known = _known(rule)
    found: dict[str, Any] = {
        "operationId": said.id,
        "summary": said.summary or (view.__doc__ or "").strip().partition("\n")[0],
        "parameters": [
            *_places(rule, said),
            *_asked(said, schemas, known),
            *([KEY] if method != "get" else []),
        ],
        "responses": _answers(rule, said, schemas),
    }
    tag = said.tag or said.values.get("service") or rule.rule.split("/")[1].partition(".")[0].strip("<>")
    found["tags"] = ["every record" if ":" in tag else tag]
    if said.takes is not None:
        schema = schemas.of(said.takes, f"{said.id}.takes", known)
        found["requestBody"] = {"required": True, "content": {said.sends: {"schema": schema}}}
    if said.is_open:
        found["security"] = []
    return found


def _known(rule: Rule) -> set[str]:
    """The fields of a message that the address says already: `<uuid:job>` is `job_id`, `resource_plan/<uuid:id>` is `plan_id`, and
    with a noun it says the entity."""
    found = {*rule.arguments, *(f"{name}_id" for name in rule.arguments)}
    before_id = re.search(r"(\w+)/<uuid:id>", rule.rule)
    if before_id is not None:
        found |= {f"{noun}_id" for noun in (before_id[1], before_id[1].rpartition("_")[2])}
    return found | {"entity"} if "noun" in rule.arguments else found


def _asked(said: Described, schemas: Schemas, known: set[str]) -> Iterator[Any]:
    for one in said.asks:
        if isinstance(one, Mapping):
            yield one
        elif issubclass(one, Message):
            for field in schemas.parameters(one, known):
                yield field | {"required": field["required"] and field["name"] not in said.fills}


def _answers(rule: Rule, said: Described, schemas: Schemas) -> dict[str, Any]:
    wrong = [
        401,
        403,
        *([404] if rule.arguments else []),
        *([409] if _method(rule) != "get" else []),
        *([428] if _method(rule) == "patch" else []),
        422,
        429,
        500,
        503,
    ]
    kinds = _kinds(rule)
    if kinds:
        content: dict[str, Any] = {FILES[kind]: {} for kind in kinds}
        if said.answers is not None:
            content[api.JSON] = {"schema": schemas.of(said.answers, f"{said.id}.answers", output=True)}
    elif said.media != api.JSON:
        content = {said.media: {}}
    else:
        content = {api.JSON: {"schema": schemas.of(said.answers, f"{said.id}.answers", output=True)}}
    return {
        str(said.status): {
            "description": "The file."
            if kinds or said.media != api.JSON
            else "What was asked for, or what is so now.",
            "content": content,
        },
        **{str(code): {"$ref": "#/components/responses/Problem"} for code in wrong},
    }
