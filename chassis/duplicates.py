"""Records that may be the same thing: the report of them, and what people have said are different things all the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Select, String, Uuid, and_, func, literal, or_, select, tuple_, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis import flush, labels, replicas, scope
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
    """Rows the actor sees that agree in a key: name without legal form, phone, tax number, whatever the class says.

    With each group what its rows may have become already (leads: customers), as the warning while typing tells it.
    """
    cls = merging_class(work, message.entity, "read")
    kinds = [*cls.suspects, *(cls.reached_by if issubclass(cls, Reached) else ())]
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
    known = _known(work, cls, {id for group in groups for id in group["known"]})
    return {
        "groups": [
            {**group, "ids": [str(id) for id in group["ids"]], "known": [known[id] for id in group["known"]]}
            for group in groups
        ],
        "by": kinds, "next": after,
        "rows": {str(row.id): values(row, columns) for row in rows},
        "labels": {id: label.as_json() for id, label in named.items()},
    }  # fmt: skip


def mark_different(work: Work, message: MarkDifferent) -> dict[str, Any]:
    """Nobody need look at these again; said twice it is said once. Raises as `several` does."""
    cls = merging_class(work, message.entity)
    rows = several(work, cls, sorted(set(message.ids)), _find)
    if not any(isinstance(row, cls) for row in rows):
        raise NotFound(entity=cls.record.entity(), id=rows[0].id)
    ids = [row.id for row in rows]
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
        _find(work, cls, id)
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
    seen = {
        row.id: row
        for kind in (cls, *_further(work, cls)) if ids
        for row in work.session.scalars(select(kind).where(kind.id.in_(ids)))
    }  # fmt: skip
    return {
        "marks": [
            {
                "id": str(one.id), "at": plain(one.at), "actor_id": str(one.actor_id), "actor_name": one.actor_name,
                "records": [
                    {"id": str(id), "entity": seen[id].record.entity(), "name": flush.label(seen[id])}
                    for id in one.ids if id in seen
                ],
            }
            for one in found
        ],
        "labels": labels.people(work, {one.actor_id for one in found}, by_entity(work)),
    }  # fmt: skip


def different_from(work: Work, id: UUID | None) -> set[UUID]:
    """What somebody has said to be another thing than this record."""
    if id is None:
        return set()
    marks = select(Different.ids).where(Different.ids.contains([id]), Different.undone_at.is_(None))
    return {other for ids in work.session.scalars(marks) for other in ids} - {id}


def told(work: Work, rows: Sequence[Any]) -> dict[UUID, dict[str, Any]]:
    """What anybody may be told of them, so that nothing is entered twice: name, number and whom to ask; the id only of
    those that one may see."""
    owners = {
        card.id: card
        for card in replicas.several(work.session, [row.owner_id for row in rows if row.owner_id])
    }
    seen = _seen(work, rows)
    found = {}
    for row in rows:
        owner = owners.get(row.owner_id)
        found[row.id] = {
            "entity": row.record.entity(), "id": str(row.id) if row.id in seen else None,
            "number": getattr(row, "number", None), "name": flush.label(row), "state": getattr(row, "state", None),
            "owner": owner.label if owner else None, "owner_en": owner.label_en if owner else None,
        }  # fmt: skip
    return found


def _seen(work: Work, rows: Sequence[Any]) -> set[UUID]:
    """Which of them the actor may see."""
    found = set[UUID]()
    for cls in dict.fromkeys(type(row) for row in rows):
        if work.sees_everything or work.actor.may(f"{cls.record.entity()}.read"):
            ids = [row.id for row in rows if isinstance(row, cls)]
            found.update(work.session.scalars(select(cls.id).where(cls.id.in_(ids))))
    return found


def _further(work: Work, cls: Any) -> list[Any]:
    """The classes of what a row may have become."""
    return [work.entities[noun] for noun in cls.becomes]


def _find(work: Work, cls: Any, id: UUID) -> Any:
    """One of them, locked, or what it may have become; that one by the right to merge its kind. Raises as `Work.get` does."""
    for kind in _further(work, cls):
        if work.find(kind, id=id) is not None:
            row = work.get(kind, id)
            work.require(f"{kind.record.entity()}.merge", row)
            return row
    return work.get(cls, id)


def _known(work: Work, cls: Any, ids: set[UUID]) -> dict[UUID, dict[str, Any]]:
    with work.everything():
        rows = [
            row for kind in _further(work, cls) if ids
            for row in work.session.scalars(select(kind).where(kind.id.in_(ids)))
        ]  # fmt: skip
    return told(work, rows)


# -- groups -----------------------------------------------------------------------------------------------------------

CHUNK = 100


def _from(work: Work, cls: Any, kinds: list[str], after: str | None) -> Iterator[dict[str, Any]]:
    """Groups kind by kind, the largest first, each with its place, from a place on."""
    kind, _, place = (after or "").partition(":")
    if after is not None and (kind not in kinds or not place.isdecimal() or len(place) > 9):
        raise Invalid(FieldProblem("after", "wrong", value=after[:40]))
    for name in kinds[kinds.index(kind) :] if after else kinds:
        at = int(place) if after and name == kind else 0
        while found := _chunk(work, cls, name, at):
            marks = _marks(work, (id for ids, known in found for id in (*ids, *known)))
            for number, (ids, known) in enumerate(found, start=at):
                unsaid = _unsaid([*ids, *known], marks)
                mine, others = [id for id in ids if id in unsaid], [id for id in known if id in unsaid]
                if mine and len(unsaid) > 1:
                    yield {
                        "by": name, "ids": mine[:MOST_MERGED], "count": len(mine), "at": f"{name}:{number}",
                        "known": others[:MOST_MERGED], "known_count": len(others),
                    }  # fmt: skip
            at += CHUNK


def _chunk(work: Work, cls: Any, kind: str, at: int) -> list[tuple[list[UUID], list[UUID]]]:
    """Groups from a place on: ids of those that agree in a key, the oldest first, and beside them of what they may be."""
    ours, others = _compared(work, cls, kind)
    with work.everything():  # each part of it says itself whose rows it takes
        keys = [tuple(row) for row in work.session.execute(_keys(ours, others).offset(at).limit(CHUNK))]
        found: dict[tuple[Any, ...], tuple[list[UUID], list[UUID]]] = {key: ([], []) for key in keys}
        for place, part in enumerate((ours, *others)) if keys else ():
            for row in work.session.execute(part.under(keys)):
                found[tuple(row[4:])][min(place, 1)].append(row.id)
    return list(found.values())


def _compared(work: Work, cls: Any, kind: str) -> tuple[_Compared, list[_Compared]]:
    """Our rows, and those of what they may have become."""
    # what belongs to one alone, and a name, is told whosever it is
    is_sure = kind in cls.suspects or kind in getattr(cls, "alone_by", ())
    others = []
    for other in _further(work, cls):
        same_columns = kind in cls.suspects and other.suspects.get(kind) == cls.suspects[kind]
        if same_columns or (kind not in cls.suspects and kind in getattr(other, "reached_by", ())):
            others.append(_Compared(other, kind, None if is_sure else _visible(work, other), is_other=True))
    return _Compared(cls, kind, _visible(work, cls)), others


def _visible(work: Work, cls: Any) -> Any:
    return None if work.sees_everything else scope.visible(cls, work.actor)


@dataclass(frozen=True)
class _Compared:
    """Rows of one class under what they are compared by; `seen` is the condition on those that count, None: all."""

    cls: Any
    kind: str
    seen: Any
    is_other: bool = False

    def rows(self, *which: Any) -> Select[Any]:
        """id, created_at, whether it is no other, whether it does not say yet which of the others it is; then the keys."""
        cls, seen = self.cls, () if self.seen is None else (self.seen,)
        where = (cls.archived_at.is_(None), *seen, *which)
        fields = [] if self.is_other else [getattr(cls, name).is_(None) for name in cls.becomes.values()]
        asks = or_(*fields) if fields else literal(False)
        shown = [cls.id, cls.created_at, literal(not self.is_other).label("mine"), asks.label("asks")]
        if self.kind in cls.suspects:
            keys = [column.label(f"key{n}") for n, column in enumerate(self._columns())]
            return select(*shown, *keys).where(*where, *(column.is_not(None) for column in self._columns()))
        each = select(*shown, func.unnest(cls.reach).label("key0")).where(*where).subquery()
        return select(each).where(each.c.key0.startswith(f"{self.kind} ", autoescape=True))

    def under(self, keys: list[tuple[Any, ...]]) -> Select[Any]:
        """Those that have one of these keys, the oldest first; found by the index of what they are compared by."""
        if self.kind in self.cls.suspects:
            rows = self.rows(tuple_(*self._columns()).in_(keys))
        else:
            wanted = [key for (key,) in keys]
            each = self.rows(self.cls.reach.overlap(wanted)).subquery()
            rows = select(each).where(each.c.key0.in_(wanted))
        found = rows.subquery()
        return select(found).order_by(found.c.created_at, found.c.id)

    def _columns(self) -> list[Any]:
        return [getattr(self.cls, name) for name in self.cls.suspects[self.kind]]


def _keys(ours: _Compared, others: list[_Compared]) -> Select[Any]:
    """What several of ours agree in, or one with what it may be and does not say yet; what most agree in first.

    Only keys are counted; a million rows with their ids would have to be sorted for it.
    """
    mine = ours.rows()
    known = mine.subquery()
    among = [column for column in known.c if column.name.startswith("key")]
    parts = [mine]
    for other in others:
        its = other.rows().subquery()
        keys = [its.c[column.name] for column in among]
        parts.append(select(its).where(tuple_(*keys).in_(select(*among))))
    rows = union_all(*parts).subquery()
    keys = [rows.c[column.name] for column in among]
    own, other_ones = func.count().filter(rows.c.mine), func.count().filter(~rows.c.mine)
    may_be = and_(other_ones > 0, func.bool_or(rows.c.asks))
    return (
        select(*keys)
        .group_by(*keys)
        .having(and_(own > 0, or_(own > 1, may_be)))
        .order_by(func.count().desc(), *keys)
    )


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
