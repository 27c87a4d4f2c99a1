"""Tabs over a list: everything, the shipped views, and those people saved for themselves or for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import request, url_for
from werkzeug.wrappers import Response

from contracts import addresses
from contracts.addresses import ListAddress
from contracts.errors import NotFound
from contracts.message import Record
from contracts.query import CreateOf, ListOf, Query
from gateway.addresses import asked
from gateway.auth import actor
from gateway.entity_pages.subject import find_record
from gateway.frame import registry
from gateway.languages import gettext as _
from gateway.render import go, idempotency_key, page
from gateway.rpc import Question, ask
from gateway.screen import Screen

SAVED = "organization.saved_view"
FRESH = 60.0
"""Seconds for which the saved views of a list are believed; what is changed through this gateway is seen at once."""


@dataclass(frozen=True)
class Tab:
    """A view as a tab."""

    title: str
    address: str
    is_here: bool
    own: str = ""
    """Its id, where the person may take it away again."""


def question(record: type[Record]) -> Question | None:
    """Asks for the saved views of an entity, beside the rows."""
    if registry().record(SAVED) is None or not actor().may(f"{SAVED}.read"):
        return None
    mine_or_shared = ({"created_by": str(actor().id)}, {"is_shared": True})
    query = Query(where={"list_of": record.entity()}, any_of=mine_or_shared, limit=20)
    return Question("organization", "list", ListOf(entity=SAVED, query=query), keeps=FRESH)


def tabs(record: type[Record], screen: Screen, address: ListAddress, saved: Any) -> list[Tab]:
    """All, shipped, saved. The tab whose rows these are is marked."""
    base = url_for("entity.listing", service=record.service(), noun=record.noun())
    found = [
        (_("All"), "", ""),
        (_("Starred"), "starred=1", ""),
        *((_(view.title), view.query, "") for view in screen.views),
    ]
    if isinstance(saved, dict):
        me = str(actor().id)
        found += [(r["name"], r["query"], r["id"] if r["created_by"] == me else "") for r in saved["rows"]]
    here = _essence(address.written())
    return [
        Tab(title, base + ("?" + query if query else ""), _essence(query) == here, own)
        for title, query, own in found
    ]


def is_home(screen: Screen, address: ListAddress) -> bool:
    """Whether this is the whole list, or what the menu opens: nobody has narrowed it."""
    return _essence(address.written()) in ((), _essence(screen.home))


def _essence(query: str) -> tuple[tuple[str, str], ...]:
    """What a view is about: its conditions, not its order or columns."""
    pairs = parse_qsl(query.removeprefix("?"))
    return tuple(
        sorted(pair for pair in pairs if pair[0] not in {"sort", "columns", "view", "limit", "after"})
    )


def save_form(service: str, noun: str) -> Response:
    """Name the list one sees, to find it again as a tab."""
    record = find_record(service, noun)
    address = asked()
    return page(
        "entity/save_view.html", "dialog-body", record=record, query=address.written().removeprefix("?")
    )


def save(service: str, noun: str) -> Response:
    """Keep a view for oneself or for everybody."""
    record = find_record(service, noun)
    if registry().record(SAVED) is None:
        raise NotFound(entity=SAVED)
    query = urlencode(addresses.read(request.form.get("query", "")).pairs())
    values = {
        "name": request.form.get("name", ""),
        "list_of": record.entity(),
        "query": query,
        "is_shared": request.form.get("is_shared") == "yes",
    }
    ask("organization", "create", CreateOf(entity=SAVED, values=values), key=idempotency_key())
    return go(url_for("entity.listing", service=service, noun=noun) + "?" + query)


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
