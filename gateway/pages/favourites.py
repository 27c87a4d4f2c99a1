"""The star on a record, and the page of what one keeps at hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from contracts.favourites import MOST, FavouritesOf, StarOf
from gateway import api
from gateway.auth import actor
from gateway.entity_pages.subject import find_record
from gateway.frame import registry
from gateway.render import block, go, is_fragment, json, json_body, page, record_address, wanted
from gateway.rpc import Question, ask, ask_each

blueprint = Blueprint("favourites", __name__)
FIRST, STEP = 12, 60
"""Shown at first, and with each «more»."""


@blueprint.get("/favourites")
@api.described(
    summary="The records of all kinds with one's star on them, the latest first; `has_more` says whether there are more.",
    asks=(api.text("limit", f"How many, {FIRST} unless told."),),
)
def show() -> Response:
    """The latest of all kinds; a part that does not answer leaves its own out."""
    records = registry().records
    services = sorted({r.service() for entity, r in records.items() if actor().may(f"{entity}.read")})
    said = request.args.get("limit", "")
    limit = max(1, min(int(said) if said.isdecimal() and len(said) < 6 else FIRST, MOST * len(services)))
    message = FavouritesOf(limit=min(limit + 1, MOST))
    answers = ask_each(*(Question(name, "favourites", message) for name in services))
    found = [answer for answer in answers if isinstance(answer, dict)]
    rows = sorted((row for one in found for row in one["rows"]), key=lambda row: row["at"], reverse=True)
    has_more, rows = len(rows) > limit, rows[:limit]
    labels: dict[str, Any] = {id: label for one in found for id, label in one["labels"].items()}
    if wanted() == "json":
        return json({"rows": rows, "labels": labels, "has_more": has_more})
    return page(
        "page/favourites.html", "favourites", rows=rows, labels=labels, records=records,
        more=limit + STEP if has_more else None,
    )  # fmt: skip


@blueprint.post("/<noun:service>/<noun:noun>/<uuid:id>/star")
@api.described(takes=StarOf)
def star(service: str, noun: str, id: UUID) -> Response:
    """Put one's star on a record, or take it off."""
    record = find_record(service, noun)
    given = json_body() if request.is_json else {"is_on": request.form.get("is_on")}
    message = StarOf.read({"entity": record.entity(), "id": str(id), "is_on": given.get("is_on")})
    answer = ask(service, "star", message)
    if wanted() == "json":
        return json(answer)
    address = record_address(record.entity(), id)
    if is_fragment():
        return block("entity/record.html", "star", starred=answer["starred"], address=address)
    return go(address)
