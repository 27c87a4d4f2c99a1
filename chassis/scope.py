"""Row rights, once, as SQL: every ORM statement on an owned class, and on what stands on records, is restricted to what its actor
may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    String,
    UniqueConstraint,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    event,
    false,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Mapped, Mapper, Session, mapped_column, sessionmaker, with_loader_criteria
from sqlalchemy.orm.session import ORMExecuteState
from sqlalchemy.sql.elements import BindParameter, ColumnClause, TypeClause

from chassis.database import ChassisBase, Kept, Owned, Upon
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
    state.statement = restricted(state.statement, work.actor)


def restricted(statement: Any, actor: Actor, standing: Standing | None = None) -> Any:
    """The statement with the restriction on every owned class in it; `standing` where its places are filled in later."""
    for cls in owned_in(statement):
        condition = visible(cls, actor, standing)
        if condition is not None:
            statement = statement.options(with_loader_criteria(cls, condition, include_aliases=True))
    return statement


def owned_in(statement: Any) -> list[type[Any]]:
    """The classes that a statement touches whose rows not everybody sees."""
    # statements of one key are compiled to one text by SQLAlchemy as well, so they touch the same
    key = statement._generate_cache_key()
    if key is None:
        return _owned(statement)
    found = _known.get(key.key)
    if found is None:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        found = _known[key.key] = _owned(statement)
    return found


def _owned(statement: Any) -> list[type[Any]]:
    classes = [mapper.class_ for mapper in _mappers(statement)]
    return [cls for cls in classes if issubclass(cls, Owned | Upon) and issubclass(cls, Kept)]


MOST_KNOWN = 1000
_known: dict[Any, list[type[Any]]] = {}
"""To walk through its statement was a seventh of what a list cost a service."""


def deciding(cls: type[Any]) -> list[str]:
    """The permissions on whose scopes it depends which rows of the class are seen."""
    below = below_it(cls) if issubclass(cls, Upon) else []
    return [f"{one.record.entity()}.read" for one in (cls, *below)]


def below_it(cls: type[Any]) -> list[type[Any]]:
    """What a row that stands on others can stand on: every kind of record of its service, its own kind left out."""
    mapped = {mapper.class_ for mapper in cls.registry.mappers}
    found = [one for one in mapped if issubclass(one, Kept) and not issubclass(one, Upon) and not one.retired]
    return sorted(found, key=lambda one: one.record.entity())


def _mappers(statement: Any) -> set[Mapper[Any]]:
    """Every mapped class a statement touches, also inside subqueries, where `all_mappers` does not look."""
    found: set[Mapper[Any]] = set()
    ahead: list[Any] = [statement]
    seen: dict[int, Any] = {}
    """By identity, and held: a subquery stands behind each of its columns."""
    while ahead:
        element = ahead.pop()
        if id(element) in seen:
            continue
        seen[id(element)] = element
        for kept, name in (("_propagate_attrs", "plugin_subject"), ("_annotations", "parententity")):
            if (told := getattr(element, kept, None)) and (mapper := getattr(told.get(name), "mapper", None)):
                found.add(mapper)
        if not isinstance(element, LEAVES):
            ahead += element.get_children()
    return found


LEAVES = (ColumnClause, BindParameter, TypeClause)
"""Nothing stands below these; a list has dozens of them."""


@dataclass(frozen=True)
class Standing:
    """Whom the actor is, where she works and who is below her: values, or places in a statement to be filled with them."""

    me: Any
    branch: Any
    team: Any
    departments: Any

    @classmethod
    def of(cls, actor: Actor) -> Standing:
        """Her own."""
        me, branch, team, departments = told(actor).values()
        # cast, or who works at no branch would see the rows that belong to none
        return cls(me, cast(branch, Uuid()), cast(team, IDS), cast(departments, IDS))


IDS: ARRAY[Any] = ARRAY(Uuid(as_uuid=False))
PLACES = Standing(
    bindparam("me", type_=Uuid()), bindparam("branch", type_=Uuid()), bindparam("team", type_=IDS),
    bindparam("departments", type_=IDS),
)  # fmt: skip


def told(actor: Actor) -> dict[str, Any]:
    """What PLACES are filled with for an actor."""
    return {
        "me": actor.id,
        "branch": actor.branch_id,
        "team": [str(id) for id in (actor.id, *actor.reports)],
        "departments": [str(id) for id in actor.departments],
    }


def visible(cls: type[Any], actor: Actor, standing: Standing | None = None) -> ColumnElement[bool] | None:
    """The condition under which this actor sees rows of such a class; None means all of them."""
    scope = actor.scope(f"{cls.record.entity()}.read")
    if scope is None:
        return false()
    if isinstance(cls, type) and issubclass(cls, Upon):  # cards of others' rows come here as well
        return or_(false(), *(_upon(cls, one, actor, standing) for one in below_it(cls)))
    if scope == "all" or not hasattr(cls, "owner_id"):
        return None
    standing = standing or Standing.of(actor)
    shared = select(Share.record_id).where(Share.staff_id == standing.me, Share.entity == cls.record.entity())
    return or_(_within(cls, scope, standing), cls.id.in_(shared))


def _upon(cls: Any, below: Any, actor: Actor, standing: Standing | None) -> ColumnElement[bool]:
    """Rows that stand on a record of this kind which the actor sees."""
    if not actor.may(f"{below.record.entity()}.read"):
        return false()
    condition = visible(below, actor, standing)
    on: ColumnElement[bool] = cls.about == below.record.entity()
    return on if condition is None else and_(on, cls.record_id.in_(select(below.id).where(condition)))


def _within(cls: type[Any], scope: Scope, standing: Standing) -> ColumnElement[bool]:
    if scope == "own":
        return cls.owner_id == standing.me
    if scope == "branch":
        return cls.branch_id == standing.branch
    team: ColumnElement[bool] = cls.owner_id == any_(standing.team)
    if scope == "team":
        return team
    return or_(team, cls.department_id == any_(standing.departments))


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


def covers_colleague(actor: Actor, permission: str, card: Any) -> bool:
    """The same rule for what is a colleague's, by the card of her."""
    place = {name: card.data.get(name) for name in ("department_id", "branch_id")}
    hers = {name: UUID(value) if value else None for name, value in place.items()}
    return covers(actor, permission, SimpleNamespace(owner_id=card.id, **hers))


def share(session: Session, row: Any, staff_id: UUID) -> None:
    """Put this one row on a person's desk; twice is once."""
    show(session, row.record.entity(), [row.id], staff_id)


def show(session: Session, entity: str, ids: Iterable[UUID], staff_id: UUID) -> None:
    """Put rows of one kind on a person's desk, all of them at once."""
    shares = [{"id": new_id(), "entity": entity, "record_id": id, "staff_id": staff_id} for id in ids]
    if shares:
        session.execute(insert(Share).values(shares).on_conflict_do_nothing())


def shared_with(session: Session, entity: str, record_id: UUID, staff_id: UUID) -> bool:
    """Whether somebody put this one row on the person's desk."""
    found = select(Share.id).where(
        Share.entity == entity, Share.record_id == record_id, Share.staff_id == staff_id
    )
    return session.execute(found).first() is not None
