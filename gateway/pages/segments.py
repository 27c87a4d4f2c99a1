"""Segments: who belongs to one, who came and went, what waits to be done (CUS-16, CUS-22)."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from werkzeug.wrappers import Response

from contracts.customer import SegmentTurnsOf
from contracts.language import N_
from contracts.query import GetOf
from gateway.frame import Menu
from gateway.render import json, page, wanted
from gateway.rpc import Question, ask, ask_all

blueprint = Blueprint("segments", __name__)
menu = Menu(N_("Segments"), "chart-pie", entity="customer.segment", place=36)
SHOWN = 12


@blueprint.get("/customer/segment/<uuid:id>/turns")
@blueprint.get("/customer/segment/<uuid:id>/turns.<any(json):suffix>")
def turns(id: UUID, suffix: str = "") -> Response:
    """The part of a segment's page that says what happened in it."""
    asked = SegmentTurnsOf(segment_id=id, limit=SHOWN)
    if wanted() == "json":
        return json(ask("customer", "segment_turns", asked))
    found, stored = ask_all(
        Question("customer", "segment_turns", asked),
        Question("customer", "get", GetOf(entity="customer.segment", id=id)),
    )
    return page("page/segment_turns.html", "turns", turns=found, segment=stored["row"])
