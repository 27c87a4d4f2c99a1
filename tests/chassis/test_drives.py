"""What a service does by itself in the background, beside its doors and jobs."""

import signal
from collections import Counter

from tests.chassis.toys.workshop_service import Mark
from tests.chassis.world import World, until


def test_it_goes_on_after_a_failure_and_is_ended_with_the_process(world: World):
    def said() -> Counter[str]:
        return Counter(mark.said for mark in world.rows(Mark, "workshop"))

    before = said()
    process = world.without("workshop").serve("workshop")  # another one would answer before ours has begun
    until(lambda: said()["hot"] > before["hot"], "the furnace to burn")
    world.end(process, signal.SIGTERM)
    assert said()["out"] == before["out"] + 1
