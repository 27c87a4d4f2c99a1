"""The gateway says what is set wrong between it and the parts, and does not start with it."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

from contracts.errors import Unauthenticated
from deploy import place, servers
from tests.gateway.conftest import KEY


def started(**wrong: str) -> subprocess.CompletedProcess[str]:
    """A gateway as gunicorn would make it."""
    servers.start()
    told = {
        "GUANXI_PRIVATE_KEY": KEY,
        "GUANXI_SECRET_KEY": "only for tests, only here",
        **servers.addresses(),
    }
    return subprocess.run(
        [sys.executable, "-c", "from gateway.app import create_app; create_app()"],
        cwd=place.ROOT, env=os.environ | told | wrong, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_a_wrong_password_ends_it_with_the_reason():
    wrong = servers.addresses()["AMQP_URL"].replace("://guanxi:", "://guanxi:wrong")
    run = started(AMQP_URL=wrong)
    assert run.returncode == 1
    assert run.stderr.startswith("Guanxi cannot start:\n  AMQP_URL: RabbitMQ at")


def test_a_key_that_is_none_ends_it_with_the_reason():
    run = started(GUANXI_PRIVATE_KEY="secret")
    assert run.returncode == 1
    assert run.stderr.startswith("Guanxi cannot start:\n  GUANXI_PRIVATE_KEY: is no Ed25519 private key")


def test_a_broker_that_does_not_answer_yet_does_not_end_it():
    assert started(AMQP_URL="amqp://u:p@127.0.0.1:9/x").returncode == 0


def test_clocks_that_do_not_agree_are_said(app, house):
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    house.doors["toy", "ping"] = lambda actor, message: {"at": tomorrow}
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json["parts"]["toy"] == "set wrong"
    assert answer.json["wrong"][0].startswith("clock: those of the gateway and of toy are 86")


def test_a_clock_that_makes_tokens_invalid_is_told_from_a_wrong_key(app, house):
    answers = {"at": (datetime.now(UTC) - timedelta(days=1)).isoformat()}

    def ping(actor, message):
        raise Unauthenticated(**answers)

    house.doors["toy", "ping"] = ping
    assert (
        app.test_client()
        .get("/healthz")
        .json["wrong"][0]
        .startswith("clock: those of the gateway and of toy")
    )
    answers.clear()
    assert app.test_client().get("/healthz").json["wrong"] == [
        "GUANXI_PRIVATE_KEY: is no pair with the GUANXI_PUBLIC_KEY of toy"
    ]
