"""A part that cannot work says why and names the setting; one that can starts, and ends when it is told to."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import create_engine, text

from chassis import checks
from chassis.__main__ import make_keys
from chassis.broker import connect
from chassis.broker_checks import NotYet, broker_problem, patiently
from chassis.checks import database_problem
from chassis.registry import service_class
from chassis.settings import ServiceSettings
from deploy import rabbitmq
from tests.chassis.world import PLACES, ROOT, World
from tests.tcp_peer import between


def ended(city: World, *words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """A process of the chassis that ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "chassis", *words],
        cwd=ROOT, env={**city.environment, **changes}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


@pytest.fixture
def little(city: World) -> Iterator[str]:
    """A user of the broker to whom a test gives rights; its address."""
    rabbitmq.control("add_user", "little", "secret")
    yield city.amqp_url.replace(urlsplit(city.amqp_url).netloc.partition("@")[0] + "@", "little:secret@")
    rabbitmq.control("delete_user", "little")


@pytest.fixture
def clerk(city: World) -> Iterator[str]:
    """A user of the database who may do nothing; the address of the workshop's books under her name."""
    owner = create_engine(city.url("workshop").replace("postgresql://", "postgresql+psycopg2://"))
    with owner.begin() as connection:
        connection.execute(text("create role test_clerk login password 'secret'"))
    old = urlsplit(city.url("workshop")).netloc.partition("@")[0]
    yield city.url("workshop").replace(f"{old}@", "test_clerk:secret@")
    with owner.begin() as connection:
        connection.execute(text("drop role test_clerk"))


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
        found = [*checks.key_problems(settings.public_key), *checks.problems(["workshop"], settings, [""])]
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


def test_a_machine_that_nobody_knows_is_not_waited_for(city: World, said):
    assert "AMQP_URL: there is no machine called no-such.invalid" in said(
        AMQP_URL="amqp://u:p@no-such.invalid/x"
    )
    found = said(DATABASE_URL="postgresql://guanxi@no-such.invalid")
    assert 'could not translate host name "no-such.invalid"' in found


def test_an_old_broker_is_said(city: World, said):
    """The real one, seen through a line that changes its version."""
    address = urlsplit(city.amqp_url)
    with connect(city.amqp_url, "test") as connection:
        version = connection.server_properties["version"].encode()
    old = b"3.9." + b"1" * (len(version) - 4)
    with between("127.0.0.1", address.port, lambda piece: piece.replace(version, old)) as port:
        found = said(AMQP_URL=city.amqp_url.replace(f":{address.port}/", f":{port}/"))
    assert f"AMQP_URL: RabbitMQ at 127.0.0.1:{port} is {old.decode()}; 3.10 or newer is needed" in found


@pytest.mark.parametrize(
    ("may", "exchange"), [(("^$", ".*", ".*"), "workshop.events"), ((".*", "^$", ".*"), "workshop.events")]
)
def test_a_missing_right_at_the_broker_is_said(city: World, little: str, may: tuple[str, ...], exchange: str):
    """To make the exchange of one's own announcements, and to announce."""
    rabbitmq.control("set_permissions", "-p", city.amqp_url.rpartition("/")[2], "little", *may)
    found = broker_problem(little, [exchange])
    assert found is not None
    assert found.startswith("AMQP_URL: RabbitMQ at 127.0.0.1:")
    assert f"'{exchange}'" in found
    assert "'little'" in found


def test_a_service_that_may_not_read_its_queue_ends_with_the_reason(city: World, little: str):
    rabbitmq.control("set_permissions", "-p", city.amqp_url.rpartition("/")[2], "little", ".*", ".*", "^$")
    run = ended(city, "run", PLACES["workshop"], AMQP_URL=little)
    assert run.returncode == 1
    assert "Guanxi cannot start:\n  AMQP_URL: RabbitMQ at" in run.stderr
    assert "refused for user 'little'" in run.stderr


def test_a_relay_that_may_not_announce_ends_with_the_reason(city: World, little: str):
    rabbitmq.control("set_permissions", "-p", city.amqp_url.rpartition("/")[2], "little", ".*", "^$", ".*")
    run = ended(city, "relay", PLACES["workshop"], AMQP_URL=little)
    assert run.returncode == 1
    assert "refused for user 'little'" in run.stderr


def test_a_database_user_without_rights_is_said(city: World, clerk: str):
    """It may connect, and write nothing; it may not make databases either."""
    assert "our user may not read and write the table answered" in (database_problem(clerk, "workshop") or "")
    found = checks.server_problem(clerk, ["not_there_yet"]) or ""
    assert "DATABASE_URL: the user test_clerk may not make the databases we need" in found
    assert checks.server_problem(clerk, ["postgres"]) is None


def test_a_database_that_is_behind_is_said_and_one_that_is_ahead_is_not(databases):
    databases.engine(service_class("sales"))
    url = databases.url("sales")
    assert database_problem(url, "sales") is None
    with create_engine(url.replace("postgresql://", "postgresql+psycopg2://")).connect() as connection:
        connection.execute(
            text("update alembic_version set version_num = 'sales_9999' where version_num like 'sales%'")
        )
        connection.commit()
        assert database_problem(url, "sales") is None
        connection.execute(
            text("update alembic_version set version_num = 'sales_0001' where version_num like 'sales%'")
        )
        connection.commit()
        found = database_problem(url, "sales") or ""
        newest = len(list((ROOT / "services/sales/migrations").glob("[0-9]*.py")))
        connection.execute(
            text(
                f"update alembic_version set version_num = 'sales_{newest:04}' where version_num like 'sales%'"
            )
        )
        connection.commit()
    assert f"is at sales_0001, sales_{newest:04} is needed (python -m chassis migrate)" in found


def test_a_clock_that_is_off_is_said(city: World, tmp_path: Path):
    """A process whose clock is a day ahead of the database's."""
    (tmp_path / "sitecustomize.py").write_text(
        "import time\nreal = time.time\ntime.time = lambda: real() + 86400\n"
    )
    run = ended(city, "relay", PLACES["workshop"], PYTHONPATH=f"{tmp_path}:{ROOT}")
    assert run.returncode == 1
    assert (
        "DATABASE_URL: the clocks of this machine and of the database server are 86400 s apart" in run.stderr
    )


def test_a_server_that_does_not_answer_yet_is_waited_for(city: World):
    """And what is waited for is said at once."""
    heard: list[str] = []
    tries = iter([NotYet("AMQP_URL: not there"), NotYet("AMQP_URL: not there"), None])

    def check() -> None:
        if (found := next(tries)) is not None:
            raise found

    assert patiently(check, time.monotonic() + 30, heard.append) == []
    assert heard == ["AMQP_URL: not there"]


def test_a_service_that_cannot_start_ends_with_the_reason(city: World):
    run = ended(city, "run", PLACES["workshop"], AMQP_URL="")
    assert run.returncode == 1
    assert run.stderr == "Guanxi cannot start:\n  AMQP_URL is not set (nor AMQP_URL_FILE)\n"


def test_keys_are_made_once_and_the_private_half_is_nobody_elses(tmp_path: Path):
    make_keys(tmp_path)
    private = tmp_path / "actor.private.pem"
    kept = private.read_bytes()
    make_keys(tmp_path)
    assert private.read_bytes() == kept
    assert private.stat().st_mode & 0o777 == 0o600
