"""The calendar by day, week and month: mine, a subordinate's, or everybody's I may see; entries are dragged to move."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from contracts.customer import MoveActivity
from contracts.language import N_
from gateway import api, auth, wording
from gateway.fields import in_zone
from gateway.frame import Menu
from gateway.languages import gettext as _
from gateway.languages import today, zone, zone_name
from gateway.render import form_key, json, page, wanted
from gateway.rpc import ask

blueprint = Blueprint("calendar", __name__)
menu = Menu(N_("Calendar"), "calendar", endpoint="calendar.show", permission="customer.calendar", place=100)


CUT = "Guanxi-Cut"
"""Of the answer with the entries: whether there are more than it holds."""


@blueprint.get("/calendar")
@api.only_page("the page around /calendar/entries")
def show() -> Response:
    """The page; its entries come from `/calendar/entries`."""
    auth.require("customer.calendar")
    if wanted() == "json":
        return entries()
    chosen = request.args.get("staff_id", str(auth.actor().id))
    return page(
        "page/calendar.html",
        people=people_below("customer.activity.read"),
        chosen=chosen,
        key=form_key(),
        zone=zone_name(),
    )


@blueprint.get("/calendar/entries")
@api.described(
    summary="The calendar of a span of time, in the reader's zone.",
    asks=(api.text("start"), api.text("end"), api.text("staff_id", format="uuid")),
    answers=list[dict[str, Any]],
)
def entries() -> Response:
    """What touches a span of time, as the calendar draws it."""
    auth.require("customer.calendar")
    start, end = request.args.get("start"), request.args.get("end")
    wish: dict[str, Any] = {
        "from": in_zone(start or f"{today()}T00:00"),
        "to": in_zone(end or f"{today() + timedelta(days=7)}T00:00"),
    }
    if request.args.get("staff_id"):
        wish["staff_id"] = request.args["staff_id"]
    found = ask("customer", "calendar", wish)
    drawn = [_drawn(entry, found["labels"]) for entry in found["entries"]]
    answer = json([*(_drawn_birthday(person, found["labels"]) for person in found["birthdays"]), *drawn])
    answer.headers[CUT] = "yes" if found["is_cut"] else "no"
    return answer


@blueprint.post("/calendar/move")
@api.only_page("an entry that was dragged; a program sends /customer/activity/{id}/move")
def move() -> Response:
    """An entry was dragged to another time, or moved by keys; of a series alone, or with all that follow."""
    form = request.form
    message = {
        "id": form.get("id"), "ver": form.get("ver", type=int), "starts_at": in_zone(form.get("starts_at", "")),
        "ends_at": in_zone(form.get("ends_at", "")) or None, "reach": form.get("reach") or "only_this",
    }  # fmt: skip
    answer = ask("customer", "move_activity", MoveActivity.read(message), key=form.get("_key"))
    return json({"ver": answer["row"]["ver"]})


def whole_days(entry: dict[str, Any]) -> tuple[date, date] | None:
    """From which day until before which, where an entry lasts from one midnight to another on the reader's clock."""
    if not entry["ends_at"]:
        return None
    starts, ends = _here(entry["starts_at"]), _here(entry["ends_at"])
    is_whole = starts.time() == ends.time() == time() and starts < ends
    return (starts.date(), ends.date()) if is_whole else None


def birthday_title(person: dict[str, Any], labels: dict[str, Any]) -> str:
    """Whose birthday it is, and at which customer she is."""
    firm = wording.name_of(labels.get(person.get("customer_id") or ""))
    gaps = {"name": person["name"], "firm": firm}
    return _("Birthday: %(name)s (%(firm)s)", **gaps) if firm else _("Birthday: %(name)s", **gaps)


def _drawn(entry: dict[str, Any], labels: dict[str, Any]) -> dict[str, Any]:
    """Its times as the reader's clock shows them: the calendar knows no zones and takes them as they are written."""
    about = wording.name_of(labels.get(entry["customer_id"] or entry["lead_id"]))
    starts, ends = whole_days(entry) or (
        _here(entry["starts_at"]),
        entry["ends_at"] and _here(entry["ends_at"]),
    )
    return {
        "id": entry["id"], "title": f"{entry['subject']} · {about}" if about else entry["subject"],
        "start": starts.isoformat(), "end": ends and ends.isoformat(), "allDay": not isinstance(starts, datetime),
        "url": f"/customer/activity/{entry['id']}",
        "editable": "move" in entry["can"]["verbs"],
        "classNames": [f"is-{entry['state']}"],
        "extendedProps": {"ver": entry["ver"], "isSeries": bool(entry["repeats"])},
    }  # fmt: skip


def _drawn_birthday(person: dict[str, Any], labels: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"birthday-{person['id']}", "title": birthday_title(person, labels), "start": person["on"], "allDay": True,
        "url": f"/{person['entity'].replace('.', '/')}/{person['id']}", "editable": False, "classNames": ["is-birthday"],
    }  # fmt: skip


def _here(at: str) -> datetime:
    return datetime.fromisoformat(at).astimezone(zone()).replace(tzinfo=None)


def people_below(permission: str) -> list[dict[str, Any]]:
    """Whose work one may look at: one's own first, then the people below."""
    actor = auth.actor()
    wish: dict[str, Any] = {"entity": "organization.staff", "limit": 500}
    if actor.scope(permission) not in ("all", "branch"):
        wish["ids"] = [str(actor.id), *map(str, actor.reports)]
    options = ask("organization", "options", wish)["options"]
    return sorted(options, key=lambda option: (option["id"] != str(actor.id), option["label"]))
