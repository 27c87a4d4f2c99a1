"""Changing a field of many records at once: each as if somebody had changed it by hand, with her rights, rules and history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chassis import entities, own_fields
from chassis.flush import label
from chassis.work import Work
from contracts.errors import FieldProblem, Invalid, Problem, TooLarge
from contracts.message import Record
from contracts.query import ChangeMany, UpdateOf

MOST = 1000


def change_many(work: Work, message: ChangeMany) -> dict[str, Any]:
    """The same values for all of them. A record that cannot be changed is told with the reason; the others are."""
    cls = entities.find_class(work, message.entity, "update")
    if len(message.ids) > MOST:
        raise TooLarge(limit=MOST)
    cls.record.patch().read(message.values)  # what is wrong with the values themselves is wrong for all
    if message.how != "set":
        _must_hold_several(cls.record, message.values)
    changed, refused = 0, []
    for id in dict.fromkeys(message.ids):
        step = work.session.begin_nested()
        try:
            found = entities.open_row(work, cls, id, None, "update")  # locked: nobody else adds meanwhile
            before, values = found.ver, _values(found, message)
            entities.update_row(work, UpdateOf(entity=message.entity, id=id, values=values))
            step.commit()
            changed += found.ver != before
        except Problem as problem:
            step.rollback()
            refused.append({"id": str(id), "name": _name(work, cls, id), **_told(problem)})
    return {"changed": changed, "refused": refused}


def _must_hold_several(record: type[Record], values: dict[str, Any]) -> None:
    single = [name for name in values if not record.attrs()[name].many]
    if single:
        raise Invalid(*(FieldProblem(name, "wrong") for name in single))


def _values(row: Any, message: ChangeMany) -> dict[str, Any]:
    """What a row is to hold in the end."""
    if message.how == "set":
        return message.values
    return {name: _joined(row, name, given or (), message.how) for name, given in message.values.items()}


def _joined(row: Any, name: str, given: Iterable[Any], how: str) -> list[str]:
    kept = (row.own or {}).get(name) if own_fields.is_own(name) else getattr(row, name)
    there, told = [str(value) for value in kept or ()], [str(value) for value in given]
    if how == "take":
        return [value for value in there if value not in told]
    return list(dict.fromkeys([*there, *told]))


def _name(work: Work, cls: Any, id: Any) -> str | None:
    row = work.find(cls, id=id)
    return label(row) if row is not None else None


def _told(problem: Problem) -> dict[str, Any]:
    if isinstance(problem, Invalid) and problem.fields:
        first = problem.fields[0].as_dict()
        return {"field": first["field"], "code": first["code"], "params": first.get("params", {})}
    return {"field": "", "code": type(problem).__name__, "params": problem.params}
