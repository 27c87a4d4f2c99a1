"""Making and changing a record by hand: the form, its errors, and what happens when somebody saved meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import orjson
from flask import flash, request
from werkzeug.wrappers import Response

from contracts.errors import (
    ChangedMeanwhile,
    Invalid,
    KeyReused,
    Problem,
    Refused,
    Unavailable,
    VersionMissing,
)
from contracts.message import Attr, Record
from contracts.query import CreateOf, GetOf, UpdateOf
from gateway import api, typed_names, wording
from gateway.auth import actor
from gateway.entity_pages import conflicts
from gateway.entity_pages.attachments import take_files
from gateway.entity_pages.subject import called, find_record, labels_for, title_of
from gateway.fields import as_entered, read_values, references
from gateway.forms import build_form
from gateway.frame import list_address, registry, screens
from gateway.languages import gettext as _
from gateway.render import (
    block,
    form_key,
    go,
    idempotency_key,
    is_fragment,
    json,
    json_body,
    page,
    record_address,
    safe_address,
    template_for,
    version_tag,
    wanted,
)
from gateway.rpc import ask

SEEN = {
    "name": "If-Match", "in": "header", "required": False, "schema": {"type": "string", "pattern": r'^(\*|"[0-9]{1,9}")$'},
    "description": "The `ETag` that was read, instead of `ver` in the body; `*` overwrites whatever is there.",
}  # fmt: skip


def entered(record: type[Record]) -> dict[str, Attr]:
    """The fields people fill in."""
    return {name: a for name, a in screens().of(record).shown(record).items() if not a.readonly}


@api.only_page("the form")
def new(service: str, noun: str) -> Response:
    """The empty form; the address may fill fields: `?customer_id=…`."""
    record = find_record(service, noun, "create")
    values = _defaults(record) | read_values(entered(record), request.args)
    return _show(record, values, labels=_labels(record, values))


def _defaults(record: type[Record]) -> dict[str, Any]:
    """What is likely right: declared defaults, and oneself as the owner."""
    found = {name: a.default for name, a in entered(record).items() if a.default not in (None, (), "")}
    if "owner_id" in entered(record):
        found["owner_id"] = str(actor().id)
    return found


def _creations() -> Iterator[api.Described]:
    for record in registry().records.values():
        if record.creatable:
            draft, answer = api.schema_of(record, "Draft"), api.schema_of(record, "Answer")
            yield api.of_record(
                record, "create", f"A new {record.label}", takes=draft, answers=answer, status=201
            )


@api.described(each=_creations)
def create(service: str, noun: str) -> Response:
    """A new record from the form or from JSON."""
    record = find_record(service, noun, "create")
    if wanted() == "json":
        message = CreateOf(entity=record.entity(), values=json_body())
        answer = ask(service, "create", message, key=idempotency_key())
        at = record_address(record.entity(), answer["row"]["id"])
        return json(answer, 201, Location=at, ETag=version_tag(answer["row"]))
    values = read_values(entered(record), request.form)
    if "_add" in request.form:
        return _show(record, values, labels=_labels(record, values), more=request.form["_add"])
    try:
        typed_names.resolve(entered(record), values)
        take_files(service, entered(record), values)
        record.draft().read(values)
        answer = ask(
            service, "create", CreateOf(entity=record.entity(), values=values), key=idempotency_key()
        )
    except Problem as problem:
        return _again(record, values, problem)
    flash(_("%(what)s was created.", what=title_of(record, answer["row"])), "success")
    back = safe_address(request.form.get("_next"), "")
    return go(back or record_address(record.entity(), answer["row"]["id"]))


@api.only_page("the form")
def edit(service: str, noun: str, id: UUID) -> Response:
    """The form of an existing record, or of one of its fields (`?field=amount`) in its place on the page.

    The address may fill fields, as of a new one.
    """
    record = find_record(service, noun, "update")
    answer = ask(service, "get", GetOf(entity=record.entity(), id=id))
    base = as_entered(entered(record), answer["row"])
    given = read_values(entered(record), request.args)
    return _show(
        record, answer["row"] | given, labels=answer["labels"] | _labels(record, given), row=answer["row"], base=base,
        only=request.args.getlist("field"),
    )  # fmt: skip


def _updates() -> Iterator[api.Described]:
    for record in registry().records.values():
        if record.editable:
            patch, answer = api.schema_of(record, "Patch"), api.schema_of(record, "Answer")
            said = f"Change fields of a {record.label}; `ver` or `If-Match` says which version was seen"
            yield api.of_record(record, "update", said, asks=(SEEN,), takes=patch, answers=answer)


@api.described(method="patch", each=_updates)
def update(service: str, noun: str, id: UUID) -> Response:
    """Changed fields from the form or from JSON; only what differs from what was shown is sent."""
    record = find_record(service, noun, "update")
    if wanted() == "json":
        return _update_json(record, id)
    base = orjson.loads(request.form.get("_base") or "{}")
    ver = _seen(request.form.get("ver"))
    chosen = conflicts.resolved(request.form)
    values = read_values(entered(record), request.form) if chosen is None else chosen
    row = {**base, "id": str(id), "ver": ver}
    if "_add" in request.form:
        labels = _labels(record, values)
        return _show(record, {**row, **values}, labels=labels, row=row, base=base, more=request.form["_add"])
    try:
        typed_names.resolve(entered(record), values)
        take_files(service, entered(record), values)
        changed = {
            name: value
            for name, value in values.items()
            if value != base.get(name) or _is_owed(record, name, value)
        }
        record.patch().read(changed)
        if changed:
            message = UpdateOf.read({"entity": record.entity(), "id": id, "ver": ver, "values": changed})
            ask(service, "update", message, key=idempotency_key())
    except ChangedMeanwhile:
        return conflicts.show(record, entered(record), id, base=base, own=values)
    except Problem as problem:
        return _again(record, values, problem, row=row, base=base)
    return go(record_address(record.entity(), id))


def _is_owed(record: type[Record], name: str, value: Any) -> bool:
    """A whole form asks for what must be filled in, also where that was empty before; one of its fields alone does not."""
    return value in ("", []) and entered(record)[name].required and not request.form.getlist("_only")


def _update_json(record: type[Record], id: UUID) -> Response:
    values = json_body()
    ver = _seen(values.pop("ver", None))
    message = UpdateOf.read({"entity": record.entity(), "id": id, "ver": ver, "values": values})
    answer = ask(record.service(), "update", message, key=idempotency_key())
    return json(answer, ETag=version_tag(answer["row"]))


def _seen(ver: Any) -> Any:
    """The version of the record that somebody changes, so that nobody else's change is overwritten unseen (users 11).

    None for whoever says that she wants that (`If-Match: *`). Raises VersionMissing for whoever says nothing.
    """
    if ver is not None or request.if_match.star_tag:
        return ver
    tag = next(iter(request.if_match.as_set()), None)
    if tag is None:
        raise VersionMissing()
    return tag


def _again(
    record: type[Record], values: dict[str, Any], problem: Problem, row: Any = None, base: Any = None
) -> Response:
    """The form as it was sent, with what is wrong beside the fields and summed up on top."""
    if not isinstance(problem, Invalid | Refused | Unavailable):
        raise problem
    merged = {**(row or {}), **values}
    only = request.form.getlist("_only")
    return _show(
        record, merged, labels=_labels(record, merged), row=row, base=base, only=only, problem=problem
    )


def _labels(record: type[Record], values: Mapping[str, Any]) -> dict[str, Any]:
    return labels_for(references(entered(record), values))


def _show(
    record: type[Record],
    values: Mapping[str, Any],
    *,
    labels: Mapping[str, Any],
    row: Mapping[str, Any] | None = None,
    base: Mapping[str, Any] | None = None,
    only: list[str] | None = None,
    problem: Problem | None = None,
    more: str = "",
) -> Response:
    attrs = entered(record)
    sections = screens().of(record).grouped([n for n in only or _asked(record, problem) if n in attrs])
    chosen = {name: attrs[name] for _, names in sections for name in names}
    # A key that was used for other content is of no more use; after a silence it must stay the same.
    key = idempotency_key() if problem is not None and not isinstance(problem, KeyReused) else None
    common = {
        "record": record, "entity": record.entity(), "row": row, "only": only or [], "problem": problem,
        "form": build_form(record.entity(), chosen, values, labels, problem, more=more),
        "sections": sections,
        "needless": orjson.dumps(screens().of(record).needless).decode() if screens().of(record).needless else "",
        "key": key or form_key(), "base": orjson.dumps(base or {}).decode(),
        "heading": _heading(record, row, labels, values),
        "back": record_address(record.entity(), row["id"]) if row else list_address(record.entity()),
        "next": safe_address(request.values.get("_next"), ""),
    }  # fmt: skip
    status = problem.status if problem else 200
    if only and is_fragment():
        return block("entity/form.html", "inplace", status, **common)
    return page(template_for(record.entity(), "form"), status=status, **common)


def _asked(record: type[Record], problem: Problem | None) -> list[str]:
    """The fields of the form. One that it leaves out stands there all the same when it was filled in from outside, or is wrong."""
    left_out = set(screens().of(record).left_out) - set(request.values)
    left_out -= (
        {wrong.field.partition(".")[0] for wrong in problem.fields} if isinstance(problem, Invalid) else set()
    )
    return [name for name in entered(record) if name not in left_out]


def _heading(record: type[Record], row: Any, labels: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    if not row:
        return wording.new_one(record)
    return called(record, {**row, **values}, labels)
