"""Provokes each sabotage to do its damage, and lets the checker look: one that finds nothing is no checker."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.faults import sabotage
from tests.faults.checker import Checker, Finding
from tests.faults.ledger import Command, Ledger
from tests.faults.nemesis import Nemesis
from tests.faults.people import Person, Staff
from tests.faults.plan import Strike
from tests.faults.rig import Rig
from tests.journey.system import wait_for

SOON = 3.0
"""Seconds that a checker waits here for what will not come."""
FOUND: dict[str, set[str]] = {
    sabotage.INBOX_OFF: {"doubled"},
    sabotage.PUBLISH_BEFORE_COMMIT: {"ghost"},
    sabotage.ACK_BEFORE_COMMIT: {"lost"},
    sabotage.CONFIRMS_OFF: {"lost"},
    sabotage.LOST_UPDATE: {"money"},
}
"""Sabotage → what the checker must find."""


class Trial:
    """One person at work while one thing is broken."""

    def __init__(self, rig: Rig, staff: Staff, what: str) -> None:
        self.rig, self.staff, self.what = rig, staff, what
        self.ledger = Ledger()
        self.checker = Checker(rig, staff, self.ledger, quiet=SOON)
        self.alice = Person(
            staff, self.ledger, f"{what}-{int(time.time())}", "alice", lambda: False, leaves=0
        )

    def findings(self) -> list[Finding]:
        """What the checker says after the damage."""
        before = PREPARATIONS.get(self.what, lambda trial: None)(self)
        self.rig.break_on_purpose(self.what)
        try:
            DAMAGES[self.what](self, before)
        finally:
            self.rig.break_on_purpose(self.what, on=False)
        wait_for("every part to answer again", self.rig.is_whole, 90)
        return self.checker.check()

    def lead(self) -> Command:
        return self.alice.do("create lead", "/customer/lead", name=..., contact_name="王")

    def arrived(self) -> bool:
        """Whether the witness has heard all that was announced since the beginning."""
        return {event for event, _ in self.checker.tables.heard()} >= self.checker.tables.announced().keys()


def _copies(trial: Trial, _: Any) -> None:
    trial.lead()
    wait_for("the news", trial.arrived)
    again = Strike("copies", "witness", 0)
    assert Nemesis(trial.rig, [again]).copies(again)


def _die_before_the_commit(trial: Trial, _: Any) -> None:
    trial.rig.arm("customer", sabotage.PUBLISHED)
    trial.lead()


def _die_after_the_acknowledgement(trial: Trial, _: Any) -> None:
    file = trial.rig.arm("witness", sabotage.ACKNOWLEDGED)
    trial.lead()
    wait_for("the witness to die", lambda: not file.exists())


def _lose_on_the_line(trial: Trial, _: Any) -> None:
    assert trial.rig.amqp.half_open("guanxi customer relay")
    trial.lead()
    wait_for("the relay to call it sent", lambda: not trial.checker.tables.unsent())
    trial.rig.amqp.cut("guanxi customer relay")


def _contract(trial: Trial) -> tuple[str, str]:
    """A signed contract and its receivable."""
    return trial.alice.signed(Decimal(1000))


def _pay_twice_at_once(trial: Trial, about: tuple[str, str]) -> None:
    receivable, contract = about

    def pay(who: str, part: str) -> None:
        trial.alice.do(
            "pay", f"/receivables/receivable/{receivable}/pay", about=contract, who=who,
            amount_of_it=Decimal(part), amount=part,
        )  # fmt: skip

    both = [threading.Thread(target=pay, args=pair) for pair in (("dan", "100.00"), ("jiangli", "200.00"))]
    for each in both:
        each.start()
    for each in both:
        each.join()


PREPARATIONS: dict[str, Callable[[Trial], Any]] = {sabotage.LOST_UPDATE: _contract}
DAMAGES: dict[str, Callable[[Trial, Any], None]] = {
    sabotage.INBOX_OFF: _copies,
    sabotage.PUBLISH_BEFORE_COMMIT: _die_before_the_commit,
    sabotage.ACK_BEFORE_COMMIT: _die_after_the_acknowledgement,
    sabotage.CONFIRMS_OFF: _lose_on_the_line,
    sabotage.LOST_UPDATE: _pay_twice_at_once,
}
