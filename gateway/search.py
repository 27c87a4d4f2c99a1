"""Search everything: one fragment asked of every service, in one flight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from contracts.errors import Problem
from contracts.message import Record
from contracts.query import SearchOf
from gateway import api
from gateway.addresses import asked
from gateway.auth import actor
from gateway.frame import ENTITIES, registry
from gateway.render import json, page, wanted
from gateway.rpc import Question, ask_each

EACH = 5
SHORTEST = 1
PLACES = {item.entity: place for place, item in enumerate(ENTITIES)}

blueprint = Blueprint("search", __name__)


@dataclass(frozen=True)
class Group:
    """What was found of one kind."""

    record: type[Record]
    rows: list[dict[str, Any]]
    count: int
    capped: bool


@dataclass(frozen=True)
class _Files:
    """The newest files that fit, with the names of the records they are on."""

    rows: list[dict[str, Any]]
    labels: dict[str, Any]

    @classmethod
    def of(cls, answers: list[dict[str, Any]]) -> _Files:
        rows = [row for answer in answers for row in answer["rows"]]
        rows.sort(key=lambda row: row["at"], reverse=True)
        return cls(rows[:EACH], {id: label for answer in answers for id, label in answer["labels"].items()})


@blueprint.get("/search")
@api.described(
    summary="Search everything: the best few of each kind; `silent` names parts that did not answer.",
    asks=(api.text("q"),),
)
def results() -> Response:
    """The best few of each kind, by what they are called; a part that does not answer is named, not hidden."""
    text = asked().text.strip()[:100]
    records = {record.entity(): record for record in searchable()} if len(text) >= SHORTEST else {}
    services = sorted({record.service() for record in records.values()})
    answers = ask_each(*(Question(name, "search", SearchOf(text=text, limit=EACH)) for name in services))
    silent = [name for name, answer in zip(services, answers, strict=True) if isinstance(answer, Problem)]
    heard = [answer for answer in answers if not isinstance(answer, Problem)]
    files = _Files.of([answer["files"] for answer in heard])
    found = {one["entity"]: one for answer in heard for one in answer["found"]}
    groups = [
        Group(record, found[name]["rows"], found[name]["count"], found[name]["capped"])
        for name, record in records.items()
        if name in found
    ]
    if wanted() == "json":
        told = {
            group.record.entity(): {"rows": group.rows, "count": group.count, "capped": group.capped}
            for group in groups
        }
        return json({"found": told, "files": files.rows, "silent": silent})
    return page("page/search.html", "found", groups=groups, files=files, silent=silent, text=text)


def searchable() -> list[type[Record]]:
    """Entities with a field to search in that this person may read; those of the menu first."""
    may = actor().may
    found = [
        record
        for entity, record in registry().records.items()
        if record.is_searchable() and may(f"{entity}.read")
    ]
    return sorted(found, key=lambda record: PLACES.get(record.entity(), len(PLACES)))
