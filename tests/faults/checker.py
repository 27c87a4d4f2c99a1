"""What must be true after everything: compared between the people's ledger, the product's tables and the witness."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import insert

from chassis.inbox import FOLLOW
from tests.faults.effects import wrong_effects, wrong_letters, wrong_money
from tests.faults.leaks import wrong_lines
from tests.faults.ledger import DONE, OPEN, REFUSED, Command, Ledger
from tests.faults.people import Staff
from tests.faults.rig import LISTENERS, SERVICES, Rig
from tests.faults.tables import Tables, doors
from tests.faults.witness import Cure

FIELDS = {"create lead": ("customer", "lead", "name"), "create ticket": ("service_desk", "ticket", "subject")}
"""Commands that make a row: where the id of the command stands in it. The others write it into the change log."""
QUIET = 90.0
"""Seconds in which everything must have settled."""


class Finding(NamedTuple):
    """One thing that is not as it must be. `what` is one word: lost, doubled, ghost (there without a cause), order, money,
    copy, search, mail, stuck, leak, surprise (a fault was told as a mistake of ours)."""

    what: str
    text: str

    def __str__(self) -> str:
        return f"{self.what}: {self.text}"


class Checker:
    """Compares, for one run of the people."""

    def __init__(self, rig: Rig, staff: Staff, ledger: Ledger, quiet: float = QUIET) -> None:
        self.rig, self.staff, self.ledger, self.quiet = rig, staff, ledger, quiet
        self.tables = Tables(rig)
        self.unreadable: list[tuple[str, UUID]] = []
        self.poisoned: list[UUID] = []
        """What we put in that nobody can do: (listener, message), and things of which the witness cannot hear."""
        self.found: list[Finding] = []
        self.events = 0

    def check(self) -> list[Finding]:
        """Everything; presses again what was left unanswered, in between."""
        self.settle("before pressing again")
        self.parked()
        self.commands()
        self.press_again()
        self.settle("after pressing again")
        self.commands()
        self.news()
        others = (
            wrong_effects(self.ledger, self.tables),
            wrong_money(self.ledger, self.tables, self.staff),
            wrong_letters(self.tables, self.rig.post),
            (("copy", text) for text in self.tables.wrong_copies()),
            (("search", text) for text in self.tables.badly_indexed()),
            (("stuck", text) for text in self.ledger.stuck),
        )
        for what, text in chain.from_iterable(others):
            self.note(what, text)
        self.leaks()
        return self.found

    def note(self, what: str, text: str) -> None:
        finding = Finding(what, text)
        if finding not in self.found:
            self.found.append(finding)

    # -- quiet --------------------------------------------------------------------------------------------------

    def settle(self, when: str) -> None:
        """Wait until nothing is on its way any more; what stays is found."""
        until = time.monotonic() + self.quiet
        pause = 0.05
        while left := self.on_its_way():
            if time.monotonic() > until:
                for what, text in left:
                    self.note(what, f"{text}, {when}")
                self.quiet = min(self.quiet, 1.0)  # it has been waited for
                return
            time.sleep(pause)
            pause = min(pause * 1.5, 1.0)

    def on_its_way(self) -> list[tuple[str, str]]:
        """What has not arrived: unsent, unheard, unsettled."""
        if unsent := self.tables.unsent():
            return [("stuck", f"{count} events in the outbox of {name}") for name, count in unsent.items()]
        left = [
            ("stuck", f"{name} has {state} {event} at {door}: {error}")
            for name in LISTENERS
            for event, door, state, error, aggregate in self.tables.open_at(name)
            if (name, event) not in self.unreadable
            and not (name == "witness" and aggregate in self.poisoned and state != "waiting")
        ]
        return left or [("lost", text) for text in self.unheard() or self.tables.wrong_copies()]

    def unheard(self) -> list[str]:
        """Events that a listener should have heard of and has not; of cards that are filed the copies tell."""
        announced = self.tables.announced()
        self.events = len(announced)
        missing = []
        for name in LISTENERS:
            inbox = self.tables.inbox(name)
            for event, (type_, *_) in announced.items():
                missing += [
                    f"{name} never heard {type_} {event} at {door}"
                    for door in doors(name).get(type_, ())
                    if door != FOLLOW and (event, door) not in inbox
                ]
        return missing

    def parked(self) -> None:
        """Parked is what we put in, and nothing else; after the cure it is replayed, and what waited behind it follows."""
        for name, event in self.unreadable:
            if (event, "?", "parked") not in [row[:3] for row in self.tables.open_at(name)]:
                self.note("lost", f"{name} has no parked message {event}")
            else:
                self.rig.ask(
                    name, "discard", {"event_id": str(event), "door": "?", "reason": "put in by a test"}
                )
        self.unreadable.clear()
        for thing in self.poisoned:
            states = {state for *_, state, _, about in self.tables.open_at("witness") if about == thing}
            if "parked" not in states:
                self.note("lost", f"the witness has nothing parked of {thing}: {states}")
            with self.rig.engine("witness").begin() as connection:
                connection.execute(insert(Cure).values(aggregate_id=thing))
            for event, door, state, _, about in self.tables.open_at("witness"):
                if about == thing and state == "parked":
                    self.rig.ask("witness", "replay", {"event_id": str(event), "door": door})
        self.poisoned.clear()

    # -- commands -----------------------------------------------------------------------------------------------

    def commands(self) -> None:
        """Answered: there exactly once. Unanswered: once or not at all. Refused: not at all."""
        times = self.times_done(self.ledger.commands)
        for command in self.ledger.commands:
            times_done = times[command.id]
            told = f"{command.kind} {command.id} ({command.state}: {', '.join(command.said)}) is there {times_done} ×"
            if any(said.startswith("500") for said in command.said):
                self.note("surprise", told)
            if times_done > 1:
                self.note("doubled", told)
            elif command.state == DONE and times_done == 0:
                self.note("lost", told)
            elif command.state == REFUSED and times_done == 1:
                self.note("ghost", told)

    def times_done(self, commands: Iterable[Command]) -> Counter[str]:
        """Command → how often it was done, by what stands in the tables."""
        times: Counter[str] = Counter()
        of_kind: dict[str, list[str]] = defaultdict(list)
        for command in commands:
            of_kind[command.kind if command.kind in FIELDS else command.service].append(command.id)
        for kind, ids in of_kind.items():
            times += (
                self.tables.named(*FIELDS[kind], ids) if kind in FIELDS else self.tables.done_by(kind, ids)
            )
        return times

    def press_again(self) -> None:
        """The same key settles what was left open; and what was answered is answered the same, not done again."""
        until = time.monotonic() + QUIET
        for command in self.ledger.of(OPEN):
            while self.staff.press(command) == OPEN:
                if time.monotonic() > until:
                    self.note("stuck", f"{command.kind} {command.id} is not answered: {command.said[-3:]}")
                    break
                time.sleep(0.2)
        for command in self.ledger.of(DONE)[::7]:
            first = command.answer
            command.answer = {}
            self.staff.press(command)
            if command.answer != first:
                self.note("doubled", f"{command.kind} {command.id} is answered otherwise the second time")
            command.answer = first

    # -- news ---------------------------------------------------------------------------------------------------

    def news(self) -> None:
        """Each event once at each door, nothing that nobody announced, and in the order in which it was announced."""
        announced = self.tables.announced()
        for name in LISTENERS:
            strange = {event for (event, door) in self.tables.inbox(name) if door != "?"} - announced.keys()
            for event in strange - self._announced_before(strange):
                self.note("ghost", f"{name} heard {event}, which nobody announced")
        heard = self.tables.heard()
        for event, times in Counter(event for event, _ in heard).items():
            if times > 1:
                self.note("doubled", f"the witness was told {times} × of {announced.get(event, event)}")
        told = {event for event, _ in heard}
        for event, about in announced.items():
            if event not in told:
                self.note("lost", f"the witness was never told of {about}")
        last: dict[tuple[str, UUID], int] = {}
        for event, aggregate in heard:
            if event not in announced:
                continue
            _, _, place, speaker = announced[event]
            if place < last.get((speaker, aggregate), 0):
                self.note("order", f"{announced[event]} came after what happened later")
            last[speaker, aggregate] = max(place, last.get((speaker, aggregate), 0))

    def _announced_before(self, events: set[UUID]) -> set[UUID]:
        """Those that are in some outbox, before our mark."""
        return {
            event
            for name in SERVICES
            if events
            for (event,) in self.tables.rows(
                name,
                "select event_id from outbox where event_id = any(:ids) union all "
                "select (own->>0)::uuid from outbox, jsonb_array_elements(body->'events') own where (own->>0)::uuid = any(:ids)",
                ids=list(events),
            )
        }

    # -- what is kept -------------------------------------------------------------------------------------------

    def leaks(self) -> None:
        """Each process has its lines and no more, and no process has grown."""
        until = time.monotonic() + self.quiet
        while (wrong := wrong_lines(self.rig)) and time.monotonic() < until:
            time.sleep(0.2)
        for text in (*wrong, *self.rig.scales.weigh()):
            self.note("leak", text)
