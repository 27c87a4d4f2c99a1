"""The calendar by day, week and month: mine, a subordinate's, or everybody's I may see; entries are dragged to move."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from contracts.customer import MoveActivity
from contracts.language import N_
from gateway import auth, wording
from gateway.frame import Menu
from gateway.languages import today, zone_name
from gateway.render import form_key, json, page, wanted
from gateway.rpc import ask

blueprint = Blueprint("calendar", __name__)
menu = Menu(N_("Calendar"), "calendar", endpoint="calendar.show", permission="customer.calendar", place=100)


@blueprint.get("/calendar")
def show() -> Response:
    """The page; its entries come from `/calendar/entries`."""
    auth.require("customer.calendar")
    if wanted() == "json":
        return entries()
    chosen = request.args.get("staff_id", str(auth.actor().id))
    return page("page/calendar.html", people=_people(), chosen=chosen, key=form_key(), zone=zone_name())


@blueprint.get("/calendar/entries")
def entries() -> Response:
    """What touches a span of time, as the calendar draws it."""
    auth.require("customer.calendar")
    start, end = request.args.get("start"), request.args.get("end")
    wish: dict[str, Any] = {
        "from": start or f"{today()}T00:00",
        "to": end or f"{today() + timedelta(days=7)}T00:00",
    }
    if request.args.get("staff_id"):
        wish["staff_id"] = request.args["staff_id"]
    found = ask("customer", "calendar", wish)
    return json([_drawn(entry, found["labels"]) for entry in found["entries"]])


@blueprint.post("/calendar/move")
def move() -> Response:
    """An entry was dragged to another time, or moved by keys; of a series alone, or with all that follow."""
    form = request.form
    message = {
        "id": form.get("id"), "ver": form.get("ver", type=int), "starts_at": form.get("starts_at"),
        "ends_at": form.get("ends_at") or None, "following": form.get("following") or False,
    }  # fmt: skip
    answer = ask("customer", "move_activity", MoveActivity.read(message), key=form.get("_key"))
    return json({"ver": answer["row"]["ver"]})


def _drawn(entry: dict[str, Any], labels: dict[str, Any]) -> dict[str, Any]:
    about = wording.name_of(labels.get(entry["customer_id"] or entry["lead_id"]))
    return {
        "id": entry["id"], "title": f"{entry['subject']} · {about}" if about else entry["subject"],
        "start": entry["starts_at"], "end": entry["ends_at"], "url": f"/customer/activity/{entry['id']}",
        "editable": "move" in entry["can"]["verbs"],
        "classNames": [f"is-{entry['state']}"],
        "extendedProps": {"ver": entry["ver"], "isSeries": bool(entry["repeats"])},
    }  # fmt: skip


def _people() -> list[dict[str, Any]]:
    """Whose calendar one may look at: one's own first, then the people below."""
    actor = auth.actor()
    wish: dict[str, Any] = {"entity": "organization.staff", "limit": 500}
    if actor.scope("customer.activity.read") not in ("all", "branch"):
        wish["ids"] = [str(actor.id), *map(str, actor.reports)]
    options = ask("organization", "options", wish)["options"]
    return sorted(options, key=lambda option: (option["id"] != str(actor.id), option["label"]))
