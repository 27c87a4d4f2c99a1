"""The doors of reporting with the people in place."""

import pytest

from tests.desk import Desk
from tests.factories.reporting import furnish


@pytest.fixture
def house(desk) -> Desk:
    """Reporting on its real database, furnished; everything is rolled back after the test."""
    return furnish(desk("reporting"))
