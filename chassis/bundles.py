"""How news travels: an event alone, or many of one kind together in one message, because sending costs more than saying.

A bundle is a message, never a fact: each event in it keeps its id, its place in the order, and is heard once for itself.
What the events of one act have in common (who did it, when, by which call) stands in the outbox, and travels, once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import orjson

from contracts.message import Envelope

MOST, LARGEST = 100, 256 * 1024
"""Events, and bytes, of one message."""
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""What no database would keep; not the six signs that somebody typed, which JSON writes with one more backslash."""


@dataclass(frozen=True)
class Heard:
    """An event as it came in; `envelope` is None when it cannot be read."""

    envelope: Envelope | None
    body: bytes | dict[str, Any]
    """What came, to be kept where nobody can read it."""

    @property
    def id(self) -> UUID:
        """Its own, or one made of what cannot be read."""
        return self.envelope.id if self.envelope is not None else id_of(self.raw)

    @property
    def raw(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else orjson.dumps(self.body)


OWN = ("id", "aggregate_id", "body")
"""What is an event's own; all else those of one act have in common. Their places in the order follow each other."""
EVENTS = "events"
"""Under which name those of one act stand together: each as its `OWN`."""


def act(envelope: Envelope) -> tuple[Any, ...]:
    """What events have in common that tell of the same act."""
    return tuple(value for name, value in envelope.__dict__.items() if name not in OWN)


def parted(envelopes: Sequence[Envelope]) -> Iterator[list[Envelope]]:
    """Events of one act, as many together as go into one message."""
    found: list[Envelope] = []
    size = 0
    for envelope in envelopes:
        more = len(orjson.dumps(envelope.body))
        if found and (len(found) == MOST or size + more > LARGEST):
            yield found
            found, size = [], 0
        found.append(envelope)
        size += more
    if found:
        yield found


def together(envelopes: Sequence[Envelope]) -> dict[str, Any]:
    """Events of one act as they are kept and travel; one alone is its envelope. Without their places in the order."""
    said = {name: value for name, value in envelopes[0].__dict__.items() if name != "sequence"}
    if len(envelopes) == 1:
        return said
    for name in OWN:
        del said[name]
    return {**said, EVENTS: [[envelope.__dict__[name] for name in OWN] for envelope in envelopes]}


def apart(said: Any) -> list[Any]:
    """The envelopes, in order, of what `together` made; whatever else it is stays as it is."""
    if not isinstance(said, dict) or not isinstance(events := said.get(EVENTS), list):
        return [said]
    common = {name: value for name, value in said.items() if name != EVENTS}
    first = common.pop("sequence", 0)
    if not isinstance(first, int):
        return [said]
    return [
        {**common, **dict(zip(OWN, own, strict=True)), "sequence": first + n}
        if isinstance(own, list) and len(own) == len(OWN)
        else own
        for n, own in enumerate(events)
    ]


def packed(envelopes: Sequence[str]) -> bytes:
    """The body of a message that tells of these events, given as JSON, each alone or with others of its act."""
    return (envelopes[0] if len(envelopes) == 1 else f"[{','.join(envelopes)}]").encode()


def read(body: bytes) -> list[Heard]:
    """The events of a message, in order; what cannot be read does not stand in the way of the others."""
    try:
        found = orjson.loads(body)
    except ValueError:
        return [Heard(None, body)]
    # the sign is looked for first: that takes no time, the pattern is tried at each place
    suspicious = rb"\u0000" in body and NUL.search(body) is not None
    ones = [one for each in found for one in apart(each)] if isinstance(found, list) else apart(found)
    if not ones or (len(ones) == 1 and ones[0] is found):
        return [_heard(found, body, suspicious)]
    return [_heard(one, one, suspicious and NUL.search(orjson.dumps(one)) is not None) for one in ones]


def _heard(found: Any, body: Any, unkept: bool) -> Heard:
    if not isinstance(body, bytes | dict):
        body = orjson.dumps(body)
    if unkept:
        return Heard(None, body)
    try:
        return Heard(Envelope.model_validate(found), body)
    except ValueError:
        return Heard(None, body)


def id_of(body: bytes) -> UUID:
    """The id under which a message that cannot be read is kept."""
    return uuid5(NAMESPACE_OID, body.decode("latin-1"))
