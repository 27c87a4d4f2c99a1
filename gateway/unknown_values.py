"""Values of a file that name nothing we know: what is proposed for them, and how they are shown and answered.

The proposals are such that a peer's file goes in without hand edits: other words for shipped entries, an own entry for a word
nobody knows where the person may make one, else an empty field; nobody's record is the importing person's; an unknown company of a
known person is made.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID, uuid4

from contracts.errors import AlreadyExists, Invalid, Problem
from contracts.message import Attr, Record
from contracts.query import CreateOf, LabelsOf, ListOf, OptionsOf, Query
from contracts.transfer import MISSING, OTHERWISE
from gateway import other_words, wording
from gateway.auth import actor
from gateway.frame import registry
from gateway.languages import gettext as _
from gateway.matching import folded
from gateway.rpc import Question, ask, ask_each

LISTED = 400
SHOWN = 25
"""Unknown values of a field that are answered one by one on the page."""
SIMILAR = 0.6
PATIENCE = 15.0
"""Seconds until a new entry is known to the service that is to use it."""
KEEPS = 30.0
NO_CODE = re.compile(r"[^a-z0-9]+")
WORDS = ("code", "name", "name_en")
"""What the entries of lists are known by, as far as they have it."""
BEHIND = 900
"""Where new entries stand in their list."""
Answers = dict[str, dict[str, str]]


def refers(fields: Mapping[str, Attr], names: Iterable[str]) -> list[Attr]:
    """Those of the fields whose values may be unknown."""
    return [fields[name] for name in names if name in fields and (fields[name].ref or fields[name].choices)]


def proposed(record: type[Record], fields: Mapping[str, Attr], chosen: Iterable[str]) -> Answers:
    """What is to become of values nobody has answered for yet."""
    used = set(chosen)
    found: Answers = {}
    for a in refers(fields, used):
        found[a.name] = {OTHERWISE: _otherwise(record, a)}
        if a.among and (name := a.among.get("list")):
            found[a.name] |= {
                word: entry["id"] for entry in entries(a) for word in other_words.of(name, entry.get("code") or "")
            }  # fmt: skip
    for name, a in fields.items():
        if (
            a.ref
            and a.required
            and not a.many
            and can_make(record, a)
            and not a.among
            and not name.startswith("contact_")
        ):
            found.setdefault(name, {OTHERWISE: "make"})[MISSING] = "make"
    return found


def _otherwise(record: type[Record], a: Attr) -> str:
    if a.name == "owner_id":
        return "me"
    if can_make(record, a) and (a.among or a.required):
        return "make"
    return "set_aside" if a.required else "empty"


def can_make(record: type[Record], a: Attr) -> bool:
    """Whether what is referred to can be made on the way: an entry of a list, or a record the same service keeps."""
    other = registry().record(a.ref) if a.ref else None
    if other is None or not other.creatable or len(other.title) != 1:
        return False
    return bool(a.among or other.service() == record.service()) and actor().may(f"{a.ref}.create")


def entries(a: Attr) -> list[dict[str, Any]]:
    """What a list offers: id, label, label_en, code. None where it is too long to be one, or does not answer."""
    service = a.ref.partition(".")[0]
    if a.among:
        query = Query(where=dict(a.among), limit=LISTED)
        said = tuple(name for name in WORDS if name in _record(a).attrs())
        question = Question(service, "list", ListOf(entity=a.ref, query=query, fields=said), keeps=KEEPS)
        (answer,) = ask_each(question)
        rows = [] if isinstance(answer, Problem) else answer["rows"]
        return [
            {
                "id": str(row["id"]),
                "label": row["name"],
                "label_en": row.get("name_en"),
                "code": row.get("code"),
            }
            for row in rows
        ]
    (answer,) = ask_each(Question(service, "options", OptionsOf(entity=a.ref, limit=LISTED), keeps=KEEPS))
    found = [] if isinstance(answer, Problem) else answer["options"]
    return found if len(found) < LISTED else []


@dataclass
class Value:
    """An unknown value as the page shows it."""

    text: str
    rows: int
    said: str
    answer: str
    """«» where it goes with the others."""
    similar: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Unknown:
    """The unknown values of one field."""

    name: str
    label: str
    rows: int
    more: int
    """How many values beside those shown."""
    otherwise: str
    is_person: bool
    values: list[Value]
    words: dict[str, str]
    """What may become of each."""
    choices: list[tuple[str, str]]
    """Entries that may be meant."""

    def becomes(self, answer: str) -> str:
        """An answer in words."""
        return self.words.get(answer) or dict(self.choices).get(answer) or _("another record")


def shown(record: type[Record], fields: Mapping[str, Attr], job: Mapping[str, Any]) -> list[Unknown]:
    """The unknown values of a job, by field in the order of its columns."""
    by_field: dict[str, list[dict[str, Any]]] = {}
    for one in job["unknown"]:
        by_field.setdefault(one["field"], []).append(one)
    return [_of_field(record, fields[name], found, job) for name, found in by_field.items() if name in fields]


def _of_field(record: type[Record], a: Attr, found: list[dict[str, Any]], job: Mapping[str, Any]) -> Unknown:
    answered = job["values"].get(a.name, {})
    choices = _choices(record, a)
    singles = [one for one in found if one["text"] != OTHERWISE][:SHOWN]
    values = [
        Value(
            one["text"], one["rows"], _said(record, a, one["text"]),
            "" if one["answer"] == answered.get(OTHERWISE, "set_aside") and one["text"] else one["answer"],
            similar(one["text"], choices),
        )
        for one in singles
    ]  # fmt: skip
    return Unknown(
        a.name, wording.field_label(a), sum(one["rows"] for one in found), len(found) - len(singles),
        answered.get(OTHERWISE, "set_aside"), a.name == "owner_id", values, _words(record, a), choices,
    )  # fmt: skip


def _said(record: type[Record], a: Attr, text: str) -> str:
    return text if text else _("(empty)")


def _choices(record: type[Record], a: Attr) -> list[tuple[str, str]]:
    if a.choices:
        return [(code, wording.choice(code, record.entity())) for code in a.choices]
    return [(str(entry["id"]), wording.name_of(entry)) for entry in entries(a)]


def _words(record: type[Record], a: Attr) -> dict[str, str]:
    words = {} if a.required else {"empty": _("the field stays empty")}
    if a.name == "owner_id":
        words = {"me": _("mine (%(name)s)", name=actor().name)}
    if can_make(record, a):
        what = None if a.among else registry().record(a.ref)
        words["make"] = (
            _("a new %(kind)s", kind=wording.entity_label(what)) if what else _("a new entry of the list")
        )
    return {**words, "set_aside": _("the rows are set aside")}


def similar(text: str, choices: list[tuple[str, str]], most: int = 3) -> list[tuple[str, str]]:
    """Entries whose name is much like a text, the most like first."""
    wanted = folded(text)
    rated = [(_likeness(wanted, folded(label)), id, label) for id, label in choices if wanted]
    return [(id, label) for rate, id, label in sorted(rated, reverse=True)[:most] if rate >= SIMILAR]


def _likeness(one: str, other: str) -> float:
    if min(len(one), len(other)) >= 2 and (one in other or other in one):
        return 0.9
    return SequenceMatcher(None, one, other).ratio()


def answers_of(job: Mapping[str, Any], triples: Iterable[tuple[str, str, str]]) -> Answers:
    """What a form says: field, value, answer. «» means: like the others of the field."""
    found: Answers = {}
    for name, text, answer in triples:
        found.setdefault(name, {})[text] = answer
    for name, values in found.items():
        others = values.get(OTHERWISE) or job["values"].get(name, {}).get(OTHERWISE, "set_aside")
        found[name] = {text: answer or others for text, answer in values.items()}
    return found


def make_entries(record: type[Record], fields: Mapping[str, Attr], job: Mapping[str, Any]) -> None:
    """Make the entries of lists that are to be made, and wait until the service that is to use them knows them."""
    made: dict[str, list[UUID]] = {}
    for name in {one["field"] for one in job["unknown"] if one["answer"] == "make"} & fields.keys():
        a = fields[name]
        if not a.among:
            continue
        texts = [one["text"] for one in job["unknown"] if one["field"] == name and one["answer"] == "make"]
        there = {folded(word) for entry in entries(a) for word in (entry["label"], entry["label_en"]) if word}
        for text in texts:
            if text not in (OTHERWISE, MISSING) and folded(text) not in there:
                there.add(folded(text))
                made.setdefault(a.ref, []).extend(_make(a, text, f"{job['id']} {name} {text}"[:150]))
    deadline = time.monotonic() + PATIENCE
    for entity, ids in made.items():
        while not _known(record.service(), entity, ids) and time.monotonic() < deadline:
            time.sleep(0.1)


def _make(a: Attr, text: str, key: str) -> list[UUID]:
    """A new entry of the list, behind all that are there; none where the text is no name of an entry. The code its name would
    have may be taken: then another."""
    words = {"name": text[:200], "position": BEHIND} | ({"name_en": text[:200]} if text.isascii() else {})
    code = NO_CODE.sub("_", text.casefold()).strip("_")[:30]
    for one, its_key in (
        (code or f"entry_{uuid4().hex[:8]}", key),
        (f"{code or 'entry'}_{uuid4().hex[:8]}", None),
    ):
        with contextlib.suppress(Invalid, AlreadyExists):
            return [_created(a, {**words, "code": one}, its_key)]
    return []


def _created(a: Attr, values: dict[str, Any], key: str | None) -> UUID:
    attrs = _record(a).attrs()
    given = {name: value for name, value in {**a.among, **values}.items() if name in attrs}
    create = CreateOf(entity=a.ref, values=given)
    return UUID(str(ask(a.ref.partition(".")[0], "create", create, key=key)["row"]["id"]))


def _record(a: Attr) -> type[Record]:
    """What a list consists of."""
    found = registry().record(a.ref)
    assert found is not None, a.ref
    return found


def _known(service: str, entity: str, ids: list[UUID]) -> bool:
    (answer,) = ask_each(Question(service, "labels", LabelsOf(entity=entity, ids=tuple(ids))))
    return not isinstance(answer, Problem) and len(answer["labels"]) == len(set(ids))
