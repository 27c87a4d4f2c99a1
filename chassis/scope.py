"""Row rights, once, as SQL: every ORM statement on an owned class is restricted to what its actor may see."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, UniqueConstraint, event, false, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Mapper, Session, mapped_column, sessionmaker, with_loader_criteria
from sqlalchemy.orm.session import ORMExecuteState
from sqlalchemy.sql.elements import BindParameter, ColumnClause, TypeClause

from chassis.database import ChassisBase, Kept, Owned
from chassis.identity import new_id
from contracts.actor import Actor, Scope


class Share(ChassisBase):
    """One row is shown to one more person (team work on a customer, PRM-02)."""

    __tablename__ = "share"
    __table_args__ = (UniqueConstraint("staff_id", "entity", "record_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entity: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[UUID] = mapped_column(index=True)
    staff_id: Mapped[UUID] = mapped_column()


def watch(factory: sessionmaker[Session]) -> None:
    """Put the restriction on every statement of these sessions."""
    event.listen(factory, "do_orm_execute", _restrict)


def _restrict(state: ORMExecuteState) -> None:
    work = state.session.info.get("work")
    if work is None or work.sees_everything or state.is_column_load or state.is_relationship_load:
        return
    for mapper in _mappers(state.statement):
        cls = mapper.class_
        condition = visible(cls, work.actor) if issubclass(cls, Owned) and issubclass(cls, Kept) else None
        if condition is not None:
            state.statement = state.statement.options(
                with_loader_criteria(cls, condition, include_aliases=True)
            )


def _mappers(statement: Any) -> set[Mapper[Any]]:
    """Every mapped class a statement touches, also inside subqueries, where `all_mappers` does not look."""
    found: set[Mapper[Any]] = set()
    ahead = [statement]
    while ahead:
        element = ahead.pop()
        subject = (getattr(element, "_propagate_attrs", None) or {}).get("plugin_subject")
        entity = getattr(element, "_annotations", {}).get("parententity")
        found.update(e.mapper for e in (subject, entity) if e is not None and hasattr(e, "mapper"))
        if not isinstance(element, LEAVES):
            ahead += element.get_children()
    return found


LEAVES = (ColumnClause, BindParameter, TypeClause)
"""Nothing stands below these; a list has dozens of them."""


def visible(cls: type[Any], actor: Actor) -> ColumnElement[bool] | None:
    """The condition under which this actor sees rows of an owned class; None means all of them."""
    scope = actor.scope(f"{cls.record.entity()}.read")
    if scope == "all":
        return None
    if scope is None:
        return false()
    shared = select(Share.record_id).where(Share.staff_id == actor.id, Share.entity == cls.record.entity())
    return or_(_within(cls, actor, scope), cls.id.in_(shared))


def _within(cls: type[Any], actor: Actor, scope: Scope) -> ColumnElement[bool]:
    if scope == "own":
        return cls.owner_id == actor.id
    if scope == "branch":
        return cls.branch_id == actor.branch_id if actor.branch_id else false()
    team: ColumnElement[bool] = cls.owner_id.in_([actor.id, *actor.reports])
    if scope == "team":
        return team
    return or_(team, cls.department_id.in_(actor.departments))


def covers(actor: Actor, permission: str, row: Any) -> bool:
    """The same rule on one row in hand (anything with owner_id, department_id, branch_id), without shares."""
    scope = actor.scope(permission)
    if scope is None:
        return False
    if scope == "all" or not hasattr(row, "owner_id"):
        return True
    if scope == "branch":
        return row.branch_id is not None and row.branch_id == actor.branch_id
    if row.owner_id is not None and row.owner_id in (actor.id, *(actor.reports if scope != "own" else ())):
        return True
    return scope == "department" and row.department_id in actor.departments


def share(session: Session, row: Any, staff_id: UUID) -> None:
    """Put this one row on a person's desk; twice is once."""
    statement = insert(Share).values(
        id=new_id(), entity=row.record.entity(), record_id=row.id, staff_id=staff_id
    )
    session.execute(statement.on_conflict_do_nothing())


def shared_with(session: Session, entity: str, record_id: UUID, staff_id: UUID) -> bool:
    """Whether somebody put this one row on the person's desk."""
    found = select(Share.id).where(
        Share.entity == entity, Share.record_id == record_id, Share.staff_id == staff_id
    )
    return session.execute(found).first() is not None
