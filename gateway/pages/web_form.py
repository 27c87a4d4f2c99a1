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
from contracts.errors import Invalid, TooMany
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
FORM = api.fields(
    "name", "asks", "fields", name={"type": "string"}, asks={"type": "array", "items": {"type": "string"}},
    fields={"type": "array", "items": {"type": "object"}},
)  # fmt: skip
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
    summary="Send a form of the website: the values by name of the field.", takes={"type": "object"}, status=201,
    answers=api.fields("thanks", thanks={"type": "string"}), is_open=True,
)  # fmt: skip
def send(code: str) -> Response:
    """Thanks, or the form again with what is wrong."""
    asked = _asked(code)
    if request.is_json:
        return _sent_by_program(code, asked)
    values, is_suspect = read_values(_attrs(asked), request.form), bool(request.form.get(BAIT))
    if not is_suspect and (said := _not_yet()):
        return _page(asked, values, said=said)
    try:
        _send(code, values, is_suspect)
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
    """The website's own form, or its server: one object with the values. Raises Invalid and TooMany."""
    _send(code, json_body())
    return json({"thanks": _told(asked, "thanks") or _("Thank you. We will be in touch soon.")}, 201)


def _send(code: str, values: Any, is_suspect: bool = False) -> None:
    message = {"code": code, "values": values, "sender": _sender(), "is_suspect": is_suspect}
    ask("customer", "send_web_form", message, key=idempotency_key() or form_key())


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
        "fields": fields,
    }


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
    key = idempotency_key() or form_key()
    form = build_form("customer.lead", _attrs(asked), values, {}, problem)
    return page(
        "page/web_form.html", status=422 if problem else status, form=form, problem=problem, said=said,
        key=key, shown=request.form["_shown"] if _shown(key) else _signer().sign(key).decode(),
        bait=BAIT, asked=asked, heading=_told(asked, "name"), text=_told(asked, "text"),
    )  # fmt: skip


def _told(asked: dict[str, Any], name: str) -> str:
    return (language() == "en" and asked[f"{name}_en"]) or asked[name] or ""


def _not_yet() -> str:
    """Why a person would not have sent it now: told to press again. Empty when all is well.

    The stamp is that of one form that was shown, which makes one lead.
    """
    shown = _shown(idempotency_key() or "")
    if shown is None:
        return _("This form has been open for too long. Please press the button again.")
    if time.time() - shown < FASTEST:
        return _("That was very quick. Please press the button again.")
    return ""


def _shown(key: str) -> float | None:
    """When the form with this key was shown; None where that was too long ago or never."""
    try:
        said, at = _signer().unsign(request.form.get("_shown", ""), LONGEST, return_timestamp=True)
    except BadSignature:
        return None
    return at.timestamp() if said.decode() == key else None


def _signer() -> TimestampSigner:
    return TimestampSigner(current_app.secret_key or "", salt="web form")
