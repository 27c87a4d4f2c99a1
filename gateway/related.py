"""What conditions on a list are about: the fields of its records, and of those related to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from contracts import cards, deleted_fields
from contracts.message import Attr, OwnedRecord, Record
from gateway import wording
from gateway.auth import actor
from gateway.frame import registry, screens

BETWEEN = " › "


def askable(record: type[Record]) -> list[Attr]:
    """Fields a condition may be about: all that a service keeps by themselves, shown on a page or not."""
    return [a for a in record.attrs().values() if a.lines is None and a.kind != "json"]


def attr_at(record: type[Record], path: str) -> Attr | None:
    """The field a condition is about: the record's own, or at the end of a way over related ones; under its whole path."""
    found = followed(record, path)
    return found[1] if found else None


def followed(record: type[Record], path: str) -> tuple[type[Record], Attr] | None:
    """The same, and before it the record whose field it is."""
    if path == deleted_fields.GONE:
        return record, deleted_fields.ATTR
    head, dot, rest = path.partition(".")
    own = record.attrs().get(head)
    if not dot:
        return None if own is None else (record, own)
    if own is not None:  # on what this one refers to
        other, title = _owned(record, "" if own.many else own.ref), wording.field_label(own)
        if other is None and not own.many and own.ref:
            return _on_card(own, path, rest)
    else:  # on those that refer to this one
        other = _owned(record, f"{record.service()}.{head}")
        field, _, rest = rest.partition(".")
        back = other.attrs().get(field) if other is not None else None
        if other is None or back is None or back.many or back.ref != record.entity():
            return None
        title = wording.those_by(other, back)
        if not rest:
            return other, Attr(path, title, "related")
    inner = followed(other, rest) if other is not None else None
    if inner is None:
        return None
    owner, attr = inner
    return owner, replace(attr, name=path, label=title + BETWEEN + wording.field_label(attr))


def _on_card(own: Attr, path: str, name: str) -> tuple[type[Record], Attr] | None:
    """A field of another service's record, of which only its card is known here."""
    other, attr = registry().record(own.ref), cards.carried(own.ref).get(name)
    if other is None or attr is None:
        return None
    title = wording.field_label(own)
    return other, replace(attr, name=path, label=title + BETWEEN + wording.field_label(attr))


def is_of_several(record: type[Record], path: str) -> bool:
    """Whether it is about records that refer to this one, of which one may be so and another not."""
    head, dot, rest = path.partition(".")
    return bool(dot) and head not in record.attrs() and "." in rest


def _owned(record: type[Record], entity: str) -> type[Record] | None:
    other = registry().record(entity)
    is_near = other is not None and other.service() == record.service() and issubclass(other, OwnedRecord)
    return other if is_near else None


def ways(record: type[Record]) -> Iterator[tuple[str, list[Attr]]]:
    """What may be asked of related records, one step away: the title of each kind, and its fields under their paths; of those
    of other services what stands on their cards."""
    for attr in record.attrs().values():
        if attr.ref and not attr.many and (other := _owned(record, attr.ref)) is not None:
            yield wording.field_label(attr), _under(record, f"{attr.name}.", other)
        elif attr.ref and not attr.many and actor().may(f"{attr.ref}.read"):
            carried = (attr_at(record, f"{attr.name}.{name}") for name in cards.carried(attr.ref))
            if found := [a for a in carried if a is not None]:
                yield wording.field_label(attr), found
    for other in registry().records.values():
        if other.service() != record.service() or not issubclass(other, OwnedRecord):
            continue
        for attr in other.attrs().values():
            if attr.ref == record.entity() and not attr.many and other is not record:
                found, title = (
                    _under(record, f"{other.noun()}.{attr.name}.", other),
                    wording.those_by(other, attr),
                )
                yield title, [Attr(f"{other.noun()}.{attr.name}", title, "related"), *found]


def _under(record: type[Record], prefix: str, other: type[Record]) -> list[Attr]:
    """Those marked as filters first; of the stamps only when it came and was changed."""
    hidden = screens().of(other).hidden
    offered = [
        a for a in askable(other) if a.name not in hidden and (a.filter or a.name in other.own_attrs())
    ]
    offered.sort(key=lambda a: not (a.filter or a.name == "state"))
    found = (attr_at(record, prefix + a.name) for a in offered)
    return [attr for attr in found if attr is not None]
