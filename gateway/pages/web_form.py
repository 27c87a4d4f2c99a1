"""The forms of the company's website: for strangers, without sign-in, showing nothing of what we have (users 7)."""

from __future__ import annotations

import hmac
import time
from base64 import b64decode
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from itertools import count
from typing import Any

from flask import Blueprint, current_app, g, request, stream_with_context
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from itsdangerous import BadSignature, TimestampSigner
from werkzeug.wrappers import Response

from contracts.customer import Lead
from contracts.errors import FieldProblem, Invalid, TooMany
from contracts.message import Attr
from gateway import api, auth, definitions, wording
from gateway.fields import read_values
from gateway.forms import build_form
from gateway.languages import language
from gateway.render import form_key, idempotency_key, json, json_body, page, wanted
from gateway.rpc import ask
from gateway.security import limiter

blueprint = Blueprint("web_form", __name__)
BAIT = "nothing_here"
"""A field no person sees, by a name no browser fills in. Whoever does is perhaps a program, and is thanked all the same."""
FASTEST = 2.0
"""Seconds that a person needs at least to fill in a form."""
LONGEST = 24 * 3600
"""Seconds for which an open form can be sent."""
KEPT = 3600
"""Seconds for which a browser keeps the logo."""
STAMP = "_shown"
"""The field that says which form was shown, and when."""
FORM = api.fields(
    "name", "asks", "fields", "shown", "bait", name={"type": "string"}, asks={"type": "array", "items": {"type": "string"}},
    fields={"type": "array", "items": {"type": "object"}},
    shown={"type": "string", "description": f"To be sent back as `{STAMP}`: good for one lead, for a day."},
    bait={"type": "string", "description": "A field to show to nobody and to send back empty: what somebody writes there marks a lead as suspect."},
)  # fmt: skip
SENT = {
    **api.fields(
        STAMP,
        **{
            STAMP: {
                "type": "string",
                "description": f"`shown` of the form that was filled in. A person needs {FASTEST:.0f} seconds at least, and it is good for {LONGEST // 3600} hours and one lead.",
            },
            BAIT: {"type": "string", "description": "What stands in the hidden field: nothing, of people."},
        },
    ),
    "additionalProperties": True,
}
OFTEN = "60 per minute"
"""How often one address may send in a moment; how often on a day, the form says."""


@blueprint.before_request
def _as_a_stranger() -> None:
    """Services are asked in nobody's name, whoever looks at the form."""
    g.token = auth.sessions().anonymous_token()
    definitions.learn()


@blueprint.get("/form/<code>")
@api.described(
    summary="What a form of the website asks for, and what can be chosen there.", answers=FORM, is_open=True
)
def show(code: str) -> Response:
    """The empty form."""
    asked = _asked(code)
    return json(_described(asked)) if wanted() == "json" else _page(asked, {})


@blueprint.get("/form/<code>/logo")
@api.described(media="image/*", is_open=True)
def logo(code: str) -> Response:
    """The company's picture above the form; it stands under another address when it is another one."""
    first = _part(code, 0)
    response = Response(stream_with_context(_parts(code, first)), mimetype=first["media_type"])
    response.headers["Cache-Control"] = f"public, max-age={KEPT}"
    return response


@blueprint.post("/form/<code>")
@limiter.limit(OFTEN)
@api.described(
    summary="Send a form of the website: the values by name of the field, with the stamp of the form that was shown.",
    takes=SENT, status=201,
    answers=api.fields("thanks", thanks={"type": "string"}), is_open=True,
)  # fmt: skip
def send(code: str) -> Response:
    """Thanks, or the form again with what is wrong."""
    asked = _asked(code)
    if request.is_json:
        return _sent_by_program(code, asked)
    values, is_suspect = read_values(_attrs(asked), request.form), bool(request.form.get(BAIT))
    key = idempotency_key() or form_key()
    wrong = _not_yet(request.form.get(STAMP), key)
    if wrong is not None and not is_suspect:
        return _page(asked, values, said=wording.field_sentence(wrong))
    try:
        _send(code, values, key, is_suspect)
    except TooMany as problem:
        return _page(asked, values, said=wording.sentence(problem), status=problem.status)
    except Invalid as problem:
        if not is_suspect:
            return _page(asked, values, problem)
    return page(
        "page/web_form.html",
        form=None,
        asked=asked,
        thanks=_told(asked, "thanks"),
        heading=_told(asked, "name"),
    )


