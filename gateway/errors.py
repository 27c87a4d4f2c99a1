"""Problems as answers: a page, a toast for HTMX, or problem+json; always with the number to quote."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
import structlog
from flask import Flask, Response, g, redirect, request, url_for
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from contracts.errors import (
    Invalid,
    NotFound,
    Problem,
    Refused,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
    Unexpected,
)
from contracts.language import N_
from contracts.message import invalid
from gateway import wording
from gateway.languages import gettext as _
from gateway.render import is_fragment, wanted
from gateway.templating import written

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

log = structlog.get_logger("gateway")
SWALLOWED = 300 * 1024 * 1024
"""Bytes of a body that is too large which are still taken off the line, after its answer went out."""
PATIENCE = 30.0
"""Seconds that such a body may still take to arrive."""
SILENCE = 5.0
"""Seconds without a byte after which its sender is taken to have read the answer."""
TITLES = {
    400: N_("This request cannot be read"),
    401: N_("Please sign in"),
    403: N_("Not allowed"),
    404: N_("Not found"),
    405: N_("Not possible here"),
    409: N_("Not possible now"),
    413: N_("Too large"),
    422: N_("Please check what you entered"),
    428: N_("The version is missing"),
    429: N_("Too many attempts"),
    500: N_("Something went wrong on our side"),
    503: N_("A part of the system does not answer"),
}
HINTS = {
    403: N_("If you need this for your work, ask your administrator for the right."),
    404: N_("It may have been moved, or it is not for your eyes. Search for it, or go back."),
    500: N_("The mistake is in our log under the number below. What you entered was not saved."),
    503: N_("Nothing is lost. Wait a moment and try again."),
}


class StaleForm(Refused):
    """The form's token does not fit: cookies were cleared, or the form came from elsewhere."""

    status = 400
    pattern = N_("This form is no longer valid. Please load the page again.")


class NotReadable(Problem):
    """The request itself is malformed."""

    pattern = N_("This request cannot be read.")


class NoSuchMethod(Problem):
    status = 405
    pattern = N_("This address does not take that kind of request.")


def as_problem(error: Exception) -> Problem:
    """Whatever was raised, as one of our problems."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, ValidationError):  # what was sent fits into no question that can be asked
        return invalid(error)
    if isinstance(error, CSRFError):
        return StaleForm()
    if isinstance(error, RateLimitExceeded):
        return TooMany(seconds=60)
    if isinstance(error, RequestEntityTooLarge):
        return TooLarge(limit=f"{(request.max_content_length or 0) // 2**20 - 1} MB")
    if isinstance(error, HTTPException) and error.code is not None and error.code < 500:
        return {404: NotFound(), 405: NoSuchMethod()}.get(error.code) or NotReadable()
    log.exception("unexpected", call=g.get("call_id", ""), path=request.path)
    return Unexpected(number=g.get("call_id", ""))


def as_json(problem: Problem) -> dict[str, Any]:
    """RFC 9457, with our code, parameters and fields beside it."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": _(TITLES.get(problem.status, TITLES[400])),
        "status": problem.status,
        "detail": wording.sentence(problem),
        "code": type(problem).__name__,
        "params": problem.params,
        "call_id": g.get("call_id", ""),
    }
    if isinstance(problem, Invalid):
        body["fields"] = [
            {**field.as_dict(), "detail": wording.field_sentence(field)} for field in problem.fields
        ]
    return body


def _answer(error: Exception) -> AnyResponse:
    problem = as_problem(error)
    kind = wanted()
    if isinstance(problem, Unauthenticated) and kind == "html":
        return _to_sign_in()
    if kind == "html":
        response = _toast(problem) if is_fragment() else _page(problem)
    else:
        body = orjson.dumps(as_json(problem))
        response = Response(body, problem.status, mimetype="application/problem+json")
    if isinstance(problem, Unauthenticated):
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(problem, TooMany):
        response.headers["Retry-After"] = problem.params.get("seconds", "60")
    if isinstance(problem, Unavailable):
        response.headers["Retry-After"] = "5"
    if isinstance(error, RequestEntityTooLarge):
        response.headers["Connection"] = "close"
        response.call_on_close(partial(_swallow_body, request.environ))
    response.headers["Cache-Control"] = "no-store"
    return response


def _swallow_body(environ: WSGIEnvironment) -> None:
    """Take the rest of a body off the line, after the answer to it went out.

    A browser reads the answer only when it has sent everything; were the connection shut before, it would show a broken
    connection instead of our sentence.
    """
    line = environ.get("gunicorn.socket")
    if line is not None:
        line.settimeout(SILENCE)
    stream, until = environ["wsgi.input"], time.monotonic() + PATIENCE
    left = min(int(environ.get("CONTENT_LENGTH") or 0), SWALLOWED)
    with suppress(OSError):
        while left > 0 and time.monotonic() < until and (piece := stream.read(min(left, 65536))):
            left -= len(piece)


def _to_sign_in() -> AnyResponse:
    """To the sign-in page, and back here afterwards; a fragment returns to the page it stands in."""
    if is_fragment():
        shown = request.headers.get("HX-Current-URL", "")
        path = "/" + shown.split("/", 3)[3] if shown.count("/") >= 3 else "/"
        return Response("", 200, {"HX-Redirect": url_for("sign_in.page", next=path)})
    path = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return redirect(url_for("sign_in.page", next=path if path != "/" else None), 303)


def _whole_sentence(problem: Problem) -> str:
    """With what is wrong in each field, where no form stands around it that would say so beside the field."""
    wrong = [wording.field_sentence(one) for one in problem.fields] if isinstance(problem, Invalid) else []
    return " ".join(dict.fromkeys((wording.sentence(problem), *wrong)))


def _page(problem: Problem) -> Response:
    values = {
        "problem": problem,
        "title": _(TITLES.get(problem.status, TITLES[400])),
        "sentence": _whole_sentence(problem),
        "hint": _(HINTS[problem.status]) if problem.status in HINTS else "",
    }
    return Response(written("error/problem.html", **values), problem.status)


def _toast(problem: Problem) -> Response:
    """HTMX puts it among the toasts instead of where the answer was expected."""
    text = written("part/toast.html", kind="danger", text=_whole_sentence(problem), problem=problem)
    return Response(text, problem.status, {"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"})


def install(app: Flask) -> None:
    """Answer every problem."""
    app.register_error_handler(Problem, _answer)
    app.register_error_handler(HTTPException, _answer)
    app.register_error_handler(Exception, _answer)
