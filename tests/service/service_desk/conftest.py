"""The doors of the service desk with its cards in place."""

import pytest

from tests.desk import Desk
from tests.factories.service_desk import furnish


@pytest.fixture
def house(desk) -> Desk:
    """The service desk on its real database, furnished; everything is rolled back after the test."""
    return furnish(desk("service_desk"))
