"""The loyalty ladder and the value classes over time: how many stood where at the end of each month, who moved (CUS-06)."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, request
from werkzeug.wrappers import Response

from contracts.customer import Customer, Ladder, LadderOf
from gateway import api, auth
from gateway.entity_pages.subject import labels_for
from gateway.languages import today
from gateway.render import json, page, wanted
from gateway.rpc import ask

blueprint = Blueprint("ladder", __name__)
MONTHS = 12
"""How far the report looks back unless told."""


@blueprint.get("/ladder")
@blueprint.get("/ladder.<any(json):suffix>")
@api.described(asks=(LadderOf,), fills=("from_on", "to_on"), answers=Ladder)
def show(suffix: str = "") -> Response:
    """A year unless told; of everybody one sees, or of one person or department."""
    auth.require("customer.ladder")
    given = {name: request.args.get(name) or None for name in LadderOf.attrs()}
    asked = LadderOf.read(_period() | {name: value for name, value in given.items() if value is not None})
    found = ask("customer", "ladder", asked)
    if wanted() == "json":
        return json(found)
    whose = {"organization.staff": asked.owner_id, "organization.department": asked.department_id}
    names = labels_for({entity: {str(id)} for entity, id in whose.items() if id is not None})
    return page(
        "page/ladder.html", "ladder", found=found, asked=asked, labels=found["labels"] | names, attrs=Customer.attrs(),
        choices=LadderOf.attrs(),
    )  # fmt: skip


def _period() -> dict[str, str]:
    """The last twelve months up to today."""
    day = today()
    first = day.replace(day=1)
    for _ in range(MONTHS - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    return {"from_on": first.isoformat(), "to_on": day.isoformat()}
