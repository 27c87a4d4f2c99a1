"""The schemas of `/openapi.json`: records and messages as JSON Schema, each under one name."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from pydantic import TypeAdapter

from contracts.attachments import Attachment
from contracts.errors import Problem
from contracts.message import Message, Record
from contracts.query import Changed, Label
from gateway.api import schema_of
from gateway.frame import registry

REF = "#/components/schemas/{model}"
Schema = dict[str, Any]


def ref(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": REF.format(model=name)}


def listed(of: Any) -> Schema:
    """Several of these."""
    return {"type": "array", "items": of}


def object_of(**properties: Any) -> Schema:
    """An object that has all of these."""
    return {"type": "object", "properties": properties, "required": list(properties)}


TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
LABELS: Schema = {"type": "object", "additionalProperties": ref("Label")}


class Schemas:
    """All that was asked for, under its name. Records are there from the start; drafts and patches are derived from them,
    as everywhere."""

    def __init__(self) -> None:
        self.found: dict[str, Schema] = dict(OWN)
        self._put("Label", Label)
        self._put("Changed", Changed)
        self._put("Attachment", Attachment)
        for record in registry().records.values():
            self._put_record(record)

    def of(self, shape: Any, under: str, without: Container[str] = (), output: bool = False) -> Schema:
        """The schema of a body or an answer (`gateway.api.Shape`), what it is made of named `under` something; `without`
        fields that the address says."""
        if shape is None:
            return {"type": "object"}
        if isinstance(shape, str):
            return ref(shape)
        if isinstance(shape, Mapping):
            return dict(shape)
        if isinstance(shape, type) and issubclass(shape, Message):
            return self._message(shape, without, output)
        return _plain(TypeAdapter(shape), "serialization", self, under)

    def parameters(self, message: type[Message], without: Container[str] = ()) -> list[Schema]:
        """The fields of a question as parameters of a query: what is no object can stand there."""
        schema = self.found[self._message(message, without)["$ref"].removeprefix(REF.format(model=""))]
        required = schema.get("required", [])
        return [
            {"name": name, "in": "query", "required": name in required, "schema": inner}
            for name, inner in schema.get("properties", {}).items()
            if "$ref" not in str(inner) and inner.get("type") != "object"
        ]

    def _message(self, message: type[Message], without: Container[str], output: bool = False) -> Schema:
        name = f"{message.service()}.{message.__name__}"
        said = [field for field in message.model_fields if field in without]
        name = f"{name}.Body" if said else name
        if name not in self.found:
            self._put(name, message, output, said)
        return ref(name)

    def _put_record(self, record: type[Record]) -> None:
        name = schema_of(record)
        self._put(name, record, output=True)
        if record.creatable:
            self._put(f"{name}.Draft", record.draft())
        if record.editable:
            self._put(f"{name}.Patch", record.patch())
            patch = self.found[f"{name}.Patch"]
            patch.setdefault("properties", {})["ver"] = {"type": "integer"}
            patch.pop("required", None)
        self.found[f"{name}.Answer"] = object_of(row=ref(name), labels=LABELS, can=ref("Can"))
        self.found[f"{name}.Page"] = object_of(
            rows=listed(ref(name)), labels=LABELS, next={"type": ["string", "null"]}, count={"type": "integer"},
            capped=FLAG, totals={"type": "object", "additionalProperties": TEXT},
        )  # fmt: skip

    def _put(self, name: str, model: Any, output: bool = False, without: Container[str] = ()) -> None:
        """A model's schema under our own name; what it refers to goes under `name.Inner`."""
        schema = _plain(TypeAdapter(model), "serialization" if output else "validation", self, name)
        if without:
            schema["properties"] = {k: v for k, v in schema["properties"].items() if k not in without}
            schema["required"] = [k for k in schema.get("required", []) if k not in without]
        self.found[name] = schema


def _plain(of: TypeAdapter[Any], mode: Any, schemas: Schemas, name: str) -> Schema:
    """What pydantic says, its inner schemas put beside our own."""
    schema = of.json_schema(mode=mode, ref_template=REF)
    inner = schema.pop("$defs", {})
    names = {key: f"{name}.{key}" for key in inner}
    for key, found in inner.items():
        schemas.found[names[key]] = _renamed(found, names)
    renamed: Schema = _renamed(schema, names)
    return renamed


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


OWN: dict[str, Schema] = {
    "Can": object_of(update=FLAG, archive=FLAG, restore=FLAG, verbs=listed(TEXT)),
    "Answer": {
        "type": "object", "required": ["row", "labels", "can"],
        "properties": {"row": {"type": "object"}, "labels": LABELS, "can": ref("Can")},
    },
    "Attachments": {
        "type": "object", "required": ["rows"], "properties": {"rows": listed(ref("Attachment")), "labels": LABELS},
    },
    "History": {"type": "object", "required": ["changes"], "properties": {"changes": listed(ref("Changed"))}},
    "Problem": {
        "type": "object", "required": ["title", "status", "detail", "code", "call_id"],
        "properties": {
            "type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT,
            "code": {"type": "string", "enum": sorted(Problem.known)}, "call_id": TEXT,
            "params": {"type": "object", "additionalProperties": TEXT},
            "fields": {
                "type": "array",
                "items": object_of(field=TEXT, code=TEXT, params={"type": "object"}, detail=TEXT),
            },
        },
    },
}  # fmt: skip
