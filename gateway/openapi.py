"""`/openapi.json`: every entity, verb and command as programs see them, generated from the messages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, request
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from werkzeug.wrappers import Response

from contracts import cards, own_fields, own_objects
from contracts.attachments import Attachment
from contracts.errors import Problem, Unauthenticated
from contracts.message import Act, Message, Record
from contracts.query import COMPARISONS, Changed, Label
from gateway import auth, openapi_imports
from gateway.definitions import learn
from gateway.frame import registry
from gateway.related import askable
from gateway.render import json

blueprint = Blueprint("openapi", __name__)
REF = "#/components/schemas/{model}"
ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
KEY = {
    "name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 150},
    "description": "Repeating a request with the same key does it once and answers the same.",
}  # fmt: skip


@blueprint.get("/openapi.json")
def document() -> Response:
    """The description: to strangers what comes with Guanxi, to people what their company has added as well."""
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
    paths: dict[str, Any] = {}
    for record in registry().records.values():
        paths |= _entity_paths(record)
    for name, command in registry().commands.items():
        if not issubclass(command, Act):
            service, _, door = name.partition(".")
            paths[f"/{service}/do/{door}"] = {"post": _command(command, service, f"{service}_{door}")}
    paths["/search"] = {"get": _search()}
    paths["/healthz"] = {"get": _health()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Guanxi", "version": "1", "description": INTRODUCTION, "license": LICENCE},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {
                "Problem": _answer(
                    "What went wrong.", REF.format(model="Problem"), "application/problem+json"
                )
            },
        },
    }


INTRODUCTION = (
    "Every address of the pages answers JSON to `Accept: application/json`. Amounts are decimal strings, days are "
    "ISO dates, moments are ISO in UTC. A changing request may carry `ver`, the version that was read: it is refused "
    "with 409 when somebody saved since. Lists are read page by page with `after`. "
    "A list is narrowed by any of its fields, and beyond what it names: a number in front (`1.FIELD`) puts a condition in "
    "brackets with the others of that number, of which one must hold; `FIELD.FIELD` reaches into a record it refers to (another service's as far as named), "
    "`NOUN.FIELD.FIELD` into those that refer to it, of which one must be so; `-` in front (`-FIELD`, "
    "`-NOUN.FIELD.FIELD`) says that it is not so."
)
LICENCE = {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"}


def _answer(description: str, ref: str, media: str = "application/json") -> dict[str, Any]:
    return {"description": description, "content": {media: {"schema": {"$ref": ref}}}}


def _problems(*codes: int) -> dict[str, Any]:
    return {
        str(code): {"$ref": "#/components/responses/Problem"} for code in (401, 403, *codes, 429, 500, 503)
    }


def _body(ref: str) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": {"$ref": ref}}}}


def _name(record: type[Record]) -> str:
    return f"{record.service()}.{record.__name__}"


# -- paths ------------------------------------------------------------------------------------------------------


def _entity_paths(record: type[Record]) -> dict[str, Any]:
    base, name = f"/{record.service()}/{record.noun()}", _name(record)
    whole = REF.format(model=f"{name}.Answer")

    def operation(kind: str, summary: str, **more: Any) -> dict[str, Any]:
        id = f"{record.service()}_{record.noun()}_{kind}"
        return {"operationId": id, "summary": summary, "tags": [record.service()], **more}

    listing = operation(
        "list", f"{record.plural or record.label}: one page", parameters=_list_parameters(record),
        responses={"200": _answer("A page.", REF.format(model=f"{name}.Page")), **_problems(422)},
    )  # fmt: skip
    one = operation("get", f"One {record.label}", responses={"200": _answer("It.", whole), **_problems(404)})
    paths: dict[str, Any] = {base: {"get": listing}, f"{base}/{{id}}": {"parameters": [ID], "get": one}}
    if record.creatable:
        paths[base]["post"] = operation(
            "create", f"A new {record.label}", parameters=[KEY], requestBody=_body(REF.format(model=f"{name}.Draft")),
            responses={"201": _answer("As it was saved.", whole), **_problems(409, 422)},
        )  # fmt: skip
    if record.editable:
        paths[f"{base}/{{id}}"]["patch"] = operation(
            "update", f"Change fields of a {record.label}", parameters=[KEY],
            requestBody=_body(REF.format(model=f"{name}.Patch")),
            responses={"200": _answer("As it was saved.", whole), **_problems(404, 409, 422)},
        )  # fmt: skip
    history = operation(
        "history", "Its change log", responses={"200": _answer("Newest first.", REF.format(model="History")), **_problems(404)}
    )  # fmt: skip
    paths[f"{base}/{{id}}/history"] = {"parameters": [ID], "get": history}
    for verb in ("archive", "restore"):
        paths[f"{base}/{{id}}/{verb}"] = {
            "parameters": [ID],
            "post": operation(
                verb, verb.capitalize(), parameters=[KEY], requestBody={"content": _body(REF.format(model="Stamp"))["content"]},
                responses={"200": _answer("As it is now.", whole), **_problems(404, 409)},
            ),
        }  # fmt: skip
    paths |= _file_paths(record, operation)
    if record.creatable:
        paths |= openapi_imports.paths(record, operation, _problems)
    star = {"required": True, "content": {"application/json": {"schema": _object(is_on={"type": "boolean"})}}}
    paths[f"{base}/{{id}}/star"] = {
        "parameters": [ID],
        "post": operation(
            "star", "Put your star on it, or take it off", requestBody=star,
            responses={"200": {"description": "Done.", "content": {"application/json": {"schema": {}}}}, **_problems(404, 422)},
        ),
    }  # fmt: skip
    for verb in record.all_verbs():
        act = registry().act(record, verb)
        paths[f"{base}/{{id}}/{verb}"] = {
            "parameters": [ID], "post": operation(verb, f"{verb.capitalize()}: {act.__doc__ or ''}".strip(), **_act(act))
        }  # fmt: skip
    return paths


def _file_paths(record: type[Record], operation: Any) -> dict[str, Any]:
    """The files of a record: sent as a browser's form sends them, read as they are."""
    base = f"/{record.service()}/{record.noun()}/{{id}}/attachments"
    one = {**ID, "name": "attachment"}
    file = {"200": _answer("As it is now.", REF.format(model="Attachment")), **_problems(404, 422)}
    sent = {"type": "array", "items": {"type": "string", "contentMediaType": "application/octet-stream"}}
    form = {"required": True, "content": {"multipart/form-data": {"schema": _object(files=sent)}}}
    paths = {
        base: {
            "parameters": [ID],
            "get": operation(
                "attachments", "Its files", responses={"200": _answer("Newest first.", REF.format(model="Attachments")), **_problems(404)}
            ),
            "post": operation(
                "attach", "Put files on it: all of them or none", parameters=[KEY], requestBody=form,
                responses={"201": _answer("The new ones.", REF.format(model="Attachments")), **_problems(404, 413, 422)},
            ),
        },
        f"{base}/{{attachment}}": {
            "parameters": [ID, one],
            "get": operation(
                "download", "What is in a file", responses={
                    "200": {"description": "The file.", "content": {"application/octet-stream": {"schema": {}}}}, **_problems(404)
                },
            ),
        },
    }  # fmt: skip
    for step, says in (
        ("rename", "Give a file another name"),
        ("remove", "Take a file off"),
        ("restore", "Bring a file back"),
    ):
        body = {
            "requestBody": {"required": True, "content": {"application/json": {"schema": _object(name=TEXT)}}}
        }
        paths[f"{base}/{{attachment}}/{step}"] = {
            "parameters": [ID, one],
            "post": operation(f"{step}_attachment", says, parameters=[KEY], responses=file, **(body if step == "rename" else {})),
        }  # fmt: skip
    return paths


