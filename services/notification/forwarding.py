"""The doors by which news reaches webhooks: one for each event that other programs can be told of."""

from __future__ import annotations

import typing
from collections.abc import Callable, Sequence

from chassis import registry
from chassis.news import News
from chassis.service import Door, reaction
from chassis.work import Work
from contracts.message import Event
from contracts.notification import Told
from services.notification.actions import webhook

NEWS = frozenset(typing.get_args(Told))


def doors() -> dict[str, Door]:
    """`tell_programs_of_<event>` → its door."""
    return {
        f"tell_programs_of_{event.noun()}": reaction(_teller(event))
        for event in registry.events().values()
        if event.noun() in NEWS
    }


def _teller(event: type[Event]) -> Callable[..., None]:
    def tell_programs(work: Work, news: Sequence[News[Event]]) -> None:
        """Other programs that want to know are told of it."""
        webhook.forward(work, [one.envelope for one in news])

    tell_programs.__annotations__ = {"work": Work, "news": Sequence[News[event]], "return": None}  # type: ignore[valid-type]
    return tell_programs
