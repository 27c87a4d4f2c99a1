"""The door: sign in, sign out, choose a language before anybody knows you."""

from __future__ import annotations

from flask import Blueprint, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from chassis.wire import TIMEOUT, Call, raise_problem
from contracts.errors import Invalid, Problem, TooMany, Unauthenticated
from contracts.organization import SignOut
from gateway import api, auth, languages, wording
from gateway.languages import gettext as _
from gateway.render import json, json_body, page, safe_address, wanted
from gateway.rpc import ask, settle
from gateway.security import limiter

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/sign-in", endpoint="page")
@api.only_page("the form")
def show() -> AnyResponse:
    """The form."""
    return _form()


@blueprint.post("/sign-in")
@limiter.limit(lambda: current_app.extensions["guanxi-settings"].sign_in_limit)
@api.described(
    summary="Login and password for a session; keys for programs are made at /person/tokens.",
    takes=api.fields("login", "password", login={"type": "string"}, password={"type": "string"}),
    is_open=True,
)
def enter() -> AnyResponse:
    """Login and password → a session; always the same answer to whatever was wrong."""
    given = json_body() if request.is_json else request.form
    login, password = str(given.get("login", ""))[:200], str(given.get("password", ""))[:1000]
    message = {"login": login, "password": password, "address": request.remote_addr or ""}
    message["agent"] = request.headers.get("User-Agent", "")[:500]
    token = auth.sessions().anonymous_token()
    try:
        call = Call("organization", "sign_in", message, token, None, g.call_id)
        answer = raise_problem(settle([call], TIMEOUT)[0])
    except (Unauthenticated, Invalid, TooMany) as problem:
        if wanted() == "json":
            raise
        return _form(_said(problem), login=login, status=problem.status)
    if wanted() == "json":
        return json({"session": answer["session"], "actor": answer["actor"]})
    response = redirect(safe_address(request.form.get("next")), 303)
    auth.keep(response, answer["session"])
    return response


@blueprint.post("/sign-out")
@api.only_page("ends the session of a browser; a program sends /organization/do/sign_out")
def leave() -> AnyResponse:
    """End the session, here and in organization."""
    secret = request.cookies.get(auth.COOKIE)
    if secret:
        ask("organization", "sign_out", SignOut(session=secret))
    response = redirect(url_for("sign_in.page"), 303)
    response.delete_cookie(auth.COOKIE)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@blueprint.get("/language/<name>")
@api.only_page("the language of a browser; a program says Accept-Language")
def choose_language(name: str) -> AnyResponse:
    """Show this browser another language, and return."""
    response = redirect(safe_address(request.args.get("next")), 303)
    if name in languages.LANGUAGES:
        response.set_cookie(languages.COOKIE, name, max_age=400 * 86400, samesite="Lax")
    return response


def _said(problem: Problem) -> str:
    if isinstance(problem, TooMany):
        return wording.sentence(problem)
    return _("Login or password is not right.")


def _form(said: str = "", login: str = "", status: int = 200) -> AnyResponse:
    back = safe_address(request.values.get("next"), "")
    return page("page/sign_in.html", status=status, said=said, login=login, back=back)
