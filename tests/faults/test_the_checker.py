"""The checker notices each mistake that the product's mechanisms are there against. Last, for the books are wrong after it."""

import pytest

from tests.faults import sabotage
from tests.faults.people import Staff
from tests.faults.rig import Rig
from tests.faults.trials import FOUND, Trial


@pytest.mark.parametrize("what", sabotage.ALL)
def test_it_finds_what_was_broken_on_purpose(rig: Rig, staff: Staff, what: str):
    found = Trial(rig, staff, what).findings()
    assert FOUND[what] <= {finding.what for finding in found}, found
