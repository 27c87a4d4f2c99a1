"""`make up` with something set wrong says so, naming the setting, instead of waiting for what will never be healthy."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from deploy import place, ports, rabbitmq, refusals, servers
from tests.deploy.project_copy import strays
from tests.desk import drop_databases

PATIENCE = 110
"""Less than the two minutes for which a healthy start is waited for."""


class Given:
    """Servers that somebody runs already, and databases of our own on them."""

    def __init__(self, folder: Path) -> None:
        servers.start()
        self.folder = folder
        self.addresses = servers.addresses()
        self.prefix = f"test_{os.getpid()}_up_"

    def up(self, **wrong: str) -> str:
        """What `make up` says before it gives up."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith("GUANXI_")}
        own = {
            "GUANXI_RUN_DIR": str(self.folder),
            "GUANXI_PORT": str(next(port for port in range(8900, 9400) if ports.is_free(port))),
            "GUANXI_DEMO": "no",
            "GUANXI_DATABASE_PREFIX": self.prefix,
        }
        run = subprocess.run(
            [sys.executable, "-m", "deploy.up"],
            cwd=place.ROOT,
            env=clean | self.addresses | own | wrong,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert run.returncode == 1, run.stdout
        assert "Traceback" not in run.stdout + run.stderr
        return run.stdout + run.stderr


@pytest.fixture(scope="module")
def databases_of_our_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Given]:
    """Brought to this version by the first start that comes so far; the others find them so."""
    found = Given(tmp_path_factory.mktemp("up"))
    yield found
    drop_databases(found.addresses["DATABASE_URL"], found.prefix)


@pytest.fixture
def given(databases_of_our_own: Given) -> Iterator[Given]:
    yield databases_of_our_own
    assert not strays(databases_of_our_own.folder)


def wrong_password(url: str) -> str:
    return url.replace(f":{urlsplit(url).password}@", ":wrong@")


@pytest.mark.parametrize(
    ("name", "wrong", "says"),
    [
        ("AMQP_URL", wrong_password, "AMQP_URL: RabbitMQ at 127.0.0.1:{} refuses the user or the password"),
        ("AMQP_URL", lambda url: url.rpartition("/")[0] + "/nowhere", "AMQP_URL: there is no virtual host nowhere"),
        ("AMQP_URL", lambda url: "amqp://u:p@127.0.0.1:9/x", "AMQP_URL: RabbitMQ does not answer at 127.0.0.1:9"),
        ("AMQP_URL", lambda url: "http://x", "AMQP_URL: must look like amqp://"),
        ("DATABASE_URL", wrong_password, "DATABASE_URL: postgres: "),
        ("DATABASE_URL", lambda url: "postgresql://u@no-such.invalid", "DATABASE_URL: postgres: could not translate"),
        ("GUANXI_WORKERS", lambda _: "many", "GUANXI_WORKERS: Input should be a valid integer"),
    ],
)  # fmt: skip
def test_what_is_set_wrong_ends_the_start_with_its_name(given: Given, name: str, wrong, says: str) -> None:
    address = given.addresses.get(name, "")
    said = given.up(**{name: wrong(address)})
    assert f"{refusals.MARK}\n  {says.format(urlsplit(address).port)}" in said


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"GUANXI_NODE_MODULES": "/nowhere"}, "GUANXI_NODE_MODULES: page assets are missing"),
        ({"GUANXI_SESSION_SECONDS": "soon"}, "GUANXI_SESSION_SECONDS: Input should be a valid integer"),
    ],
)
def test_what_only_the_gateway_reads_ends_the_start_too(
    given: Given, wrong: dict[str, str], says: str
) -> None:
    assert f"{refusals.MARK}\n  {says}" in given.up(**wrong)


def test_a_missing_right_at_the_broker_ends_the_start(given: Given) -> None:
    vhost = f"test-up-{os.getpid()}"
    address = rabbitmq.add_vhost(vhost)
    try:
        rabbitmq.control("set_permissions", "-p", vhost, rabbitmq.USER, "^$", ".*", ".*")
        said = given.up(AMQP_URL=address)
        assert f"{refusals.MARK}\n  AMQP_URL: RabbitMQ at 127.0.0.1:" in said
        assert "does not let us work" in said
    finally:
        rabbitmq.delete_vhost(vhost)
