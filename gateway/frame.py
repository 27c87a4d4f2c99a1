"""What surrounds every page: menu, «+ New», bell, person; only what the person may open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Flask, current_app, g, request, url_for

from contracts import own_objects
from contracts.language import N_
from contracts.message import Attr, Record
from gateway.languages import gettext, language
from gateway.registry import Registry
from gateway.screen import Screens, is_late


@dataclass(frozen=True)
class Menu:
    """An entry of the sidebar: a page by its endpoint, or an entity by its name.

    `permission` decides who sees it; an entity's entry asks for its `read`. `place` orders entries, in tens. Behind a page stand the
    lists of what it `covers`.
    """

    title: str
    icon: str
    endpoint: str = ""
    entity: str = ""
    permission: str = ""
    place: int = 500
    group: int = 1
    covers: tuple[str, ...] = ()


ENTITIES = (
    Menu(N_("Leads"), "user-search", entity="customer.lead", place=20),
    Menu(N_("Customers"), "building", entity="customer.customer", place=30),
    Menu(N_("Contacts"), "address-book", entity="customer.contact", place=35),
    Menu(N_("Opportunities"), "target-arrow", entity="sales.opportunity", place=40),
    Menu(N_("Quotes"), "file-dollar", entity="sales.quote", place=50),
    Menu(N_("Contracts"), "writing-sign", entity="receivables.contract", place=60),
    Menu(N_("Receivables"), "cash", entity="receivables.receivable", place=70),
    Menu(N_("Tickets"), "headset", entity="service_desk.ticket", place=80),
    Menu(N_("Knowledge"), "book", entity="service_desk.article", place=90),
)
"""Entities with an entry of their own; pages add theirs (`menu = Menu(...)` in `gateway/pages/<name>.py`)."""

OWN = 95
"""Where the company's own objects stand in the menu."""
Place = tuple[Menu, str, str, str]
"""An entry: what one must be permitted to see it, its address, and what is added to that at first."""


class Entry(NamedTuple):
    """A menu entry as this person sees it."""

    title: str
    icon: str
    address: str
    is_here: bool = False
    group: int = 0


def registry() -> Registry:
    """All records and commands."""
    found: Registry = current_app.extensions["guanxi-registry"]
    return found


def screens() -> Screens:
    """How entities look."""
    found: Screens = current_app.extensions["guanxi-screens"]
    return found


def menu() -> tuple[Entry, ...]:
    """The sidebar of this person."""
    path, may = request.path, g.actor.may
    places = [*_once("guanxi-places", _places), *map(_place, _own_entries())]
    return tuple(
        Entry(gettext(item.title), item.icon, address + home, _is_here(path, item, address), item.group)
        for item, permission, address, home in sorted(places, key=_order)
        if not permission or may(permission)
    )


def _is_here(path: str, item: Menu, address: str) -> bool:
    service, _, rest = path[1:].partition("/")
    return _is_at(path, address) or f"{service}.{rest.partition('/')[0]}" in item.covers


def stands_behind(entity: str) -> Entry | None:
    """The menu entry behind whose page the list of an entity stands, for those who have that entry."""
    for item, permission, address, _home in _once("guanxi-places", _places):
        if entity in item.covers and (not permission or g.actor.may(permission)):
            return Entry(gettext(item.title), item.icon, address)
    return None


def menu_title(permission: str) -> str:
    """What the page is called that this permission opens; nothing where it opens none."""
    places = _once("guanxi-places", _places)
    return next((gettext(item.title) for item, asked_for, *_ in places if asked_for == permission), "")


def _own_entries() -> list[Menu]:
    """The company's own objects, behind what comes with Guanxi."""
    return [
        Menu(record.plural, record.icon, entity=entity, place=OWN)
        for entity, record in own_objects.known().items()
    ]


def _order(place: Place) -> tuple[int, int]:
    return place[0].group, place[0].place


def _is_at(path: str, address: str) -> bool:
    return path.startswith(address) and path[len(address) : len(address) + 1] in ("", "/", ".")


