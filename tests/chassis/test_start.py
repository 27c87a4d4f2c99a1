"""A part that cannot work says why and names the setting; one that can starts, and ends when it is told to."""

import subprocess
import sys
from pathlib import Path

import pytest

from chassis import checks
from chassis.__main__ import make_keys
from chassis.settings import ServiceSettings
from tests.chassis.world import PLACES, ROOT, World


@pytest.fixture
def said(city: World, monkeypatch: pytest.MonkeyPatch):
    """What a service would say instead of starting with these settings; an empty one is not set at all."""

    def start(**changes: str) -> str:
        for name, value in {**city.environment, **changes}.items():
            monkeypatch.setenv(name, value)
        try:
            settings = ServiceSettings.load()
        except SystemExit as stop:
            return str(stop)
        found = [*checks.key_problems(settings.public_key), *checks.problems(["workshop"], settings)]
        return "\n".join(found)

    return start


def test_nothing_is_said_when_all_is_well(said):
    assert said() == ""


def test_a_missing_setting_is_named(said):
    assert "DATABASE_URL is not set" in said(DATABASE_URL="")


def test_every_wrong_setting_is_named_at_once(said):
    found = said(AMQP_URL="http://x", GUANXI_BRANCH="no good", GUANXI_WORKERS="many")
    assert "AMQP_URL: must look like amqp://" in found
    assert "GUANXI_BRANCH" in found
    assert "GUANXI_WORKERS" in found


def test_a_secret_file_that_is_not_there_is_named(said):
    assert "GUANXI_PUBLIC_KEY_FILE: /nowhere/key" in said(GUANXI_PUBLIC_KEY_FILE="/nowhere/key")


def test_a_key_that_is_none_is_said(said):
    assert "GUANXI_PUBLIC_KEY: is no Ed25519 public key" in said(GUANXI_PUBLIC_KEY="secret")


def test_a_wrong_password_at_the_broker_is_said(city: World, said):
    wrong = city.amqp_url.replace("://guanxi:", "://guanxi:wrong")
    assert "refuses the user or the password" in said(AMQP_URL=wrong)


def test_a_virtual_host_that_is_not_there_is_said(city: World, said):
    found = said(AMQP_URL=city.amqp_url.rpartition("/")[0] + "/no-such-host")
    assert "AMQP_URL: there is no virtual host no-such-host" in found


def test_a_broker_that_is_not_there_is_said(said):
    assert "AMQP_URL: RabbitMQ does not answer at 127.0.0.1:9" in said(AMQP_URL="amqp://u:p@127.0.0.1:9/x")


def test_a_database_that_is_not_there_is_said(said):
    found = said(GUANXI_DATABASE_PREFIX="no_such_")
    assert "DATABASE_URL: no_such_workshop" in found
    assert "python -m chassis migrate" in found


def test_a_wrong_database_password_is_said(city: World, said):
    wrong = city.database_url.replace("://guanxi:", "://guanxi:wrong")
    assert "password authentication failed" in said(DATABASE_URL=wrong)


def test_a_service_that_cannot_start_ends_with_the_reason(city: World):
    run = subprocess.run(
        [sys.executable, "-m", "chassis", "run", PLACES["workshop"]],
        cwd=ROOT, env={**city.environment, "AMQP_URL": ""}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert run.returncode == 1
    assert run.stderr == "Guanxi cannot start:\n  AMQP_URL is not set (nor AMQP_URL_FILE)\n"


def test_keys_are_made_once_and_the_private_half_is_nobody_elses(tmp_path: Path):
    make_keys(tmp_path)
    private = tmp_path / "actor.private.pem"
    kept = private.read_bytes()
    make_keys(tmp_path)
    assert private.read_bytes() == kept
    assert private.stat().st_mode & 0o777 == 0o600
