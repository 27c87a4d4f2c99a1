"""Do we have this company already? Asked while somebody types."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis import replicas, search
from chassis.work import Work
from contracts.customer import SimilarTo
from services.customer import model, rules

MOST = 5
KINDS: tuple[Any, ...] = (model.Customer, model.Lead)


def similar(work: Work, message: SimilarTo) -> dict[str, Any]:
    """Customers and leads that are, or may be, the one being entered.

    The same name (without legal form), phone or tax number is told whoever has it, so that nobody enters it twice; of a
    row outside one's rights only name, number and whom to ask. Names that merely contain the fragment only within one's rights.
    """
    same = _same(work, message)
    seen = {row.id for row, _ in same}
    alike = [row for row in _alike(work, message) if row.id not in seen]
    rows = [(row, reason) for row, reason in same if row.id != message.except_id]
    rows += [(row, "contains") for row in alike if row.id != message.except_id]
    return {"similar": [_told(work, row, reason) for row, reason in rows[: 2 * MOST]]}


def _same(work: Work, message: SimilarTo) -> list[tuple[Any, str]]:
    found: dict[UUID, tuple[Any, str]] = {}
    with work.everything():
        for cls in KINDS:
            for column, reason, key in _keys(cls, message):
                wanted = select(cls).where(column == key, cls.archived_at.is_(None)).limit(MOST)
                for row in work.session.scalars(wanted):
                    found.setdefault(row.id, (row, reason))
    return list(found.values())


def _keys(cls: Any, message: SimilarTo) -> list[tuple[Any, str, str]]:
    keys = [(cls.name_key, "name", rules.name_key(message.name) if message.name else None)]
    keys.append((cls.phone_key, "phone", rules.phone_key(message.phone)))
    if cls is model.Customer:
        keys.append((cls.tax_key, "tax_number", rules.tax_key(message.tax_number)))
    return [(column, reason, key) for column, reason, key in keys if key]


def _alike(work: Work, message: SimilarTo) -> list[Any]:
    key = rules.name_key(message.name) if message.name else ""
    found: list[Any] = []
    if len(key) >= 2:
        for cls in KINDS:
            if work.actor.may(f"{cls.record.entity()}.read"):
                condition = search.matches(cls, key)
                wanted = select(cls).where(condition, cls.archived_at.is_(None)).limit(MOST)  # type: ignore[arg-type]
                found += work.session.scalars(wanted)
    return found


def _told(work: Work, row: Any, reason: str) -> dict[str, Any]:
    visible = work.may(f"{row.record.entity()}.read", row)
    owner = replicas.several(work.session, [row.owner_id]) if row.owner_id else []
    return {
        "entity": row.record.entity(),
        "id": str(row.id) if visible else None,
        "number": row.number,
        "name": row.name,
        "owner": owner[0].label if owner else None,
        "state": getattr(row, "state", None),
        "reason": reason,
    }
