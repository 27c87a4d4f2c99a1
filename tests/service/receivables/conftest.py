"""The doors of receivables with its cards in place."""

import pytest

from tests.desk import Desk
from tests.factories.receivables import furnish


@pytest.fixture
def house(desk) -> Desk:
    """Receivables on its real database, furnished; everything is rolled back after the test."""
    return furnish(desk("receivables"))
