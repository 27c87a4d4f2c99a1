"""One running system for all journeys of a test run: starting it is most of the time they take."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journey.system import System, running


@pytest.fixture(scope="session")
def guanxi() -> Iterator[System]:
    """A whole Guanxi with its demo data."""
    with running() as system:
        yield system
