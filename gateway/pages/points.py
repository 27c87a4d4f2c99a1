"""Credit for logging what was done with customers (CON-06): the ranking of one's people, and each activity of one of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from contracts.customer import Points, PointsOf
from gateway import api, auth
from gateway.render import json, page, wanted
from gateway.rpc import ask

blueprint = Blueprint("points", __name__)


@blueprint.get("/points")
@blueprint.get("/points.<any(json):suffix>")
@api.described(
    summary="The ranking by points in a period; with `staff_id` one person's activities, with the day each was entered.",
    asks=(PointsOf,),
    answers=Points,
)
def show(suffix: str = "") -> Response:
    """Everybody in a period; with `staff_id` one person's activities, with the day each was entered."""
    auth.require("customer.points")
    given: dict[str, Any] = {name: request.args[name] for name in PointsOf.attrs() if request.args.get(name)}
    found = ask("customer", "points", PointsOf.read(given))
    if wanted() == "json":
        return json(found)
    return page(
        "page/points.html", "points", found=found, labels=found["labels"], staff_id=given.get("staff_id")
    )
