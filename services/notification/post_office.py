"""Sends letters in the background: each in a thread of its own, so that a slow one holds up nobody.

A worker is known by a number and holds a database lock under it for as long as it lives. Where the lock is free the
worker is gone, and another one picks up what it had in hand. Several processes may run post offices.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from chassis import last_moment
from chassis.house import House
from chassis.logs import log
from chassis.work import Work
from contracts.actor import Actor
from services.notification import channels
from services.notification.actions import letter
from services.notification.actions.letter import WORKERS, InHand
from services.notification.channels import Channel, Conversation, DeliveryFailed, Taken

T = TypeVar("T")
NAP = 1.0
"""Seconds between two looks for letters that are due."""
LONGEST = 900.0
"""Seconds after which a conversation is cut: a server that says one letter a minute never times out by itself."""
LAST_ATTEMPTS = 30
"""How often the server's word is written down again while the database is away: it cannot be heard twice."""


class PostOffice:
    """The letters of one process."""

    def __init__(self, house: House, channel: Channel | None = None, slots: int = 20) -> None:
        self.house, self.slots = house, slots
        self._channel = channel or channels.found()["email"]()
        self._number = 0
        self._alive: Connection | None = None
        self._busy: dict[UUID, tuple[InHand, float]] = {}
        self._lines: dict[UUID, Conversation] = {}
        self._handed: set[UUID] = set()
        self._closing = False

    def run_due(self) -> float:
        """Begin with every letter that is due; gives the seconds until it is worth looking again."""
        if self._closing:
            return NAP
        self._stay_known()
        self._cut_endless()
        held = self._did(self._look, self.in_hand)
        for each in held:
            self._busy[each.letter_id] = (each, time.monotonic())
        for each in held:
            threading.Thread(
                target=self._send, args=(each,), name=f"letter {each.letter_id}", daemon=True
            ).start()
        return NAP if len(held) < self.slots else 0.0

    @property
    def in_hand(self) -> set[UUID]:
        """The recipients of the letters that are being sent."""
        return {held.owner_id for held, _ in list(self._busy.values())}

    def close(self, patience: float = 20.0) -> None:
        """Begin with no more letters, and wait for the server's word on those that were handed over.

        Others are cut at once: nothing was delivered, and the next process sends them.
        """
        self._closing = True
        self._cut(lambda id: id not in self._handed)
        self.wait(patience)
        self._cut(lambda id: True)
        self.wait(2.0)
        if self._alive is not None:
            self._alive.close()
            self._alive = None

    def wait(self, patience: float) -> bool:
        """Until nothing is in hand; says whether that is so."""
        end = time.monotonic() + patience
        while self._busy and time.monotonic() < end:
            time.sleep(0.02)
        return not self._busy

    def _look(self, work: Work, owners: set[UUID]) -> list[InHand]:
        letter.recover(work, self._number, set(self._busy))
        work.session.flush()
        free = self.slots - len(self._busy)
        return letter.take(work, self._number, free, self._channel.domain, owners) if free > 0 else []

    def _send(self, held: InHand) -> None:
        try:
            self._converse(held)
        except Exception:
            log().exception("letter failed", letter=str(held.letter_id), attempt=held.attempt)
        finally:
            self._busy.pop(held.letter_id, None)
            self._lines.pop(held.letter_id, None)
            self._handed.discard(held.letter_id)

    def _converse(self, held: InHand) -> None:
        """One attempt. What the server took is written down before anything else is said to it.

        Where nothing can be written down, the letter is left as the books have it, and `recover` finds it there.
        """
        try:
            with self._channel.open() as line:
                self._lines[held.letter_id] = line
                line.offer(held.parcel)
                if self._may_hand_over(held):
                    last_moment.passes(self.house.name, last_moment.LETTER_HANDED_OVER)
                    taken = line.finish()
                    last_moment.passes(self.house.name, last_moment.LETTER_TAKEN)
                    self._write_down(held, taken)
        except DeliveryFailed as failed:
            self._write_down(held, failed)

    def _may_hand_over(self, held: InHand) -> bool:
        """Note that the end is about to be handed over; without the note it is not."""
        if self._closing:
            return False
        self._handed.add(held.letter_id)
        try:
            return self._did(letter.hand_over, held)
        except SQLAlchemyError as error:
            log().error("letter not handed over", letter=str(held.letter_id), error=type(error).__name__)
            return False

    def _write_down(self, held: InHand, result: Taken | DeliveryFailed) -> None:
        for attempt in range(1, LAST_ATTEMPTS + 1):
            try:
                self._did(letter.settle, held, result)
                break
            except DBAPIError:
                if attempt == LAST_ATTEMPTS:
                    raise
                time.sleep(min(10.0, 0.5 * attempt))
        log().info(
            "letter", letter=str(held.letter_id), attempt=held.attempt, step=result.step, code=result.code,
            taken=isinstance(result, Taken),
        )  # fmt: skip

    def _did(self, act: Callable[..., T], *what: Any) -> T:
        with self.house.sessions.begin() as session:
            actor = Actor.system("post office")
            return act(Work(session, actor, self.house, door=act.__name__.strip("_")), *what)

    def _stay_known(self) -> None:
        """Hold the lock that says this worker lives; under a new number after the database was away."""
        if self._alive is not None:
            try:
                self._alive.execute(text("SELECT 1"))
                return
            except DBAPIError:
                self._alive.close()
                self._alive = None
        number = secrets.randbelow(2**31 - 1) + 1
        bind: Any = self.house.sessions.kw["bind"]
        alive = bind.connect().execution_options(isolation_level="AUTOCOMMIT")
        alive.execute(select(func.pg_advisory_lock(WORKERS, number)))
        self._alive, self._number = alive, number

    def _cut_endless(self) -> None:
        now = time.monotonic()
        endless = {id for id, (_, began) in list(self._busy.items()) if now - began > LONGEST}
        self._cut(endless.__contains__)

    def _cut(self, which: Callable[[UUID], bool]) -> None:
        for id, line in list(self._lines.items()):
            if which(id):
                line.cut()
