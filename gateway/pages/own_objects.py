"""What hangs on an own object: beside its definition, before anybody puts it away (users 6)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from contracts import own_objects
from contracts.errors import NotFound
from contracts.organization import OwnObjectUseOf
from contracts.query import ListOf, Query
from gateway import api
from gateway import beside as hints
from gateway.render import block, is_fragment, json, page, wanted
from gateway.rpc import Question, ask, ask_each

ENTITY = "organization.own_object"
blueprint = Blueprint("own_objects", __name__)
beside = hints.Beside("own_objects.use", f"{ENTITY}.archive", (ENTITY,))


@blueprint.get("/organization/own-objects/use")
@api.described(
    summary="What hangs on an own object: records, fields, rights and views of it.",
    asks=(api.text(ENTITY, "Its id.", format="uuid"),),
)
def use() -> Response:
    """Records, fields, rights and views of it, with the ways there; nothing of one that was put away."""
    found = next((_use(id) for _, id in hints.told(request.args, beside.about)), None)
    if wanted() == "json":
        return json(found)
    name = "page/own_object_use.html"
    return block(name, "content", use=found) if is_fragment() else page(name, use=found)


def _use(id: str) -> dict[str, Any] | None:
    found: dict[str, Any] = ask("organization", "own_object_use", OwnObjectUseOf.read({"id": id}))
    entity = found["entity"]
    record = own_objects.known().get(entity)
    if record is None:
        return None
    message = ListOf(entity=entity, query=Query(limit=1, archived=True), fields=("id",))
    listed = ask_each(Question(record.service(), "list", message))[0]
    # whoever may not look is told of none; where the kind has not been heard of yet, there are none
    records = listed["count"] if isinstance(listed, dict) else 0 if isinstance(listed, NotFound) else None
    return {**found, "records": records}
