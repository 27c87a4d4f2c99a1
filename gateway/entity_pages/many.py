"""One field of many records, changed in one go: picked in a list, or named by a program."""

from __future__ import annotations

from typing import Any

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from contracts.errors import FieldProblem, Invalid, NotFound, Problem
from contracts.message import Attr, Record
from contracts.query import ChangeMany
from gateway import api, typed_names, wording
from gateway.entity_pages.forms import entered
from gateway.entity_pages.import_pages import said
from gateway.entity_pages.subject import find_record, labels_for
from gateway.fields import read_values, references
from gateway.forms import build_form
from gateway.frame import list_address
from gateway.render import form_key, go, idempotency_key, json, json_body, page, wanted
from gateway.rpc import ask


def changeable(record: type[Record]) -> dict[str, Attr]:
    """The fields that may well be the same in many records; names, numbers and files of their own are not."""
    return {
        n: a
        for n, a in entered(record).items()
        if a.lines is None and n not in record.title and a.kind != "file"
    }


@api.only_page("the form")
def form(service: str, noun: str) -> Response:
    """Which field, and which value."""
    record = _record(service, noun)
    chosen = request.args.get("_field", "")
    return _show(record, request.args.getlist("id"), chosen if chosen in changeable(record) else "", {})


@api.described(
    summary="Give one or several fields of many records the same values; says which could not be changed.",
    takes=ChangeMany,
)
def change(service: str, noun: str) -> Response:
    """Do it, and say which could not be changed."""
    record = _record(service, noun)
    if wanted() == "json":
        message = ChangeMany.read({**json_body(), "entity": record.entity()})
        return json(ask(service, "change_many", message, key=idempotency_key(), timeout=60))
    name, ids = request.form.get("_field", ""), request.form.getlist("id")
    attrs = {name: changeable(record)[name]} if name in changeable(record) else {}
    values: dict[str, Any] = read_values(attrs, request.form)
    try:
        if not attrs:
            raise Invalid(FieldProblem("_field", "required"))
        typed_names.resolve(attrs, values)
        message = ChangeMany.read({"entity": record.entity(), "ids": ids, "values": values} | _how(attrs))
        found = ask(service, "change_many", message, key=idempotency_key(), timeout=60)
    except Invalid as problem:
        return _show(record, ids, name if attrs else "", values, problem)
    if found["refused"]:
        return page(
            "entity/change_many.html", record=record, entity=record.entity(), found=found, said=said, ids=ids
        )
    flash(_("%(number)s records changed.", number=found["changed"]), "success")
    return go(list_address(record.entity()))


def _how(attrs: dict[str, Attr]) -> dict[str, str]:
    """What becomes of the values that are there: only where a field holds several is there a choice."""
    holds_several = any(a.many for a in attrs.values())
    return {"how": request.form["_how"]} if holds_several and "_how" in request.form else {}


def _show(
    record: type[Record], ids: list[str], name: str, values: dict[str, Any], problem: Problem | None = None
) -> Response:
    attrs = {name: changeable(record)[name]} if name else {}
    return page(
        "entity/change_many.html", status=problem.status if problem else 200, record=record, entity=record.entity(),
        ids=ids, fields=changeable(record), name=name, found=None, key=form_key(), problem=problem,
        form=build_form(record.entity(), attrs, values, labels_for(references(attrs, values)), problem),
        how=request.form.get("_how", "add"), title=_("Change %(number)s records", number=len(ids)), label=wording.field_label,
    )  # fmt: skip


def _record(service: str, noun: str) -> type[Record]:
    record = find_record(service, noun, "update")
    if not record.editable:
        raise NotFound(entity=record.entity())
    return record
