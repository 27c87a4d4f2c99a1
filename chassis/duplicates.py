"""Records that may be the same thing: the report of them, and what people have said are different things all the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Uuid, func, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import Mapped, mapped_column

from chassis import flush, labels
from chassis.audit import plain
from chassis.database import ChassisBase, Reached
from chassis.entities import by_entity, values
from chassis.identity import new_id
from chassis.merging import merging_class, several
from chassis.work import Work
from contracts.errors import FieldProblem, Invalid, NotFound
from contracts.merging import (
    MOST_MERGED,
    DifferencesOf,
    DuplicatesOf,
    MarkDifferent,
    UnmarkDifferent,
)


class Different(ChassisBase):
    """Somebody has looked: these are not the same thing, however much they agree."""

    __tablename__ = "different"
    __table_args__ = (
        Index("ix_different_ids", "ids", postgresql_using="gin"),
        Index("ix_different_entity_at", "entity", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entity: Mapped[str] = mapped_column(String(60))
    ids: Mapped[Sequence[UUID]] = mapped_column(ARRAY(Uuid))
    at: Mapped[datetime] = mapped_column()
    actor_id: Mapped[UUID] = mapped_column()
    actor_name: Mapped[str] = mapped_column(String(200))
    undone_at: Mapped[datetime | None] = mapped_column()


# -- doors ------------------------------------------------------------------------------------------------------------


def duplicates(work: Work, message: DuplicatesOf) -> dict[str, Any]:
    """Rows the actor sees that agree in a key: name without legal form, phone, tax number, whatever the class says."""
    cls = merging_class(work, message.entity, "read")
    kinds = _kinds(cls)
    if message.by is not None and message.by not in kinds:
        raise Invalid(FieldProblem("by", "not_a_choice", value=message.by))
    limit, groups, after = max(1, min(message.limit, 200)), list[dict[str, Any]](), None
    for group in _from(work, cls, [message.by] if message.by else kinds, message.after):
        if len(groups) == limit:
            after = group["at"]
            break
        groups.append(group)
    wanted = {id for group in groups for id in group["ids"]}
    rows = list(work.session.scalars(select(cls).where(cls.id.in_(wanted)))) if wanted else []
    columns = {
        name: a for name, a in cls.record.attrs().items() if a.in_list or name in ("id", "ver", "created_at")
    }
    named = labels.behind_fields(work, rows, columns, by_entity(work))
    return {
        "groups": [{**group, "ids": [str(id) for id in group["ids"]]} for group in groups], "by": kinds, "next": after,
        "rows": {str(row.id): values(row, columns) for row in rows},
        "labels": {id: label.as_json() for id, label in named.items()},
    }  # fmt: skip


def mark_different(work: Work, message: MarkDifferent) -> dict[str, Any]:
    """Nobody need look at these again; said twice it is said once. Raises as `several` does."""
    cls = merging_class(work, message.entity)
    ids = [row.id for row in several(work, cls, sorted(set(message.ids)))]
    said = select(Different).where(Different.ids == ids, Different.undone_at.is_(None))
    made = work.session.scalars(said).first()
    if made is None:
        made = Different(
            id=new_id(), entity=cls.record.entity(), ids=ids, at=work.now, actor_id=work.actor.id, actor_name=work.actor.name
        )  # fmt: skip
        work.add(made)
    return {"mark_id": str(made.id)}


def unmark_different(work: Work, message: UnmarkDifferent) -> dict[str, Any]:
    """They may be the same after all."""
    cls = merging_class(work, message.entity)
    found = work.session.scalars(
        select(Different).where(Different.id == message.mark_id).with_for_update()
    ).first()
    if found is None or found.entity != cls.record.entity():
        raise NotFound(entity="different", id=message.mark_id)
    for id in found.ids:
        work.get(cls, id)
    found.undone_at = found.undone_at or work.now
    return {"mark_id": str(found.id)}


def differences(work: Work, message: DifferencesOf) -> dict[str, Any]:
    """What was said to be different, by whom and when, the newest first; as far as the actor sees any of them."""
    cls = merging_class(work, message.entity, "read")
    mine = select(cls.id).where(cls.id == func.any(Different.ids)).exists()
    wanted = select(Different).where(
        Different.entity == cls.record.entity(), Different.undone_at.is_(None), mine
    )
    found = list(
        work.session.scalars(wanted.order_by(Different.at.desc()).limit(max(1, min(message.limit, 200))))
    )
    ids = {id for one in found for id in one.ids}
    seen = {row.id: row for row in work.session.scalars(select(cls).where(cls.id.in_(ids)))} if ids else {}
    return {
        "marks": [
            {
                "id": str(one.id), "at": plain(one.at), "actor_id": str(one.actor_id), "actor_name": one.actor_name,
                "records": [{"id": str(id), "name": flush.label(seen[id])} for id in one.ids if id in seen],
            }
            for one in found
        ]
    }  # fmt: skip


def different_from(work: Work, id: UUID | None) -> set[UUID]:
    """What somebody has said to be another thing than this record."""
    if id is None:
        return set()
    marks = select(Different.ids).where(Different.ids.contains([id]), Different.undone_at.is_(None))
    return {other for ids in work.session.scalars(marks) for other in ids} - {id}


# -- groups -----------------------------------------------------------------------------------------------------------

CHUNK = 100


def _kinds(cls: Any) -> list[str]:
    return [*cls.suspects, *(cls.reached_by if issubclass(cls, Reached) else ())]


def _from(work: Work, cls: Any, kinds: list[str], after: str | None) -> Iterator[dict[str, Any]]:
    """Groups kind by kind, the largest first, each with its place, from a place on."""
    kind, _, place = (after or "").partition(":")
    if after is not None and (kind not in kinds or not place.isdecimal() or len(place) > 9):
        raise Invalid(FieldProblem("after", "wrong", value=after[:40]))
    for name in kinds[kinds.index(kind) :] if after else kinds:
        at = int(place) if after and name == kind else 0
        while found := list(work.session.scalars(_groups(cls, name).offset(at).limit(CHUNK))):
            marks = _marks(work, (id for ids in found for id in ids))
            for number, ids in enumerate(found, start=at):
                if open_ids := _unsaid(ids, marks):
                    yield {
                        "by": name, "ids": open_ids[:MOST_MERGED], "count": len(open_ids), "at": f"{name}:{number}",
                    }  # fmt: skip
            at += CHUNK


def _groups(cls: Any, kind: str) -> Any:
    """Statements of ids that agree in a key, the oldest record of each group first."""
    if kind in cls.suspects:
        keys = [getattr(cls, name) for name in cls.suspects[kind]]
        rows = select(cls.id, cls.created_at, *keys).where(cls.archived_at.is_(None)).subquery()
        parts = list(rows.c)[2:]
        told: list[Any] = [part.is_not(None) for part in parts]
    else:
        key = func.unnest(cls.reach).label("key")
        rows = select(cls.id, cls.created_at, key).where(cls.archived_at.is_(None)).subquery()
        parts, told = [rows.c.key], [rows.c.key.startswith(f"{kind} ", autoescape=True)]
    ids = func.array_agg(aggregate_order_by(rows.c.id, rows.c.created_at, rows.c.id))
    grouped = select(ids).where(*told).group_by(*parts).having(func.count() > 1)
    return grouped.order_by(func.count().desc(), *parts)


def _marks(work: Work, ids: Iterable[UUID]) -> list[set[UUID]]:
    said = select(Different.ids).where(Different.ids.overlap(list(ids)), Different.undone_at.is_(None))
    return [set(found) for found in work.session.scalars(said)]


def _unsaid(ids: list[UUID], marks: list[set[UUID]]) -> list[UUID]:
    """Those that may still be the same as another one of them."""
    if not marks:
        return ids
    return [
        one
        for one in ids
        if any(not any(one in mark and other in mark for mark in marks) for other in ids if other != one)
    ]
