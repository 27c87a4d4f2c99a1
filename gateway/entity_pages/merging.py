"""Making one of several records field by field, and taking that back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, request
from werkzeug.wrappers import Response

from contracts.errors import NotFound
from contracts.merging import MergeOf, MergesOf, UnmergeOf
from contracts.message import Attr, Record
from contracts.query import GetOf, ListOf, Query
from gateway import api
from gateway.entity_pages.forms import entered
from gateway.entity_pages.subject import find_record, title_of
from gateway.languages import gettext as _
from gateway.render import form_key, go, idempotency_key, json, json_body, page, record_address, wanted
from gateway.rpc import Question, ask, ask_all

NONE_OF_THEM = "none"


@dataclass(frozen=True)
class Choice:
    """A field in which the records differ: what each says, and whose word is likely the better one."""

    attr: Attr
    likely: str
    """The id of that record."""


@api.only_page("the form")
def choose(service: str, noun: str) -> Response:
    """Which of the records is kept, and whose value each field shall have."""
    record = merging_record(service, noun, "merge")
    return _choose(record, request.args.getlist("id"))


def _choose(record: type[Record], ids: list[str], problem: str = "") -> Response:
    rows, labels = _rows(record, ids)
    choices = [Choice(a, _likely(rows, name)) for name, a in _chosen(record).items() if _differ(rows, name)]
    return page(
        "entity/merge.html", status=422 if problem else 200, record=record, entity=record.entity(), rows=rows,
        labels=labels, title_of=title_of, choices=choices, key=form_key(), problem=problem,
        tagged="tags" in record.attrs(),
    )  # fmt: skip


@api.described(
    summary="Make one record of several that are the same thing; only kinds whose screens offer it.",
    takes=MergeOf,
    answers="Answer",
)
def merge(service: str, noun: str) -> Response:
    """Do it: from the page above, or as JSON with `kept_id`, `gone_ids` and `values`."""
    record = merging_record(service, noun, "merge")
    if wanted() == "json":
        message = MergeOf.read({**json_body(), "entity": record.entity()})
        return json(ask(service, "merge", message, key=idempotency_key()))
    ids = request.form.getlist("id")
    taking_part = request.form.getlist("_part") or ids
    kept = request.form.get("kept_id", ids[0] if ids else "")
    if kept not in taking_part or len(taking_part) < 2:
        return _choose(record, ids, _("Tick at least two, the one that is kept among them."))
    rows, _labels = _rows(record, taking_part)
    by_id = {row["id"]: row for row in rows}
    if kept not in by_id:
        raise NotFound(entity=record.entity(), id=kept)
    values = {}
    for name, attr in _chosen(record).items():
        taken = request.form.get(f"_take.{name}", kept)
        value = by_id[taken].get(name) if taken in by_id else [] if attr.many else None
        if value != by_id[kept].get(name) and (taken in by_id or taken == NONE_OF_THEM):
            values[name] = value
    message = MergeOf(
        entity=record.entity(), kept_id=UUID(kept), gone_ids=tuple(UUID(id) for id in by_id if id != kept), values=values
    )  # fmt: skip
    ask(service, "merge", message, key=idempotency_key())
    flash(_("Merged. It can be taken back on this record's page, under “Merged records”."), "success")
    return go(record_address(record.entity(), kept))


@api.described()
def merges(service: str, noun: str, id: UUID, suffix: str = "") -> Response:
    """What was merged into a record."""
    record = merging_record(service, noun, "read")
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
    record = merging_record(service, noun, "merge")
    answer = ask(service, "unmerge", UnmergeOf(entity=record.entity(), merge_id=merge), key=idempotency_key())
    if wanted() == "json":
        return json(answer)
    flash(_("Taken back: they are several records again."), "success")
    return go(record_address(record.entity(), answer["row"]["id"]))


def merging_record(service: str, noun: str, action: str) -> type[Record]:
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
    """The fields whose value may come from either. Files stay in theirs, tags are united: those of all are on
    the kept record."""
    return {name: a for name, a in entered(record).items() if a.kind != "file" and name != "tags"}


def _differ(rows: list[dict[str, Any]], name: str) -> bool:
    return any(row.get(name) != rows[0].get(name) for row in rows)


def _likely(rows: list[dict[str, Any]], name: str) -> str:
    filled = [row["id"] for row in rows if row.get(name) not in (None, "", [])]
    return str(filled[0] if filled else rows[0]["id"])