def _once(name: str, make: Callable[[], Any]) -> Any:
    """What is the same for everybody as long as this process lives."""
    kept = current_app.extensions
    if name not in kept:
        kept[name] = make()
    return kept[name]


def _places() -> list[Place]:
    """Every entry that comes with Guanxi in its place."""
    entries: list[Menu] = [*ENTITIES, *current_app.extensions["guanxi-menu"]]
    there = [item for item in entries if not item.entity or registry().record(item.entity)]
    return [_place(item) for item in there]


def _place(item: Menu) -> Place:
    record = registry().record(item.entity)
    if record is None:
        return item, item.permission, url_for(item.endpoint), ""
    home = screens().of(record).home
    return item, item.permission or f"{item.entity}.read", list_address(item.entity), home and f"?{home}"


def list_address(entity: str, **more: Any) -> str:
    """Where the list of an entity is."""
    return _address("listing", entity) + asked(more)


def new_address(entity: str, **more: Any) -> str:
    """Where the form of a new one is."""
    return _address("new", entity) + asked(more)


@cache
def _address(page: str, entity: str) -> str:
    """A page asks for the same ones dozens of times."""
    service, _, noun = entity.partition(".")
    return url_for(f"entity.{page}", service=service, noun=noun)


def asked(more: Mapping[str, Any]) -> str:
    """The end of an address that says more, written as the router writes it; a value that is None is left out."""
    said = urlencode(
        {name: value for name, value in more.items() if value is not None}, doseq=True, safe=PLAIN
    )
    return f"?{said}" if said else ""


PLAIN = "!$'()*,/:;?@"
"""Signs that mean nothing of their own behind the question mark."""


def may_open(entity: str) -> bool:
    """Whether the name of such a row leads to its page: it has one worth seeing, and the person may see it."""
    record = registry().record(entity)
    return record is not None and screens().of(record).is_linked and bool(g.actor.may(f"{entity}.read"))


def is_row_late(record: type[Record], row: dict[str, Any]) -> bool:
    """Whether a row of a list beside a record is overdue."""
    return is_late(screens().of(record), row)


def brief_of(record: type[Record], row: dict[str, Any]) -> list[Attr]:
    """What a row says of itself where it stands in a list beside another record."""
    attrs = record.attrs()
    return [attrs[name] for name in screens().of(record).brief if name in attrs and row.get(name)]


def offered() -> tuple[Entry, ...]:
    """What «+ New» offers this person."""
    may = g.actor.may
    return tuple(
        Entry(gettext(record.label), record.icon, address)
        for record, address in (*_once("guanxi-offered", _offers), *map(_offer, own_objects.known().values()))
        if may(f"{record.entity()}.create")
    )


def _offers() -> list[tuple[type[Record], str]]:
    shipped = (r for r in registry().records.values() if not own_objects.is_own(r.entity()))
    found = [r for r in shipped if screens().of(r).is_offered and r.creatable]
    order = [item.entity for item in ENTITIES]
    found.sort(key=lambda record: order.index(e) if (e := record.entity()) in order else 99)
    return [_offer(record) for record in found]


def _offer(record: type[Record]) -> tuple[type[Record], str]:
    return record, _address("new", record.entity())


def _values() -> dict[str, Any]:
    """For every template; cheap until it is used."""
    theme = request.cookies.get("guanxi_theme", "auto")
    return {
        "actor": g.get("actor"),
        "call_id": g.get("call_id", ""),
        "language": language(),
        "menu": menu,
        "offered": offered,
        "theme": theme if theme in {"light", "dark"} else "auto",
        "is_narrow": request.cookies.get("guanxi_sidebar") == "narrow",
        "branch_code": current_app.extensions["guanxi-settings"].branch,
    }


def install(app: Flask) -> None:
    """Frame values in every template; no page may give others by their names."""
    app.context_processor(_values)
    with app.test_request_context():
        app.extensions["guanxi-given"] = frozenset(_values())
    app.jinja_env.globals.update(
        list_address=list_address,
        stands_behind=stands_behind,
        may_open=may_open,
        brief_of=brief_of,
        is_row_late=is_row_late,
    )
