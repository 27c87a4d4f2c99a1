"""One field of a form or a record: its value for the page, and what came back from the browser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from contracts.message import Attr
from gateway import languages, templating

SIMPLE_COLUMNS = frozenset({"lines", "json", "long_text", "file"})
"""Kinds that no list sorts by."""


@dataclass
class Field:
    """A field as a form shows it."""

    attr: Attr
    name: str
    value: Any = None
    text: str = ""
    """What a reference field shows: the name behind the id, or what was typed."""
    entity: str = ""
    list_of: str = ""
    lists: tuple[str, ...] = ()
    """Of a question: the list it asks, and those it may ask."""
    errors: list[str] = field(default_factory=list)
    rows: list[list[Field]] = field(default_factory=list)
    blank: list[Field] = field(default_factory=list)
    labels: Mapping[str, Any] = field(default_factory=dict)
    is_focused: bool = False

    @property
    def id(self) -> str:
        """For labels and error links."""
        return "f-" + self.name.replace(".", "-")

    @property
    def describedby(self) -> str:
        """Ids of help and errors, for screen readers."""
        found = ([f"{self.id}-help"] if self.attr.help else []) + (
            [f"{self.id}-error"] if self.errors else []
        )
        return " ".join(found)

    @property
    def is_touched(self) -> bool:
        """Whether something stands in it, or something is wrong with it."""
        return bool(self.value or self.errors)

    @property
    def all_errors(self) -> Iterable[Field]:
        """This field and those inside it that have something wrong."""
        if self.errors:
            yield self
        for row in self.rows:
            for inner in row:
                yield from inner.all_errors


class Typed(str):
    """A name typed into a reference field whose record was not chosen from the list; see `gateway.typed_names`."""


def read_values(attrs: Mapping[str, Attr], form: MultiDict[str, str], prefix: str = "") -> dict[str, Any]:
    """What a form says about the fields it showed; a field it did not show is not in the answer."""
    found: dict[str, Any] = {}
    for name, attr in attrs.items():
        key = prefix + name
        if attr.lines is not None:
            if key in form:
                found[name] = _read_lines(attr, form, key)
        elif attr.many:
            if key in form:
                found[name] = [part for value in form.getlist(key) for part in _parts(attr, value) if part]
        elif key in form:
            # a checkbox follows a hidden «no», so the last one counts
            typed = form.get(f"{key}__text", "").strip() if attr.ref and not form[key] else ""
            found[name] = Typed(typed) if typed else _entered(attr, form.getlist(key)[-1])
    return found


def _parts(attr: Attr, value: str) -> list[str]:
    """Several texts stand in one control, separated by commas."""
    return [part.strip() for part in re.split("[,，;；]", value)] if attr.kind == "text" else [value]


def _entered(attr: Attr, value: str) -> str:
    value = value.replace("\r\n", "\n").strip()
    return in_zone(value) if attr.kind == "datetime" and value else value


def as_entered(attrs: Mapping[str, Attr], row: Mapping[str, Any]) -> dict[str, Any]:
    """A stored row as a browser would send it back untouched: what differs from this was changed by the person."""
    found: dict[str, Any] = {}
    for name, attr in attrs.items():
        value = row.get(name)
        if attr.lines is not None:
            inner = line_attrs(attr)
            found[name] = [
                {**as_entered(inner, line), "id": str(line.get("id") or "")} for line in value or []
            ]
        elif attr.many:
            found[name] = [str(item) for item in value or []]
        elif attr.kind == "file":
            found[name] = value["id"] if isinstance(value, Mapping) else str(value or "")
        elif attr.kind == "flag":
            found[name] = "yes" if value in (True, "yes", "true") else "no"
        elif attr.kind == "datetime":
            found[name] = in_zone(languages.local_input(value)) if value else ""
        else:
            found[name] = "" if value is None else str(value)
    return found


def _read_lines(attr: Attr, form: MultiDict[str, str], key: str) -> list[dict[str, Any]]:
    assert attr.lines is not None
    numbers = {
        part[0] for name in form if name.startswith(key + ".") if (part := name[len(key) + 1 :].split("."))
    }
    rows = []
    for number in sorted((n for n in numbers if n.isdigit()), key=int):
        row = read_values(line_attrs(attr), form, f"{key}.{number}.")
        id = form.get(f"{key}.{number}.id")
        touched = any(value not in ("", None, [], str(a.default)) for a, value in _paired(attr, row))
        if id or touched:
            rows.append({**row, **({"id": id} if id else {})})
    return rows


def _paired(attr: Attr, row: dict[str, Any]) -> list[tuple[Attr, Any]]:
    return [(a, row[name]) for name, a in line_attrs(attr).items() if name in row and a.kind != "flag"]


def line_attrs(attr: Attr) -> dict[str, Attr]:
    """The fields of a line that people enter."""
    assert attr.lines is not None
    return {name: a for name, a in attr.lines.own_attrs().items() if not a.readonly}


def filled(attr: Attr, rows: Iterable[Mapping[str, Any]], labels: Mapping[str, Any]) -> list[Attr]:
    """The columns of a table of lines: those in which something stands that no other column says."""
    assert attr.lines is not None
    columns = [a for a in attr.lines.own_attrs().values() if a.name != "position"]
    references = [a.name for a in columns if a.ref]

    def says_something(row: Mapping[str, Any], a: Attr) -> bool:
        value = row.get(a.name)
        names = [labels.get(str(row.get(name))) or {} for name in references]
        return value not in (None, "", []) and all(value != name.get("label") for name in names)

    return [a for a in columns if any(says_something(row, a) for row in rows)]


def in_zone(value: str) -> str:
    """What was picked in the person's zone, with the zone said; anything else is left for the check to refuse."""
    try:
        local = datetime.fromisoformat(value)
    except ValueError:
        return value
    return (local if local.tzinfo else local.replace(tzinfo=languages.zone())).isoformat()


