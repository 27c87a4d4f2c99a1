"""Whether what an address asks of a list names fields that there are; before it is kept, by whoever keeps it.

What a service can answer depends on rights and tables, and is told when it is asked. Here are only descriptions: the fields of
records, the ways to related ones, and what stands on the cards of another service's.
"""

from __future__ import annotations

from collections.abc import Iterator

from contracts import addresses, cards, own_objects, records
from contracts.addresses import Condition, ListAddress
from contracts.deleted_fields import GONE
from contracts.errors import FieldProblem, Invalid
from contracts.message import Attr, OwnedRecord, Record
from contracts.query import COMPARISONS, GROUPABLE, MEASURED


def require_known(field: str, list_of: str, query: str) -> None:
    """Raises Invalid with what this question of a list names that is not there, each under the field in which it is kept."""
    record = _known(list_of)
    if record is not None and (found := list(_problems(field, record, addresses.read(query)))):
        raise Invalid(*found)


def _problems(field: str, record: type[Record], address: ListAddress) -> Iterator[FieldProblem]:
    for condition in address.conditions:
        if condition.field.rpartition(".")[2] == GONE:
            yield FieldProblem(field, "field_deleted")
        elif not _is_asked(record, condition):
            yield FieldProblem(field, "no_such_field", value=condition.key)
    if address.sort and not _is_sorted_by(record.attrs().get(address.sort.lstrip("-"))):
        yield FieldProblem(field, "no_such_field", value=f"sort={address.sort}")
    for name in address.by:
        if not _is_grouped_by(record, name):
            yield FieldProblem(field, "no_such_field", value=f"by={name}")
    name, _, how = address.figure.rpartition("__")
    a = record.attrs().get(name)
    if address.by and address.figure and (a is None or a.many or how not in MEASURED.get(a.kind, ())):
        yield FieldProblem(field, "no_such_field", value=f"figure={address.figure}")


def _is_asked(record: type[Record], condition: Condition) -> bool:
    if condition.comparison not in COMPARISONS:
        return False
    if condition.field == "id":
        return True
    a = _at_end(record, condition.field)
    return a is not None and (a.kind not in ("file", "related") or condition.comparison == "empty")


def _at_end(record: type[Record], path: str) -> Attr | None:
    """The field at the end of a way over related records: on one that this one refers to (`customer_id.kind`), or on those that
    refer to this one (`activity.customer_id.state`), which may be asked about by themselves (`activity.customer_id`)."""
    head, dot, rest = path.partition(".")
    own = record.attrs().get(head)
    if not dot:
        return own if own is not None and not own.lines else None
    if own is not None:
        other = _beside(record, own.ref) if not own.many else None
        if other is not None:
            return _at_end(other, rest)
        return cards.carried(own.ref).get(rest) if own.ref and not own.many else None
    other = _beside(record, f"{record.service()}.{head}")
    field, dot, inner = rest.partition(".")
    back = other.attrs().get(field) if other is not None else None
    if other is None or back is None or back.many or back.ref != record.entity():
        return None
    return _at_end(other, inner) if dot else Attr(path, "", "related")


def _is_sorted_by(a: Attr | None) -> bool:
    return a is not None and not a.lines and not a.many and a.kind != "file"


def _is_grouped_by(record: type[Record], name: str) -> bool:
    a = _at_end(record, name) if name.count(".") < 2 else None
    return a is not None and (a.kind in GROUPABLE or a.name == "state")


def _beside(record: type[Record], entity: str) -> type[Record] | None:
    """A kind of record of the same service, of which each belongs to somebody."""
    other = _known(entity)
    is_near = other is not None and other.service() == record.service() and issubclass(other, OwnedRecord)
    return other if is_near else None


def _known(entity: str) -> type[Record] | None:
    return own_objects.known().get(entity) or records.find(entity)
