"""Ways out of the house: one folder for each kind, `channel.py` in it names itself to `found`.

A channel hands a parcel over in two steps, so that whoever keeps the books can note «now» between them: after `finish` has
begun, nobody but the other side knows whether the parcel arrived.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Parcel:
    """What is to be handed over, and to whom."""

    id: str
    """Message-ID: the same at every attempt."""
    address: str
    recipient: str
    language: str
    subject: str
    text: str
    link: str | None
    greeting: str
    open: str
    """What the link is called."""
    footer: str
    written_at: datetime


@dataclass(frozen=True)
class Taken:
    """The other side has it, and what it said."""

    step: str
    code: int | None
    answer: str


class DeliveryFailed(Exception):
    """It was not handed over.

    permanent   the other side does not want it, now or later
    uncertain   the other side had all of it and did not say whether it took it
    step        how far the conversation got; code and answer: what the other side said, if anything
    """

    def __init__(
        self,
        step: str,
        answer: str,
        *,
        code: int | None = None,
        permanent: bool = False,
        uncertain: bool = False,
    ) -> None:
        super().__init__(f"{step}: {code or ''} {answer}")
        self.step, self.answer, self.code = step, answer, code
        self.permanent, self.uncertain = permanent, uncertain


class Conversation(Protocol):
    """An open line to the other side. Every method raises DeliveryFailed."""

    def offer(self, parcel: Parcel) -> None:
        """Hand over everything but the end. Until here nothing was delivered."""

    def finish(self) -> Taken:
        """Hand over the end, and hear what the other side says."""

    def cut(self) -> None:
        """Hang up at once, from another thread."""


class Channel(Protocol):
    """A way out. `name` is the word for it in preferences."""

    name: str

    @property
    def domain(self) -> str:
        """Whose letters these are: the right side of their ids."""

    def open(self) -> AbstractContextManager[Conversation]:
        """A new line. Raises DeliveryFailed."""


@cache
def found() -> dict[str, Callable[[], Channel]]:
    """Every channel there is, by its name: the folders beside this file."""
    modules = [
        importlib.import_module(f"{__name__}.{path.parent.name}.channel")
        for path in sorted(Path(__file__).parent.glob("*/channel.py"))
    ]
    return {module.CHANNEL.name: module.CHANNEL.from_settings for module in modules}
