"""Arranging the form of a kind of record: what stands where, what is left out or asked for, seen before it counts (users 6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from flask import Blueprint, request
from werkzeug.wrappers import Response

from contracts import forms as known
from contracts.errors import NotFound
from contracts.language import N_
from contracts.message import STAMPS, Attr, Record
from contracts.organization import Form, FormsOf
from contracts.own_fields import PREFIX, is_own
from contracts.query import ListOf, Query
from gateway import api, auth
from gateway.definitions import extensible
from gateway.entity_pages import forms as engine
from gateway.fields import read_values
from gateway.forms import build_form
from gateway.frame import list_address, registry, screens
from gateway.languages import language, translations
from gateway.render import go, page
from gateway.rpc import ask

blueprint = Blueprint("arranging", __name__)
Item = Mapping[str, Any]
CHINESE, ENGLISH = "zh_Hans_CN", "en"
YES = (True, "yes", "true")


@dataclass
class Place:
    """A field where it stands, or the title of a section with the fields below it."""

    item: Item
    number: int
    attr: Attr | None = None
    name: str = ""
    """What a field is called that is there no longer."""
    is_fresh: bool = False
    """Whether the field came after the form was arranged."""
    errors: list[str] = field(default_factory=list)
    fields: list[Place] = field(default_factory=list)

    def says(self, name: str) -> bool:
        """Whether the box is ticked."""
        return self.item.get(name) in YES


@blueprint.get("/organization/form/new")
@api.only_page("the form; a program makes an organization.form")
def new() -> Response:
    """Which form; then its fields as they stand until now. One that is arranged already is changed."""
    auth.require("organization.form.create")
    there = _existing(request.args.get("entity_name", ""), request.args.get("department_id", ""))
    if there is not None:
        return go(f"{list_address(Form.entity())}/{there['id']}/edit")
    return engine.new("organization", "form")


def _existing(entity: str, department: str) -> Item | None:
    for form in ask("organization", "forms", FormsOf()) if entity else ():
        if form["entity_name"] == entity and (form["department_id"] or "") == department:
            found: Item = form
            return found
    return None


@blueprint.post("/organization/form/preview")
@api.only_page("the picture of a form before it counts")
def preview() -> Response:
    """The form as it would be, before it counts."""
    auth.require("organization.form.read")
    record = _record(request.form.get("entity_name", ""))
    items = read_values({"items": Form.attrs()["items"]}, request.form).get("items") or ()
    return page(
        "page/form_preview.html", "dialog-body", record=record, shown=previewed(record.entity(), items)
    )


def _record(entity: str) -> type[Record]:
    record = registry().record(entity)
    if record is None or entity not in extensible():
        raise NotFound(entity=entity)
    return record


def previewed(entity: str, items: Iterable[Item]) -> dict[str, Any]:
    """What a form with these items shows: its sections, their fields, and which of them mean nothing for some."""
    plain = [
        {**item, **{name: item.get(name) in YES for name in ("is_left_out", "is_required")}} for item in items
    ]
    record, layout = _record(entity), known.layout(plain, language().partition("_")[0])
    with known.tried(entity, layout):
        attrs, screen = engine.entered(record), screens().of(record)
        sections = screen.grouped([name for name in attrs if name not in screen.left_out])
        chosen = {name: attrs[name] for _title, names in sections for name in names}
        defaults = {name: a.default for name, a in chosen.items()}
        form = build_form(entity, chosen, defaults, {})
    for one in form.fields.values():
        one.is_focused = False
    return {"sections": sections, "form": form, "needless": orjson.dumps(screen.needless).decode()}


def arranged(form: Any) -> dict[str, Any]:
    """What the page shows: sections with their fields in order, and what is left out."""
    record = registry().record(str(form.fields["entity_name"].value or ""))
    if record is None or record.entity() not in extensible():
        return {"record": None}
    rows = form.fields["items"]
    items: list[Item] = list(rows.value or _until_now(record))
    attrs = {
        n: a for n, a in record.built_in().items() if n not in STAMPS | screens().built_in(record).hidden
    }
    names = _names_of_gone(record, [i for i in items if i.get("field") and i["field"] not in attrs])
    places = [
        Place(item, n, attrs.get(item.get("field") or ""), names.get(item.get("field") or "", ""))
        for n, item in enumerate(items)
    ]
    for place, row in zip(places, rows.rows if rows.value else (), strict=False):
        place.errors = [said for one in row for said in one.errors]
    there = {item.get("field") for item in items}
    fresh = [name for name, a in attrs.items() if name not in there and not a.readonly]
    places += [
        Place({"field": name}, len(places) + n, attrs[name], is_fresh=True) for n, name in enumerate(fresh)
    ]
    return {
        "record": record, "sections": _sections(places), "errors": rows.errors,
        "left_out": [p for p in places if p.item.get("field") and p.says("is_left_out")],
        "differ": attrs[record.differs_by].choices if record.differs_by else (),
    }  # fmt: skip


def _sections(places: list[Place]) -> list[Place]:
    found = [Place({}, -1)]
    for place in places:
        if not place.item.get("field"):
            found.append(place)
        elif not place.says("is_left_out"):
            found[-1].fields.append(place)
    return found


def _until_now(record: type[Record]) -> list[Item]:
    """How the form is now for everybody: arranged once, or built in, with its titles in both languages."""
    there = _existing(record.entity(), "")
    if there is not None:
        return [{name: value for name, value in item.items() if name != "id"} for item in there["items"]]
    screen = screens().built_in(record)
    names = [
        name for name, a in record.built_in().items() if not a.readonly and name not in STAMPS | screen.hidden
    ]
    items: list[Item] = []
    for title, inside in screen.grouped(names):
        source = title or (N_("More") if items else "")
        if source:
            items.append({"section": _in(CHINESE, source), "section_en": _in(ENGLISH, source)})
        items += [{"field": name} for name in inside]
    return items


def _in(tongue: str, source: str) -> str:
    return str(translations(tongue).gettext(source))


def _names_of_gone(record: type[Record], gone: list[Item]) -> dict[str, str]:
    """What own fields are called that were put away."""
    if not gone:
        return {}
    query = Query(where={"entity_name": record.entity()}, archived=True, limit=500)
    rows = ask("organization", "list", ListOf(entity="organization.own_field", query=query))["rows"]
    english = language() == ENGLISH
    return {PREFIX + row["code"]: (english and row["name_en"]) or row["name"] for row in rows}


def is_company_s(attr: Attr) -> bool:
    """Whether the company added the field itself."""
    return is_own(attr.name)


def form_address(entity: str) -> str:
    """Where the form of a kind of record is arranged; empty for whoever may not."""
    may = auth.actor().may("organization.form.create") and entity in extensible()
    return f"/organization/form/new?entity_name={entity}" if may else ""


@blueprint.record
def _offer(state: Any) -> None:
    state.app.jinja_env.globals.update(
        arranged=arranged, previewed=previewed, is_company_s=is_company_s, form_address=form_address
    )
