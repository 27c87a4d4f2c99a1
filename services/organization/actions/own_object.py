"""What hangs on a kind of record that the company defined itself (users 6)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from chassis.work import Work
from contracts.organization import OwnObjectUseOf
from services.organization import model


def own_object_use(work: Work, message: OwnObjectUseOf) -> dict[str, Any]:
    """How much goes with it when it is put away; the records themselves are counted where they are kept."""
    found = work.read(model.OwnObject, message.id)
    with work.everything():
        return {
            "entity": found.entity,
            "fields": _count(work, found.fields().where(model.OwnField.archived_at.is_(None))),
            "views": _count(work, found.views().where(model.SavedView.archived_at.is_(None))),
            "roles": len(found.roles(work)),
        }


def _count(work: Work, wanted: Any) -> int:
    return work.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
