"""Segments: who belongs to one, who came and went, what waits to be done or could not be (CUS-16, CUS-22)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from contracts.customer import Activity, SegmentTurns, SegmentTurnsOf
from contracts.errors import Forbidden, Invalid, NotFound, Problem
from contracts.language import N_
from contracts.query import GetOf
from gateway import api, wording
from gateway.frame import Menu, registry
from gateway.languages import gettext as _
from gateway.render import is_fragment, json, page, wanted
from gateway.rpc import Question, ask, ask_all

blueprint = Blueprint("segments", __name__)
menu = Menu(N_("Segments"), "chart-pie", entity="customer.segment", place=36)
SHOWN, SHOWN_ALONE = 12, 50
"""Changes in the part of a segment's page, and on a page of their own."""


@blueprint.get("/customer/segment/<uuid:id>/turns")
@blueprint.get("/customer/segment/<uuid:id>/turns.<any(json):suffix>")
@api.described(
    summary="Who came into a segment and who left it, and what waits to be done.",
    asks=(SegmentTurnsOf,),
    answers=SegmentTurns,
)
def turns(id: UUID, suffix: str = "") -> Response:
    """What happened in a segment: as the part of its page, or as a page of its own on which one goes back to the first;
    with `unhandled` those for whom the template could not be followed, and why."""
    only, limit = "unhandled" in request.args, SHOWN if is_fragment() else SHOWN_ALONE
    before = request.args.get("before") or None
    asked = SegmentTurnsOf(segment_id=id, limit=limit, before=before, unhandled=only)
    if wanted() == "json":
        return json(ask("customer", "segment_turns", asked))
    found, stored = ask_all(
        Question("customer", "segment_turns", asked),
        Question("customer", "get", GetOf(entity="customer.segment", id=id)),
    )
    turned = [turn | {"why": _why(turn["unhandled"], stored["row"]["list_of"])} for turn in found["turned"]]
    return page(
        "page/segment_turns.html", "turns", turns=found | {"turned": turned}, segment=stored["row"], only=only, before=before,
    )  # fmt: skip


def _why(unhandled: dict[str, Any] | None, list_of: str) -> str:
    """Why the template could not be followed, as it is for whoever reads it: what was done was done in the owner's name."""
    if unhandled is None:
        return ""
    problem = Problem.from_dict(unhandled)
    if isinstance(problem, Forbidden):
        return _("whoever the segment belongs to may not do that there")
    if isinstance(problem, NotFound):
        return _("whoever the segment belongs to does not see it any more")
    if isinstance(problem, Invalid) and problem.fields:
        attrs = registry().records[list_of].attrs() | Activity.attrs()
        named = [(attrs.get(wrong.field), wording.field_sentence(wrong)) for wrong in problem.fields]
        return " ".join(f"{wording.field_label(attr)}: {said}" if attr else said for attr, said in named)
    return wording.sentence(problem)
