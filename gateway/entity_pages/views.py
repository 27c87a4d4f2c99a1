"""Tabs over a list: everything, the shipped views, and those people saved for themselves or for all."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from flask import request, url_for
from werkzeug.wrappers import Response

from contracts import addresses
from contracts.addresses import ListAddress
from contracts.errors import NotFound
from contracts.message import Record
from contracts.organization import OpenFirst, SavedView, ViewsOf
from contracts.query import CreateOf, UpdateOf
from gateway import api
from gateway.addresses import asked
from gateway.auth import actor
from gateway.entity_pages.subject import find_record
from gateway.frame import list_address, registry
from gateway.languages import gettext as _
from gateway.render import go, idempotency_key, is_fragment, page, safe_address
from gateway.rpc import Question, ask
from gateway.screen import Screen

SAVED = "organization.saved_view"
FRESH = 60.0
"""Seconds for which the saved views of a list are believed; what is changed through this gateway is seen at once."""
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ALL = "all"
"""In the place of a view: all rows, also where another view opens first."""


@dataclass(frozen=True)
class Tab:
    """A view as a tab.

    view_id     of a saved one
    query       as it is kept, or as it comes with Guanxi
    is_own      whether the person made it, and may change it
    is_changed  whether the list one sees is no longer what is kept
    is_first    whether the list opens with it
    """

    title: str
    query: str
    address: str
    is_here: bool
    view_id: str = ""
    is_own: bool = False
    is_changed: bool = False
    is_first: bool = False


def question(record: type[Record]) -> Question | None:
    """Asks for the saved views of an entity, beside the rows."""
    if registry().record(SAVED) is None or not actor().may(f"{SAVED}.read"):
        return None
    return Question("organization", "views", ViewsOf(list_of=record.entity()), keeps=FRESH)


def tabs(record: type[Record], screen: Screen, address: ListAddress, saved: Any) -> list[Tab]:
    """All, shipped, saved; over what is counted by group, those that are counted as well. The tab one came by is marked, else
    the one whose rows these are."""
    is_counted, answer = bool(address.by), saved if isinstance(saved, dict) else {"rows": []}
    rows = [row for row in answer["rows"] if bool(addresses.read(row["query"]).by) == is_counted]
    first = answer.get("first") or {"view_id": None, "query": ""}
    is_of_saved = address.view in {row["id"] for row in rows}
    here, me = _essence(address.written()), str(actor().id)
    shipped = _shipped(screen, is_counted)
    found = [
        Tab(
            title, query, place(record, query or f"view={ALL}"), not is_of_saved and _essence(query) == here,
            is_first=(first["view_id"], first["query"]) == (None, query),
        )
        for title, query in shipped
    ]  # fmt: skip
    for row in rows:
        kept = replace(addresses.read(row["query"]), view=row["id"])
        found.append(
            Tab(
                row["name"], row["query"], place(record, kept.written()),
                row["id"] == address.view if is_of_saved else _essence(row["query"]) == here,
                view_id=row["id"], is_own=row["owner_id"] == me, is_first=first["view_id"] == row["id"],
                is_changed=row["id"] == address.view and sorted(kept.pairs()) != sorted(address.pairs()),
            )
        )  # fmt: skip
    return _one_here(found, address)


def _shipped(screen: Screen, is_counted: bool) -> list[tuple[str, str]]:
    """What comes with Guanxi."""
    if is_counted:
        return [(_(v.title), v.query) for v in screen.reports]
    return [(_("All"), ""), (_("Starred"), "starred=1"), *((_(v.title), v.query) for v in screen.views)]


def place(record: type[Record], query: str) -> str:
    """Where a question is answered: the list, or its rows counted by group."""
    page = "/grouped" if addresses.read(query).by else ""
    return f"{list_address(record.entity())}{page}?{query.removeprefix('?')}"


def _one_here(found: list[Tab], address: ListAddress) -> list[Tab]:
    """Of several tabs with the same conditions the one whose order this is, too; else the first."""
    here, asked = [tab for tab in found if tab.is_here], set(address.pairs())

    def fits(tab: Tab) -> int:
        pairs = set(addresses.read(tab.query).pairs())
        return len(pairs) if pairs <= asked else -1

    best = max(here, key=fits, default=None)
    return [tab if tab.is_here == (tab is best) else replace(tab, is_here=tab is best) for tab in found]


def came_by(entity: str, id: str) -> str:
    """What stands in the place of a view when a kept question is opened as a list."""
    return id if entity == SAVED else f"{entity}:{id}"


def of_keeper(address: ListAddress) -> tuple[str, str]:
    """The record by whose question one came to the list, as its entity and its id; nothing twice when it was none."""
    entity, _colon, id = address.view.partition(":")
    return (entity, id) if ID.fullmatch(id) else ("", "")


def opens_first(screen: Screen, address: ListAddress, found: list[Tab]) -> str | None:
    """Where the list opens for this person, who came by the menu and has chosen a view for that."""
    is_menu = address.pairs() in ([], addresses.read(screen.home).pairs())
    first = next((tab for tab in found if tab.is_first and tab.query), None)
    if first is None or not is_menu or is_fragment() or first.is_here:
        return None
    return first.address


def is_home(screen: Screen, address: ListAddress) -> bool:
    """Whether this is the whole list, or what the menu opens: nobody has narrowed it."""
    return _essence(address.written()) in ((), _essence(screen.home))


@lru_cache(maxsize=1000)
def _essence(query: str) -> tuple[tuple[str, str], ...]:
    """What a view is about: its conditions, not its order or columns."""
    pairs = parse_qsl(query.removeprefix("?"))
    return tuple(
        sorted(pair for pair in pairs if pair[0] not in {"sort", "columns", "view", "limit", "after"})
    )


@api.only_page("the form")
def save_form(service: str, noun: str) -> Response:
    """Name the list one sees, with its order and columns, to find it again as a tab."""
    record = find_record(service, noun)
    seen = asked()
    columns = () if seen.by else seen.columns or remembered_columns(record)
    kept = replace(seen, view="", columns=columns)
    return page(
        "entity/save_view.html", "dialog-body", record=record, query=kept.written().removeprefix("?"), is_counted=bool(seen.by),
        back=place(record, seen.written()), audiences=SavedView.attrs()["audience"].choices,
    )  # fmt: skip


@api.only_page("keeps the list as one sees it; a program makes or changes an organization.saved_view")
def save(service: str, noun: str) -> Response:
    """Keep a view, or what was changed on one that is kept already."""
    record = find_record(service, noun)
    if registry().record(SAVED) is None:
        raise NotFound(entity=SAVED)
    kept = replace(addresses.read(request.form.get("query", "")), view="")
    query = kept.written().removeprefix("?")
    if id := request.form.get("view_id"):
        changed = UpdateOf.read({"entity": SAVED, "id": id, "values": {"query": query}})
        ask("organization", "update", changed, key=idempotency_key())
    else:
        values = {
            "name": request.form.get("name", ""), "list_of": record.entity(), "query": query,
            "audience": request.form.get("audience") or "myself",
        }  # fmt: skip
        id = ask("organization", "create", CreateOf(entity=SAVED, values=values), key=idempotency_key())[
            "row"
        ]["id"]
    return go(place(record, replace(kept, view=str(id)).written()))


@api.only_page("a button; a program sends /organization/do/open_first")
def open_first(service: str, noun: str) -> Response:
    """Let the list open with this view from now on."""
    record = find_record(service, noun)
    wish = {name: request.form.get(name) or None for name in ("view_id", "query")}
    message = OpenFirst.read({"list_of": record.entity(), **wish})
    ask("organization", "open_first", message, key=idempotency_key())
    return go(safe_address(request.form.get("_next"), list_address(record.entity())))


# -- columns ----------------------------------------------------------------------------------------------------


def remembered_columns(record: type[Record]) -> tuple[str, ...]:
    """What this browser last chose for this list; the cookie travels only with this list's address."""
    return tuple(name for name in request.cookies.get(f"columns_{record.noun()}", "").split(".") if name)


def remember_columns(response: Response, record: type[Record], names: tuple[str, ...]) -> None:
    """For next time."""
    path = url_for("entity.listing", service=record.service(), noun=record.noun())
    response.set_cookie(
        f"columns_{record.noun()}", ".".join(names), max_age=400 * 86400, samesite="Lax", path=path
    )
