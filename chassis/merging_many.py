"""Many groups of the same made one each in one go: the fullest record is kept, its empty fields filled from the others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis import labels
from chassis.audit import plain
from chassis.entities import by_entity, values
from chassis.flush import label
from chassis.many import step_of
from chassis.merging import Merge, merging_class
from chassis.threads import Pause
from chassis.work import Work
from contracts.batches import MOST, TooManyAtOnce
from contracts.errors import ChangedMeanwhile
from contracts.merging import (
    GroupToMerge,
    MergeMany,
    MergeOf,
    NotMergeable,
    PlanMerges,
    UnmergeMany,
    UnmergeOf,
)

EMPTY: tuple[Any, ...] = (None, "", [], ())
NOT_FILLED = ("owner_id", "tags")
"""Who looks after it is a decision; tags are united anyway."""


def plan_merges(work: Work, message: PlanMerges) -> dict[str, Any]:
    """For each group which record would be kept, and what it would be told by the others; groups that overlap are one."""
    cls = merging_class(work, message.entity)
    groups = _apart(message.groups)
    _not_too_many(groups)
    rows = _rows(work, _these(cls, (id for ids in groups for id in ids)))
    plans = [_plan(cls, [rows[id] for id in ids if id in rows]) for ids in groups]
    columns = {name: a for name, a in cls.record.attrs().items() if not a.lines}
    return {
        "groups": [plan for plan in plans if plan is not None],
        "rows": {str(id): values(row, columns) for id, row in rows.items()},
        "labels": {
            id: told.as_json() for id, told in labels.behind_fields(work, rows.values(), columns, by_entity(work)).items()
        },
    }  # fmt: skip


def merge_many(work: Work, message: MergeMany) -> dict[str, Any]:
    """Each group by itself; what cannot be merged, or was changed since it was looked at, is told and stays."""
    cls = merging_class(work, message.entity)
    _not_too_many([group.ids for group in message.groups])
    pause, told = Pause(), []
    for group in message.groups:
        pause()
        kept_id, merge_id = str(group.ids[0]) if group.ids else None, None
        names: dict[str, str] = {}
        with step_of(work) as step:
            rows = _rows(work, _these(cls, group.ids).order_by(cls.id).with_for_update(of=cls))
            names = {str(id): label(row) for id, row in rows.items()}
            answered = work.doors["merge"].function(work, _as_told(cls, group, rows))
            kept_id, merge_id = answered["row"]["id"], answered["merge_id"]
        name = names.get(kept_id or "")
        told.append({"kept_id": kept_id, "name": name, "merge_id": merge_id, "problem": step.problem})
    return {"merged": sum(one["problem"] is None for one in told), "groups": told}


def unmerge_many(work: Work, message: UnmergeMany) -> dict[str, Any]:
    """Each merge by itself, the last first, for it may stand on another; what cannot be taken back is told and stays."""
    cls = merging_class(work, message.entity)
    if len(message.merge_ids) > MOST:
        raise TooManyAtOnce(limit=MOST)
    pause, told = Pause(), []
    wanted = select(Merge).where(Merge.id.in_(message.merge_ids), Merge.entity == cls.record.entity())
    known = {one.id: one for one in work.session.scalars(wanted.order_by(Merge.at.desc(), Merge.id.desc()))}
    for id in (*known, *(id for id in dict.fromkeys(message.merge_ids) if id not in known)):
        pause()
        kept = work.find(cls, id=known[id].kept_id) if id in known else None
        with step_of(work) as step:
            work.doors["unmerge"].function(work, UnmergeOf(entity=cls.record.entity(), merge_id=id))
        told.append({
            "merge_id": str(id), "kept_id": str(kept.id) if kept else None, "name": label(kept) if kept else None,
            "problem": step.problem,
        })  # fmt: skip
    return {"taken_back": sum(one["problem"] is None for one in told), "merges": told}


def _as_told(cls: Any, group: GroupToMerge, rows: dict[UUID, Any]) -> MergeOf:
    """Raises NotMergeable where they are not several any more, ChangedMeanwhile where one was saved since."""
    for id, row in rows.items():
        if id in group.vers and row.ver != group.vers[id]:
            raise ChangedMeanwhile(entity=cls.record.entity(), id=id, ver=row.ver)
    found = [rows[id] for id in group.ids if id in rows]
    plan = _plan(cls, found, group.kept_id) if len(found) == len(set(group.ids)) else None
    if plan is None:
        raise NotMergeable(name=label(found[0]) if found else "")
    gone = tuple(row.id for row in found if str(row.id) != plan["kept_id"])
    return MergeOf(
        entity=cls.record.entity(), kept_id=UUID(plan["kept_id"]), gone_ids=gone, values=plan["values"]
    )


def _plan(cls: Any, rows: list[Any], kept_id: UUID | None = None) -> dict[str, Any] | None:
    """None where they are not several."""
    if len(rows) < 2:
        return None
    rows = sorted(rows, key=lambda row: (row.created_at, row.id))
    attrs = cls.record.attrs()
    names = [n for n in cls.record.patch().model_fields if not attrs[n].lines and attrs[n].kind != "file"]
    said = {row.id: {n: v for n in names if (v := plain(getattr(row, n))) not in EMPTY} for row in rows}
    fullest = max(rows, key=lambda row: len(said[row.id]))  # of several that are as full the oldest
    kept = next((row for row in rows if row.id == kept_id), fullest)
    filled = {
        name: said[row.id][name] for row in reversed(rows) for name in said[row.id]
        if name not in said[kept.id] and name not in NOT_FILLED
    }  # fmt: skip
    return {
        "kept_id": str(kept.id), "ids": [str(row.id) for row in rows], "values": filled,
        "vers": {str(row.id): row.ver for row in rows},
    }  # fmt: skip


def _these(cls: Any, ids: Iterable[UUID]) -> Any:
    return select(cls).where(cls.id.in_(list(ids)), cls.archived_at.is_(None))


def _rows(work: Work, wanted: Any) -> dict[UUID, Any]:
    return {
        row.id: row for row in work.session.scalars(wanted, execution_options={"populate_existing": True})
    }


def _apart(groups: Iterable[tuple[UUID, ...]]) -> list[tuple[UUID, ...]]:
    """Groups that have a record in common are one group."""
    found: list[dict[UUID, None]] = []
    for ids in groups:
        touching = [group for group in found if group.keys() & set(ids)]
        found = [group for group in found if group not in touching]
        found.append({id: None for group in touching for id in group} | dict.fromkeys(ids))
    return [tuple(group) for group in found]


def _not_too_many(groups: Iterable[tuple[UUID, ...]]) -> None:
    if sum(len(ids) for ids in groups) > MOST:
        raise TooManyAtOnce(limit=MOST)
