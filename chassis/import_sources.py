"""Where files come from: the columns and answers of the last file with the same titles are there for the next one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import answers, search
from chassis.audit import plain
from chassis.database import ChassisBase
from chassis.entities import find_class
from chassis.identity import new_id
from chassis.work import Work
from contracts.errors import NotFound
from contracts.transfer import ForgetSource, Source, SourceOf, Sources, SourcesOf

ALIKE = 0.6
"""Share of titles two kinds of file must have in common for one to be taken for the other."""
LATEST = 100


class ImportSource(ChassisBase):
    """One kind of file, told by its titles, as one person brings it in."""

    __tablename__ = "import_source"
    __table_args__ = (
        Index("ix_import_source_person_id", "person_id", "entity", "fingerprint", unique=True),
        Index("ix_import_source_entity", "entity", "fingerprint"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column()
    entity: Mapped[str] = mapped_column(String(60))
    fingerprint: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(100))
    titles: Mapped[list[Any]] = mapped_column()
    fields: Mapped[dict[str, Any]] = mapped_column()
    values: Mapped[dict[str, Any]] = mapped_column()
    duplicates: Mapped[str] = mapped_column(String(20))
    key: Mapped[str | None] = mapped_column(String(60))
    used_at: Mapped[datetime] = mapped_column()


def fingerprint(titles: Iterable[str]) -> str:
    """The same for the same titles in any order."""
    said = sorted({search.folded(title) for title in titles} - {""})
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()


def remember(work: Work, job: Any, name: str | None = None) -> None:
    """The next file with these titles of hers is brought in like this job's."""
    if not any(job.titles):
        return
    mark = fingerprint(job.titles)
    key = {"person_id": work.actor.id, "entity": job.entity, "fingerprint": mark}
    wanted = select(ImportSource).filter_by(**key).with_for_update()
    source = work.session.scalars(wanted).first()
    if source is None:
        source = ImportSource(id=new_id(), name="", values={}, **key)
        work.session.add(source)
    places = dict(zip(job.titles, job.places, strict=False))
    source.name = (name or source.name or job.file_name.rpartition(".")[0] or job.file_name)[:100]
    source.titles, source.fields = (
        list(job.titles),
        {title: place for title, place in places.items() if title},
    )
    source.values = answers.merged(source.values, job.values)
    source.duplicates, source.key, source.used_at = job.duplicates, job.key, work.now
    work.session.flush()


def source(work: Work, message: SourceOf) -> Source | None:
    """One's own file of these titles or, if there is none, one much like it; else a colleague's of just these titles."""
    entity = find_class(work, message.entity, "import").record.entity()
    of_kind = select(ImportSource).where(ImportSource.entity == entity).order_by(ImportSource.used_at.desc())
    mine = work.session.scalars(of_kind.where(ImportSource.person_id == work.actor.id).limit(LATEST)).all()
    wanted = {search.folded(title) for title in message.titles} - {""}
    best = max(mine, key=lambda one: _likeness(one, wanted), default=None)
    if best is not None and _likeness(best, wanted) >= ALIKE:
        return _told(best, is_mine=True)
    same = of_kind.where(ImportSource.fingerprint == fingerprint(message.titles)).limit(1)
    found = work.session.scalars(same).first()
    return None if found is None else _told(found, is_mine=False)


def _likeness(one: ImportSource, wanted: set[str]) -> float:
    titles = {search.folded(title) for title in one.titles} - {""}
    return len(titles & wanted) / (len(titles | wanted) or 1)


def sources(work: Work, message: SourcesOf) -> Sources:
    """One's own."""
    wanted = select(ImportSource).where(ImportSource.person_id == work.actor.id)
    if message.entity is not None:
        wanted = wanted.where(ImportSource.entity == message.entity)
    found = work.session.scalars(wanted.order_by(ImportSource.used_at.desc()).limit(LATEST))
    return Sources(sources=tuple(_told(one, is_mine=True) for one in found))


def forget_source(work: Work, message: ForgetSource) -> None:
    """Its next file is looked at with fresh eyes. Raises NotFound for a colleague's."""
    found = work.session.get(ImportSource, message.id)
    if found is None or found.person_id != work.actor.id:
        raise NotFound(entity="import_source", id=message.id)
    work.session.delete(found)


def _told(one: ImportSource, *, is_mine: bool) -> Source:
    """What a colleague answered about single values is hers: it may name records that others do not see."""
    shown = ("id", "entity", "name", "fields", "duplicates", "key")
    return Source(
        **{name: getattr(one, name) for name in shown}, titles=tuple(one.titles), used_at=plain(one.used_at) or "",
        values=one.values if is_mine else {}, is_mine=is_mine,
    )  # fmt: skip