def references(attrs: Mapping[str, Attr], values: Mapping[str, Any]) -> dict[str, set[str]]:
    """Entity → ids that these values refer to."""
    found: dict[str, set[str]] = {}
    for name, attr in attrs.items():
        value = values.get(name)
        if not value:
            continue
        if attr.lines is not None:
            for row in value:
                for entity, ids in references(line_attrs(attr), row).items():
                    found.setdefault(entity, set()).update(ids)
        elif attr.ref:
            found.setdefault(attr.ref, set()).update(
                map(str, value if isinstance(value, list | tuple) else [value])
            )
    return found


def kind_of(attr: Attr, is_state: bool = False) -> str:
    """Which macro file writes a field."""
    if is_state:
        return "state"
    if attr.lines is not None:
        return "lines"
    kind = {"integer": "number", "id": "text"}.get(attr.kind, attr.kind)
    return f"{kind}s" if attr.many and kind in {"ref", "choice", "text"} else kind


def _macros(kind: str) -> Any:
    return templating.find(f"field/{kind}.html", "field/text.html").module


def show(
    attr: Attr, row: Mapping[str, Any], labels: Mapping[str, Any], entity: str = "", in_list: bool = False
) -> Markup:
    """A value for reading."""
    value = row.get(attr.name)
    if value in (None, "", []):
        return Markup("")
    shown: Markup = _macros(kind_of(attr, attr.name == "state")).show(
        attr, value, row, labels, entity, in_list
    )
    return shown


def edit(field: Field) -> Markup:
    """A control for entering."""
    control: Markup = _macros(kind_of(field.attr)).edit(field)
    return control


NOTHING = Markup('<span class="nothing" aria-hidden="true">—</span>')
"""Stands where a record has no value."""


def is_numeric(attr: Attr) -> bool:
    """Right-aligned with tabular figures."""
    return attr.kind in {"number", "integer", "amount", "percent"} and not attr.many


def is_sortable(attr: Attr) -> bool:
    """Whether a list may be ordered by it; an order by ids behind names would be noise."""
    return attr.kind not in SIMPLE_COLUMNS and not attr.many and not attr.ref and attr.lines is None


def install(app: Flask) -> None:
    """Offer fields to templates."""
    app.jinja_env.globals.update(
        nothing=NOTHING,
        filled=filled,
        show=show,
        edit=edit,
        show_field=show,
        edit_field=edit,
        is_numeric=is_numeric,
        is_sortable=is_sortable,
    )
