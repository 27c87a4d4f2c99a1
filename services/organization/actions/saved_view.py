"""Which views a person may use, and which opens first for her (users 9)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, or_, select

from chassis.audit import plain
from chassis.work import Work
from contracts import asking
from contracts.errors import FieldProblem, Invalid
from contracts.organization import OpenFirst, ViewsOf
from services.organization import model
from services.organization.actions.session import me
from services.organization.model import tree

MOST = 100
COUNTS = "(^|[?&])by=."
"""A question that counts by a field."""
SHOWN = ("id", "name", "list_of", "query", "audience", "owner_id", "ver")


def views(work: Work, message: ViewsOf) -> dict[str, Any]:
    """Her own, those of her department and the ones above it, those for everybody; oldest first."""
    rows = _usable(work, message.list_of, grouped=message.grouped)
    first = work.session.get(model.FirstView, (work.actor.id, message.list_of))
    if first is not None and first.view_id is not None and first.view_id not in {row.id for row in rows}:
        first = None  # put away, or no longer for her
    return {
        "rows": [{name: plain(getattr(row, name)) for name in SHOWN} for row in rows],
        "first": None if first is None else {"view_id": plain(first.view_id), "query": first.query},
    }


def open_first(work: Work, message: OpenFirst) -> None:
    """From now on the list opens so for her."""
    me(work)
    if message.view_id is not None and message.query is not None:
        raise Invalid(FieldProblem("query", "wrong", value=message.query))
    if message.query:
        asking.require_known("query", message.list_of, message.query)
    usable = {row.id for row in _usable(work, message.list_of)}
    if message.view_id is not None and message.view_id not in usable:
        raise Invalid(FieldProblem("view_id", "not_an_id", value=message.view_id))
    key = {"staff_id": work.actor.id, "list_of": message.list_of}
    before = work.session.get(model.FirstView, tuple(key.values()))
    if message.view_id is None and not message.query:
        if before is not None:
            work.session.delete(before)
        return
    first = before or work.add(model.FirstView(**key))
    first.view_id, first.query = message.view_id, message.query


def _usable(work: Work, list_of: str, *, grouped: bool = False) -> list[model.SavedView]:
    """Looks past row rights: a view that is for others is there to be used by them. Where there are too many, her own are
    among those that are told."""
    view, actor = model.SavedView, work.actor
    above = tree.above(work.session, model.Department, "parent_id", actor.department_id)
    for_her = or_(
        view.owner_id == actor.id,
        view.audience == "everybody",
        and_(view.audience == "department", view.department_id.in_(above)),
    )
    wanted = select(view).where(view.archived_at.is_(None), for_her)
    if list_of:
        wanted = wanted.where(view.list_of == list_of)
    if grouped:
        wanted = wanted.where(view.query.regexp_match(COUNTS))
    with work.everything():
        found = work.session.scalars(
            wanted.order_by(view.owner_id != actor.id, view.created_at, view.id).limit(MOST)
        )
        return sorted(found, key=lambda row: (row.created_at, row.id))
