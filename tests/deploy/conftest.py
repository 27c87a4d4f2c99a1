"""A project folder in an awkward place, for every test of how Guanxi is started."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.project_copy import Copy, strays

AWKWARD = "a folder; with #50% (关系)"


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Copy]:
    """A fresh copy; whatever it started has ended when the test is over."""
    project = Copy(tmp_path / AWKWARD)
    yield project
    for process in project.started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
    assert not strays(project.root), "processes were left behind"
