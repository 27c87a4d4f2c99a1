"""`make faults SEEDS=200 FROM=1`: runs a range of seeds, the chosen moments and the sabotages, and prints what became of it.

The plan of a seed is the same whenever and wherever it runs: `make faults SEEDS=1 FROM=17` plays seed 17 again.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.faults import sabotage
from tests.faults.checker import Finding
from tests.faults.people import Staff
from tests.faults.plan import combinations
from tests.faults.report import table
from tests.faults.rig import Rig, standing
from tests.faults.run import Outcome, run_seed
from tests.faults.tables import Tables
from tests.faults.trials import FOUND, Trial

LETTERS = 120.0
"""Seconds in which letters that were put off go out."""


def main() -> int:
    """Run them one after the other in one system; 0 when nothing was found."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--from", type=int, default=1, dest="first")
    parser.add_argument("--only", choices=("seeds", "moments", "sabotage"), help="one part of it")
    given = parser.parse_args()
    parts = {"seeds": lambda: seeds(given.first, given.seeds), "moments": moments, "sabotage": sabotages}
    wrong = [part for name, part in parts.items() if given.only in (None, name) and not part()]
    return 1 if wrong else 0


def seeds(first: int, count: int) -> bool:
    """A range of seeds in one system."""
    outcomes: list[Outcome] = []
    with standing() as rig:
        staff = Staff(rig)
        run_seed(rig, staff, 0, [])  # everybody has been asked once when sizes are first compared
        try:
            for seed in range(first, first + count):
                outcomes.append(run_seed(rig, staff, seed))
        except KeyboardInterrupt:
            print("interrupted: what ran until now counts", flush=True)
        if outcomes:
            outcomes[-1].findings += letters_out(rig)
    return tell(f"{len(outcomes)} seeds from {first}", outcomes)


def letters_out(rig: Rig) -> list[Finding]:
    """In the end every letter is sent, or its fate is known to be unknown; a refusing server was tried again."""
    said = (
        "select state, count(*), min(error) from letter where state not in ('sent', 'uncertain') group by 1"
    )
    until = time.monotonic() + LETTERS
    while (left := Tables(rig).rows("notification", said)) and time.monotonic() < until:
        time.sleep(1)
    known = dict(Tables(rig).rows("notification", "select state, count(*) from letter group by 1"))
    print(f"letters: {known}, taken by the mail server: {len(rig.post.taken)}", flush=True)
    return [Finding("mail", f"{count} letters are {state}: {error}") for state, count, error in left]


def moments() -> bool:
    """Every combination of the chosen moments, each at all services that come to it."""
    outcomes: list[Outcome] = []
    with standing() as rig:
        staff = Staff(rig)
        for number, strikes in enumerate(combinations(), start=1):
            outcomes.append(run_seed(rig, staff, number, strikes))
    return tell(f"{len(outcomes)} combinations of moments", outcomes, one_by_one=True)


def tell(what: str, outcomes: list[Outcome], one_by_one: bool = False) -> bool:
    """The table, and whether all is well."""
    print(table(outcomes, one_by_one))
    wrong = [outcome.seed for outcome in outcomes if outcome.findings]
    print(f"{what}: {f'findings in {wrong}' if wrong else 'nothing found'}", flush=True)
    return not wrong


def sabotages() -> bool:
    """The checker must find what is broken on purpose."""
    missed = []
    with standing(sabotage=True) as rig:
        staff = Staff(rig)
        for what in sabotage.ALL:
            found = Trial(rig, staff, what).findings()
            print(f"{what}: {'; '.join(map(str, found[:3])) or 'nothing found'}", flush=True)
            if not {finding.what for finding in found} >= FOUND[what]:
                missed.append(what)
    print(f"sabotage: {f'not found: {missed}' if missed else 'all found'}", flush=True)
    return not missed


if __name__ == "__main__":
    sys.exit(main())
