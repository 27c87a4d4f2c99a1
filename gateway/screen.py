"""How the pages of one entity look where the record's own description is not enough. Appearance only."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from contracts import forms
from contracts.forms import Layout
from contracts.message import Attr, Record
from contracts.own_fields import is_own
from gateway import languages, screens


@dataclass(frozen=True)
class View:
    """A shipped view: a tab over the list. `query` is written as in an address."""

    title: str
    query: str = ""


@dataclass(frozen=True)
class Section:
    """A group of fields in a form and on a record."""

    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Due:
    """A date that is overdue when it has passed while the document is in one of these states."""

    field: str
    states: tuple[str, ...] = ()


@dataclass(frozen=True)
class Begin:
    """Something new that often follows from a record: a button on its page.

    `fields`: field of the new one → field of this record that fills it. `states`: only in these.
    """

    entity: str
    fields: tuple[tuple[str, str], ...]
    states: tuple[str, ...] = ()


@dataclass(frozen=True)
class Needless:
    """Fields that mean nothing while another one has one of these values: not shown while they are empty."""

    field: str
    values: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A chapter of the paper a record is printed on, with the `service.entity.field` lists that stand in it."""

    title: str
    related: tuple[str, ...]


@dataclass(frozen=True)
class Dialog:
    """Appearance of a command's form.

    sections  as of a form; fields named nowhere come last
    carried   fields that the page fills and nobody sees
    spare     a reference that the page fills → those that nobody needs to fill then
    now       moments that are filled in with the present
    blank     fields that begin empty, though the record has such fields too
    folded    titles of sections that are opened by whoever wants them
    """

    sections: tuple[Section, ...] = ()
    carried: tuple[str, ...] = ()
    spare: dict[str, tuple[str, ...]] = field(default_factory=dict)
    now: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    folded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Screen:
    """Appearance of one entity.

    columns   shown in the list at first (default: the attrs marked `in_list`)
    sections  of the form and the record; fields named nowhere come last, so none is ever forgotten
    views     tabs over the list after «All»
    reports   ways of counting its rows by group that come with Guanxi
    home      what the menu opens, written as in an address (default: everything)
    figures   fields in the header of a record, before everything else
    related   `service.entity.field` lists beside a record, in this order (default: all that refer to it);
              empty tuple: none
    brief     fields that say what one row in such a list beside a record is about
    begins    what one makes from here
    goes_on   where the story goes on: references of this record, or lists beside it, whose only row is a button
    verbs     the order of the buttons, the most likely first; verbs named nowhere come after
    quiet     verbs that stand in the menu behind the dots, not as buttons
    needless  fields that mean nothing for some kinds of it
    due       the date that makes a row overdue
    kept_as   records that can keep which rows this list shows (`list_of`, `query`); offered on a narrowed list
    first     what belongs here and how to begin; shown where a list is empty
    is_offered  whether «+ New» in the top bar offers it
    hidden    fields never shown on pages, such as technical ids
    left_out  fields that the form of whoever looks leaves out: on a record they stand behind all others
    paper     chapters of its paper, its own fields in the first (default: one without a title, with the lists of `related`)
    in_capitals  amounts that paper repeats in Chinese capitals
    card      what its business card says: property of a vCard → field (default: it has none)
    has_remarks  whether its page shows what colleagues remark on it
    is_linked whether its name, where other records refer to it, leads to its page
    """

    columns: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    views: tuple[View, ...] = ()
    reports: tuple[View, ...] = ()
    figures: tuple[str, ...] = ()
    home: str = ""
    related: tuple[str, ...] | None = None
    brief: tuple[str, ...] = ("number",)
    begins: tuple[Begin, ...] = ()
    goes_on: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()
    needless: tuple[Needless, ...] = ()
    due: Due | None = None
    kept_as: tuple[str, ...] = ()
    first: str = ""
    is_offered: bool = False
    is_linked: bool = True
    has_remarks: bool = False
    hidden: frozenset[str] = field(default_factory=frozenset)
    left_out: frozenset[str] = field(default_factory=frozenset)
    paper: tuple[Part, ...] = ()
    in_capitals: tuple[str, ...] = ()
    card: dict[str, str] = field(default_factory=dict)

    def shown(self, record: type[Record]) -> dict[str, Attr]:
        """All fields people see."""
        return {name: a for name, a in record.own_attrs().items() if name not in self.hidden}

    def means(self, name: str, row: Mapping[str, Any]) -> bool:
        """Whether a field says something about this row."""
        return not any(name in one.fields and row.get(one.field) in one.values for one in self.needless)

    def ordered(self, verbs: Iterable[str]) -> list[str]:
        """Those of the verbs that are buttons, as they stand."""
        place = {name: n for n, name in enumerate(self.verbs)}
        return sorted((v for v in verbs if v not in self.quiet), key=lambda verb: place.get(verb, len(place)))

    def list_columns(self, record: type[Record]) -> tuple[str, ...]:
        """Columns of a list nobody has changed."""
        attrs = record.attrs()
        wished = tuple(name for name in self.columns if name in attrs)
        if wished:
            return wished + tuple(name for name, a in attrs.items() if is_own(name) and a.in_list)
        # The name of a thing stands first, where the eye looks for it; owners and the like come last.
        order = {name: place for place, name in enumerate((*record.title, "number", "state"))}
        listed = [name for name, a in attrs.items() if a.in_list]
        return tuple(sorted(listed, key=lambda n: 99 if n in OWNERSHIP else order.get(n, 50)))

    def grouped(self, names: Iterable[str]) -> list[tuple[str, list[str]]]:
        """The given fields by section; what no section names stands in the last, ownership at the very end."""
        return grouped(self.sections, names)


