"""Groups of customers: companies under their parent, people in their family. Whoever stands above whom, and no circles (CUS-15)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contracts.errors import FieldProblem, Invalid
from services.customer.model.base import Base

GROUPS = {"company": "company", "individual": "family"}
"""What a customer may belong to: a company to a company, a person to a family; a family to nothing."""


def above(session: Session, id: UUID | None) -> list[UUID]:
    """A customer's parents, the nearest first."""
    found: list[UUID] = []
    table: Any = Base.metadata.tables["customer"]
    with session.no_autoflush:
        while id is not None and id not in found:
            found.append(id)
            id = session.connection().scalar(select(table.c.parent_id).where(table.c.id == id))
    return found[1:]


def below(session: Session, id: UUID) -> list[UUID]:
    """A customer and all that belong to it, at any depth."""
    table: Any = Base.metadata.tables["customer"]
    tree = select(table.c.id).where(table.c.id == id).cte(recursive=True)
    one = table.alias()
    tree = tree.union(select(one.c.id).where(one.c.parent_id == tree.c.id, one.c.archived_at.is_(None)))
    return list(session.connection().scalars(select(tree.c.id)))


def check_parent(work: Any, customer: Any, parent: Any) -> None:
    """Raises Invalid for a parent of another nature, and for a circle."""
    if GROUPS.get(customer.nature) != parent.nature:
        raise Invalid(FieldProblem("parent_id", "not_a_choice", value=parent.name))
    # one after the other: two that are put below each other at the same moment would make a circle neither sees
    work.session.connection().execute(select(func.pg_advisory_xact_lock(func.hashtext("customer.parent_id"))))
    if customer.id in (parent.id, *above(work.session, parent.id)):
        raise Invalid(FieldProblem("parent_id", "below_itself"))


def check_children(work: Any, customer: Any) -> None:
    """Raises Invalid when those that belong to it could not belong to one of its nature."""
    table: Any = Base.metadata.tables["customer"]
    fitting = [nature for nature, group in GROUPS.items() if group == customer.nature]
    others = select(table.c.name).where(
        table.c.parent_id == customer.id, table.c.archived_at.is_(None), table.c.nature.not_in(fitting)
    )
    name = work.session.connection().scalar(others.limit(1))
    if name is not None:
        raise Invalid(FieldProblem("nature", "has_members", value=name))