def _act(act: type[Act]) -> dict[str, Any]:
    return {
        "parameters": [KEY],
        "requestBody": _body(REF.format(model=f"{act.service()}.{act.__name__}")),
        "responses": {
            "200": {"description": "Done.", "content": {"application/json": {"schema": {}}}},
            **_problems(404, 409, 422),
        },
    }


def _command(command: type[Message], service: str, id: str) -> dict[str, Any]:
    return {
        "operationId": id, "summary": (command.__doc__ or id).strip(), "tags": [service], "parameters": [KEY],
        "requestBody": _body(REF.format(model=f"{service}.{command.__name__}")),
        "responses": {
            "200": {"description": "Done.", "content": {"application/json": {"schema": {}}}}, **_problems(404, 409, 422)
        },
    }  # fmt: skip


def _list_parameters(record: type[Record]) -> list[dict[str, Any]]:
    text, number = {"type": "string"}, {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}
    own = [
        ("q", text, "Fragment of a searched field."),
        ("sort", text, "A field, «-» in front for descending."),
        ("after", text, "`next` of the page before."),
        ("limit", number, "Rows on the page."),
        ("match", {"type": "string", "enum": ["all", "any"]}, "Whether all conditions must hold, or any."),
        ("archived", {"type": "string", "enum": ["1"]}, "Archived rows instead."),
        ("starred", {"type": "string", "enum": ["1"]}, "Only those with a star of yours."),
    ]
    note = f"One or several values. With a comparison: `FIELD__` and one of {', '.join(COMPARISONS)}."
    fields = [a.name for a in askable(record)]
    for a in [a for a in askable(record) if not a.many and a.ref.partition(".")[0] != record.service()]:
        fields += [f"{a.name}.{name}" for name in cards.carried(a.ref)]
    filters = [(name, text, note) for name in fields]
    return [
        {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
        for name, schema, description in own + filters
    ]


def _search() -> dict[str, Any]:
    q = {"name": "q", "in": "query", "required": True, "schema": {"type": "string"}}
    done = {
        "description": "The best few of each kind.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
    return {
        "operationId": "search", "summary": "Search everything", "parameters": [q], "responses": {"200": done, **_problems()}
    }  # fmt: skip


def _health() -> dict[str, Any]:
    state = {"application/json": {"schema": {"type": "object"}}}
    return {
        "operationId": "health", "summary": "Whether every part answers", "security": [],
        "responses": {
            "200": {"description": "All answer.", "content": state}, "503": {"description": "Some do not.", "content": state}
        },
    }  # fmt: skip


# -- schemas ----------------------------------------------------------------------------------------------------


def _schemas() -> dict[str, Any]:
    """Records are their own schema; drafts and patches are derived from them, as everywhere."""
    found: dict[str, Any] = dict(OWN_SCHEMAS)
    for shared in (Label, Changed, Attachment, *openapi_imports.SHARED):
        _put(found, shared.__name__, shared)
    for record in registry().records.values():
        name = _name(record)
        _put(found, name, record, output=True)
        if record.creatable:
            _put(found, f"{name}.Draft", record.draft())
        if record.editable:
            _put(found, f"{name}.Patch", record.patch())
            found[f"{name}.Patch"].setdefault("properties", {})["ver"] = {"type": "integer"}
            found[f"{name}.Patch"].pop("required", None)
        found[f"{name}.Answer"] = _object(
            row={"$ref": REF.format(model=name)}, labels=LABELS, can={"$ref": REF.format(model="Can")}
        )
        rows = {"type": "array", "items": {"$ref": REF.format(model=name)}}
        found[f"{name}.Page"] = _object(
            rows=rows, labels=LABELS, next={"type": ["string", "null"]}, count={"type": "integer"},
            capped={"type": "boolean"}, totals={"type": "object", "additionalProperties": {"type": "string"}},
        )  # fmt: skip
    commands: list[type[Message]] = [*registry().commands.values(), Act]
    for command in commands:
        name = f"{command.service()}.{command.__name__}"
        _put(found, name, command)
        if issubclass(command, Act):
            # the id stands in the address
            found[name].get("properties", {}).pop("id", None)
            found[name]["required"] = [n for n in found[name].get("required", []) if n != "id"]
    return found


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


LABELS = {"type": "object", "additionalProperties": {"$ref": REF.format(model="Label")}}
TEXT: dict[str, Any] = {"type": "string"}
OWN_SCHEMAS = {
    "Can": _object(
        update={"type": "boolean"}, archive={"type": "boolean"}, restore={"type": "boolean"},
        verbs={"type": "array", "items": TEXT},
    ),
    "Stamp": {"type": "object", "properties": {"ver": {"type": "integer"}, "note": TEXT}},
    "History": {
        "type": "object", "required": ["changes"],
        "properties": {"changes": {"type": "array", "items": {"$ref": REF.format(model="Changed")}}},
    },
    "Attachments": {
        "type": "object", "required": ["rows"],
        "properties": {"rows": {"type": "array", "items": {"$ref": REF.format(model="Attachment")}}},
    },
    "Problem": {
        "type": "object", "required": ["title", "status", "detail", "code", "call_id"],
        "properties": {
            "type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT,
            "code": {"type": "string", "enum": sorted(Problem.known)}, "call_id": TEXT,
            "params": {"type": "object", "additionalProperties": TEXT},
            "fields": {
                "type": "array",
                "items": _object(field=TEXT, code=TEXT, params={"type": "object"}, detail=TEXT),
            },
        },
    },
}  # fmt: skip


def _put(found: dict[str, Any], name: str, model: type[BaseModel], output: bool = False) -> None:
    """A model's schema under our own name; what it refers to goes under `name.Inner`."""
    mode: Any = "serialization" if output else "validation"
    mapping, definitions = models_json_schema([(model, mode)], ref_template=REF)
    inner = definitions.get("$defs", {})
    main = mapping[(model, mode)]["$ref"].rpartition("/")[2]
    names = {key: name if key == main else f"{name}.{key}" for key in inner}
    for key, schema in inner.items():
        found[names[key]] = _renamed(schema, names)


def _renamed(schema: Any, names: dict[str, str]) -> Any:
    """References follow the new names; our own field descriptions are for pages, and «default: null» says nothing."""
    if isinstance(schema, dict):
        return {
            key: REF.format(model=names[value.rpartition("/")[2]])
            if key == "$ref"
            else _renamed(value, names)
            for key, value in schema.items()
            if key != "attr" and (key, value) != ("default", None)
        }
    return [_renamed(item, names) for item in schema] if isinstance(schema, list) else schema
