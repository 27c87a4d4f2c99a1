"""Operation: what needs somebody, part by part, in words; green only from facts, never because something is connected."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, current_app, g
from werkzeug.wrappers import Response

from gateway import api, auth, operation
from gateway.frame import registry
from gateway.render import json, page, wanted

blueprint = Blueprint("operation", __name__)


@blueprint.get("/administration/operation")
@api.described(summary="What needs somebody, part by part, asked at this moment.")
def show() -> Response:
    """Asked of every part at this moment."""
    auth.require("organization.staff.update")
    actor, settings = auth.actor(), current_app.extensions["guanxi-settings"]
    names = [name for name in registry().services if actor.may(f"{name}.messages")]
    parts = operation.ask(
        current_app.extensions["guanxi-wire"], names, g.token, g.call_id, settings.lag_limit,
        with_mail=actor.may("notification.mail_state"),
    )  # fmt: skip
    if wanted() == "json":
        return json({"parts": [asdict(part) for part in parts]})
    proof = next(
        (
            part.facts["jobs"].get(operation.BOOKS[1])
            for part in parts
            if part.facts and part.name == operation.BOOKS[0]
        ),
        None,
    )
    return page(
        "page/operation.html", "operation", parts=parts, sentence=operation.sentence, limit=settings.lag_limit,
        mail=next((part.mail for part in parts if part.mail is not None), None), proof=proof,
        jobs=[(part.name, job, run) for part in parts if part.facts for job, run in part.facts["jobs"].items()],
    )  # fmt: skip
