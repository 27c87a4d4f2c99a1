"""What processes count is read with the token: of one process at its own port, of several from the folder they share."""

import subprocess
import sys
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from chassis.identity import new_id
from chassis.metrics import is_allowed
from deploy import ports
from tests.chassis.world import PLACES, ROOT, World, until

TOKEN = "a token of sixteen or more"


def read(port: int) -> dict[tuple[str, str], float]:
    """(sample, service) → sum over its other labels."""
    answer = requests.get(
        f"http://127.0.0.1:{port}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10
    )
    assert answer.status_code == 200
    found: dict[tuple[str, str], float] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            key = (sample.name, sample.labels.get("service", ""))
            found[key] = found.get(key, 0) + sample.value
    return found


@pytest.fixture
def counted(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[World, int]:
    """A workshop, a relay and a ledger that count in one folder; the workshop answers on a port."""
    for role in ("workshop", "ledger", "relay"):
        if (running := world.kept.pop(role, None)) is not None:
            world.end(running)
    port = next(port for port in range(9500, 9900) if ports.is_free(port))
    world.environment.update(PROMETHEUS_MULTIPROC_DIR=str(tmp_path), GUANXI_METRICS_TOKEN=TOKEN)
    for name, more in (("workshop", {"GUANXI_METRICS_PORT": str(port)}), ("ledger", {})):
        world.environment.update(more)
        world.serve(name)
        world.environment.pop("GUANXI_METRICS_PORT", None)
    world.start("relay", "workshop", "ledger")
    yield world, port
    for name in ("PROMETHEUS_MULTIPROC_DIR", "GUANXI_METRICS_TOKEN"):
        world.environment.pop(name)


def test_all_processes_of_a_machine_are_read_at_one_address(counted: tuple[World, int]):
    world, port = counted
    before = read(port)
    order = str(new_id())
    world.call("workshop", "make_part", {"order_id": order, "names": ["a", "poison metrics"]})
    parked = ("guanxi_events_parked_total", "ledger")
    until(lambda: read(port).get(parked, 0) > before.get(parked, 0), "the poison to be parked")
    after = read(port)

    def more(name: str, service: str) -> float:
        return after.get((name, service), 0) - before.get((name, service), 0)

    assert more("guanxi_door_seconds_count", "workshop") >= 1
    assert more("guanxi_events_sent_total", "workshop") == 2
    assert more("guanxi_event_delay_seconds_count", "ledger") == 2
    assert more("guanxi_event_failures_total", "ledger") == 4
    assert more("guanxi_event_seconds_count", "ledger") >= 1
    assert after["guanxi_jobs_total", "workshop"] >= 1


def test_without_the_token_nothing_is_told(counted: tuple[World, int]):
    _, port = counted
    for headers in ({}, {"Authorization": "Bearer another token altogether"}):
        answer = requests.get(f"http://127.0.0.1:{port}/metrics", headers=headers, timeout=10)
        assert (answer.status_code, answer.text) == (401, "")
    assert not is_allowed(None, "Bearer ")
    assert not is_allowed("", "Bearer ")


def test_a_port_that_is_taken_is_said(counted: tuple[World, int]):
    world, port = counted
    run = subprocess.run(
        [sys.executable, "-m", "chassis", "run", PLACES["workshop"]],
        cwd=ROOT, env={**world.environment, "GUANXI_METRICS_PORT": str(port)}, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip
    assert run.returncode == 1
    assert f"GUANXI_METRICS_PORT: {port}: Address already in use" in run.stderr
