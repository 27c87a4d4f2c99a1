"""Who decides on an opportunity, how well we know her, and a warning when it is late for that (users, leap 8)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from contracts.customer import BuyingCentreOf, BuyingCentresOf
from contracts.errors import Problem
from contracts.sales import DeciderAskedFor
from gateway import api, auth
from gateway.pages.people import drawn, from_elsewhere
from gateway.render import json, page, record_address, wanted
from gateway.rpc import Question, ask_all, ask_each

blueprint = Blueprint("buying_centre", __name__)
ONE = "/sales/opportunity/<uuid:id>/buying-centre"


@blueprint.get(ONE)
@blueprint.get(ONE + ".<any(json):suffix>")
@api.described(
    summary="Who decides on an opportunity, how well we know them, and whether it is late for that."
)
def show(id: UUID, suffix: str = "") -> Response:
    """Who plays which part, coverage also for each unit, stance and influence, and the drawing of it (CON-03, CON-05); beside
    them whether the decider is missing by now."""
    asked, centre = ask_all(
        Question("sales", "decider_asked_for", DeciderAskedFor(opportunity_id=id)),
        Question("customer", "buying_centre", BuyingCentreOf(opportunity_id=id)),
    )
    said = {**centre, "is_late": bool(asked) and centre["decider"] != "met"}
    if wanted() == "json":
        return json(said)
    back = record_address("sales.opportunity", id)
    people = {
        part["contact_id"]: (part["contact_id"], part["name"], part["job_title"]) for part in centre["people"]
    }
    return page(
        "page/buying_centre.html", "buying-centre", centre=said, labels=centre["labels"], back=back, new=_new(id, back),
        drawing=drawn(
            people.values(), centre["people"], centre["links"],
            [from_elsewhere(one["contact_id"], one) for one in centre.get("elsewhere", ())],
        ),
    )  # fmt: skip


def _new(id: UUID, back: str) -> str:
    """The form of one more person, coming back to the opportunity; empty for whoever may not add one."""
    if not auth.actor().may("customer.stakeholder.create"):
        return ""
    return url_for("entity.new", service="customer", noun="stakeholder", opportunity_id=id, _next=back)


def centres_of(ids: list[Any]) -> Question:
    """What customer knows of the people behind these opportunities."""
    return Question("customer", "buying_centres", BuyingCentresOf(opportunity_ids=tuple(ids)))


def late_deciders(board: dict[str, Any]) -> dict[str, str]:
    """Opportunities of a board whose decider is unknown or was never met, and which; nothing while customer is silent."""
    columns = [column for column in board["columns"] if column["asks_for_decider"]]
    ids = [card["id"] for column in columns for card in column["cards"]]
    if not ids or not auth.actor().may("customer.stakeholder.read"):
        return {}
    (answer,) = ask_each(centres_of(ids))
    if isinstance(answer, Problem):
        return {}
    return {
        centre["opportunity_id"]: centre["decider"]
        for centre in answer["centres"]
        if centre["decider"] != "met"
    }
