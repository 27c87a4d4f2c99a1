"""What colleagues remarked on a record: a panel on its page, with room for one more; its author corrects a remark there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from contracts.comments import (
    AddComment,
    ColleaguesFor,
    CommentOf,
    CommentsOf,
    CorrectComment,
    RemoveComment,
    RestoreComment,
)
from contracts.errors import Invalid
from contracts.message import Record
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
ADDRESS = "/<noun:service>/remarks/<noun:noun>/<uuid:id>"
TEXT = {"type": "string", "maxLength": 4000}
STEPS: dict[str, type[CommentOf]] = {
    "correct": CorrectComment,
    "remove": RemoveComment,
    "restore": RestoreComment,
}
DIALOG = "dialog-body"


@blueprint.get(ADDRESS)
@api.described(
    summary="What colleagues remarked on a record.",
    asks=(api.text("removed", "Those taken off as well.", enum=["1"]),),
)
def show(service: str, noun: str, id: UUID) -> Response:
    """The panel, or the remarks as JSON."""
    record = find_record(service, noun)
    return json(_asked(record, id)) if wanted() == "json" else _panel(record, id)


@blueprint.get(ADDRESS + "/colleagues")
@api.described(asks=(api.text("q", "Fragment of a name."),))
def colleagues(service: str, noun: str, id: UUID) -> Response:
    """Whom a remark may mention, while somebody types `@…`."""
    record = find_record(service, noun)
    wish = {"about": record.entity(), "record_id": str(id), "text": request.args.get("q", "")[:60]}
    found = ask(service, "colleagues", ColleaguesFor.read(wish))
    return (
        json(found)
        if wanted() == "json"
        else block("part/colleagues.html", "options", found=found["options"])
    )


@blueprint.post(ADDRESS)
@api.described(takes=api.fields("text", text=TEXT), status=201)
def add(service: str, noun: str, id: UUID) -> Response:
    """One more remark; the person concerned is told."""
    record = find_record(service, noun)
    values = {"about": record.entity(), "record_id": str(id), "text": _given().get("text", "")}
    if wanted() == "json":
        return json(ask(service, "add_comment", AddComment.read(values), key=idempotency_key()), 201)
    problem = None
    try:
        ask(service, "add_comment", AddComment.read(values), key=idempotency_key())
    except Invalid as wrong:
        problem = wrong
    if problem is None and (not is_fragment() or request.headers.get("HX-Target") == DIALOG):
        return go(safe_address(came_from(), record_address(record.entity(), id)))
    return _panel(record, id, problem)


@blueprint.post(ADDRESS + "/<uuid:comment>/<any(correct, remove, restore):step>")
@api.described(takes=api.fields(text=TEXT))
def change(service: str, noun: str, id: UUID, comment: UUID, step: str) -> Response:
    """Its author corrects a remark (`text`); she and whoever may put the record away take it off and bring it back."""
    record = find_record(service, noun)
    values = {"about": record.entity(), "record_id": str(id), "comment_id": str(comment)}
    if step == "correct":
        given = _given()
        values["text"] = given.get("text", given.get(f"text.{comment}", ""))
    try:
        answer = ask(service, f"{step}_comment", STEPS[step].read(values), key=idempotency_key())
    except Invalid as wrong:
        if wanted() == "json":
            raise
        return _panel(record, id, wrong, comment)
    if wanted() == "json":
        return json(answer)
    return _panel(record, id) if is_fragment() else go(record_address(record.entity(), id))


def _given() -> Any:
    return json_body() if wanted() == "json" else request.form


def _asked(record: type[Record], id: UUID) -> dict[str, Any]:
    message = CommentsOf(about=record.entity(), record_id=id, removed="removed" in request.args)
    found: dict[str, Any] = ask(record.service(), "comments", message)
    return found


def _panel(
    record: type[Record], id: UUID, problem: Invalid | None = None, corrected: UUID | None = None
) -> Response:
    """`problem`: with a new remark, or with the correction of one."""
    found = _asked(record, id)
    typed = request.form.get(f"text.{corrected}" if corrected else "text", "") if problem else ""
    entity, attrs = f"{record.service()}.comment", {"text": AddComment.attrs()["text"]}
    form = build_form(entity, attrs, {} if corrected else {"text": typed}, {}, None if corrected else problem)
    form.fields["text"].is_focused = False
    rows = found["rows"]
    for row in rows:
        wrong = problem if str(corrected) == row["id"] else None
        values = {"text": typed if wrong else row["text"]}
        row["field"] = build_form(entity, attrs, values, {}, wrong).fields["text"]
        row["field"].name, row["field"].is_focused = f"text.{row['id']}", wrong is not None
    where: dict[str, Any] = {"service": record.service(), "noun": record.noun(), "id": id}
    return page(
        "page/remarks.html", "remarks", DIALOG, status=422 if problem else 200, address=url_for("remarks.show", **where),
        key=form_key(), rows=rows, labels=found["labels"], field=form.fields["text"], entity=entity,
        may_add=actor().may(f"{record.service()}.add_comment"), back=record_address(record.entity(), id),
        colleagues=url_for("remarks.colleagues", **where), with_removed="removed" in request.args,
    )  # fmt: skip
