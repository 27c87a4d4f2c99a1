"""One record: its header with the verbs that are possible and permitted, fields, what happened, what belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from chassis.wire import raise_problem
from contracts.errors import Problem
from contracts.message import Attr, Record
from contracts.query import ArchiveOf, GetOf, HistoryOf, ListOf, Query, RestoreOf
from gateway import wording
from gateway.auth import actor
from gateway.entity_pages.subject import find_record, title_of
from gateway.frame import list_address, registry, screens
from gateway.render import form_key, go, idempotency_key, json, page, record_address, template_for, wanted
from gateway.rpc import Question, ask, ask_each

RELATED_ROWS = 5


def show(service: str, noun: str, id: UUID, suffix: str = "") -> Response:
    """The page of a record, or its JSON."""
    record = find_record(service, noun)
    if wanted() == "json":
        return json(ask(service, "get", GetOf(entity=record.entity(), id=id)))
    links = _links(record)
    stored, history, *lists = ask_each(
        Question(service, "get", GetOf(entity=record.entity(), id=id)),
        Question(service, "history", HistoryOf(entity=record.entity(), id=id, limit=50)),
        *(_related_question(link, id) for link in links),
    )
    stored = raise_problem(stored)
    return page(
        template_for(record.entity(), "record"),
        "record",
        **page_values(record, stored, history),
        related=[_Related.of(link, answer, id) for link, answer in zip(links, lists, strict=True)],
    )


def page_values(record: type[Record], stored: dict[str, Any], history: Any) -> dict[str, Any]:
    """What every record page needs; `gateway/pages` may use it for richer ones."""
    row, screen = stored["row"], screens().of(record)
    shown = screen.shown(record)
    in_header = {*screen.figures, "state", "number"} - set(record.title)
    fields = [name for name in shown if name not in in_header]
    own = stored["labels"].get(str(row["id"]))
    is_known = not isinstance(history, Problem)
    return {
        "record": record,
        "entity": record.entity(),
        "screen": screen,
        "row": row,
        "labels": {**(history.get("labels", {}) if is_known else {}), **stored["labels"]},
        "can": stored["can"],
        "title": wording.name_of(own, "") or title_of(record, row),
        "sections": screen.grouped(record, [n for n in fields if shown[n].lines is None]),
        "lines": [a for a in shown.values() if a.lines is not None],
        "attrs": record.attrs(),
        "changes": history["changes"] if is_known else None,
        "key": form_key(),
        "address": record_address(record.entity(), row["id"]),
    }


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
    return page("entity/history.html", **page_values(record, stored, found))


def archive(service: str, noun: str, id: UUID) -> Response:
    """Put away; it can be brought back."""
    record = find_record(service, noun, "archive")
    given = _given()
    message = ArchiveOf(entity=record.entity(), id=id, ver=given.get("ver"), note=given.get("note") or None)
    answer = ask(service, "archive", message, key=idempotency_key())
    return json(answer) if wanted() == "json" else go(record_address(record.entity(), id))


def restore(service: str, noun: str, id: UUID) -> Response:
    """Bring back."""
    record = find_record(service, noun, "archive")
    message = RestoreOf(entity=record.entity(), id=id, ver=_given().get("ver"))
    answer = ask(service, "restore", message, key=idempotency_key())
    return json(answer) if wanted() == "json" else go(record_address(record.entity(), id))


def _given() -> dict[str, Any]:
    body = request.get_json(silent=True) if request.is_json else request.form
    return {name: body[name] for name in ("ver", "note") if name in body} if body else {}


# -- what belongs to it -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Link:
    """A field of another entity that points here."""

    record: type[Record]
    attr: Attr


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
    def of(cls, link: _Link, answer: Any, id: UUID) -> _Related:
        """From an answer, or from the problem that came instead."""
        record, is_known = link.record, not isinstance(answer, Problem)
        may_add = record.creatable and not link.attr.readonly
        return cls(
            record=record,
            title=wording.entity_plural(record),
            rows=answer["rows"] if is_known else None,
            labels=answer["labels"] if is_known else {},
            count=answer["count"] if is_known else 0,
            capped=answer["capped"] if is_known else False,
            all=list_address(record.entity(), **{link.attr.name: id}),
            new=new_address(record, link.attr.name, id) if may_add else "",
        )


def new_address(record: type[Record], field: str, id: UUID) -> str:
    """The form of a new one that belongs here, coming back to this page; empty where the person may not make one."""
    if not actor().may(f"{record.entity()}.create"):
        return ""
    values: dict[str, Any] = {field: id, "_next": request.path}
    return url_for("entity.new", service=record.service(), noun=record.noun(), **values)


def _links(record: type[Record]) -> list[_Link]:
    found = {
        f"{other.entity()}.{attr.name}": _Link(other, attr)
        for other, attr in registry().pointing_at(record.entity())
        if actor().may(f"{other.entity()}.read") and not attr.many
    }
    wished = screens().of(record).related
    return [found[name] for name in (found if wished is None else wished) if name in found]


def _related_question(link: _Link, id: UUID) -> Question:
    query = Query(where={link.attr.name: str(id)}, limit=RELATED_ROWS)
    return Question(link.record.service(), "list", ListOf(entity=link.record.entity(), query=query))


def related_label(attr: Attr) -> str:
    """By which field, where one entity points here by several."""
    return _("as %(field)s", field=wording.field_label(attr))
