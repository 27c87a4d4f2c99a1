"""A few seeds of those that `make faults` runs by the hundred: people work, things break, nothing is lost or doubled."""

import pytest

from tests.faults.people import Staff
from tests.faults.plan import FAULTS, strikes_of
from tests.faults.rig import Rig
from tests.faults.run import run_seed


def test_a_plan_is_the_same_whenever_it_is_drawn():
    assert [strikes_of(seed) for seed in range(1, 200)] == [strikes_of(seed) for seed in range(1, 200)]


def test_as_many_seeds_as_there_are_faults_have_them_all():
    struck = {strike.fault for seed in range(70, 70 + len(FAULTS)) for strike in strikes_of(seed)}
    assert struck == set(FAULTS)


@pytest.mark.parametrize("seed", [1])
def test_nothing_is_lost_and_nothing_doubled(rig: Rig, staff: Staff, seed: int):
    outcome = run_seed(rig, staff, seed)
    assert outcome.answered
    assert outcome.struck
    assert outcome.findings == []
