"""Several records that are the same thing become one, and again several.

Whatever refers to a record that went refers to the kept one: here at once, in other services when they hear of it. What was
turned is written down row by row, so that taking the merge back turns exactly that, as far as nobody has turned it since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import flush, labels, own_fields, scope
from chassis.audit import plain
from chassis.database import ChassisBase, Kept, Owned, Tagged
from chassis.entities import answer, apply, by_entity, by_name, check_references, find_class, set_back
from chassis.identity import new_id
from chassis.work import Work
from contracts.batches import TooManyAtOnce
from contracts.errors import Forbidden, Invalid
from contracts.merging import MOST_MERGED, MergeOf, MergesOf, NotMergeable, NotMerged, UnmergeOf

PUT_AWAY = "archived_at"
"""What stands for the field of a reference that could not be turned: its row was put away."""
REMARKED = "record_id"
"""The field by which a remark knows what it is about, whatever kind that is."""


class Merge(ChassisBase):
    """One merge: what was kept, who went, and how the kept one read before."""

    __tablename__ = "merge"
    __table_args__ = (Index("ix_merge_kept_id", "kept_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entity: Mapped[str] = mapped_column(String(60))
    kept_id: Mapped[UUID] = mapped_column()
    gone_ids: Mapped[list[Any]] = mapped_column()
    changed: Mapped[dict[str, Any]] = mapped_column()
    """{field: [before, after]} of the kept one."""
    at: Mapped[datetime] = mapped_column()
    actor_id: Mapped[UUID] = mapped_column()
    actor_name: Mapped[str] = mapped_column(String(200))
    undone_at: Mapped[datetime | None] = mapped_column()


class Turned(ChassisBase):
    """One reference that a merge turned from the record that went to the kept one."""

    __tablename__ = "merge_turned"
    __table_args__ = (Index("ix_merge_turned_merge_id", "merge_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merge_id: Mapped[UUID] = mapped_column()
    entity: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[UUID] = mapped_column()
    field: Mapped[str] = mapped_column(String(60))
    gone_id: Mapped[UUID] = mapped_column()
    kept_id: Mapped[UUID] = mapped_column()


# -- doors ------------------------------------------------------------------------------------------------------------


def merge(work: Work, message: MergeOf) -> dict[str, Any]:
    """Keep one, put the others away; their people, papers and history are the kept one's from now on."""
    cls = merging_class(work, message.entity)
    kept, *gone = rows = several(work, cls, (message.kept_id, *message.gone_ids))
    if len({row.id for row in rows}) < len(rows) or any(row.archived_at for row in rows):
        raise NotMergeable(name=flush.label(kept))
    patch = cls.record.patch().read(message.values)
    given = {name: getattr(patch, name) for name in patch.model_fields_set}
    check_references(work, cls.record, given)
    if issubclass(cls, Tagged) and "tags" not in given:  # what was said of one is said of all
        tags = tuple(dict.fromkeys(tag for row in rows for tag in row.tags))
        given |= {"tags": tags} if tags != tuple(kept.tags) else {}
    before = {name: plain(getattr(kept, name)) for name in given}
    apply(work, kept, given)
    made = Merge(
        id=new_id(), entity=cls.record.entity(), kept_id=kept.id, gone_ids=[str(row.id) for row in gone], at=work.now,
        actor_id=work.actor.id, actor_name=work.actor.name,
        changed={
            own_fields.logged(cls.record.entity(), name): [before[name], plain(getattr(kept, name))] for name in given
        },
    )  # fmt: skip
    work.add(made)
    for row in gone:
        row.archived_at = work.now
        if isinstance(row, Owned) and row.owner_id not in (None, kept.owner_id):
            scope.share(work.session, kept, row.owner_id)  # type: ignore[arg-type]
        turn(work, made.id, made.entity, row.id, kept.id)
    work.session.flush()
    work.let_go |= work.touched
    work.emit(
        cls.merged[0](
            merge_id=made.id, entity=made.entity, kept_id=kept.id, gone_ids=tuple(r.id for r in gone)
        )
    )
    return answer(work, kept) | {"merge_id": str(made.id)}


