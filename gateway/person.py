"""The person's own page."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from gateway.auth import actor
from gateway.render import json, page, wanted

blueprint = Blueprint("person", __name__)


@blueprint.get("/person")
def show() -> Response:
    """Who I am to the system."""
    if wanted() == "json":
        return json(actor().model_dump(mode="json"))
    return page("page/person.html")