def _sent_by_program(code: str, asked: dict[str, Any]) -> Response:
    """The website's own form, or its server: one object with the values, guarded as the page is. Raises Invalid and TooMany."""
    values = json_body()
    stamp, is_suspect = values.pop(STAMP, None), bool(values.pop(BAIT, None))
    shown = _shown(stamp)
    wrong = _not_yet(stamp)
    if wrong is not None and not is_suspect:
        raise Invalid(wrong)
    try:
        _send(code, values, shown[0] if shown else form_key(), is_suspect)
    except Invalid:
        if not is_suspect:
            raise
    return json({"thanks": _told(asked, "thanks") or _("Thank you. We will be in touch soon.")}, 201)


def _send(code: str, values: Any, key: str, is_suspect: bool) -> None:
    message = {"code": code, "values": values, "sender": _sender(), "is_suspect": is_suspect}
    ask("customer", "send_web_form", message, key=key)


def _sender() -> str:
    """What stands for the address it comes from, or for the network of a household, and does not tell it."""
    address = ip_address(get_remote_address())
    home = ip_network((address, 64 if address.version == 6 else 32), strict=False)
    return hmac.new((current_app.secret_key or "").encode(), str(home).encode(), "sha256").hexdigest()  # type: ignore[union-attr]


def _asked(code: str) -> dict[str, Any]:
    found: dict[str, Any] = ask("customer", "open_web_form", {"code": code[:40]})
    g.framed_by = found["sites"]
    return found


def _described(asked: dict[str, Any]) -> dict[str, Any]:
    """What a program needs to show the form itself; where it may be framed is no business of strangers."""
    fields = [
        {"name": name, "label": wording.field_label(a), "kind": "choice" if a.ref else a.kind, "required": a.required}
        | {"several": a.many, "choices": asked["choices"].get(name, [])}
        for name, a in _attrs(asked).items()
    ]  # fmt: skip
    return {
        **{name: value for name, value in asked.items() if name not in {"sites", "choices"}},
        "fields": fields, "shown": _stamp(form_key()), "bait": BAIT,
    }  # fmt: skip


def _part(code: str, position: int) -> dict[str, Any]:
    found: dict[str, Any] = ask("customer", "web_form_logo", {"code": code[:40], "position": position})
    return found


def _parts(code: str, part: dict[str, Any]) -> Iterator[bytes]:
    for position in count(1):
        if part["data"] is None:
            return
        yield b64decode(part["data"])
        part = _part(code, position)


def _attrs(asked: dict[str, Any]) -> dict[str, Attr]:
    attrs = Lead.attrs()
    return {name: attrs[name] for name in asked["asks"] if name in attrs}


def _page(
    asked: dict[str, Any],
    values: dict[str, Any],
    problem: Invalid | None = None,
    said: str = "",
    status: int = 200,
) -> Response:
    key, stamp = idempotency_key() or form_key(), request.form.get(STAMP)
    form = build_form("customer.lead", _attrs(asked), values, {}, problem)
    return page(
        "page/web_form.html", status=422 if problem else status, form=form, problem=problem, said=said,
        key=key, shown=stamp if _shown(stamp, key) else _stamp(key),
        bait=BAIT, asked=asked, heading=_told(asked, "name"), text=_told(asked, "text"),
    )  # fmt: skip


def _told(asked: dict[str, Any], name: str) -> str:
    return (language() == "en" and asked[f"{name}_en"]) or asked[name] or ""


def _not_yet(stamp: Any, key: str | None = None) -> FieldProblem | None:
    """Why a person would not have sent it now: told to press again. None when all is well.

    The stamp is that of one form that was shown, which makes one lead.
    """
    shown = _shown(stamp, key)
    if shown is None:
        return FieldProblem(STAMP, "open_too_long")
    return FieldProblem(STAMP, "very_quick") if time.time() - shown[1] < FASTEST else None


def _shown(stamp: Any, key: str | None = None) -> tuple[str, float] | None:
    """The key of the form with this stamp, and when it was shown; None where that was too long ago, never, or another's."""
    try:
        said, at = _signer().unsign(str(stamp or ""), LONGEST, return_timestamp=True)
    except BadSignature:
        return None
    return (said.decode(), at.timestamp()) if key in (None, said.decode()) else None


def _stamp(key: str) -> str:
    return _signer().sign(key).decode()


def _signer() -> TimestampSigner:
    return TimestampSigner(current_app.secret_key or "", salt="web form")