def unmerge(work: Work, message: UnmergeOf) -> dict[str, Any]:
    """There are several again, each with its own."""
    cls = merging_class(work, message.entity)
    found = work.session.scalars(select(Merge).where(Merge.id == message.merge_id).with_for_update()).first()
    if found is None or found.undone_at is not None or found.entity != cls.record.entity():
        raise NotMerged()
    kept = work.get(cls, found.kept_id)
    gone = [work.get(cls, UUID(id)) for id in found.gone_ids]
    if kept.archived_at is not None:
        raise NotMerged()
    found.undone_at = work.now
    for row in gone:
        row.archived_at = None
    changed = by_name(cls.record, found.changed)
    same = {name: pair[0] for name, pair in changed.items() if plain(getattr(kept, name)) == pair[1]}
    if "tags" in found.changed:  # those that were put on it since stay
        before, after = found.changed["tags"]
        same["tags"] = [tag for tag in plain(kept.tags) if tag in before or tag not in after]
    turn_back(work, found.id)  # first what was done last
    work.session.flush()
    set_back(work, kept, same)
    work.session.flush()
    work.let_go |= work.touched
    ids = tuple(row.id for row in gone)
    work.emit(cls.merged[1](merge_id=found.id, entity=found.entity, kept_id=kept.id, gone_ids=ids))
    return answer(work, kept)


def merges(work: Work, message: MergesOf) -> dict[str, Any]:
    """What was merged into a record, or of late into any that the actor sees, and whether that can be taken back."""
    cls = merging_class(work, message.entity, "read")
    if message.id is not None:
        into = Merge.kept_id == work.read(cls, message.id).id
    else:
        into = select(cls.id).where(cls.id == Merge.kept_id).exists()
    wanted = (
        select(Merge)
        .where(Merge.entity == cls.record.entity(), into)
        .order_by(Merge.at.desc(), Merge.id.desc())
    )
    found = list(work.session.scalars(wanted.limit(max(1, min(message.limit, 200)))))
    ids = {id for one in found for id in (one.kept_id, *map(UUID, one.gone_ids))}
    named = labels.named(work, {cls.record.entity(): ids}, by_entity(work))
    shown = ("id", "kept_id", "gone_ids", "changed", "at", "actor_id", "actor_name", "undone_at")
    return {
        "merges": [{name: plain(getattr(one, name)) for name in shown} for one in found],
        "labels": {id: label.as_json() for id, label in named.items()}
        | labels.people(work, {one.actor_id for one in found}, by_entity(work)),
    }


def merged_into(work: Work, id: UUID) -> list[UUID]:
    """Whose history is this record's as well."""
    wanted = select(Merge.gone_ids).where(Merge.kept_id == id, Merge.undone_at.is_(None))
    return [UUID(gone) for ids in work.session.scalars(wanted) for gone in ids]


def merging_class(work: Work, noun: str, action: str = "merge") -> Any:
    """The mapped class of a kind of which several can be made one. Raises Forbidden for any other."""
    cls = find_class(work, noun, action)
    if cls.merged is None:
        raise Forbidden(permission=f"{cls.record.entity()}.merge")
    work.permission = f"{cls.record.entity()}.{action}"
    return cls


def several(work: Work, cls: Any, ids: Sequence[UUID], find: Callable[..., Any] = Work.get) -> list[Any]:
    """The records, locked. Raises TooManyAtOnce for more than are merged at once, NotMergeable for fewer than two."""
    if len(ids) > MOST_MERGED:
        raise TooManyAtOnce(limit=MOST_MERGED)
    rows = [find(work, cls, id) for id in ids]
    if len(rows) < 2:
        raise NotMergeable(name=flush.label(rows[0]) if rows else "")
    return rows


# -- turning references -----------------------------------------------------------------------------------------------


