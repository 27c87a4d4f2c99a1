"""Records that may be the same thing: the report, what somebody has said is different, and many groups merged in one go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import flash, request
from werkzeug.wrappers import Response

from contracts.errors import FieldProblem, Invalid
from contracts.language import N_
from contracts.merging import (
    DifferencesOf,
    DuplicatesOf,
    MarkDifferent,
    MergeMany,
    MergesOf,
    PlanMerges,
    UnmarkDifferent,
    UnmergeMany,
)
from contracts.message import Record
from gateway import api, wording
from gateway.auth import actor
from gateway.entity_pages.import_pages import said
from gateway.entity_pages.merging import merging_record
from gateway.entity_pages.subject import title_of
from gateway.frame import list_address, registry, screens
from gateway.languages import gettext as _
from gateway.render import form_key, go, idempotency_key, json, json_body, page, wanted
from gateway.rpc import ask

NO_FIELD = {"mail_domain": N_("Mail domain")}
"""Keys that are a part of a field."""
GROUPS = 20
"""Groups on a page."""
PATIENCE = 60


@api.described(asks=(DuplicatesOf,))
def duplicates(service: str, noun: str, suffix: str = "") -> Response:
    """Groups of records that agree in name, phone, tax number …"""
    record = merging_record(service, noun, "read")
    is_json = wanted() == "json"
    limit = request.args.get("limit", 50 if is_json else GROUPS, type=int)
    message = DuplicatesOf.read({
        "entity": record.entity(), "by": request.args.get("by") or None, "limit": limit, "after": request.args.get("after") or None,
    })  # fmt: skip
    found = ask(service, "duplicates", message, timeout=30)
    if is_json:
        return json(found)
    groups = [
        {**group, "rows": [found["rows"][id] for id in group["ids"] if id in found["rows"]]}
        for group in found["groups"]
    ]
    listed = screens().of(record).list_columns(record)
    # the number tells two apart that read the same
    names = [*listed[:6], *(name for name in listed[6:] if name == "number")]
    return page(
        "entity/duplicates.html", record=record, entity=record.entity(), groups=groups, labels=found["labels"],
        by=found["by"], chosen=message.by, attrs=record.attrs(), title_of=title_of, next=found["next"], key=form_key(),
        columns=[record.attrs()[name] for name in names if name in record.attrs()], agree_in=lambda by: agree_in(record, by),
        here=request.full_path.rstrip("?"), onward=lambda row, entity: onward(record, row, entity),
    )  # fmt: skip


def agree_in(record: type[Record], by: str) -> str:
    """What the records of a group share, in words."""
    attr = record.attrs().get(by)
    return wording.field_label(attr) if attr is not None else _(NO_FIELD.get(by, wording.spoken(by)))


def onward(record: type[Record], row: Mapping[str, Any], entity: str) -> tuple[str, str] | None:
    """The verb by which a row becomes a record of another kind that is there already, and the field that says which one;
    None where its state or the actor's rights do not allow it."""
    life, service = record.lifecycle, record.service()
    for verb in life.possible(str(row.get("state"))) if life is not None else ():
        if actor().may(f"{service}.{verb}_{record.noun()}"):
            for attr in registry().act(record, verb).attrs().values():
                if attr.ref == entity:
                    return verb, attr.name
    return None


@api.described(takes=MarkDifferent)
def mark(service: str, noun: str) -> Response:
    """These are different."""
    record = merging_record(service, noun, "merge")
    body = json_body() if wanted() == "json" else {"ids": request.form.getlist("id")}
    answer = ask(
        service,
        "mark_different",
        MarkDifferent.read({**body, "entity": record.entity()}),
        key=idempotency_key(),
    )
    if wanted() == "json":
        return json(answer)
    flash(
        _("Noted: they are different. It stands under “Said to be different” and can be taken back there."),
        "success",
    )
    return go(_back(record))


@api.described()
def unmark(service: str, noun: str, mark: UUID) -> Response:
    """They may be the same after all."""
    record = merging_record(service, noun, "merge")
    message = UnmarkDifferent(entity=record.entity(), mark_id=mark)
    answer = ask(service, "unmark_different", message, key=idempotency_key())
    if wanted() == "json":
        return json(answer)
    flash(_("Taken back: the report names them again."), "success")
    return go(f"{list_address(record.entity())}/differences")


