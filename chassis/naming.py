"""Which record a text means: names and numbers in a file, looked up a few hundred at a time."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from chassis import flush, scope, search
from chassis.entities import by_entity
from chassis.replicas import Replica
from chassis.work import Work
from contracts.errors import FieldProblem
from contracts.message import Attr

LISTED = 3000
"""A choice list is read whole up to here; beyond, only what the file names."""


class Names:
    """Records behind texts, for some fields; what it found is kept as long as this is."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.own = by_entity(work)
        self.found: dict[str, dict[str, dict[UUID, Any]]] = {}
        """Field → folded text → the rows or cards of that name, by id."""
        self._asked: dict[tuple[str, str], Any] = {}

    def look_up(self, a: Attr, texts: Iterable[str]) -> None:
        """Read what these texts may mean in this field. Only what the actor may see, and nothing archived."""
        wanted = {text.strip() for text in texts}
        wanted |= {unicodedata.normalize("NFKC", text) for text in wanted}
        ids = {id for text in wanted if (id := _uuid(text)) is not None}
        rows = self._rows(a, wanted, ids) if a.ref in self.own else self._cards(a, wanted, ids)
        index = self.found.setdefault(a.name, {})
        for row in rows:
            said = {
                str(row.id),
                *(search.folded(text) for text in _names(row, self.work.called.get(a.ref, ()))),
            }
            for name in said:
                index.setdefault(name, {})[row.id] = row

    def one(self, a: Attr, text: str) -> Any:
        """The row or card a text means, or the FieldProblem that it means none, or several."""
        if (a.name, text) not in self._asked:
            found = self.found.get(a.name, {}).get(search.folded(text), {})
            problem = FieldProblem(a.name, "ambiguous" if found else "not_an_id", value=text[:80])
            self._asked[a.name, text] = next(iter(found.values())) if len(found) == 1 else problem
        return self._asked[a.name, text]

    def within_reach(self, permission: str, owner: Any) -> bool:
        """Whether the actor's rights cover rows of this owner."""
        key = (permission, str(owner.id))
        if key not in self._asked:
            row = SimpleNamespace(
                owner_id=owner.id, department_id=owner.department_id, branch_id=owner.branch_id
            )
            actor = self.work.actor
            self._asked[key] = not actor.may(permission) or scope.covers(actor, permission, row)
        return bool(self._asked[key])

    def _rows(self, a: Attr, texts: set[str], ids: set[UUID]) -> list[Any]:
        cls = self.own[a.ref]
        columns = [getattr(cls, name) for name in ("name", "number", "code") if hasattr(cls, name)]
        title = [getattr(cls, name) for name in cls.record.title if hasattr(cls, name)]
        columns += [func.concat_ws(flush.BETWEEN, *title)] if len(title) > 1 else []
        columns = columns or title
        same = [cls.id.in_(ids), *(column.in_(texts) for column in columns)]
        if hasattr(cls, "name_en"):
            same.append(func.lower(cls.name_en).in_({text.lower() for text in texts}))
        wanted = select(cls).where(or_(*same), cls.archived_at.is_(None))
        for name, value in a.among.items():
            wanted = wanted.where(getattr(cls, name) == value)
        return list(self.work.session.scalars(wanted))

    def _cards(self, a: Attr, texts: set[str], ids: set[UUID]) -> list[Any]:
        wanted = select(Replica).where(Replica.entity == a.ref, Replica.archived.is_(False))
        for name, value in a.among.items():
            wanted = wanted.where(Replica.data[name].astext == str(value))
        if a.among:  # a list to choose from: short, and people write its words in many ways
            return list(self.work.session.scalars(wanted.limit(LISTED)))
        lowered = {text.lower() for text in texts}
        wanted = wanted.where(
            or_(
                Replica.id.in_(ids),
                Replica.label.in_(texts),
                Replica.number.in_(texts),
                func.lower(Replica.label_en).in_(lowered),
                *(
                    func.lower(Replica.data[name].astext).in_(lowered)
                    for name in self.work.called.get(a.ref, ())
                ),
            )
        )
        return [card for card in self.work.session.scalars(wanted) if self.work.may_see(card)]


def _names(row: Any, called: Iterable[str]) -> set[str]:
    """Every word by which people call a row or a card."""
    names = ("name", "label", "number", "name_en", "label_en", "code")
    title = getattr(getattr(row, "record", None), "title", ())
    found = [getattr(row, name, None) for name in (*names, *title, *called)]
    if title:
        found.append(flush.label(row))  # as lists and exports show it
    return {str(text) for text in found if text}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
