"""The private PostgreSQL and RabbitMQ: found again, brought back, never in anybody's way."""

import os
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import amqp
import psycopg2
import pytest

from deploy import place, ports, postgres, processes, rabbitmq, servers
from tests.deploy.project_copy import strays


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Servers of this module's own, in a folder that nobody else may enter and whose name is no plain word."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("copy") / "a folder; with #50% (关系)"
        for name in servers.GIVEN_AS.values():
            patch.delenv(name, raising=False)
        patch.setenv("GUANXI_RUN_DIR", str(folder))
        try:
            assert servers.start(throwaway=True) == ["postgres", "rabbitmq"]
            yield folder
        finally:
            for name in servers.SERVERS:
                servers.stop(name)
            alias = rabbitmq.plain_name(place.folder("rabbitmq"))
            alias.unlink(missing_ok=True)
            shutil.rmtree(folder, ignore_errors=True)
    assert not strays(folder)


def say(words: str) -> list[tuple[object, ...]]:
    with psycopg2.connect(f"{postgres.url()}/postgres") as connection, connection.cursor() as cursor:
        cursor.execute(words)
        return cursor.fetchall() if cursor.description else []


def channel_of(address: str) -> amqp.Channel:
    user, _, rest = address.removeprefix("amqp://").partition(":")
    password, _, rest = rest.partition("@")
    host, _, vhost = rest.partition("/")
    connection = amqp.Connection(host, userid=user, password=password, virtual_host=vhost)
    connection.connect()
    return connection.channel()


@pytest.mark.usefixtures("run_dir")
def test_a_second_start_finds_both_running() -> None:
    before = ports.remembered(), processes.find("postgres"), processes.find("rabbitmq")
    assert servers.start() == []
    assert (ports.remembered(), processes.find("postgres"), processes.find("rabbitmq")) == before


@pytest.mark.usefixtures("run_dir")
def test_both_listen_on_this_machine_only() -> None:
    ours = {f"{port:04X}" for port in ports.remembered().values()}
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    heard = {line[1].split(":")[0] for line in lines if line[3] == "0A" and line[1].split(":")[1] in ours}
    assert heard == {"0100007F"}


@pytest.mark.usefixtures("run_dir")
def test_a_vhost_of_its_own_keeps_tests_apart() -> None:
    address = rabbitmq.add_vhost("apart")
    channel = channel_of(address)
    channel.queue_declare("only-here", durable=True, auto_delete=False)
    with pytest.raises(amqp.NotFound):
        channel_of(rabbitmq.url()).queue_declare("only-here", passive=True)
    channel.connection.close()
    rabbitmq.delete_vhost("apart")
    with pytest.raises(amqp.NotAllowed):
        channel_of(address)


def test_killed_servers_come_back_on_their_ports_with_what_they_knew(run_dir: Path) -> None:
    say("create table kept (id int)")
    say("insert into kept values (1)")
    channel = channel_of(rabbitmq.url())
    channel.queue_declare("kept", durable=True, auto_delete=False)
    channel.confirm_select()
    channel.basic_publish_confirm(amqp.Message("a fact", delivery_mode=2), routing_key="kept")
    addresses = servers.addresses()
    for name in servers.SERVERS:
        os.kill(processes.find(name) or 0, signal.SIGKILL)
    assert servers.start(throwaway=True) == ["postgres", "rabbitmq"]
    assert servers.addresses() == addresses
    assert say("select * from kept") == [(1,)]
    assert channel_of(rabbitmq.url()).basic_get("kept", no_ack=True).body == "a fact"
    assert len([words for words in strays(run_dir) if "epmd" in words]) <= 1


@pytest.mark.usefixtures("run_dir")
def test_a_port_that_somebody_else_took_meanwhile_is_left_to_them() -> None:
    taken = ports.remembered()["postgres"]
    servers.stop("postgres")
    with socket.create_server(("127.0.0.1", taken)):
        assert servers.start(throwaway=True) == ["postgres"]
        assert ports.remembered()["postgres"] != taken
        assert say("select 1") == [(1,)]


def test_who_brings_a_server_along_gets_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p@elsewhere")
    monkeypatch.setenv("AMQP_URL", "amqp://u:p@elsewhere/v")
    assert servers.start() == []
    assert servers.addresses() == {
        "DATABASE_URL": "postgresql://u:p@elsewhere",
        "AMQP_URL": "amqp://u:p@elsewhere/v",
    }