@api.described(asks=(DifferencesOf,))
def differences(service: str, noun: str, suffix: str = "") -> Response:
    """What was said to be different, by whom and when."""
    record = merging_record(service, noun, "read")
    limit = request.args.get("limit", 200, type=int)
    found = ask(service, "differences", DifferencesOf.read({"entity": record.entity(), "limit": limit}))
    if wanted() == "json":
        return json(found)
    return page(
        "entity/differences.html",
        record=record,
        entity=record.entity(),
        marks=found["marks"],
        labels=found["labels"],
        key=form_key(),
    )


@api.described(takes=PlanMerges)
def plan(service: str, noun: str) -> Response:
    """What would become of the ticked groups; a program asks with `{groups: [[id, id], …]}`."""
    record = merging_record(service, noun, "merge")
    is_json = wanted() == "json"
    groups = json_body().get("groups") if is_json else [g.split(",") for g in request.form.getlist("group")]
    if not groups and is_json:
        raise Invalid(FieldProblem("groups", "required"))
    if not groups:
        flash(_("Tick the groups to merge first."), "danger")
        return go(_back(record))
    message = PlanMerges.read({"entity": record.entity(), "groups": groups})
    found = ask(service, "plan_merges", message, timeout=PATIENCE)
    if is_json:
        return json(found)
    return page(
        "entity/merge_many.html", record=record, entity=record.entity(), plans=found["groups"], rows=found["rows"],
        labels=found["labels"], attrs=record.attrs(), title_of=title_of, key=form_key(), told=None, written=_written,
    )  # fmt: skip


@api.described(takes=MergeMany)
def merge_many(service: str, noun: str) -> Response:
    """Do it, and say group by group what came of it."""
    record = merging_record(service, noun, "merge")
    is_json = wanted() == "json"
    body = json_body() if is_json else {"groups": [_read(text) for text in request.form.getlist("group")]}
    message = MergeMany.read({**body, "entity": record.entity()})
    told = ask(service, "merge_many", message, key=idempotency_key(), timeout=PATIENCE)
    if is_json:
        return json(told)
    return page("entity/merge_many.html", record=record, entity=record.entity(), told=told, said=said)


@api.described(
    summary="What was merged of late, by whom and when, the newest first.", asks=(api.text("limit", "At most so many.", type="integer"),)
)  # fmt: skip
def recent_merges(service: str, noun: str, suffix: str = "") -> Response:
    """What was merged of late, from where several are taken back at once."""
    record = merging_record(service, noun, "read")
    limit = request.args.get("limit", 100, type=int)
    found = ask(service, "merges", MergesOf(entity=record.entity(), limit=limit))
    if wanted() == "json":
        return json(found)
    return page(
        "entity/recent_merges.html", record=record, entity=record.entity(), merges=found["merges"], labels=found["labels"],
        key=form_key(), told=None, said=said,
    )  # fmt: skip


@api.described(takes=UnmergeMany)
def unmerge_many(service: str, noun: str) -> Response:
    """Take the ticked merges back, and say one by one what came of it."""
    record = merging_record(service, noun, "merge")
    is_json = wanted() == "json"
    body = json_body() if is_json else {"merge_ids": request.form.getlist("merge")}
    if not is_json and not body["merge_ids"]:
        flash(_("Tick the merges to take back first."), "danger")
        return go(f"{list_address(record.entity())}/merges")
    message = UnmergeMany.read({**body, "entity": record.entity()})
    told = ask(service, "unmerge_many", message, key=idempotency_key(), timeout=PATIENCE)
    if is_json:
        return json(told)
    return page("entity/recent_merges.html", record=record, entity=record.entity(), told=told, said=said)


def _written(plan: Mapping[str, Any]) -> str:
    """A group as it travels through the page: who is kept, then each with the version it was looked at."""
    return " ".join([plan["kept_id"], *(f"{id}:{plan['vers'][id]}" for id in plan["ids"])])


def _read(text: str) -> dict[str, Any]:
    kept, _space, rest = text.partition(" ")
    pairs = [one.partition(":") for one in rest.split()]
    if not all(ver.isdecimal() for _id, _colon, ver in pairs):
        raise Invalid(FieldProblem("group", "wrong"))
    return {
        "kept_id": kept, "ids": [id for id, _colon, _ver in pairs], "vers": {id: int(ver) for id, _colon, ver in pairs}
    }  # fmt: skip


def _back(record: type[Record]) -> str:
    by = request.form.get("by", "")
    return f"{list_address(record.entity())}/duplicates" + (f"?by={by}" if by.isidentifier() else "")
