"""The bell: how many messages wait for the person, and the latest of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from contracts.errors import Problem
from gateway.render import json, wanted
from gateway.rpc import Question, ask_each

blueprint = Blueprint("bell", __name__)


def _asked() -> dict[str, Any] | None:
    """`notification.bell` → {"count": 3, "messages": [{"id", "at", "title", "text", "address", "is_read"}]}."""
    answer = ask_each(Question("notification", "bell", {}), timeout=3)[0]
    return None if isinstance(answer, Problem) else answer


@blueprint.get("/bell")
def count() -> Response:
    """The number on the bell; nothing where there is none, or where notification does not answer."""
    found = _asked()
    if wanted() == "json":
        return json(found or {"count": 0, "messages": []})
    return Response(render_template("part/bell.html", count=(found or {}).get("count", 0)), 200)


@blueprint.get("/bell/latest")
def latest() -> Response:
    """What opens under the bell."""
    return Response(render_template("part/bell_menu.html", found=_asked()), 200)
