"""Coaching: the trail of one of one's people, with room for a remark on each step; she is told of it at once (STF-07)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from contracts.errors import Invalid, Problem
from contracts.language import N_
from contracts.query import StaffTrailOf
from gateway import api, auth
from gateway.frame import Menu
from gateway.languages import today
from gateway.pages.calendar import people_below
from gateway.render import json, page, wanted
from gateway.rpc import Question, ask_each

blueprint = Blueprint("coaching", __name__)
menu = Menu(
    N_("Coaching"), "message-user", endpoint="coaching.show", permission="customer.staff_trail", place=105
)
SERVICES = ("customer", "sales", "service_desk")
MONTH = timedelta(days=31)


@blueprint.get("/coaching")
@blueprint.get("/coaching/<uuid:staff_id>")
@api.described(
    asks=(
        api.text("staff_id", "Whose, where the address does not say it.", format="uuid"),
        api.text("since", format="date"),
    )
)
def show(staff_id: UUID | None = None) -> Response:
    """What she did and plans, newest first; whoever is chosen first stands first in the list."""
    auth.require("customer.staff_trail")
    me = str(auth.actor().id)
    people = [one for one in people_below("customer.staff_trail") if one["id"] != me]
    chosen = str(staff_id or request.args.get("staff_id") or (people[0]["id"] if people else ""))
    since = request.args.get("since") or (today() - MONTH).isoformat()
    found = _trail(chosen, since) if chosen else {"timeline": [], "remarks": {}, "labels": {}, "missing": []}
    if wanted() == "json":
        return json(found)
    return page(
        "page/coaching.html",
        "trail",
        people=people,
        chosen=chosen,
        since=since,
        found=found,
        labels=found["labels"],
        latest=_latest(found["timeline"]),
    )


def _latest(timeline: list[dict[str, Any]]) -> set[int]:
    """Where each record stands first: there it is remarked on, once, however much happened to it."""
    places = {(entry["entity"], entry["id"]): at for at, entry in reversed([*enumerate(timeline)])}
    return set(places.values())


def _trail(staff_id: str, since: str) -> dict[str, Any]:
    """Of all these services on one line of time; a part that does not answer is named."""
    asked = StaffTrailOf.read({"staff_id": staff_id, "since": since})
    services = [name for name in SERVICES if auth.actor().may(f"{name}.staff_trail")]
    answers = ask_each(*(Question(name, "staff_trail", asked) for name in services))
    found: dict[str, Any] = {"timeline": [], "remarks": {}, "labels": {}, "missing": []}
    for name, answer in zip(services, answers, strict=True):
        if isinstance(answer, Problem):
            if name == SERVICES[0] or isinstance(answer, Invalid):
                raise answer
            found["missing"].append(name)
            continue
        found["timeline"] += answer["timeline"]
        found["remarks"] |= answer["remarks"]
        found["labels"] |= answer["labels"]
    found["timeline"].sort(key=lambda entry: entry["at"], reverse=True)
    return found