def turn(work: Work, merge_id: UUID, entity: str, gone_id: UUID, kept_id: UUID) -> None:
    """Whatever refers to what went refers to what was kept. Twice is once: then nothing refers to it any more.

    What its own rules refuse there is put away where the kept one has its like already, or it would tell of the kept one and
    itself (`refuses_twins`); anything else goes along as it is: what was done at another company was done there.
    """
    with work.everything():
        found = [
            (row, own_fields.logged(cls.record.entity(), name))
            for cls, name in _pointing(work, entity)
            for row in work.session.scalars(_rows(cls, name, gone_id))
        ]
        if not _turned(work, merge_id, found, gone_id, kept_id):
            for one in found:
                if _turned(work, merge_id, [one], gone_id, kept_id):
                    continue
                work.following.add(one[0])
                if one[0].refuses_twins:
                    _put_away(work, merge_id, one[0], gone_id, kept_id)
                else:
                    _turned(work, merge_id, [one], gone_id, kept_id)


def _turned(work: Work, merge_id: UUID, found: list[tuple[Any, str]], gone_id: UUID, kept_id: UUID) -> bool:
    """Whether all of these stand at the kept one now; else none does."""
    step = work.session.begin_nested()
    wholes = [
        (row, part, _at(row, part))
        for row, name in found
        for part in getattr(row, "part_of", ())
        if part != name
    ]
    try:
        for row, name in found:
            _set(work, row, name, kept_id)
            _note(work, merge_id, row, name, gone_id, kept_id)
        work.session.flush()
        for row, part, before in wholes:  # its own rules have put it elsewhere
            if before is not None and (now := _at(row, part)) not in (None, before):
                _note(work, merge_id, row, part, before, now)
        step.commit()
    except Invalid:
        step.rollback()
        return False
    return True


def _put_away(work: Work, merge_id: UUID, row: Any, gone_id: UUID, kept_id: UUID) -> None:
    if row.archived_at is None:
        row.archived_at = work.now
        _note(work, merge_id, row, PUT_AWAY, gone_id, kept_id)
        work.session.flush()


def turn_back(work: Work, merge_id: UUID) -> None:
    """As it was before, except what somebody turned elsewhere since."""
    with work.everything():
        turned = list(work.session.scalars(select(Turned).where(Turned.merge_id == merge_id)))
        own = by_entity(work)
        put_away = [one for one in turned if one.field == PUT_AWAY]
        for one in turned:
            row = work.session.get(own[one.entity], one.record_id)
            if one not in put_away and row is not None and _at(row, one.field) == one.kept_id:
                _set(work, row, one.field, one.gone_id)
            work.session.delete(one)
        work.session.flush()  # what is called after others is called so again, before it comes back unasked
        for one in put_away:
            row = work.session.get(own[one.entity], one.record_id)
            if row is not None:
                row.archived_at = None
                work.following.add(row)


def _note(work: Work, merge_id: UUID, row: Any, name: str, gone_id: UUID, kept_id: UUID) -> None:
    entity = row.record.entity()
    turned = Turned(
        merge_id=merge_id, entity=entity, record_id=row.id, field=name, gone_id=gone_id, kept_id=kept_id
    )
    work.add(turned)


def _pointing(work: Work, entity: str) -> Iterator[tuple[Any, str]]:
    """Every field of a table of ours that refers to this kind of record, remarks on it as well."""
    for cls in work.entities.values():
        for name, a in cls.record.attrs().items():
            if (
                a.ref == entity and not a.many and (own_fields.is_own(name) or name in cls.__mapper__.columns)
            ) or (name == REMARKED and a.kind == "id" and "about" in cls.__mapper__.columns):
                yield cls, name


def _rows(cls: Any, name: str, id: UUID) -> Any:
    """Ids are the same nowhere else, so the kind of record need not be asked for."""
    column = own_fields.column(cls, cls.record.attrs()[name])
    return select(cls).where(column == id).with_for_update(of=cls)


def _at(row: Any, name: str) -> UUID | None:
    value = (row.own or {}).get(name) if own_fields.is_own(name) else getattr(row, name)
    return UUID(value) if isinstance(value, str) else value


def _set(work: Work, row: Kept, name: str, id: UUID) -> None:
    if own_fields.is_own(name):
        own_fields.keep(row, {name: id})
    else:
        setattr(row, name, id)
    if work.cause is not None:
        work.following.add(row)
