"""The bell: how many messages wait for the person, and the latest of them; beside it the line to headquarters."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from chassis.wire import raise_problem
from contracts.errors import Problem
from contracts.notification import MarkRead
from contracts.query import GetOf
from gateway import api
from gateway.render import json, json_body, wanted
from gateway.rpc import Question, ask, ask_each
from gateway.templating import written

blueprint = Blueprint("bell", __name__)


def _asked() -> dict[str, Any] | None:
    """`notification.bell` → {"count": 3, "messages": [{"id", "at", "title", "text", "address", "is_read"}]}."""
    answer = ask_each(Question("notification", "bell", {}), timeout=3)[0]
    return None if isinstance(answer, Problem) else answer


@blueprint.get("/bell")
@api.described(summary="The messages that wait, and how this copy stands with headquarters.")
def count() -> Response:
    """The number on the bell, and how this copy stands with headquarters; a part that does not answer says nothing."""
    bell, link = ask_each(
        Question("notification", "bell", {}), Question("branch_sync", "link", {}), timeout=3
    )
    found = {"count": 0, "messages": []} if isinstance(bell, Problem) else bell
    link = None if isinstance(link, Problem) else link
    if wanted() == "json":
        return json(found | {"link": link})
    return Response(written("part/bell.html", count=found.get("count", 0), link=link), 200)


@blueprint.get("/bell/latest")
@api.only_page("the part of a page that shows what /bell answers")
def latest() -> Response:
    """What opens under the bell."""
    return Response(written("part/bell_menu.html", found=_asked()), 200)


@blueprint.get("/bell/<uuid:id>")
@api.only_page("leads to what a message is about; its address is in /bell")
def open_one(id: UUID) -> Response:
    """Go to what a message is about; with that it is read."""
    stored, _read = ask_each(
        Question("notification", "get", GetOf(entity="notification.notice", id=id)),
        Question("notification", "mark_read", MarkRead(ids=(id,))),
    )
    link = raise_problem(stored)["row"]["link"] or ""
    return redirect(link if link.startswith("/") and not link.startswith("//") else "/")


def _given(name: str) -> Any:
    given = json_body() if request.is_json else request.form
    return given.get(name) or None


@blueprint.post("/bell/read")
@api.described(
    summary="All messages, or those until a moment, are read.",
    takes=api.fields(until={"type": "string", "format": "date-time"}),
)
def read_all() -> Response:
    """Everything that was shown is read; what came since is not."""
    ask("notification", "mark_read", MarkRead.read({"until": _given("until")}))
    if wanted() == "json":
        return json(_asked())
    answer = latest()
    answer.headers["HX-Trigger"] = "refresh-bell"
    return answer
