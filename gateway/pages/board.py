"""Open opportunities as a board by stage: sums per column, cards that are dragged (or moved by a dialog)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from contracts.errors import Problem
from contracts.language import N_
from contracts.sales import Board, BoardOf
from gateway import api, auth, wording
from gateway.frame import Menu
from gateway.pages.buying_centre import late_deciders
from gateway.render import block, form_key, json, page, wanted
from gateway.rpc import ask

blueprint = Blueprint("board", __name__)
menu = Menu(N_("Board"), "layout-kanban", endpoint="board.show", permission="sales.board", place=45)
STALLED_DAYS = 30
"""A card that has not moved for so long is marked."""


@blueprint.get("/sales/board")
@api.described(asks=(BoardOf,), answers=Board)
def show() -> Response:
    """The whole board, or the cards of one column further down."""
    auth.require("sales.board")
    wish = _wish("owner_id", "text", "stage_id", "after")
    found = ask("sales", "board", wish)
    if wanted() == "json":
        return json(found)
    if "after" in wish:
        return block("page/board.html", "more", **_values(found))
    return page("page/board.html", "board", **_values(found))


@blueprint.post("/sales/board/move")
@api.only_page("a card that was dragged; a program sends /sales/opportunity/{id}/move")
def move() -> Response:
    """A card was dropped on another column. Answers the board as it is now, still narrowed to what was searched, and what was wrong if it was not done."""
    auth.require("sales.move_opportunity")
    form = request.form
    message = {"id": form.get("id"), "ver": form.get("ver", type=int), "stage_id": form.get("stage_id")}
    said = ""
    try:
        ask("sales", "move_opportunity", message, key=form.get("_key"))
    except Problem as problem:
        said = wording.sentence(problem)
    found = ask("sales", "board", _wish("owner_id", "text"))
    return block("page/board.html", "board", **_values(found), said=said)


def _wish(*names: str) -> dict[str, Any]:
    """What the address asks of the board."""
    return {name: request.args[name] for name in names if request.args.get(name)}


def _values(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "found": found,
        "labels": found["labels"],
        "deciders": late_deciders(found),
        "key": form_key(),
        "stalled_days": STALLED_DAYS,
        "text": request.args.get("text", ""),
        "kept": _wish("owner_id", "text"),
    }
