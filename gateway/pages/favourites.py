"""The star on a record, and the page of what one keeps at hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from contracts.favourites import FavouritesOf, StarOf
from gateway import api
from gateway.auth import actor
from gateway.entity_pages.subject import find_record
from gateway.frame import registry
from gateway.render import block, go, is_fragment, json, json_body, page, record_address, wanted
from gateway.rpc import Question, ask, ask_each

blueprint = Blueprint("favourites", __name__)
MOST = 12


@blueprint.get("/favourites")
@api.described(summary="The records of all kinds with one's star on them, the latest first.")
def show() -> Response:
    """The latest of all kinds; a part that does not answer leaves its own out."""
    records = registry().records
    services = sorted({r.service() for entity, r in records.items() if actor().may(f"{entity}.read")})
    answers = ask_each(*(Question(name, "favourites", FavouritesOf(limit=MOST)) for name in services))
    found = [answer for answer in answers if isinstance(answer, dict)]
    rows = sorted((row for one in found for row in one["rows"]), key=lambda row: row["at"], reverse=True)[
        :MOST
    ]
    labels: dict[str, Any] = {id: label for one in found for id, label in one["labels"].items()}
    if wanted() == "json":
        return json({"rows": rows, "labels": labels})
    return page("page/favourites.html", "favourites", rows=rows, labels=labels, records=records)


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
