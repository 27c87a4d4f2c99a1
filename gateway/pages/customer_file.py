"""Everything about one customer on one page: five services answer in one flight, one timeline, one row of figures."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from chassis.wire import raise_problem
from contracts import own_objects
from contracts.customer import WholeCustomerOf
from contracts.errors import Problem, Unavailable
from contracts.message import Record
from contracts.query import CustomerFileOf
from gateway import api, wording
from gateway.entity_pages import records
from gateway.entity_pages.subject import find_record
from gateway.frame import list_address, registry, screens
from gateway.render import json, page, wanted
from gateway.rpc import Question, ask_each

blueprint = Blueprint("customer_file", __name__)
SERVICES = ("customer", "sales", "receivables", "service_desk", "notification")
NEWEST, STEP, MOST = 20, 60, 200
"""Entries of each service: at first, with every «older», and at most."""
ONE = "/customer/customer/<uuid:id>"


@blueprint.get(ONE)
@api.only_page("as JSON it is the record, as of every kind")
def show(id: UUID) -> Response:
    """The page of a customer; as JSON only its own record, the rest is at `/file`."""
    if wanted() == "json":
        return records.show("customer", "customer", id)
    record = find_record("customer", "customer")
    answers = ask_each(*_questions(id, _asked_for(), history=records.SHOWN_CHANGES + 1))
    values = records.page_values(record, raise_problem(answers[0])["stored"])
    file = merged(answers)
    values["labels"] = {**values["labels"], **file["labels"]}
    return page(
        "customer/customer/record.html", "record", "timeline", **values, file=file,
        lists=[_list(part, id, file["labels"]) for part in _ordered(record, file["related"])],
    )  # fmt: skip


@blueprint.get(ONE + "/file")
@api.described(
    summary="Everything about one customer: figures, related lists, timeline; `missing` names parts that did not answer.",
    asks=(api.text("timeline", "How many entries of each service, 20 to 200."),),
)
def file(id: UUID) -> Response:
    """The same as JSON: figures, related lists, timeline; `missing` names parts that did not answer."""
    return json(merged(ask_each(*_questions(id, _asked_for()))))


def _asked_for() -> int:
    """How many entries of each service the timeline shows: the newest, or as many as were asked for."""
    return max(NEWEST, min(request.args.get("timeline", NEWEST, type=int), MOST))


def _questions(id: UUID, limit: int, history: int = 0) -> list[Question]:
    """To each service; the customer itself comes with the share of its own, in one answer."""
    first, *others = SERVICES
    whole = WholeCustomerOf(customer_id=id, limit=limit, history=history)
    asked = CustomerFileOf(customer_id=id, limit=limit)
    return [
        Question(first, "customer_file", whole),
        *(Question(service, "customer_file", asked) for service in others),
    ]


def merged(answers: list[Any]) -> dict[str, Any]:
    """One file of five; a part that does not answer is named, one that the person may not ask is left out."""
    found: dict[str, Any] = {"figures": {}, "related": [], "timeline": [], "labels": {}, "missing": []}
    first = answers[0]
    if isinstance(first, Problem) and not isinstance(first, Unavailable):
        raise first
    for service, answer in zip(SERVICES, answers, strict=True):
        if isinstance(answer, Unavailable):
            found["missing"].append(service)
        if isinstance(answer, Problem):
            continue
        found["figures"][service] = answer["figures"]
        found["related"] += answer["related"]
        found["timeline"] += answer["timeline"]
        found["labels"] |= answer["labels"]
    found["timeline"].sort(key=lambda entry: entry["at"], reverse=True)
    told = [len(answer["timeline"]) for answer in answers if not isinstance(answer, Problem)]
    limit = _asked_for()
    found |= {"has_more": limit < MOST and max(told, default=0) >= limit, "further": min(limit + STEP, MOST)}
    return found


def _ordered(record: type[Record], parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lists that the screen of a customer names, in its order; behind them the company's own objects."""
    by_entity = {part["entity"]: part for part in parts if registry().record(part["entity"])}
    wished = [name.rpartition(".")[0] for name in screens().of(record).related or ()]
    own = [entity for entity in own_objects.known() if entity in by_entity]
    return [by_entity[entity] for entity in (*wished, *own) if entity in by_entity]


def _list(part: dict[str, Any], id: UUID, labels: dict[str, Any]) -> dict[str, Any]:
    """A related list as `part/related.html` shows it."""
    record = registry().records[part["entity"]]
    may_add = record.creatable and "customer_id" in record.draft().model_fields
    return {
        "record": record, "title": wording.entity_plural(record), "rows": part["rows"][: records.RELATED_ROWS],
        "labels": labels, "count": part["count"], "capped": False, "all": list_address(record.entity(), customer_id=id),
        "new": records.new_address(record, "customer_id", id) if may_add else "",
    }  # fmt: skip
