"""What will happen to the system: drawn from a seed, the same for the same seed, printed before it begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from random import Random

from chassis import last_moment
from tests.faults.rig import LISTENERS

BUSY = ("customer", "sales", "receivables", "service_desk")
"""Services whose commands the people use; they are what speaks, too."""
PROCESSES = (*BUSY, *LISTENERS, "relay", "gateway", "gateway worker")
LINES = tuple(f"guanxi {name} {line}" for name in LISTENERS for line in ("rpc", "events"))
RELAYS = tuple(f"guanxi {name} relay" for name in BUSY)
AMQP_LINES = (*LINES, *RELAYS, *RELAYS, "guanxi gateway rpc", "guanxi gateway rpc", "guanxi")
DATABASES = tuple(f"guanxi_{name}" for name in LISTENERS)
WHERE = {
    last_moment.DOOR_COMMITTED: BUSY,
    last_moment.NEWS_CHOSEN: BUSY,
    last_moment.NEWS_SENT: BUSY,
    last_moment.NEWS_CONFIRMED: BUSY,
    last_moment.NEWS_DONE: tuple(name for name in LISTENERS if name not in ("branch_sync", "organization")),
    last_moment.LETTER_HANDED_OVER: ("notification",),
    last_moment.LETTER_TAKEN: ("notification",),
}
"""Moment → the services that come to it when people work; two hear nothing of what these people do."""
MOMENTS = tuple(f"{service}.{moment}" for moment, services in WHERE.items() for service in services)


@dataclass(frozen=True)
class Strike:
    """One thing that happens: what, to whom, how many seconds after the start, for how long."""

    fault: str
    target: str
    at: float
    seconds: float = 0.0

    def __str__(self) -> str:
        lasting = f" for {self.seconds:.1f} s" if self.seconds else ""
        return f"{self.at:.1f} s {self.fault} [{self.target}]{lasting}"


def _of(*targets: str, seconds: tuple[float, float] = (0, 0)) -> Callable[[Random], tuple[str, float]]:
    return lambda random: (random.choice(targets), round(random.uniform(*seconds), 1))


FAULTS: dict[str, Callable[[Random], tuple[str, float]]] = {
    "kill -9": _of(*PROCESSES),
    "chosen moment": _of(*MOMENTS),
    "line cut": _of(*AMQP_LINES),
    "copies": _of(*LISTENERS),
    "SIGSTOP": _of(*PROCESSES, "rabbitmq", "postgres", seconds=(1, 4)),
    "clock": _of(*BUSY, "organization", "reporting", "notification", "witness", seconds=(1, 4)),
    "line stalled": _of(*AMQP_LINES, seconds=(1, 6)),
    "reordered": _of(*LISTENERS, seconds=(0.5, 2)),
    "mail": _of("refuse", "hang", "die", "drop", seconds=(2, 5)),
    "kill -9 of PostgreSQL": _of("postgres"),
    "unreadable message": _of(*LISTENERS),
    "line half-open": _of(*AMQP_LINES),
    "two relays": _of("relay", seconds=(2, 4)),
    "poisoned event": _of("witness"),
    "database line cut": _of(*DATABASES),
    "memory alarm": _of("rabbitmq", seconds=(1, 3)),
    "kill -9 of RabbitMQ": _of("rabbitmq"),
    "database line stalled": _of(*DATABASES, seconds=(1, 6)),
    "database line half-open": _of(*DATABASES),
    "disk alarm": _of("rabbitmq", seconds=(1, 3)),
}
"""Fault → what draws its target and its length."""
LONGEST_WAIT = 4.0
"""Seconds after the start by which everything has begun."""


def strikes_of(seed: int) -> list[Strike]:
    """One fault by turns, so that any run of seeds as long as the list has them all, and up to two more by chance."""
    random = Random(seed)
    faults = [list(FAULTS)[(seed - 1) % len(FAULTS)]]
    faults += random.choices(list(FAULTS), k=random.choice([0, 0, 1, 1, 2]))
    drawn = []
    for fault in faults:
        target, seconds = FAULTS[fault](random)
        drawn.append(Strike(fault, target, round(random.uniform(0.3, LONGEST_WAIT), 1), seconds))
    return sorted(drawn, key=lambda strike: strike.at)


def combinations() -> list[list[Strike]]:
    """Every combination of the moments, each at all services that come to it: one or none of a command's, of the relay's,
    of a listener's, of a letter's."""
    of_relay = (last_moment.NEWS_CHOSEN, last_moment.NEWS_SENT, last_moment.NEWS_CONFIRMED)
    of_letter = (last_moment.LETTER_HANDED_OVER, last_moment.LETTER_TAKEN)
    choices = [
        ("", last_moment.DOOR_COMMITTED), ("", *of_relay), ("", last_moment.NEWS_DONE), ("", *of_letter),
    ]  # fmt: skip
    chosen = [[moment for moment in moments if moment] for moments in product(*choices)]
    return [moments_everywhere(*moments) for moments in chosen if moments]


def moments_everywhere(*moments: str) -> list[Strike]:
    """These moments at every service that comes to them, from the beginning."""
    return [
        Strike("chosen moment", f"{service}.{moment}", 0.5)
        for moment in moments
        for service in WHERE[moment]
    ]  # fmt: skip
