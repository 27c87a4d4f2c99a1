"""Kinds of record that the company defines itself (users 6): made of their definitions, and from then on like any other.

Services find them in `Work.entities`, the gateway in its registry; whoever works with records need not know that one was
not shipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pydantic import create_model

from contracts.customer.own_record import CUSTOMER, NUMBER, OwnRecord
from contracts.customer.own_record import PREFIX as PREFIX
from contracts.message import Record

Known = Mapping[str, type[Record]]
"""Entity → its description, in the order of the menu."""

_known: ContextVar[Known] = ContextVar("own_objects", default=MappingProxyType({}))


def know(objects: Known) -> None:
    """From now on, in this thread, these are the own objects."""
    _known.set(objects)


def known() -> Known:
    """The own objects of this request."""
    return _known.get()


def entity_of(code: str) -> str:
    """The name under which references, rights and addresses know an own object."""
    return f"{OwnRecord.service()}.{PREFIX}{code}"


def is_own(entity: str) -> bool:
    """Whether a kind of record is one that the company defined."""
    return entity.startswith(f"{OwnRecord.service()}.{PREFIX}")


def described(definitions: Iterable[Mapping[str, Any]], language: str = "") -> Known:
    """What these definitions (rows of `organization.own_object`, or their cards) describe."""
    ordered = sorted(definitions, key=lambda row: (row["position"] or 0, str(row["id"])))
    return MappingProxyType({entity_of(row["code"]): record_of(row, language) for row in ordered})


def record_of(row: Mapping[str, Any], language: str = "") -> type[Record]:
    """The description of one; the same class for the same definition."""
    in_english = language == "en"
    label = str((in_english and row.get("name_en")) or row["name"])
    return _record(
        row["code"],
        label,
        str((in_english and row.get("plural_en")) or label),
        row["icon_name"],
        bool(row.get("number_prefix")),
        bool(row["has_customer"]),
    )


@lru_cache(maxsize=1000)
def _record(
    code: str, label: str, plural: str, icon: str, has_number: bool, has_customer: bool
) -> type[Record]:
    more = ({"number": NUMBER} if has_number else {}) | ({"customer_id": CUSTOMER} if has_customer else {})
    found: type[Record] = create_model(
        PREFIX + code, __base__=OwnRecord, __module__=OwnRecord.__module__, __doc__=label, **more
    )
    found.label, found.plural, found.icon = label, plural, icon
    return found
