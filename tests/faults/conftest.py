"""One rig for all tests of a run: starting it is most of the time they take."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.people import Staff
from tests.faults.rig import Rig, standing


@pytest.fixture(scope="session")
def rig() -> Iterator[Rig]:
    """A whole Guanxi to be ill-treated, whose parts can be broken on purpose."""
    with standing(sabotage=True) as found:
        yield found


@pytest.fixture(scope="session")
def staff(rig: Rig) -> Staff:
    """The people, signed in."""
    return Staff(rig)
