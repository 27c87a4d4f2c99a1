"""One record: its header with the verbs that are possible and permitted, fields, what happened, what belongs to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import request
from werkzeug.wrappers import Response

from chassis.wire import raise_problem
from contracts import own_fields
from contracts.errors import Problem
from contracts.message import Attr, Record
from contracts.query import ArchiveOf, GetOf, HistoryOf, ListOf, Query, RestoreOf
from gateway import api, languages, wording
from gateway.auth import actor
from gateway.definitions import attr_in_log
from gateway.entity_pages.subject import called, find_record, labels_for
from gateway.frame import list_address, registry, screens
from gateway.frame import new_address as new_address_of
from gateway.render import (
    form_key,
    go,
    idempotency_key,
    json,
    json_body,
    page,
    record_address,
    safe_address,
    template_for,
    version_tag,
    wanted,
)
from gateway.rpc import Question, ask, ask_each
from gateway.screen import Screen, is_late

RELATED_ROWS = 5
UNTOLD = frozenset({"id", "home", "epoch"})
"""What a record is born with and nobody wrote: its history is silent about it."""
SHOWN_CHANGES = 20
"""One more is asked for, so that the page knows whether there are others."""
PATIENCE = 30
"""Seconds after a change for which the page asks again for what another service makes of it."""


def _each() -> Iterator[api.Described]:
    for record in registry().records.values():
        yield api.of_record(record, "get", f"One {record.label}", answers=api.schema_of(record, "Answer"))


@api.described(each=_each)
def show(service: str, noun: str, id: UUID, suffix: str = "") -> Response:
    """The page of a record, or its JSON."""
    record = find_record(service, noun)
    if wanted() == "json":
        answer = ask(service, "get", GetOf(entity=record.entity(), id=id))
        return json(answer, ETag=version_tag(answer["row"]))
    values = answered(record, id, ask_each(*questions(record, id)))
    return page(template_for(record.entity(), "record"), "record", **values)


def questions(record: type[Record], id: UUID) -> list[Question]:
    """All that the page of a record asks for, to go in one flight."""
    itself = GetOf(entity=record.entity(), id=id, history=SHOWN_CHANGES + 1)
    return [
        Question(record.service(), "get", itself),
        *(_related_question(link, id) for link in links(record, screens().of(record).related)),
    ]


def answered(record: type[Record], id: UUID, answers: list[Any]) -> dict[str, Any]:
    """What its template needs, from the answers to `questions`."""
    stored, *lists = answers
    values = page_values(record, raise_problem(stored))
    found = links(record, screens().of(record).related)
    related = {
        link.name: _Related.of(link, answer, id, title_of(link, found))
        for link, answer in zip(found, lists, strict=True)
    }
    places = [_only(related[name]) for name in screens().of(record).goes_on if name in related]
    values["goes_on"] += [place for place in places if place]
    return {**values, "related": list(related.values())}


def page_values(record: type[Record], stored: dict[str, Any]) -> dict[str, Any]:
    """What every record page needs; `gateway/pages` may use it for richer ones."""
    row, screen = stored["row"], screens().of(record)
    shown = screen.shown(record)
    fields = [name for name, a in shown.items() if _is_shown(screen, record, a, row)]
    history = stored["history"]
    return {
        "record": record,
        "entity": record.entity(),
        "screen": screen,
        "row": row,
        "labels": {
            **_gone_names(record, history["changes"], stored["labels"]),
            **history["labels"],
            **stored["labels"],
        },
        "can": stored["can"],
        "starred": stored.get("starred", False),
        "title": called(record, row, stored["labels"]),
        "figures": [n for n in screen.figures if n in shown and (row.get(n) or not shown[n].readonly)],
        "sections": screen.grouped(
            [n for n in fields if shown[n].lines is None and n not in screen.left_out]
        ),
        "further": [n for n in fields if n in screen.left_out and row.get(n) not in (None, "", [])],
        "lines": [a for a in shown.values() if a.lines is not None],
        "begins": _begins(screen, record, row),
        "goes_on": [place for place in (_goes_on(record, name, stored) for name in screen.goes_on) if place],
        "is_awaited": _is_awaited(record, screen, stored),
        "attrs": {name: a for name, a in record.attrs().items() if name not in UNTOLD | screen.hidden},
        "changes": history["changes"],
        "is_late": lambda row: is_late(screen, row),
        "key": form_key(),
        "address": record_address(record.entity(), row["id"]),
    }


def _gone_names(
    record: type[Record], changes: list[dict[str, Any]], known: Mapping[str, Any]
) -> dict[str, Any]:
    """Names behind what the history says in own fields that are there no longer."""
    wanted: dict[str, set[str]] = {}
    there = own_fields.by_logged(record.entity())
    for change in changes:
        for name, pair in change["changes"].items():
            if (
                own_fields.is_own(name)
                and name not in there
                and (a := attr_in_log(record.entity(), name))
                and a.ref
            ):
                ids = (id for value in pair for id in (value if isinstance(value, list) else [value]))
                wanted.setdefault(a.ref, set()).update(id for id in ids if id and id not in known)
    return labels_for(wanted) if wanted else {}


def _is_shown(screen: Screen, record: type[Record], attr: Attr, row: dict[str, Any]) -> bool:
    """Whether a field stands on the left: not what the head says, not what is empty and cannot be filled."""
    if row.get(attr.name) in (None, "", []) and (attr.readonly or not screen.means(attr.name, row)):
        return False
    if attr.name in record.title:
        return record.editable
    return attr.name not in {*screen.figures, "state", "number"}


@dataclass(frozen=True)
class Place:
    """Where a button beside the verbs leads."""

    title: str
    icon: str
    address: str
    is_new: bool = False


def _begins(screen: Screen, record: type[Record], row: dict[str, Any]) -> list[Place]:
    """What may be made from here, its form filled in as far as this record knows."""
    found = []
    for begin in screen.begins:
        other = registry().record(begin.entity)
        if other is None or (begin.states and row.get("state") not in begin.states) or row.get("archived_at"):
            continue
        if other.creatable and actor().may(f"{begin.entity}.create"):
            values = {field: row[source] for field, source in begin.fields if row.get(source)}
            address = new_address_of(begin.entity, **values)
            found.append(Place(wording.new_one(other), other.icon, address, is_new=True))
    return found


def _goes_on(record: type[Record], name: str, stored: dict[str, Any]) -> Place | None:
    """The record a reference of this one leads to, where it is in the books already and the person may see such."""
    attr, id = record.attrs().get(name), stored["row"].get(name)
    other = registry().record(attr.ref) if attr is not None else None
    if other is None or id not in stored["labels"] or not actor().may(f"{other.entity()}.read"):
        return None
    return Place(wording.entity_label(other), other.icon, record_address(other.entity(), id))


def _is_awaited(record: type[Record], screen: Screen, stored: dict[str, Any]) -> bool:
    """Whether another service is just making what this record refers to, so that the page will ask again."""
    row = stored["row"]
    named = [row[n] for n in screen.goes_on if n in record.attrs() and row.get(n)]
    is_fresh = languages.seconds_ago(row["updated_at"]) < PATIENCE if row.get("updated_at") else False
    return is_fresh and any(id not in stored["labels"] for id in named)


@api.described(answers="History")
def history(service: str, noun: str, id: UUID) -> Response:
    """Every change of a record: who, when, from what to what, by which door."""
    record = find_record(service, noun)
    stored, found = (
        raise_problem(answer)
        for answer in ask_each(
            Question(service, "get", GetOf(entity=record.entity(), id=id)),
            Question(service, "history", HistoryOf(entity=record.entity(), id=id)),
        )
    )
    if wanted() == "json":
        return json(found)
    return page("entity/history.html", **page_values(record, {**stored, "history": found}))


@api.described(summary="Put a record away; it can be brought back.", takes=ArchiveOf, answers="Answer")
def archive(service: str, noun: str, id: UUID) -> Response:
    """Put away; it can be brought back."""
    record = find_record(service, noun, "archive")
    message = ArchiveOf.read({"entity": record.entity(), "id": id, **_given("ver", "note")})
    answer = ask(service, "archive", message, key=idempotency_key())
    back = safe_address(request.form.get("_next"), record_address(record.entity(), id))
    return json(answer) if wanted() == "json" else go(back)


@api.described(summary="Bring a record back that was put away.", takes=RestoreOf, answers="Answer")
def restore(service: str, noun: str, id: UUID) -> Response:
    """Bring back."""
    record = find_record(service, noun, "archive")
    message = RestoreOf.read({"entity": record.entity(), "id": id, **_given("ver")})
    answer = ask(service, "restore", message, key=idempotency_key())
    return json(answer) if wanted() == "json" else go(record_address(record.entity(), id))


def _given(*names: str) -> dict[str, Any]:
    body = json_body() if request.is_json and request.data else request.form
    return {name: body[name] for name in names if body.get(name) not in (None, "")}


# -- what belongs to it -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Link:
    """A field of another entity that points here."""

    record: type[Record]
    attr: Attr

    @property
    def name(self) -> str:
        """As screens name it."""
        return f"{self.record.entity()}.{self.attr.name}"


@dataclass(frozen=True)
class _Related:
    """A list beside a record."""

    record: type[Record]
    title: str
    rows: list[dict[str, Any]] | None
    labels: Mapping[str, Any]
    count: int
    capped: bool
    all: str
    new: str

    @classmethod
    def of(cls, link: Link, answer: Any, id: UUID, title: str) -> _Related:
        """From an answer, or from the problem that came instead."""
        record, is_known = link.record, not isinstance(answer, Problem)
        may_add = record.creatable and not link.attr.readonly
        return cls(
            record=record,
            title=title,
            rows=answer["rows"] if is_known else None,
            labels=answer["labels"] if is_known else {},
            count=answer["count"] if is_known else 0,
            capped=answer["capped"] if is_known else False,
            all=list_address(record.entity(), **{link.attr.name: id}),
            new=new_address(record, link.attr.name, id) if may_add else "",
        )


def _only(related: _Related) -> Place | None:
    """The page of the only row of a list, where the story goes on."""
    record, rows = related.record, related.rows or ()
    if len(rows) != 1 or related.count > 1:
        return None
    return Place(wording.entity_label(record), record.icon, record_address(record.entity(), rows[0]["id"]))


def new_address(record: type[Record], field: str, id: UUID) -> str:
    """The form of a new one that belongs here, coming back to this page; empty where the person may not make one."""
    if not actor().may(f"{record.entity()}.create"):
        return ""
    return new_address_of(record.entity(), **{field: id, "_next": request.path})


def links(record: type[Record], wished: Iterable[str] | None) -> list[Link]:
    """The lists beside a record that the person may read: those wished for, in that order, or all."""
    found = {
        link.name: link
        for link in (Link(other, attr) for other, attr in registry().pointing_at(record.entity()))
        if actor().may(f"{link.record.entity()}.read") and not link.attr.many
    }
    return [found[name] for name in (found if wished is None else wished) if name in found]


def _related_question(link: Link, id: UUID) -> Question:
    query = Query(where={link.attr.name: str(id)}, limit=RELATED_ROWS)
    return Question(link.record.service(), "list", ListOf(entity=link.record.entity(), query=query))


def title_of(link: Link, beside: Iterable[Link]) -> str:
    """What stands over such a list: as its field says it; where one entity points here by several that say nothing, by which."""
    title = wording.those_by(link.record, link.attr)
    if link.attr.listed_as or all(one is link or one.record is not link.record for one in beside):
        return title
    return f"{title} · {wording.field_label(link.attr)}"
