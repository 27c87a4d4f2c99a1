"""Which kind of answer a request wants, and a page or one block of it from the same template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import UUID, uuid4

import orjson
from flask import Response, current_app, make_response, redirect, request
from flask import url_for as flask_url_for
from jinja2 import nodes
from werkzeug.wrappers import Response as AnyResponse

from contracts.errors import FieldProblem, Invalid
from gateway import templating
from gateway.templating import block_of, written

Made = TypeVar("Made", bound=AnyResponse)
SUFFIXES = ("json", "csv", "xlsx", "vcf", "pdf", "docx")


def wanted() -> str:
    """html, or one of SUFFIXES: by the suffix of the address, else by what the client accepts."""
    suffix = (request.view_args or {}).get("suffix") or request.path.rpartition(".")[2]
    if suffix in SUFFIXES:
        return str(suffix)
    if request.is_json or _is_program():
        return "json"
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return "json" if best == "application/json" else "html"


def _is_program() -> bool:
    """Whoever brings a key instead of a cookie and does not ask for a page is no browser."""
    return "Authorization" in request.headers and "text/html" not in request.headers.get("Accept", "")


def is_fragment() -> bool:
    """Whether HTMX asks, so that a part of the page is enough."""
    return request.headers.get("HX-Request") == "true"


def page(template: str, *blocks: str, status: int = 200, **values: Any) -> Response:
    """The whole page, or the one of its `blocks` that HTMX targets; any other target gets the whole.

    Raises TypeError for a value by the name of one that every template is given: the frame would take it for its own.
    """
    hidden = current_app.extensions["guanxi-given"] & values.keys()
    if hidden:
        raise TypeError(f"{template}: every template is given {', '.join(sorted(hidden))}")
    target = request.headers.get("HX-Target", "")
    if is_fragment() and target in blocks:
        name = target.replace("-", "_")
        text = block_of(_holder(template, name), name, **values)
    else:
        text = written(template, **values)
    response = make_response(text, status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Vary"] = "HX-Request, HX-Target, Accept, Cookie"
    return response


@cache
def _holder(template: str, name: str) -> str:
    """The template in which a block stands: this one, or one that it extends."""
    templates = current_app.jinja_env
    if name in templating.find(template).blocks:
        return template
    assert templates.loader is not None
    extends = templates.parse(templates.loader.get_source(templates, template)[0]).find(nodes.Extends)
    assert extends is not None, f"{template} has no block {name}"
    return _holder(extends.template.as_const(), name)


def block(template: str, name: str, status: int = 200, **values: Any) -> Response:
    """One block of a page, whatever HTMX says it targets."""
    response = make_response(block_of(template, name, **values), status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def json(value: Any, status: int = 200, **headers: str) -> Response:
    """Plain JSON."""
    response = Response(orjson.dumps(value, default=str), status, mimetype="application/json")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers.update(headers)
    return response


def version_tag(row: Mapping[str, Any]) -> str:
    """A record's version as it stands in a header."""
    return f'"{row["ver"]}"'


def go(address: str) -> AnyResponse:
    """On to another page after a change; HTMX is told in its own way."""
    if is_fragment():
        return Response("", 200, {"HX-Redirect": address})
    return redirect(address, 303)


def template_for(entity: str, page_name: str) -> str:
    """`sales/quote/record.html` where a service replaces the engine's page, else `entity/record.html`."""
    own = f"{entity.replace('.', '/')}/{page_name}.html"
    return templating.find(own, f"entity/{page_name}.html").name or ""


def came_from() -> str:
    """The page a dialog was opened on, as an address of ours; empty where none was."""
    return request.headers.get("HX-Current-URL", "").partition(request.host)[2]


def safe_address(text: str | None, fallback: str = "/") -> str:
    """A return address inside this site, or the fallback: never another site's."""
    if text and text.startswith("/") and not text.startswith(("//", "/\\")) and not _has_controls(text):
        return text
    return fallback


def _has_controls(text: str) -> bool:
    return any(ord(sign) < 32 for sign in text)


def named(response: Made, name: str, is_shown: bool = False) -> Made:
    """Offer a file under a name in any script (RFC 6266): to be kept, or to be shown in the window."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("_")
    plain = f"file{plain}" if plain.startswith(".") or not plain else plain
    how = "inline" if is_shown else "attachment"
    response.headers["Content-Disposition"] = f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def form_key() -> str:
    """Made once when a form is shown, so that sending it twice does it once."""
    return str(uuid4())


def json_body() -> dict[str, Any]:
    """The object a program sent. Raises Invalid for anything else, also for text that is none (half a character)."""
    try:
        body = orjson.loads(request.get_data()) if request.is_json else None
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise Invalid(FieldProblem("", "wrong"))
    return body


def idempotency_key() -> str | None:
    """From the header of a program or the hidden field of a form."""
    key = request.headers.get("Idempotency-Key") or request.form.get("_key")
    return key[:200] if key else None


def record_address(entity: str, id: UUID | str, **more: Any) -> str:
    """Where a record is shown."""
    service, _, noun = entity.partition(".")
    return flask_url_for("entity.record", service=service, noun=noun, id=id, **more)
