"""Does to the system what the plan says, and afterwards makes everything well again."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID, uuid4

import amqp
import orjson
import psutil

from chassis import bundles
from chassis.bundles import id_of
from chassis.names import inbox_queue
from tests.faults.plan import Strike
from tests.faults.rig import SERVICES, Rig
from tests.faults.tables import doors
from tests.faults.witness import POISON
from tests.journey.system import wait_for

DAY = 86_400
COPIES = 60
MEMORY, DISK = "512MB", "200MB"
"""What the private broker is given otherwise (deploy/rabbitmq.py)."""


class Nemesis:
    """The strikes of one run, each in a thread of its own, because they may last and overlap."""

    def __init__(self, rig: Rig, strikes: list[Strike]) -> None:
        self.rig, self.strikes = rig, strikes
        self.struck: list[Strike] = []
        """Those that found somebody at home."""
        self.trouble: list[str] = []
        self.unreadable: list[tuple[str, UUID]] = []
        self.poisoned: list[UUID] = []
        """Things whose news the witness cannot hear."""
        self.random = Random(str(strikes))
        self._threads: list[threading.Thread] = []
        self._armed: list[Strike] = []

    def begin(self) -> None:
        """From now on the clock of the plan runs."""
        for strike in self.strikes:
            thread = threading.Thread(target=self._strike, args=(strike,), name=strike.fault, daemon=True)
            thread.start()
            self._threads.append(thread)

    @property
    def waits(self) -> bool:
        """Whether a moment has still to come to somebody, who must be at work for it."""
        return any((self.rig.moments / strike.target).exists() for strike in self._armed)

    def wait(self) -> None:
        """Until what lasts is over."""
        for thread in self._threads:
            thread.join()

    def end(self) -> None:
        """Take back what nobody fell into, send home who was called."""
        for strike in self._armed:
            file = self.rig.moments / strike.target
            if not file.exists():
                self.struck.append(strike)
            file.unlink(missing_ok=True)
        self.rig.send_home()

    def _strike(self, strike: Strike) -> None:
        time.sleep(strike.at)
        try:
            if ACTS[strike.fault](self, strike):
                self.struck.append(strike)
        except Exception as error:
            self.trouble.append(f"{strike}: {type(error).__name__}: {error}")

    # -- processes ----------------------------------------------------------------------------------------------

    def kill(self, strike: Strike) -> bool:
        return self.rig.kill(strike.target)

    def stop(self, strike: Strike) -> bool:
        """The process, and what it started: PostgreSQL is one for each connection."""
        try:
            process = psutil.Process(self.rig.victim(strike.target))
            family = [process, *(process.children() if strike.target == "postgres" else ())]
        except (psutil.NoSuchProcess, FileNotFoundError):
            return False
        _signal(family, signal.SIGSTOP)
        time.sleep(strike.seconds)
        _signal(family, signal.SIGCONT)
        return True

    def arm(self, strike: Strike) -> bool:
        """Counted when it is seen to have struck."""
        self.rig.arm(*strike.target.split(".", 1))
        self._armed.append(strike)
        return False

    def two_relays(self, strike: Strike) -> bool:
        """A second relay stands by; then the first one dies, and later the second."""
        self.rig.second("relay", *SERVICES)
        time.sleep(strike.seconds)
        return self.rig.kill("relay")

    def clock(self, strike: Strike) -> bool:
        """A day ahead or a day behind, then right again."""
        self.rig.put_clock(strike.target, self.random.choice([DAY, -DAY]))
        time.sleep(strike.seconds)
        self.rig.put_clock(strike.target, 0)
        return True

    # -- the network --------------------------------------------------------------------------------------------

    def cut(self, strike: Strike) -> bool:
        return self.rig.amqp.cut(strike.target) > 0

    def stall(self, strike: Strike) -> bool:
        found = self.rig.amqp.stall(strike.target)
        time.sleep(strike.seconds)
        self.rig.amqp.heal()
        return found > 0

    def half_open(self, strike: Strike) -> bool:
        return self.rig.amqp.half_open(strike.target) > 0

    def cut_database(self, strike: Strike) -> bool:
        return self.rig.database_line.cut(strike.target) > 0

    def stall_database(self, strike: Strike) -> bool:
        found = self.rig.database_line.stall(strike.target)
        time.sleep(strike.seconds)
        self.rig.database_line.heal()
        return found > 0

    def desert_database(self, strike: Strike) -> bool:
        return self.rig.database_line.desert(strike.target) > 0

    # -- the broker ---------------------------------------------------------------------------------------------

    def memory_alarm(self, strike: Strike) -> bool:
        return self._short_of(
            "set_vm_memory_high_watermark", ("absolute", "1MB"), ("absolute", MEMORY), strike.seconds
        )

    def disk_alarm(self, strike: Strike) -> bool:
        """The broker is told to want more room than any disk has: what it does then is what it does on a full one."""
        return self._short_of("set_disk_free_limit", ("900000GB",), (DISK,), strike.seconds)

    def _short_of(self, what: str, little: tuple[str, ...], enough: tuple[str, ...], seconds: float) -> bool:
        """Nobody is struck where another strike has just taken the broker away."""
        try:
            if not self._said(what, *little):
                return False
            time.sleep(seconds)
            return True
        finally:
            wait_for("the alarm to end", lambda: self._said(what, *enough), 60)

    def _said(self, *words: str) -> bool:
        """The broker may be away at the moment: killed meanwhile, it comes back without the alarm."""
        with contextlib.suppress(RuntimeError):
            self.rig.control(*words)
            return True
        return False

    # -- messages -----------------------------------------------------------------------------------------------

    def copies(self, strike: Strike) -> bool:
        """The latest events once more, in whatever order, straight into a listener's queue."""
        bodies = self._events(strike.target, "published_at is not null", "desc")
        self.random.shuffle(bodies)
        return self._deliver(strike.target, bodies)

    def reordered(self, strike: Strike) -> bool:
        """Events overtake each other on their way; those of one thing keep their order, which is what is promised."""
        relay = [psutil.Process(self.rig.victim("relay"))]
        _signal(relay, signal.SIGSTOP)
        try:
            time.sleep(strike.seconds)
            bodies = self._events(strike.target, "published_at is null", "asc")
            things = list(dict.fromkeys(body["aggregate_id"] for body in bodies))
            self.random.shuffle(things)
            return self._deliver(strike.target, sorted(bodies, key=lambda b: things.index(b["aggregate_id"])))
        finally:
            _signal(relay, signal.SIGCONT)

    def unreadable_message(self, strike: Strike) -> bool:
        body = f"no event: {uuid4()}".encode()
        self.unreadable.append((strike.target, id_of(body)))
        return self._publish(strike.target, [body])

    def poisoned_event(self, strike: Strike) -> bool:
        """Somebody makes something of which the witness cannot hear yet; everybody else can."""
        alice = self.rig.client("alice")
        answer = alice.ask(
            "POST", "/customer/lead", json={"name": f"{POISON}{uuid4()}", "contact_name": "毒"}
        )
        if answer.status_code != 201:
            return False
        self.poisoned.append(UUID(answer.json()["row"]["id"]))
        return True

    def _events(self, listener: str, which: str, order: str) -> list[dict[str, Any]]:
        """The latest (`desc`) or the first (`asc`) of these events of each speaker, in the order of its outbox."""
        from sqlalchemy import text
        from sqlalchemy.exc import OperationalError

        heard = list(doors(listener))
        # what the relay has not numbered yet gets the number that it would give: a listener never hears of one without
        number = (
            "coalesce(sequence, (select coalesce(max(sequence + count), 1) from outbox) - count"
            " + sum(count) filter (where sequence is null) over (order by id))"
        )
        statement = (
            f"select body || jsonb_build_object('sequence', number) from (select *, {number} as number from outbox) o "
            f"where {which} and source || '.' || type = any(:heard) order by id {order} limit :most"
        )
        found: list[dict[str, Any]] = []
        for name in SERVICES:
            try:
                with self.rig.engine(name).connect() as connection:
                    rows = (
                        connection.execute(text(statement), {"heard": heard, "most": COPIES}).scalars().all()
                    )
            except OperationalError:
                return []  # another strike has taken the database away
            in_order = rows if order == "asc" else reversed(rows)
            found += [one for body in in_order for one in bundles.apart(body)]
        return found

    def _deliver(self, listener: str, bodies: list[dict[str, Any]]) -> bool:
        return self._publish(listener, [orjson.dumps(body) for body in bodies])

    def _publish(self, listener: str, bodies: list[bytes]) -> bool:
        try:
            with self.rig.channel() as connection:
                channel = connection.channel()
                for body in bodies:
                    channel.basic_publish_confirm(
                        amqp.Message(body, delivery_mode=2), "", inbox_queue(listener)
                    )
        except (OSError, amqp.AMQPError):
            return False  # another strike has taken the broker away
        return bool(bodies)

    # -- letters ------------------------------------------------------------------------------------------------

    def mail(self, strike: Strike) -> bool:
        self.rig.post.mode = strike.target
        time.sleep(strike.seconds)
        self.rig.post.heal()
        return True


def _signal(family: list[psutil.Process], number: int) -> None:
    for process in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)


ACTS: dict[str, Callable[[Nemesis, Strike], bool]] = {
    "kill -9": Nemesis.kill,
    "kill -9 of RabbitMQ": Nemesis.kill,
    "kill -9 of PostgreSQL": Nemesis.kill,
    "SIGSTOP": Nemesis.stop,
    "chosen moment": Nemesis.arm,
    "two relays": Nemesis.two_relays,
    "clock": Nemesis.clock,
    "line cut": Nemesis.cut,
    "line stalled": Nemesis.stall,
    "line half-open": Nemesis.half_open,
    "database line cut": Nemesis.cut_database,
    "database line stalled": Nemesis.stall_database,
    "database line half-open": Nemesis.desert_database,
    "memory alarm": Nemesis.memory_alarm,
    "disk alarm": Nemesis.disk_alarm,
    "copies": Nemesis.copies,
    "reordered": Nemesis.reordered,
    "unreadable message": Nemesis.unreadable_message,
    "poisoned event": Nemesis.poisoned_event,
    "mail": Nemesis.mail,
}
