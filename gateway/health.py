"""Whether every part answers, over RabbitMQ and including its database."""

from __future__ import annotations

from flask import Blueprint, current_app, g
from werkzeug.wrappers import Response

from chassis.wire import Call
from contracts.errors import Problem
from gateway.auth import sessions
from gateway.frame import registry
from gateway.render import json
from gateway.rpc import settle

PATIENCE = 2.0

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """200 with each part's state when all answer in time, else 503 naming those that do not."""
    services = registry().services
    token = sessions().anonymous_token()
    calls = [Call(name, "ping", {}, token, None, g.call_id) for name in services]
    try:
        answers = settle(calls, PATIENCE)
    except Problem as problem:
        answers = [problem] * len(calls)
    states = {
        name: "no answer" if isinstance(answer, Problem) else "ok"
        for name, answer in zip(services, answers, strict=True)
    }
    silent = sorted(name for name, state in states.items() if state != "ok")
    body = {"status": "down" if silent else "ok", "silent": silent, "parts": states}
    return json(body | {"branch": current_app.extensions["guanxi-settings"].branch}, 503 if silent else 200)
