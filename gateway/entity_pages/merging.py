"""Records that may be the same thing: the report of them, making one of several field by field, and taking that back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, request
from werkzeug.wrappers import Response

from contracts.errors import NotFound
from contracts.merging import DuplicatesOf, MergeOf, MergesOf, UnmergeOf
from contracts.message import Attr, Record
from contracts.query import GetOf, ListOf, Query
from gateway import api
from gateway.entity_pages.forms import entered
from gateway.entity_pages.subject import find_record, title_of
from gateway.frame import screens
from gateway.languages import gettext as _
from gateway.render import form_key, go, idempotency_key, json, json_body, page, record_address, wanted
from gateway.rpc import Question, ask, ask_all


@dataclass(frozen=True)
class Choice:
    """A field in which the records differ: what each says, and whose word is likely the better one."""

    attr: Attr
    likely: str
    """The id of that record."""


@api.described(asks=(DuplicatesOf,))
def duplicates(service: str, noun: str, suffix: str = "") -> Response:
    """Groups of records that agree in name, phone, tax number …"""
    record = _record(service, noun, "read")
    message = DuplicatesOf(entity=record.entity(), by=request.args.get("by") or None)
    found = ask(service, "duplicates", message, timeout=30)
    if wanted() == "json":
        return json(found)
    groups = [
        {**group, "rows": [found["rows"][id] for id in group["ids"] if id in found["rows"]]}
        for group in found["groups"]
    ]
    names = screens().of(record).list_columns(record)[:6]
    return page(
        "entity/duplicates.html", record=record, entity=record.entity(), groups=groups, labels=found["labels"],
        by=found["by"], chosen=message.by, attrs=record.attrs(), title_of=title_of,
        columns=[record.attrs()[name] for name in names if name in record.attrs()],
    )  # fmt: skip


@api.only_page("the form")
def choose(service: str, noun: str) -> Response:
    """Which of the records is kept, and whose value each field shall have."""
    record = _record(service, noun, "merge")
    rows, labels = _rows(record, request.args.getlist("id"))
    choices = [Choice(a, _likely(rows, name)) for name, a in _chosen(record).items() if _differ(rows, name)]
    return page(
        "entity/merge.html", record=record, entity=record.entity(), rows=rows, labels=labels, title_of=title_of,
        choices=choices, key=form_key(),
    )  # fmt: skip


@api.described(
    summary="Make one record of several that are the same thing; only kinds whose screens offer it.",
    takes=MergeOf,
    answers="Answer",
)
def merge(service: str, noun: str) -> Response:
    """Do it: from the page above, or as JSON with `kept_id`, `gone_ids` and `values`."""
    record = _record(service, noun, "merge")
    if wanted() == "json":
        message = MergeOf.read({**json_body(), "entity": record.entity()})
        return json(ask(service, "merge", message, key=idempotency_key()))
    ids = request.form.getlist("id")
    rows, _labels = _rows(record, ids)
    by_id = {row["id"]: row for row in rows}
    kept = request.form.get("kept_id", ids[0])
    taken = {name: request.form.get(f"_take.{name}", kept) for name in _chosen(record)}
    values = {
        name: by_id[id][name]
        for name, id in taken.items()
        if id in by_id and kept in by_id and by_id[id].get(name) != by_id[kept].get(name)
    }
    message = MergeOf(
        entity=record.entity(), kept_id=UUID(kept), gone_ids=tuple(UUID(id) for id in ids if id != kept), values=values
    )  # fmt: skip
    ask(service, "merge", message, key=idempotency_key())
    flash(_("Merged. It can be taken back on this record's page, under “Merged records”."), "success")
    return go(record_address(record.entity(), kept))


@api.described()
def merges(service: str, noun: str, id: UUID, suffix: str = "") -> Response:
    """What was merged into a record."""
    record = _record(service, noun, "read")
    stored, found = ask_all(
        Question(service, "get", GetOf(entity=record.entity(), id=id)),
        Question(service, "merges", MergesOf(entity=record.entity(), id=id)),
    )
    if wanted() == "json":
        return json(found)
    return page(
        "entity/merges.html", record=record, entity=record.entity(), row=stored["row"], merges=found["merges"],
        labels=found["labels"], title=title_of(record, stored["row"]), attrs=record.attrs(), key=form_key(),
    )  # fmt: skip


@api.described(summary="Take a merge back.", answers="Answer")
def unmerge(service: str, noun: str, merge: UUID) -> Response:
    """Take it back."""
    record = _record(service, noun, "merge")
    answer = ask(service, "unmerge", UnmergeOf(entity=record.entity(), merge_id=merge), key=idempotency_key())
    if wanted() == "json":
        return json(answer)
    flash(_("Taken back: they are several records again."), "success")
    return go(record_address(record.entity(), answer["row"]["id"]))


def _record(service: str, noun: str, action: str) -> type[Record]:
    record = find_record(service, noun, action)
    if not record.merges:
        raise NotFound(entity=record.entity())
    return record


def _rows(record: type[Record], ids: list[str]) -> tuple[list[dict[str, Any]], Mapping[str, Any]]:
    """The records, the oldest first: that one has most papers under its number."""
    query = Query(where={"id": ids}, sort="created_at", limit=20)
    found = ask(record.service(), "list", ListOf(entity=record.entity(), query=query))
    if len(found["rows"]) < 2:
        raise NotFound(entity=record.entity())
    return found["rows"], found["labels"]


def _chosen(record: type[Record]) -> dict[str, Attr]:
    """The fields whose value may come from either. Files stay in theirs: those of all are on the kept record."""
    return {name: a for name, a in entered(record).items() if a.kind != "file"}


def _differ(rows: list[dict[str, Any]], name: str) -> bool:
    return any(row.get(name) != rows[0].get(name) for row in rows)


def _likely(rows: list[dict[str, Any]], name: str) -> str:
    filled = [row["id"] for row in rows if row.get(name) not in (None, "", [])]
    return str(filled[0] if filled else rows[0]["id"])
