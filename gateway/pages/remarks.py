"""What colleagues remarked on a lead, a contact or an activity: a panel on its page, with room for one more."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from contracts.customer import AddComment, ColleaguesFor, CommentsOf
from contracts.errors import Invalid
from gateway import api
from gateway.auth import actor
from gateway.entity_pages.subject import find_record
from gateway.forms import build_form
from gateway.render import (
    block,
    came_from,
    form_key,
    go,
    idempotency_key,
    is_fragment,
    json,
    json_body,
    page,
    record_address,
    safe_address,
    wanted,
)
from gateway.rpc import ask

blueprint = Blueprint("remarks", __name__)
ADDRESS = "/customer/remarks/<noun:noun>/<uuid:id>"


@blueprint.get(ADDRESS)
@api.described(summary="What colleagues remarked on a record.")
def show(noun: str, id: UUID) -> Response:
    """The panel, or the remarks as JSON."""
    found = ask(
        "customer", "comments", CommentsOf(about=find_record("customer", noun).entity(), record_id=id)
    )
    return json(found) if wanted() == "json" else _panel(noun, id, found)


@blueprint.get(ADDRESS + "/colleagues")
@api.described(asks=(api.text("q", "Fragment of a name."),))
def colleagues(noun: str, id: UUID) -> Response:
    """Whom a remark may mention, while somebody types `@…`."""
    record = find_record("customer", noun)
    wish = {"about": record.entity(), "record_id": str(id), "text": request.args.get("q", "")[:60]}
    found = ask("customer", "colleagues", ColleaguesFor.read(wish))
    return (
        json(found)
        if wanted() == "json"
        else block("part/colleagues.html", "options", found=found["options"])
    )


@blueprint.post(ADDRESS)
@api.described(takes=api.fields("text", text={"type": "string", "maxLength": 4000}), status=201)
def add(noun: str, id: UUID) -> Response:
    """One more remark; the person concerned is told."""
    record = find_record("customer", noun)
    given = json_body() if wanted() == "json" else request.form
    values = {"about": record.entity(), "record_id": str(id), "text": given.get("text", "")}
    if wanted() == "json":
        return json(ask("customer", "add_comment", AddComment.read(values), key=idempotency_key()), 201)
    problem = None
    try:
        ask("customer", "add_comment", AddComment.read(values), key=idempotency_key())
    except Invalid as wrong:
        problem = wrong
    if problem is None and (not is_fragment() or request.headers.get("HX-Target") == "dialog-body"):
        return go(safe_address(came_from(), record_address(record.entity(), id)))
    found = ask("customer", "comments", CommentsOf(about=record.entity(), record_id=id))
    return _panel(noun, id, found, problem)


def _panel(noun: str, id: UUID, found: dict[str, Any], problem: Invalid | None = None) -> Response:
    attrs = {"text": AddComment.attrs()["text"]}
    values = {"text": request.form.get("text", "")} if problem else {}
    form = build_form("customer.comment", attrs, values, {}, problem)
    form.fields["text"].is_focused = False
    return page(
        "page/remarks.html", "remarks", "dialog-body", status=422 if problem else 200, address=request.path, key=form_key(),
        rows=found["rows"], labels=found["labels"], field=form.fields["text"],
        may_add=actor().may("customer.add_comment"), back=record_address(f"customer.{noun}", id),
        colleagues=url_for("remarks.colleagues", noun=noun, id=id),
    )  # fmt: skip
