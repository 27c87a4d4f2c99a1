"""One thing done to many records: picked in a list, tried and shown, done, taken back; the same for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from flask import flash, request, url_for
from werkzeug.wrappers import Response

from contracts import addresses
from contracts.addresses import Condition, ListAddress
from contracts.batches import (
    MOST,
    Batch,
    BatchesOf,
    BatchOf,
    CheckBatch,
    PickBatch,
    RunBatch,
    TakeBackBatch,
    TooManyAtOnce,
)
from contracts.errors import FieldProblem, Invalid, NotFound, Problem, Refused
from contracts.merging import MOST_MERGED
from contracts.message import Attr, Command, Record
from contracts.query import ChangeMany
from gateway import api, typed_names, verb_pages, wording
from gateway.auth import actor
from gateway.entity_pages import exports
from gateway.entity_pages.forms import entered
from gateway.entity_pages.import_pages import said
from gateway.entity_pages.subject import find_record, labels_for
from gateway.fields import read_values, references
from gateway.forms import build_form
from gateway.frame import list_address, registry
from gateway.languages import gettext as _
from gateway.render import form_key, go, idempotency_key, json, json_body, page, wanted
from gateway.rpc import ask

SHOWN_FIRST = {"checked": ("good", "bad"), "done": ("left", "done"), "taken_back": ("kept", "undone")}
"""What is looked at first in each state: where nothing is of that kind, the next."""
STEPS: dict[str, tuple[str, type[Command]]] = {
    "run": ("run_batch", RunBatch),
    "take-back": ("take_back_batch", TakeBackBatch),
}
SAMPLE = 20
"""Rows shown at first, and with each «Load more»."""
PATIENCE = 60
"""Seconds for a thousand records."""


class Fit(NamedTuple):
    """Something that this person may do to many of a kind."""

    verb: str
    text: str
    icon: str


def fit(record: type[Record], archived: bool = False) -> list[Fit]:
    """What the bar below a list offers, for those that are put away or for those that are not."""
    by_hand = record.creatable or record.editable
    may_archive = by_hand and actor().may(f"{record.entity()}.archive")
    if archived:
        return [Fit("restore", said_of(record, "restore"), "archive-off")] if may_archive else []
    found = []
    if record.editable and actor().may(f"{record.entity()}.update"):
        found.append(Fit("update", said_of(record, "update"), "edit"))
    for verb in record.at_once:
        if actor().may(f"{record.service()}.{verb}_{record.noun()}"):
            found.append(Fit(verb, said_of(record, verb), "player-play"))
    return [*found, *([Fit("archive", said_of(record, "archive"), "archive")] if may_archive else [])]


def said_of(record: type[Record], verb: str) -> str:
    """The verb in words."""
    of_all = {"update": _("Change"), "archive": _("Archive"), "restore": _("Bring back")}
    return of_all.get(verb) or wording.verb(verb, record.entity())


def changeable(record: type[Record]) -> dict[str, Attr]:
    """The fields that may well be the same in many records; names, numbers and files of their own are not."""
    return {
        n: a
        for n, a in entered(record).items()
        if a.lines is None and n not in record.title and a.kind != "file"
    }


# -- picking ----------------------------------------------------------------------------------------------------


@api.only_page("the picking in a list; programs name ids or a question in `batches`")
def picked(service: str, noun: str) -> Response:
    """Some were picked in a list, or all that it shows: on to what is to be done with them."""
    record = find_record(service, noun)
    ids, do = request.form.getlist("id"), request.form.get("_do", "")
    whole = addresses.read(request.form.get("_query", ""))
    address = whole if "_all" in request.form else None
    back = list_address(record.entity()) + request.form.get("_query", "")
    if address is None and not ids:
        flash(_("Pick some records in the list first."), "danger")
        return go(back)
    if do == "export":
        find_record(service, noun, "export")
        return exports.export(record, replace(address or _only(whole, ids), after=""), "xlsx")
    if do == "merge":
        if address is None and 2 <= len(ids) <= MOST_MERGED:
            return go(url_for("entity.choose_merge", service=service, noun=noun, id=ids))
        flash(_("Pick from 2 to %(most)s records to make one of them.", most=MOST_MERGED), "danger")
        return go(back)
    which = {"ids": ids} if address is None else {"query": address.query()}
    try:
        batch = ask(
            service, "pick_batch", PickBatch.read({"entity": record.entity(), **which}), timeout=PATIENCE
        )
    except TooManyAtOnce as problem:
        flash(wording.sentence(problem), "danger")
        return go(back)
    return go(_at(record, batch, verb=do))


def _only(whole: ListAddress, ids: list[str]) -> ListAddress:
    """These of a list, in its columns and order; put away, where it shows those that are."""
    these = (Condition("id", "eq", tuple(ids)),)
    return ListAddress(conditions=these, sort=whole.sort, archived=whole.archived, columns=whole.columns)


def _at(record: type[Record], batch: Mapping[str, Any], **more: Any) -> str:
    return url_for("entity.batch", service=record.service(), noun=record.noun(), batch=batch["id"], **more)


# -- one batch --------------------------------------------------------------------------------------------------


@api.described(
    asks=(
        api.text("state", "Only records in this state."),
        api.text("after", "`next` of the page before.", type="integer"),
    )
)
def show(service: str, noun: str, batch: UUID, suffix: str = "") -> Response:
    """What is asked, what would come of it, or what came of it."""
    record = find_record(service, noun)
    state, after = request.args.get("state"), request.args.get("after", -1, type=int)
    if wanted() == "json":
        limit = request.args.get("limit", 50, type=int)
        asked = BatchOf.read({"id": batch, "state": state, "after": after, "limit": limit})
        return json(ask(service, "batch", asked))
    found = _of(record, ask(service, "batch", BatchOf(id=batch, limit=1))["batch"])
    verb = request.args.get("verb", "")
    if found["state"] == "picked" or (found["state"] == "checked" and verb):
        return _ask(record, found, verb, request.args.get("_field", ""))
    wishes = [state] if state else [s for s in SHOWN_FIRST[found["state"]] if found["counts"].get(s)]
    shown = wishes[0] if wishes else "same"
    asked = BatchOf.read({"id": batch, "state": shown, "after": after, "limit": SAMPLE})
    rows = ask(service, "batch", asked)
    attrs = _asked(record, found["verb"], tuple(found["values"]))
    return page(
        "entity/batch.html", "rows", record=record, entity=record.entity(), batch=found, shown=shown, rows=rows["rows"],
        labels=rows["labels"] | labels_for(references(attrs, found["values"])), next=rows["next"], attrs=record.attrs(), row={},
        asked=attrs, said=partial(_why, attrs), word=wording.word, what=said_of(record, found["verb"]), key=form_key(),
        address=_at(record, found), goes_back=found["verb"] not in record.at_once or bool(record.at_once[found["verb"]]),
    )  # fmt: skip


def _of(record: type[Record], batch: dict[str, Any]) -> dict[str, Any]:
    if batch["entity"] != record.entity():
        raise NotFound(entity=record.entity(), id=batch["id"])
    return batch


def _why(asked: Mapping[str, Attr], problem: Mapping[str, Any]) -> str:
    """Why it cannot be done to one of them; of what was asked of all, it says which."""
    attr = asked.get(problem["field"])
    if attr is None:
        return said(problem)
    return _("%(field)s: %(what)s", field=wording.field_label(attr), what=said(problem))


def _asked(record: type[Record], verb: str, names: tuple[str, ...] = ()) -> dict[str, Attr]:
    """What has to be said: the fields to change, or what the verb wants to know."""
    if verb == "update":
        return {name: record.attrs()[name] for name in names if name in record.attrs()}
    if verb in record.at_once:
        return verb_pages.asked(registry().act(record, verb))
    return {}


def _ask(
    record: type[Record], batch: dict[str, Any], verb: str, name: str,
    values: Mapping[str, Any] | None = None, problem: Problem | None = None,
) -> Response:  # fmt: skip
    """The one form for all of them."""
    if verb not in [one.verb for one in fit(record)] and verb != "restore":
        raise NotFound(entity=record.entity(), id=verb)
    names = (name,) if name in changeable(record) else ()
    attrs = _asked(record, verb, names)
    given = (
        {n: a.default for n, a in attrs.items() if a.default not in (None, (), "")}
        if verb != "update"
        else {}
    )
    given |= values or {}
    return page(
        "entity/batch_form.html", status=problem.status if problem else 200, record=record, entity=record.entity(),
        batch=batch, verb=verb, what=said_of(record, verb), name=names[0] if names else "", fields=changeable(record),
        form=build_form(f"{record.service()}.{verb}_{record.noun()}", attrs, given, labels_for(references(attrs, given)), problem),
        problem=problem, key=form_key(), address=_at(record, batch), how=request.form.get("_how", "add"),
    )  # fmt: skip


@api.described(takes=CheckBatch, answers=Batch)
def check(service: str, noun: str, batch: UUID) -> Response:
    """Try it; nothing is done yet."""
    record = find_record(service, noun)
    if wanted() == "json":
        message = CheckBatch.read({**json_body(), "batch_id": str(batch)})
        return json(ask(service, "check_batch", message, key=idempotency_key(), timeout=PATIENCE))
    verb, name = request.form.get("verb", ""), request.form.get("_field", "")
    attrs = _asked(record, verb, (name,) if name in changeable(record) else ())
    values: dict[str, Any] = read_values(attrs, request.form)
    try:
        if verb == "update" and not attrs:
            raise Invalid(FieldProblem("_field", "required"))
        typed_names.resolve(attrs, values)
        message = CheckBatch.read({"batch_id": str(batch), "verb": verb, "values": values} | _how(attrs))
        ask(service, "check_batch", message, key=idempotency_key(), timeout=PATIENCE)
    except (Invalid, Refused) as problem:
        found = _of(record, ask(service, "batch", BatchOf(id=batch, limit=1))["batch"])
        return _ask(record, found, verb, name, values, problem)
    return go(_at(record, {"id": batch}))


def _how(attrs: dict[str, Attr]) -> dict[str, str]:
    """What becomes of the values that are there: only where a field holds several is there a choice."""
    holds_several = any(a.many for a in attrs.values())
    return {"how": request.form["_how"]} if holds_several and "_how" in request.form else {}


@api.described(
    summary="Do what was tried (`run`), or take it back (`take-back`, with a `note`); either twice does it once.",
    answers=Batch,
)
def step(service: str, noun: str, batch: UUID, step: str) -> Response:
    """Do it, or take it back."""
    record = find_record(service, noun)
    door, message = STEPS[step]
    is_json = wanted() == "json"
    more = (
        (json_body() if request.data else {})
        if is_json
        else {n: v for n, v in request.form.items() if n == "note"}
    )
    done = ask(
        service, door, message.read({**more, "batch_id": str(batch)}), key=idempotency_key(), timeout=PATIENCE
    )
    if is_json:
        return json(done)
    return go(_at(record, done))


# -- programs, and what was done --------------------------------------------------------------------------------


@api.described(
    takes={
        **api.fields(
            "verb",
            ids={"type": "array", "items": {"type": "string", "format": "uuid"}},
            query={"type": "object"},
            verb={"type": "string"},
            values={"type": "object"},
            how={"type": "string", "enum": ["set", "add", "take"]},
            note={"type": "string"},
        ),
        "additionalProperties": False,
    },
    answers=Batch,
    status=201,
)
def make(service: str, noun: str) -> Response:
    """For programs: pick and try in one go, `{ids or query, verb, values}`; `…/run` does it."""
    record = find_record(service, noun)
    body, key = json_body(), idempotency_key()
    which = {name: body.pop(name) for name in ("id", "ids", "query") if name in body}
    batch = ask(
        service, "pick_batch", PickBatch.read({"entity": record.entity(), **which}), key=key, timeout=PATIENCE
    )
    message = CheckBatch.read({**body, "batch_id": batch["id"]})
    tried = ask(service, "check_batch", message, key=key and f"{key}-check", timeout=PATIENCE)
    return json(tried, 201, Location=_at(record, batch))


@api.described(
    summary="Give one or several fields of many records the same values; says which could not be changed.",
    takes=ChangeMany,
)
def change_many(service: str, noun: str) -> Response:
    """For programs: the same values for many, at once and untried."""
    record = find_record(service, noun, "update")
    if not record.editable:
        raise NotFound(entity=record.entity())
    message = ChangeMany.read({**json_body(), "entity": record.entity()})
    return json(ask(service, "change_many", message, key=idempotency_key(), timeout=PATIENCE))


@api.described()
def listing(service: str, noun: str, suffix: str = "") -> Response:
    """What was done to many of this kind, by whom, and what can be taken back."""
    record = find_record(service, noun)
    found = ask(service, "batches", BatchesOf(entity=record.entity()))
    if wanted() == "json":
        return json(found)
    return page(
        "entity/batches.html", record=record, entity=record.entity(), batches=found["batches"], labels=found["labels"],
        said_of=lambda verb: said_of(record, verb), word=wording.word, most=MOST,
    )  # fmt: skip