def grouped(sections: Iterable[Section], names: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Fields by section, without the empty ones; the rest in one without a title."""
    left = sorted(names, key=lambda name: name in OWNERSHIP)
    found: list[tuple[str, list[str]]] = []
    for section in sections:
        inside = [name for name in section.fields if name in left]
        left = [name for name in left if name not in inside]
        if inside:
            found.append((section.title, inside))
    if left:
        # before who it belongs to, which nobody looks for first
        at = len(found) - 1 if found and OWNERSHIP.issuperset(found[-1][1]) else len(found)
        found.insert(at, ("", left))
    return found


def is_late(screen: Screen, row: Mapping[str, Any]) -> bool:
    """Whether the date that matters has passed while it still matters."""
    due = screen.due
    if due is None or not row.get(due.field) or (due.states and row.get("state") not in due.states):
        return False
    return str(row[due.field])[:10] < str(languages.today())


class Screens:
    """The screens of all entities; one without a screen of its own gets the plain one."""

    def __init__(self, known: dict[str, Screen], dialogs: dict[str, Dialog] | None = None) -> None:
        self.known, self.dialogs = known, dialogs or {}

    @classmethod
    def shipped(cls) -> Screens:
        """From every `gateway/screens/<service>.py`."""
        known: dict[str, Screen] = {}
        dialogs: dict[str, Dialog] = {}
        for item in pkgutil.iter_modules(screens.__path__):
            module = importlib.import_module(f"gateway.screens.{item.name}")
            known |= {f"{item.name}.{noun}": screen for noun, screen in module.SCREENS.items()}
            dialogs |= {
                f"{item.name}.{name}": dialog for name, dialog in getattr(module, "DIALOGS", {}).items()
            }
        return cls(known, dialogs)

    def of(self, record: type[Record]) -> Screen:
        """The screen of a record, arranged as the form of whoever looks."""
        layout = forms.of(record.entity())
        return self.built_in(record) if layout is None else _arranged(self, record, layout)

    def built_in(self, record: type[Record]) -> Screen:
        """The screen of a record as it is shipped."""
        return self.known.get(record.entity()) or self.known.get(_built_on(record).entity(), PLAIN)

    def of_command(self, name: str) -> Dialog:
        """How the form of `service.command` looks."""
        return self.dialogs.get(name, PLAIN_DIALOG)


def _built_on(record: type[Record]) -> type[Record]:
    """An own object looks like the record it is built on."""
    base: type[Record] = record.__mro__[1]
    return base


@lru_cache(maxsize=1000)  # forms come and go
def _arranged(screens: Screens, record: type[Record], layout: Layout) -> Screen:
    screen, attrs = screens.built_in(record), record.built_in()
    must = {name for name, a in attrs.items() if a.required}
    differ = attrs[record.differs_by].choices if record.differs_by else ()
    needless = (
        Needless(record.differs_by, tuple(one for one in differ if one not in said.only_for), (said.name,))
        for said in layout.said
        if differ and said.only_for and said.name not in must
    )
    return replace(
        screen,
        sections=_sections(layout, screen.sections),
        left_out=layout.left_out - must,
        needless=(*screen.needless, *needless),
    )


def _sections(layout: Layout, built_in: Iterable[Section]) -> tuple[Section, ...]:
    """Those of the form. A field that it does not name stands with the ones with which it is built in."""
    placed = {name for _title, names in layout.sections for name in names} | layout.left_out
    found = [Section(title, names) for title, names in layout.sections]
    for section in built_in:
        rest = tuple(name for name in section.fields if name not in placed)
        home = next(
            (n for n, one in enumerate(found) if not set(section.fields).isdisjoint(one.fields)), None
        )
        if home is None:
            found.append(Section(section.title, rest))
        else:
            found[home] = Section(found[home].title, found[home].fields + rest)
    return tuple(found)


OWNERSHIP = frozenset({"owner_id", "department_id", "branch_id"})
PLAIN = Screen()
PLAIN_DIALOG = Dialog()
