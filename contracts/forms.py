"""How an administrator arranged the forms of records: known while a request is worked on, for whoever asks.

Whoever opens a request says which forms there are and who fills them in (`know`); descriptions of records and of commands take up
what the form of that person says of their fields (`of`), so pages, dialogs, imports and JSON ask for the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Placed:
    """What a form says of one field, where it says anything beside its place."""

    name: str
    is_required: bool = False
    hint: str = ""
    only_for: tuple[str, ...] = ()
    """Values of the field by which such records differ that have this one; none named: all."""


@dataclass(frozen=True)
class Layout:
    """One form: its sections with their fields in order, fields that it leaves out, and what it says of single ones."""

    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()
    left_out: frozenset[str] = frozenset()
    said: tuple[Placed, ...] = ()


Known = Mapping[str, Mapping[UUID | None, Layout]]
"""Entity → department, or None for everybody → form."""
NONE: Known = MappingProxyType({})

_known: ContextVar[tuple[Known, tuple[UUID, ...]]] = ContextVar("forms", default=(NONE, ()))


def know(forms: Known, departments: Iterable[UUID]) -> None:
    """From now on, in this thread or greenlet, these are the forms, filled in by somebody of these departments, nearest first."""
    _known.set((forms, tuple(departments)))


def of(entity: str) -> Layout | None:
    """The form of a record: that of the nearest department that has one of its own, else everybody's, else the built-in one."""
    forms, departments = _known.get()
    found = forms.get(entity)
    if found is None:
        return None
    return next((found[id] for id in departments if id in found), found.get(None))


@contextmanager
def tried(entity: str, layout: Layout) -> Iterator[None]:
    """See what a form would be like. Everything else stays."""
    forms, departments = _known.get()
    token = _known.set(({**forms, entity: {None: layout}}, departments))
    try:
        yield
    finally:
        _known.reset(token)


def described(definitions: Iterable[Mapping[str, Any]], language: str = "") -> Known:
    """The forms that these definitions (cards of `organization.form`) describe."""
    found: dict[str, dict[UUID | None, Layout]] = {}
    for row in sorted(definitions, key=lambda row: str(row["id"])):
        department = UUID(row["department_id"]) if row["department_id"] else None
        found.setdefault(row["entity_name"], {})[department] = layout(row["items"], language)
    return found


def layout(items: Iterable[Mapping[str, Any]], language: str = "") -> Layout:
    """The form that these items in their order make: a field, or the title of a section that begins there."""
    sections: list[tuple[str, list[str]]] = []
    left_out, said = set(), []
    for item in items:
        name = item.get("field")
        if not name:
            sections.append((_spoken(item, "section", language), []))
            continue
        if item.get("is_left_out"):
            left_out.add(name)
        else:
            sections = sections or [("", [])]
            sections[-1][1].append(name)
        placed = Placed(
            name,
            bool(item.get("is_required")),
            _spoken(item, "hint", language),
            tuple(item.get("only_for") or ()),
        )
        if placed != Placed(name):
            said.append(placed)
    return Layout(
        tuple((title, tuple(names)) for title, names in sections if names), frozenset(left_out), tuple(said)
    )


def _spoken(item: Mapping[str, Any], name: str, language: str) -> str:
    """A text in the reader's language, else in the other one."""
    texts = (item.get(f"{name}_en"), item.get(name))
    return next(filter(None, texts if language == "en" else reversed(texts)), "") or ""
