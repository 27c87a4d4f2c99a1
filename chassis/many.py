"""Changing a field of many records at once: each as if somebody had changed it by hand, with her rights, rules and history."""

from __future__ import annotations

from typing import Any

from chassis import entities
from chassis.flush import label
from chassis.work import Work
from contracts.errors import Invalid, Problem, TooLarge
from contracts.query import ChangeMany, UpdateOf

MOST = 1000


def change_many(work: Work, message: ChangeMany) -> dict[str, Any]:
    """The same values for all of them. A record that cannot be changed is told with the reason; the others are."""
    cls = entities.find_class(work, message.entity, "update")
    if len(message.ids) > MOST:
        raise TooLarge(limit=MOST)
    cls.record.patch().read(message.values)  # what is wrong with the values themselves is wrong for all
    changed, refused = 0, []
    for id in dict.fromkeys(message.ids):
        step = work.session.begin_nested()
        try:
            before = work.read(cls, id).ver
            row = entities.update_row(work, UpdateOf(entity=message.entity, id=id, values=message.values))[
                "row"
            ]
            step.commit()
            changed += row["ver"] != before
        except Problem as problem:
            step.rollback()
            refused.append({"id": str(id), "name": _name(work, cls, id), **_told(problem)})
    return {"changed": changed, "refused": refused}


def _name(work: Work, cls: Any, id: Any) -> str | None:
    row = work.find(cls, id=id)
    return label(row) if row is not None else None


def _told(problem: Problem) -> dict[str, Any]:
    if isinstance(problem, Invalid) and problem.fields:
        first = problem.fields[0].as_dict()
        return {"field": first["field"], "code": first["code"], "params": first.get("params", {})}
    return {"field": "", "code": type(problem).__name__, "params": problem.params}
