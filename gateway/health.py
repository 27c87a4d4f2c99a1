"""Whether every part answers, over RabbitMQ and including its database; and what is set wrong between us and them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, current_app, g
from werkzeug.wrappers import Response

from chassis.broker_checks import CLOCK_TOLERANCE, NotYet, broker_problem
from chassis.names import RPC_EXCHANGE
from chassis.settings import CannotStart
from chassis.wire import Call, RpcClient
from contracts.errors import Problem, Unauthenticated
from gateway import api
from gateway.auth import Sessions, sessions
from gateway.frame import registry
from gateway.render import json
from gateway.rpc import settle

PATIENCE = 2.0
PATIENCE_AT_START = 1.0

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@api.described(is_open=True)
def healthz() -> Response:
    """200 with each part's state when all answer in time, else 503 naming those that do not, and what is set wrong."""
    services = registry().services
    answers = settle(_pings(services, sessions(), g.call_id), PATIENCE)
    states = dict(zip(services, map(_state, answers), strict=True))
    silent = sorted(name for name, state in states.items() if state != "ok")
    body = {"status": "down" if silent else "ok", "silent": silent, "parts": states}
    body["wrong"] = wrong(services, answers)
    return json(body | {"branch": current_app.extensions["guanxi-settings"].branch}, 503 if silent else 200)


def check_start(app: Flask) -> None:
    """End this process when something is set wrong that no waiting cures. Whoever does not answer is not waited for:
    people get a page that says so, and it may only be starting."""
    settings = app.extensions["guanxi-settings"]
    try:
        problem = broker_problem(settings.amqp_url, [RPC_EXCHANGE])
    except NotYet:
        return
    if problem is not None:
        raise CannotStart(problem)
    services = app.extensions["guanxi-registry"].services
    # before the workers fork, which make their own connections
    own = RpcClient(settings.amqp_url, "gateway check")
    answers = own.settle(_pings(services, app.extensions["guanxi-sessions"], "start"), PATIENCE_AT_START)
    own.close()
    if found := wrong(services, answers):
        raise CannotStart(*found)


def wrong(services: Sequence[str], answers: Sequence[Any]) -> list[str]:
    """What a service's answer to `ping` says about settings: keys that are no pair, clocks that do not agree."""
    found = []
    for name, answer in zip(services, answers, strict=True):
        apart = _apart(answer)
        if apart > CLOCK_TOLERANCE:
            found.append(
                f"clock: those of the gateway and of {name} are {apart:.0f} s apart; set the machines' time"
            )
        elif isinstance(answer, Unauthenticated):
            found.append(f"GUANXI_PRIVATE_KEY: is no pair with the GUANXI_PUBLIC_KEY of {name}")
    return found


def _pings(services: Sequence[str], signed: Sessions, call_id: str) -> list[Call]:
    return [Call(name, "ping", {}, signed.anonymous_token(), None, call_id) for name in services]


def _state(answer: Any) -> str:
    if isinstance(answer, Unauthenticated) or _apart(answer) > CLOCK_TOLERANCE:
        return "set wrong"
    return "no answer" if isinstance(answer, Problem) else "ok"


def _apart(answer: Any) -> float:
    """Seconds between our clock and that of whoever answered, as far as it tells."""
    at = answer.params.get("at") if isinstance(answer, Problem) else answer.get("at")
    return abs(time.time() - datetime.fromisoformat(at).timestamp()) if at else 0.0
