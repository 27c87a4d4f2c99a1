"""Fields of related records as conditions on a list: what a customer's contacts, an activity's customer are like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from contracts.message import Attr, OwnedRecord, Record
from gateway import wording
from gateway.frame import registry

BETWEEN = " › "


def attr_at(record: type[Record], path: str) -> Attr | None:
    """The field a condition is about: the record's own, or at the end of a way over related ones; under its whole path."""
    head, dot, rest = path.partition(".")
    own = record.attrs().get(head)
    if not dot:
        return own
    if own is not None:  # on what this one refers to
        other, title = _owned(record, "" if own.many else own.ref), wording.field_label(own)
    else:  # on those that refer to this one
        other = _owned(record, f"{record.service()}.{head}")
        field, _, rest = rest.partition(".")
        back = other.attrs().get(field) if other is not None else None
        if other is None or back is None or back.many or back.ref != record.entity():
            return None
        title = wording.entity_plural(other)
        if not rest:
            return Attr(path, title, "related")
    inner = attr_at(other, rest) if other is not None else None
    if inner is None:
        return None
    return replace(inner, name=path, label=title + BETWEEN + wording.field_label(inner))


def _owned(record: type[Record], entity: str) -> type[Record] | None:
    other = registry().record(entity)
    is_near = other is not None and other.service() == record.service() and issubclass(other, OwnedRecord)
    return other if is_near else None


def ways(record: type[Record]) -> Iterator[tuple[str, list[Attr]]]:
    """What may be asked of related records, one step away: the title of each kind, and its fields under their paths."""
    for attr in record.attrs().values():
        if attr.ref and not attr.many and (other := _owned(record, attr.ref)) is not None:
            yield wording.field_label(attr), _under(record, f"{attr.name}.", other)
    for other in registry().records.values():
        if other.service() != record.service() or not issubclass(other, OwnedRecord):
            continue
        for attr in other.attrs().values():
            if attr.ref == record.entity() and not attr.many and other is not record:
                found = _under(record, f"{other.noun()}.{attr.name}.", other)
                yield (
                    wording.entity_plural(other),
                    [Attr(f"{other.noun()}.{attr.name}", wording.entity_plural(other), "related"), *found],
                )


def _under(record: type[Record], prefix: str, other: type[Record]) -> list[Attr]:
    names = [name for name, a in other.attrs().items() if a.filter or name == "state"]
    found = (attr_at(record, prefix + name) for name in names)
    return [attr for attr in found if attr is not None]
