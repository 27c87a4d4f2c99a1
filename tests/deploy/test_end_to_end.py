"""`make up` with all of Guanxi: it becomes healthy, heals what dies, goes on where it stopped, and leaves nothing."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy import place, ports, processes, programs
from tests.deploy.project_copy import strays

PATIENCE = 240


class Running:
    """A Guanxi with empty books in a run folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = next(port for port in range(8100, 8900) if ports.is_free(port))
        clean = {key: value for key, value in os.environ.items() if not key.startswith("GUANXI_")}
        own = {"GUANXI_RUN_DIR": str(folder), "GUANXI_PORT": str(self.port), "GUANXI_DEMO": "no"}
        self.environment = clean | own
        for given in ("DATABASE_URL", "AMQP_URL"):
            self.environment.pop(given, None)

    def start(self) -> None:
        self.said = self.folder / "said"
        with self.said.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "deploy.up"],
                cwd=place.ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )

    def wait_ready(self) -> None:
        def settled() -> bool:
            return "Guanxi is ready" in self.said.read_text() or self.process.poll() is not None

        assert processes.wait_until(settled, PATIENCE), self.said.read_text()
        assert self.process.poll() is None, self.said.read_text()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)

    def health(self) -> dict[str, str]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
            parts: dict[str, str] = json.loads(answer.read())["parts"]
            return parts

    def pid(self, name: str) -> int:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("GUANXI_RUN_DIR", str(self.folder))
            return processes.find(name) or 0


@pytest.fixture
def guanxi(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path)
    running.start()
    yield running
    if running.process.poll() is None:
        running.stop()
    assert not strays(tmp_path)


def test_it_starts_heals_stops_and_goes_on(guanxi: Running) -> None:
    guanxi.wait_ready()
    assert guanxi.health() == dict.fromkeys(programs.services(), "ok")

    for name in ("sales", "services", "gateway"):
        before = guanxi.pid(name)
        os.kill(before, signal.SIGKILL)
        assert processes.wait_until(lambda: guanxi.pid(name) not in (0, before), 30), name  # noqa: B023
    assert processes.wait_until(lambda: is_healthy(guanxi), 60)

    assert guanxi.stop() == 0
    assert not strays(guanxi.folder)

    guanxi.start()
    guanxi.wait_ready()
    assert set(guanxi.health().values()) == {"ok"}


def is_healthy(guanxi: Running) -> bool:
    try:
        return set(guanxi.health().values()) == {"ok"}
    except OSError:
        return False
