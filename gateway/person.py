"""The person's own page: who she is here, password, language, keys for programs, where she is signed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from contracts.actor import Actor
from contracts.errors import Invalid, Problem, Refused, Unauthenticated
from contracts.language import N_
from contracts.message import Attr, Command
from contracts.notification import Preferences, SetPreference
from contracts.organization import (
    ChangeLanguage,
    ChangePassword,
    MakeToken,
    MySessions,
    RevokeToken,
    SignOutEverywhere,
    TokenMade,
    Tokens,
)
from contracts.query import ListOf, Query
from gateway import api, auth, languages
from gateway.auth import actor
from gateway.fields import read_values
from gateway.forms import Form, build_form
from gateway.languages import gettext as _
from gateway.render import form_key, go, idempotency_key, json, json_body, page, wanted
from gateway.rpc import Question, ask, ask_all, ask_each

blueprint = Blueprint("person", __name__)
PROGRAMS = (
    ("MicroMessenger", N_("WeChat")), ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
MACHINES = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip
"""What a browser says of itself → what people call it; the first that fits."""


@blueprint.app_template_filter()
def device(agent: str | None) -> str:
    """Browser and machine in two words, of the long line that a browser sends; a line that is no browser's stays."""
    said = agent or ""
    program, machine = (
        next((name for sign, name in known if sign in said), "") for known in (PROGRAMS, MACHINES)
    )
    return " · ".join(_(name) for name in (program, machine) if name) or said[:80]


@blueprint.get("/person")
@api.described(summary="Who the key belongs to, and what she may do.", answers=Actor)
def show() -> Response:
    """Who I am to the system."""
    if wanted() == "json":
        return json(actor().model_dump(mode="json"))
    return _page()


def _mine_or_all() -> Query:
    """Rules of one's own, and those for everybody."""
    return Query(any_of=({"staff_id": str(actor().id)}, {"staff_id__empty": True}))


def _page(status: int = 200, made: Any = None, address: str | None = None, **forms: Form) -> Response:
    secret = request.cookies.get(auth.COOKIE)
    tokens, sessions, told, rules = (
        [] if isinstance(answer, Problem) else answer
        for answer in ask_each(
            Question("organization", "tokens", Tokens()),
            Question("organization", "my_sessions", MySessions(session=secret)),
            Question("notification", "preferences", Preferences()),
            Question("customer", "list", ListOf(entity="customer.birthday_rule", query=_mine_or_all())),
        )
    )
    days = {row["staff_id"]: row["days"] for row in rules["rows"]} if rules else {}
    return page(
        "page/person.html", status=status, tokens=tokens, sessions=sessions, told=told, made=made, address=address, key=form_key(),
        birthday_days=days.get(str(actor().id)), usual_birthday_days=days.get(None),
        password_form=forms.get("password") or _form(ChangePassword, {}),
        token_form=forms.get("token") or _form(MakeToken, {}),
    )  # fmt: skip


def _attrs(message: type[Command]) -> dict[str, Attr]:
    return {name: a for name, a in message.attrs().items() if name not in ("session", "use")}


def _form(message: type[Command], values: dict[str, Any], problem: Problem | None = None) -> Form:
    form = build_form(f"organization.{message.noun()}", _attrs(message), values, {}, problem)
    for field in form.fields.values():
        # several forms stand on this page; none takes the focus unasked
        field.is_focused = field.is_focused and problem is not None
    return form


@blueprint.post("/person/password")
@api.only_page("the form; a program sends /organization/do/change_password")
def change_password() -> Response:
    """A new password for oneself; every other session ends."""
    values = read_values(_attrs(ChangePassword), request.form)
    try:
        message = ChangePassword.read({**values, "session": request.cookies.get(auth.COOKIE)})
        ask("organization", "change_password", message)
    except (Invalid, Refused, Unauthenticated) as problem:
        return _page(422, password=_form(ChangePassword, {}, problem))
    flash(_("Your password is changed; you are signed out everywhere else."), "success")
    return go(url_for("person.show"))


@blueprint.post("/person/language")
@api.only_page("the form; a program sends /organization/do/change_language")
def change_language() -> Response:
    """The language of pages and mails."""
    chosen = request.form.get("language", "")
    ask("organization", "change_language", ChangeLanguage.read({"language": chosen}), key=idempotency_key())
    response = go(url_for("person.show"))
    response.delete_cookie(languages.COOKIE)
    return response


@blueprint.post("/person/tokens")
@api.described(takes=MakeToken, answers=TokenMade, status=201)
def make_token() -> Response:
    """A key for a program that acts in one's name; shown once."""
    given = json_body() if request.is_json else read_values(_attrs(MakeToken), request.form)
    try:
        made = ask("organization", "make_token", MakeToken.read(given), key=idempotency_key())
    except (Invalid, Refused) as problem:
        if wanted() == "json":
            raise
        return _page(422, token=_form(MakeToken, given, problem))
    return json(made, 201) if wanted() == "json" else _page(made=made)


@blueprint.post("/person/calendar-address")
@api.described(status=201)
def make_calendar_address() -> Response:
    """An address at which other calendar programs read one's own calendar; shown once."""
    message = MakeToken(use="calendar", name=_("My calendar in another program"))
    made = ask("organization", "make_token", message, key=idempotency_key())
    address = made["token"] and url_for("calendar_feed.feed", secret=made["token"], _external=True)
    return json({**made, "address": address}, 201) if wanted() == "json" else _page(address=address or "")


@blueprint.post("/person/tokens/<uuid:id>/revoke")
@api.described()
def revoke_token(id: UUID) -> Response:
    """The key opens nothing any more."""
    ask("organization", "revoke_token", RevokeToken(id=id), key=idempotency_key())
    return json({}) if wanted() == "json" else go(url_for("person.show"))


@blueprint.post("/person/preferences")
@api.only_page("the form; a program sends /notification/do/set_preference")
def set_preferences() -> Response:
    """How one wants to be told of each kind of thing; only what was changed is sent."""
    told = ask("notification", "preferences", Preferences())
    changed = [
        SetPreference.read({"kind": row["kind"], "way": way})
        for row in told["rows"]
        if (way := request.form.get(row["kind"], row["way"])) != row["way"]
    ]
    ask_all(*(Question("notification", "set_preference", message) for message in changed))
    flash(_("Saved."), "success")
    return go(url_for("person.show"))


@blueprint.post("/person/sign-out-everywhere")
@api.only_page("the button; a program sends /organization/do/sign_out_everywhere")
def sign_out_everywhere() -> Response:
    """End all other sessions."""
    ask("organization", "sign_out_everywhere", SignOutEverywhere(session=request.cookies.get(auth.COOKIE)))
    flash(_("You are signed out everywhere else."), "success")
    return go(url_for("person.show"))
