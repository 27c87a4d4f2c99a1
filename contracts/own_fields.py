"""Fields that an administrator adds to a record: known while a request is worked on, and from then on like any other.

Whoever opens a request says which own fields there are (`know`); descriptions of records take them up (`of`), so lists,
forms, filters, imports, exports and JSON need not know that a field was not shipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

if TYPE_CHECKING:
    from contracts.message import Attr, Record

PREFIX = "own_"
"""Begins the name of every own field, so that no shipped field ever gets in its way."""

Kind = Literal[
    "text", "long_text", "whole_number", "number", "amount", "percent", "date", "date_and_time", "yes_or_no", "choice",
    "several_choices", "person", "several_people", "reference", "email", "phone", "web_address",
    "file",
]  # fmt: skip
CHOSEN = ("choice", "several_choices")
"""Kinds whose values are entries of a list of the field's own."""
KIND_OF = {
    "whole_number": "integer", "date_and_time": "datetime", "yes_or_no": "flag", "web_address": "url",
    **dict.fromkeys((*CHOSEN, "person", "several_people", "reference"), "ref"),
}  # fmt: skip
"""Kinds as people know them → as descriptions call them, where these differ."""
SERVICES = frozenset({"customer", "sales", "receivables", "service_desk"})
"""Services that hear of own fields, so that all their records may have some."""
MORE = frozenset({"organization.staff", "organization.department", "organization.branch"})
REFERABLE = (
    "customer.customer", "customer.contact", "sales.product", "sales.opportunity", "receivables.contract",
)  # fmt: skip
"""Kinds of record that a reference may lead to from anywhere, beside the company's own objects."""
NEAR = {
    "customer.lead": ("customer", "sales"), "sales.quote": ("sales", "receivables"), "service_desk.ticket": ("service_desk",),
    "service_desk.article": ("service_desk",),
}  # fmt: skip
"""Others, and the services that know them: it may lead there from the records of these."""

Known = Mapping[str, "tuple[Attr, ...]"]
"""Entity → its own fields in their order."""

_known: ContextVar[Known] = ContextVar("own_fields", default=MappingProxyType({}))


def know(fields: Known) -> None:
    """From now on, in this thread or greenlet, these are the own fields."""
    _known.set(fields)


def known() -> Known:
    """All own fields of this request."""
    return _known.get()


def of(entity: str) -> tuple[Attr, ...]:
    """The own fields of an entity."""
    return _known.get().get(entity, ())


def logged(entity: str, name: str) -> str:
    """The name under which the value of a field stands in its row and in the log: its own, unless a field that was deleted
    had that before it."""
    return next((a.logged for a in of(entity) if a.name == name), name)


def logged_as(code: str, kept_as: str | None) -> str:
    """The same from what defines a field: its code, and what its values stand under where the code had another field before."""
    return kept_as or PREFIX + code


def by_logged(entity: str) -> dict[str, Attr]:
    """The own fields of an entity by the names under which their values stand."""
    return {a.logged: a for a in of(entity)}


def may_have(record: type[Record]) -> bool:
    """Whether such records may have own fields: their service hears of them, and people fill such records in."""
    return record.creatable and (record.service() in SERVICES or record.entity() in MORE)


def may_refer(entity: str, to: str) -> bool:
    """Whether an own field of this kind of record may lead to that one; own objects are asked about elsewhere."""
    return to in REFERABLE or entity.partition(".")[0] in NEAR.get(to, ())


def is_own(name: str) -> bool:
    """Whether a field is one that an administrator added."""
    return name.startswith(PREFIX)


def described(definitions: Iterable[Mapping[str, Any]], language: str = "") -> Known:
    """The fields that these definitions (rows of `organization.own_field`, or their cards) describe, by entity."""
    found: dict[str, list[Attr]] = {}
    for row in sorted(definitions, key=lambda row: (row["position"] or 0, str(row["id"]))):
        found.setdefault(row["entity_name"], []).append(_attr(row, language))
    return MappingProxyType({entity: tuple(attrs) for entity, attrs in found.items()})


def _attr(row: Mapping[str, Any], language: str) -> Attr:
    from contracts.message import LIMITS, Attr

    kind: str = row["kind"]
    ref, among = "", {}
    if kind in CHOSEN:
        ref, among = "organization.own_choice", {"field_id": str(row["id"])}
    elif kind in ("person", "several_people"):
        ref = "organization.staff"
    elif kind == "reference":
        ref = str(row["refers_to"])
    plain = KIND_OF.get(kind, kind)
    return Attr(
        name=PREFIX + row["code"], label=(language == "en" and row.get("name_en")) or row["name"], kind=plain,
        required=bool(row["is_required"]), in_list=bool(row["is_in_list"]), filter=True,
        search=bool(row["is_searched"]) and plain in ("text", "email", "phone", "integer", "number"),
        ref=ref, among=among, many=kind.startswith("several_"), help=(language == "en" and row.get("help_en")) or row.get("help") or "",
        max_length=LIMITS.get(plain), kept_as=row.get("kept_as") or "", synonyms=tuple(filter(None, (row["name"], row.get("name_en"), row["code"]))),
    )  # fmt: skip


def annotation(a: Attr) -> Any:
    """The type a value of the field has once it was read."""
    from contracts.attachments import FieldFile
    from contracts.message import PYTHON_OF

    if a.kind == "file":
        return FieldFile | None
    plain = UUID if a.ref else PYTHON_OF.get(a.kind, str)
    if a.many:
        return tuple[plain, ...]  # type: ignore[valid-type]
    return plain | None
