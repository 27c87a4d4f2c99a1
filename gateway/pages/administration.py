"""For administrators: people and base data, what is on its way between services, what could not be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from contracts.errors import NotFound, Problem
from contracts.language import N_
from gateway import api, auth
from gateway.frame import Menu, registry
from gateway.languages import gettext as _
from gateway.render import form_key, go, idempotency_key, json, json_body, page, wanted
from gateway.rpc import Question, ask, ask_each

blueprint = Blueprint("administration", __name__)


@dataclass(frozen=True)
class Place:
    """Something to look after, and what it is for."""

    entity: str
    icon: str
    purpose: str


AREAS: dict[str, tuple[Place, ...]] = {
    N_("People and rights"): (
        Place("organization.staff", "users", N_("Who works here, her manager, roles and sign-in")),
        Place("organization.role", "shield-lock", N_("Who may do what, to whose rows")),
        Place("organization.department", "sitemap", N_("Departments and the ones below them")),
        Place("organization.branch", "building-community", N_("Branch offices and their time zones")),
    ),
    N_("Records and forms"): (
        Place(
            "organization.own_field",
            "forms",
            N_("Fields of your own on customers, contracts and all other records"),
        ),
        Place(
            "organization.own_object",
            "cube-plus",
            N_("Kinds of record of your own: equipment, exhibitions, whatever you keep"),
        ),
        Place(
            "organization.form",
            "layout-list",
            N_("What forms show and ask for, in which order; for everybody or for one department"),
        ),
        Place(
            "organization.choice",
            "list-details",
            N_("Lead sources, industries, regions, buying roles and other lists"),
        ),
        Place(
            "customer.web_form", "world", N_("Forms for your website; whoever fills one in becomes a lead")
        ),
    ),
    N_("Work on leads and customers"): (
        Place(
            "customer.pool_rule",
            "ripple",
            N_("When leads and customers go into the pool, and who may take how many"),
        ),
        Place(
            "customer.contact_rhythm",
            "calendar-repeat",
            N_("How often customers of each value class are to be in contact with us"),
        ),
        Place("customer.point_rule", "award", N_("What logging an activity is worth")),
        Place(
            "customer.reminder_rule", "bell-ringing", N_("How long before an activity its owner is reminded")
        ),
        Place(
            "customer.birthday_rule",
            "cake",
            N_("How long before a birthday whoever looks after the customer is told"),
        ),
    ),
    N_("What customers are worth"): (
        Place(
            "customer.value_rule",
            "ladder",
            N_("By which rules customers get their value class and their step on the loyalty ladder"),
        ),
        Place(
            "customer.ladder_report",
            "ladder",
            N_("Whether the loyalty ladder is told each month, and to whom"),
        ),
        Place(
            "customer.lifecycle_stage",
            "timeline",
            N_("Stages of a customer's lifecycle, and when it stalls there"),
        ),
        Place(
            "customer.value_dimension",
            "axis-x",
            N_(
                "What the dimensions of the value model are called, and from how many points a customer is high in one"
            ),
        ),
        Place(
            "customer.value_indicator",
            "gauge",
            N_("By which figures and weights customers are judged in the value model"),
        ),
    ),
    N_("Sales and service"): (
        Place("sales.stage", "stairs-up", N_("Stages of an opportunity and their success rates")),
        Place("sales.product", "package", N_("Products with their prices")),
        Place("sales.product_class", "category", N_("Major and minor product classes")),
        Place("service_desk.problem", "bug", N_("Problems by product and symptom")),
        Place("service_desk.service_level", "clock", N_("How soon requests are answered and settled")),
    ),
    N_("Mail and notices"): (
        Place("notification.letter", "mail", N_("Every mail and notice, when it went out, and why not")),
        Place("notification.attempt", "list-check", N_("What the mail server said at each attempt")),
        Place("notification.template", "template", N_("The texts of mails in each language")),
        Place("notification.webhook", "webhook", N_("Other programs that are told what happened")),
    ),
    N_("Running Guanxi"): (
        Place("branch_sync.site", "affiliate", N_("Branches and their link to headquarters")),
    ),
}
"""What is looked after, by what belongs together; pages about the running of Guanxi stand behind the last."""
menu = Menu(
    N_("Administration"),
    "settings",
    endpoint="administration.show",
    permission="organization.staff.update",
    place=900,
    group=2,
    covers=tuple(place.entity for places in AREAS.values() for place in places),
)


def _pretty(envelope: Any) -> str:
    return orjson.dumps(envelope, option=orjson.OPT_INDENT_2).decode()


FIELDS = {"replay": ("event_id", "door"), "replay_all": (), "discard": ("event_id", "door", "reason")}
"""What each step is told of an event."""


@blueprint.get("/administration")
@api.described(summary="What there is to look after, and how mail stands.")
def show() -> Response:
    """The hub."""
    auth.require("organization.staff.update")
    areas = {title: [place for place in places if _is_hers(place)] for title, places in AREAS.items()}
    mail = _mail_state()
    if wanted() == "json":
        told = [place.entity for places in areas.values() for place in places]
        return json({"places": told, "mail": mail})
    return page("page/administration.html", areas=areas, records=registry().records, mail=mail)


def _is_hers(place: Place) -> bool:
    return registry().record(place.entity) is not None and auth.actor().may(f"{place.entity}.read")


def _mail_state() -> dict[str, Any] | None:
    """Whether mail gets out; None where it is nobody's business here, or notification does not answer."""
    if not auth.actor().may("notification.mail_state"):
        return None
    found = ask_each(Question("notification", "mail_state", {}), timeout=3)[0]
    return None if isinstance(found, Problem) else found


@blueprint.get("/administration/messages")
@api.described()
def messages() -> Response:
    """Events that could not be done, with what was said and tried, from the tables of the services."""
    names = [name for name in registry().services if auth.actor().may(f"{name}.messages")]
    answers = ask_each(*(Question(name, "parked", {}) for name in names))
    parts = [
        {"name": name, "parked": None if isinstance(answer, Problem) else answer}
        for name, answer in zip(names, answers, strict=True)
    ]
    if wanted() == "json":
        return json({"services": parts})
    did = {"replayed": _("tried again by"), "discarded": _("given up by")}
    named = {"waiting": _("tried again later"), "held": _("waits behind it"), "parked": _("parked")}
    return page(
        "page/messages.html", "messages", parts=parts, key=form_key(), did=did, named=named, pretty=_pretty
    )


@blueprint.post("/administration/messages/<noun:service>/<any(replay, replay_all, discard):step>")
@api.described(
    takes=api.fields(
        event_id={"type": "string", "format": "uuid"}, door={"type": "string"}, reason={"type": "string"}
    )
)
def settle(service: str, step: str) -> Response:
    """Try a parked event again, or all of a part; or give one up with a reason."""
    if service not in registry().services:
        raise NotFound(entity="service", id=service)
    given = json_body() if request.is_json and request.data else request.form
    message = {name: given.get(name) for name in FIELDS[step]}
    answer = ask(service, step, message, key=idempotency_key())
    if wanted() == "json":
        return json(answer)
    said = {
        "replay": _("The event will be tried again."),
        "replay_all": _("All of them will be tried again."),
        "discard": _("The event was given up."),
    }
    flash(said[step], "success")
    return go(url_for("administration.messages"))
