"""One seed: people at work, the plan carried out, everything well again, the checker."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from tests.faults.checker import Checker, Finding
from tests.faults.ledger import DONE, OPEN, REFUSED, Ledger
from tests.faults.nemesis import Nemesis
from tests.faults.people import PEOPLE, Person, Staff
from tests.faults.plan import Strike, strikes_of
from tests.faults.rig import Rig
from tests.journey.system import wait_for

AT_WORK = 5.0
"""Seconds in which people begin something new."""
LONGEST = 150.0
"""The same while a chosen moment has not come to anybody."""


@dataclass
class Outcome:
    """What one seed did and what was found."""

    seed: int
    struck: list[Strike] = field(default_factory=list)
    answered: int = 0
    unanswered: int = 0
    refused: int = 0
    events: int = 0
    seconds: float = 0.0
    findings: list[Finding] = field(default_factory=list)


def run_seed(rig: Rig, staff: Staff, seed: int, strikes: list[Strike] | None = None) -> Outcome:
    """Everything that one seed stands for."""
    begun = time.monotonic()
    strikes = strikes_of(seed) if strikes is None else strikes
    print(f"seed {seed}: " + ("; ".join(map(str, strikes)) or "nothing happens"), flush=True)
    ledger = Ledger()
    checker = Checker(rig, staff, ledger)
    nemesis = Nemesis(rig, strikes)

    def goes_on() -> bool:
        spent = time.monotonic() - begun
        return spent < AT_WORK or (nemesis.waits and spent < LONGEST)

    people = [Person(staff, ledger, f"{seed}-{int(time.time())}", login, goes_on) for login in PEOPLE]
    nemesis.begin()
    for person in people:
        person.start()
    nemesis.wait()
    for person in people:
        person.join()
    nemesis.end()
    unanswered = sum("200" not in c.said[0] and "201" not in c.said[0] for c in ledger.commands if c.said)
    worked = time.monotonic() - begun
    try:
        wait_for("every part to answer again", rig.is_whole, 90)
    except AssertionError as error:
        checker.note("stuck", str(error))
    whole = time.monotonic() - begun
    checker.unreadable, checker.poisoned = nemesis.unreadable, nemesis.poisoned
    findings = checker.check()
    for trouble in nemesis.trouble:
        checker.note("stuck", f"the nemesis failed: {trouble}")
    outcome = Outcome(
        seed, nemesis.struck, len(ledger.of(DONE)), unanswered, len(ledger.of(REFUSED)), checker.events,
        time.monotonic() - begun, findings,
    )  # fmt: skip
    print(
        f"  {outcome.seconds:.0f} s ({worked:.0f} at work, whole after {whole:.0f}): {len(ledger.commands)} commands, {unanswered} not answered at once, "
        f"{outcome.refused} refused, {len(ledger.of(OPEN))} never, {checker.events} events",
        flush=True,
    )
    missed = [strike for strike in strikes if strike not in nemesis.struck]
    if missed:
        print("  struck nobody: " + "; ".join(map(str, missed)))
    for refused in ledger.of(REFUSED):
        print(f"  refused: {refused.kind} {refused.id}: {refused.said[-1][:200]}")
    for finding in findings:
        print(f"  ✗ {finding}", flush=True)
    return outcome
