"""What a file tells beside a company: each thing once, and given up only where nobody has built on it since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import inspect, select

from contracts.errors import FieldProblem, Invalid
from services.customer.model.base import Base

TOLD = ("contact", "former_contract", "activity")


def not_yet_told(work: Any, company: Any, rows: Sequence[Any]) -> list[Any]:
    """Those of these that neither the books nor an earlier line have. Raises Invalid when a line about a company we have
    tells nothing new."""
    known = _known(work, company)
    new = [row for row in rows if row.same not in known]
    if known and not new:
        raise Invalid(FieldProblem("name", "duplicate", value=company.name))
    known.update(row.same for row in new)
    known.add(("company",))
    return new


def _known(work: Any, company: Any) -> set[tuple[Any, ...]]:
    """Whom and what we know there already; kept while one handful of lines is read."""
    known: set[tuple[Any, ...]] = company.__dict__.setdefault("_told", set())
    if not known and inspect(company).persistent:
        known.add(("company",))
        whom = f"{company.record.noun()}_id"
        for noun in TOLD:
            cls = work.entities[noun]
            if hasattr(cls, whom):
                wanted = select(cls).where(getattr(cls, whom) == company.id, cls.archived_at.is_(None))
                known.update(row.same for row in work.session.scalars(wanted))
    return known


def refers(work: Any, column: str, id: UUID, tables: Iterable[str], apart_from: Sequence[UUID]) -> bool:
    """Whether anything that is not put away refers to a row, apart from these."""
    work.session.flush()  # what was put away a moment ago refers no longer
    for name in tables:
        table = Base.metadata.tables[name]
        mine = (table.c[column] == id, table.c.archived_at.is_(None), table.c.id.not_in(apart_from))
        if work.session.execute(select(table.c.id).where(*mine).limit(1)).first() is not None:
            return True
    return False
