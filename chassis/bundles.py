"""How news travels: an event alone, or many of one kind together in one message, because sending costs more than saying.

A bundle is a message, never a fact: each event in it keeps its id, its place in the order, and is heard once for itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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


def packed(envelopes: Sequence[str]) -> bytes:
    """The body of a message that tells of these events, given as JSON."""
    return (envelopes[0] if len(envelopes) == 1 else f"[{','.join(envelopes)}]").encode()


def read(body: bytes) -> list[Heard]:
    """The events of a message, in order; what cannot be read does not stand in the way of the others."""
    try:
        found = orjson.loads(body)
    except ValueError:
        return [Heard(None, body)]
    suspicious = NUL.search(body) is not None
    if not isinstance(found, list) or not found:
        return [_heard(found, body, suspicious)]
    return [_heard(one, one, suspicious and NUL.search(orjson.dumps(one)) is not None) for one in found]


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
