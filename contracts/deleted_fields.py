"""What becomes of questions that people keep (saved views, segments, rules) when an own field they ask about is deleted.

A condition on it is not dropped, for then the question would mean more records than anybody wanted: it stays behind as
`gone=<id of the field>`, which fits nothing and which a page can name (docs/decisions/0069).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from contracts import own_objects, records
from contracts.addresses import OWN_NAMES
from contracts.language import N_
from contracts.message import Attr, Message, Question, Record

GONE = "gone"
"""Stands where a condition on a field stood that was deleted."""
ATTR = Attr(GONE, N_("Deleted field"), "ref", ref="organization.own_field")
"""How such a condition reads."""
NAMING = ("sort", "by", "figure")
"""Parameters of a list that name a field, in whichever direction."""


class FieldUseOf(Question):
    """How much hangs on an own field here: values in records, and what people keep that mentions it."""

    called: ClassVar[str] = "field_use"
    answers: ClassVar[FieldUse]

    field_id: UUID


class Mention(Message):
    """Something that people keep and that mentions a field; of what the asker may not see only the kind."""

    entity: str
    id: UUID | None = None
    name: str = ""


class FieldUse(Message):
    """What hangs on a field in one service; `values`: records of its kind that have one."""

    values: int = 0
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True)
class Gone:
    """A field that is there no longer, or is about to be: of which kind of record, under which name."""

    id: UUID
    entity: str
    name: str

    def is_meant(self, query: str, list_of: str) -> bool:
        """Whether a question of this list says anything of it."""
        return self.taken_out(query, list_of) != parse_qsl(query)

    def without(self, query: str, list_of: str) -> str:
        """The question without it: a condition stays behind as one that nothing fits."""
        return urlencode(self.taken_out(query, list_of))

    def taken_out(self, query: str, list_of: str) -> list[tuple[str, str]]:
        """The same as the parameters of an address."""
        found: list[tuple[str, str]] = []
        for key, value in parse_qsl(query):
            pair: tuple[str, str] | None = (key, value)
            if key == "columns" and list_of == self.entity:
                value = ",".join(name for name in value.split(",") if name != self.name)
                pair = (key, value) if value else None
            elif key in NAMING and self._is_on(value.lstrip("-").partition("__")[0], list_of):
                pair = None
            elif key not in OWN_NAMES and not key.startswith("_"):
                group, path = _apart(key)
                if self._is_on(path, list_of):
                    pair = (group + GONE, str(self.id))
            if pair is not None and (pair not in found or pair == (key, value)):
                found.append(pair)
        return found

    def _is_on(self, path: str, entity: str) -> bool:
        """Whether the way that a condition goes, from a record of this kind, leads to the field or over it."""
        head, dot, rest = path.partition(".")
        if (entity, head) == (self.entity, self.name):
            return True
        record = known(entity) if dot else None
        if record is None:
            return False
        a = record.built_in().get(head)
        if a is not None:
            return self._is_on(rest, a.ref)
        other = f"{record.service()}.{head}"
        back, _, rest = rest.partition(".")
        return (other, back) == (self.entity, self.name) or (bool(rest) and self._is_on(rest, other))


def known(entity: str) -> type[Record] | None:
    """The record of that name, shipped or the company's own; of an own object nobody has told us, as the fullest there may be."""
    found = own_objects.known().get(entity) or records.find(entity)
    if found is None and own_objects.is_own(entity):
        code = entity.partition(own_objects.PREFIX)[2]
        found = own_objects.record_of({"code": code, "name": code, "icon_name": "box", "has_customer": True})
    return found


def _apart(key: str) -> tuple[str, str]:
    """The brackets a condition stands in, and what it is about: «1.-contact.customer_id.name__contains»."""
    number, dot, rest = key.partition(".")
    group, asked = (f"{number}.", rest) if dot and number.isdecimal() else ("", key)
    head, dot, comparison = asked.removeprefix("-").rpartition("__")
    return group, head if dot and "." not in comparison else asked.removeprefix("-")
