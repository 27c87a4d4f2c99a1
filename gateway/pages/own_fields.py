"""What hangs on an own field: beside its definition, and before anybody deletes it (users 6)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from chassis.wire import raise_problem
from contracts.deleted_fields import FieldUse, FieldUseOf
from contracts.errors import Problem
from contracts.query import GetOf
from gateway import api, wording
from gateway import beside as hints
from gateway.frame import registry
from gateway.render import block, is_fragment, json, page, record_address, wanted
from gateway.rpc import Question, ask, ask_each

ENTITY = "organization.own_field"
blueprint = Blueprint("own_fields", __name__)
beside = hints.Beside("own_fields.use", "organization.delete_own_field", (ENTITY,))


@blueprint.get("/organization/own-fields/use")
@api.described(
    summary="What hangs on an own field: records that have a value, and what people keep that mentions it.",
    asks=(api.text(ENTITY, "Its id.", format="uuid"),),
    answers=FieldUse,
)
def use() -> Response:
    """Values, and what mentions it. On the page a part that does not answer is named, for what it keeps is not known then."""
    found = next((_use(id) for _, id in hints.told(request.args, beside.about)), None)
    if wanted() == "json":
        for answer in found["answers"] if found else ():
            raise_problem(answer)
        return json(found and {name: found[name] for name in ("values", "mentions")})
    name = "page/own_field_use.html"
    return block(name, "content", use=found) if is_fragment() else page(name, use=found)


def _use(id: str) -> dict[str, Any]:
    message = FieldUseOf.read({"field_id": id})
    field = ask("organization", "get", GetOf(entity=ENTITY, id=message.field_id))["row"]
    owner = field["entity_name"].partition(".")[0]
    services = dict.fromkeys(("organization", owner))
    answers = dict(
        zip(services, ask_each(*(Question(s, "field_use", message) for s in services)), strict=True)
    )
    raise_problem(answers["organization"])
    heard = [one for one in answers.values() if not isinstance(one, Problem)]
    return {
        "field": field,
        "answers": list(answers.values()),
        "values": None if isinstance(answers[owner], Problem) else answers[owner]["values"],
        "mentions": [mention for one in heard for mention in one["mentions"]],
        "mentioned": list(_by_kind(mention for one in heard for mention in one["mentions"])),
        "silent": [wording.service(name) for name, one in answers.items() if isinstance(one, Problem)],
    }  # fmt: skip


def _by_kind(mentions: Iterable[dict[str, Any]]) -> Iterable[tuple[str, list[tuple[str, str]]]]:
    """What mentions it in words: the kind, and of each its name and address."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in mentions:
        address = record_address(one["entity"], one["id"]) if one["id"] else ""
        found.setdefault(one["entity"], []).append((one["name"], address))
    for entity, those in found.items():
        record = registry().record(entity)
        if record is not None:
            yield (wording.entity_label(record) if len(those) == 1 else wording.entity_plural(record)), those
