"""A process ends exactly where two steps cannot be one transaction: after the first, before the second."""

from chassis import last_moment
from tests.faults.people import Staff
from tests.faults.plan import WHERE, combinations, moments_everywhere
from tests.faults.rig import Rig
from tests.faults.run import run_seed


def test_all_of_them_are_known_and_combined():
    assert set(WHERE) == set(last_moment.ALL)
    assert len(combinations()) == 2 * 4 * 2 * 3 - 1


def test_every_service_ends_at_every_moment_it_comes_to(rig: Rig, staff: Staff):
    outcome = run_seed(rig, staff, 0, moments_everywhere(*last_moment.ALL))
    assert {strike.target.partition(".")[2] for strike in outcome.struck} == set(last_moment.ALL)
    assert outcome.findings == []
