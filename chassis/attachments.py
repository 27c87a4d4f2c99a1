"""Files on records of any entity: the tables and the doors.

What is in a file lies in parts in the service's own database, so a backup of that is a backup of all. A file whose parts
were sent but that was never attached is forgotten after a day.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String, Text, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Mapped, mapped_column, undefer

from chassis import field_files, labels, merging, search
from chassis.audit import Change, entry, plain
from chassis.database import ChassisBase
from chassis.entities import by_entity, find_class
from chassis.identity import new_id
from chassis.work import Work
from contracts.attachments import (
    LARGEST,
    LONGEST_TEXT,
    MOST,
    PART,
    PICTURES,
    AttachFiles,
    AttachmentOf,
    AttachmentsOf,
    FindAttachments,
    PartOf,
    PutPart,
    RemoveAttachment,
    RenameAttachment,
    RestoreAttachment,
)
from contracts.errors import FieldProblem, Forbidden, Invalid, NotFound

CANDIDATES = 200
"""So many of the newest files that fit are looked at; most of them must be out of reach before one is missed."""
FIELD = "attachments"
"""Under this name the log of a record says what was put on it and taken off."""


class FilePart(ChassisBase):
    """A part of what is in a file."""

    __tablename__ = "file_part"
    __table_args__ = (
        Index("ix_file_part_waits_since", "waits_since", postgresql_where=text("waits_since is not null")),
    )

    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    sent_by: Mapped[UUID] = mapped_column()
    waits_since: Mapped[datetime | None] = mapped_column()
    """When it came; None once the file is on a record."""


class Attachment(ChassisBase):
    """A file on a record."""

    __tablename__ = "attachment"
    __table_args__ = (
        Index("ix_attachment_record_id", "record_id"),
        Index("ix_attachment_file_id", "file_id", unique=True),
        Index("ix_attachment_grams", "grams", postgresql_using="gin"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entity: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[UUID] = mapped_column()
    file_id: Mapped[UUID] = mapped_column()
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column()
    media_type: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime] = mapped_column()
    actor_id: Mapped[UUID] = mapped_column()
    actor_name: Mapped[str] = mapped_column(String(200))
    removed_at: Mapped[datetime | None] = mapped_column()
    text: Mapped[str] = mapped_column(Text, default="", deferred=True)
    search_text: Mapped[str] = mapped_column(Text, deferred=True)
    grams: Mapped[list[str]] = mapped_column(ARRAY(Text), deferred=True)

    def called(self, name: str) -> None:
        """Give it a name, and be found by it and by what is written in it."""
        self.name = name
        self.search_text = search.searched([("text", name), ("long_text", self.text)], LONGEST_TEXT)
        self.grams = search.grams(self.search_text)


# -- sending ----------------------------------------------------------------------------------------------------------


def put_part(work: Work, message: PutPart) -> dict[str, Any]:
    """Keep a part of a file until it is attached."""
    try:
        data = base64.b64decode(message.data, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(FieldProblem("data", "wrong")) from None
    if not 0 <= message.position < -(-LARGEST // PART) or len(data) > PART:
        raise Invalid(FieldProblem("data", "file_too_large", value="", limit=LARGEST // 2**20))
    values = {
        "file_id": message.file_id, "position": message.position, "data": data, "sent_by": work.actor.id,
        "waits_since": work.now,
    }  # fmt: skip
    work.session.execute(insert(FilePart).values(values).on_conflict_do_nothing())
    return {"position": message.position}


def attach_files(work: Work, message: AttachFiles) -> dict[str, Any]:
    """The files are the record's from now on, if all of them are whole."""
    row = _changeable(work, message)
    if not 0 < len(message.files) <= MOST:
        raise Invalid(FieldProblem("files", "too_many_files", max=MOST))
    problems = [
        problem
        for number, file in enumerate(message.files)
        for problem in wrong(work, f"files.{number}.file_id", file)
    ]
    if problems:
        raise Invalid(*problems)
    made = [put_on(work, row, file) for file in message.files]
    _log(work, row, [None, [one.name for one in made]])
    return {"rows": [_told(one) for one in made]}


def put_on(work: Work, row: Any, file: Any) -> Attachment:
    """A file whose parts have arrived is the row's from now on. Nothing is logged."""
    one = Attachment(
        id=new_id(), entity=row.record.entity(), record_id=row.id, file_id=file.file_id, size=file.size,
        media_type=file.media_type, text=file.text.replace("\x00", "")[:LONGEST_TEXT], at=work.now,
        actor_id=work.actor.id, actor_name=work.actor.name,
    )  # fmt: skip
    one.called(file.name)
    work.session.add(one)
    taken = update(FilePart).where(FilePart.file_id == one.file_id).values(waits_since=None)
    work.session.connection().execute(taken)
    return one


def copy_onto(work: Work, source: Any, target: Any, which: Any) -> dict[UUID, Attachment]:
    """Those files of one row on another as well, each with who put it there and when; by the ids of what they are copies of.
    Nobody's rights are asked."""
    there = _on(work, source), Attachment.removed_at.is_(None), which
    wanted = select(Attachment).where(*there).order_by(Attachment.at)
    copies = {}
    for found in work.session.scalars(wanted.options(undefer(Attachment.text))):
        one = Attachment(
            id=new_id(), entity=target.record.entity(), record_id=target.id, file_id=new_id(), size=found.size,
            media_type=found.media_type, text=found.text, at=found.at, actor_id=found.actor_id, actor_name=found.actor_name,
        )  # fmt: skip
        one.called(found.name)
        parts = select(literal(one.file_id), FilePart.position, FilePart.data, FilePart.sent_by)
        columns = ["file_id", "position", "data", "sent_by"]
        copied = insert(FilePart).from_select(columns, parts.where(FilePart.file_id == found.file_id))
        work.session.execute(copied)
        work.session.add(one)
        copies[found.id] = one
    if copies:
        _log(work, target, [None, [one.name for one in copies.values()]])
    return copies


def wrong(work: Work, at: str, file: Any) -> Iterator[FieldProblem]:
    """A file is taken from whoever sent it, once, when all of it has arrived."""
    part = FilePart
    size, senders = work.session.execute(
        select(
            func.coalesce(func.sum(func.length(part.data)), 0), func.array_agg(part.sent_by.distinct())
        ).where(part.file_id == file.file_id)
    ).one()
    taken = work.session.scalar(select(Attachment.id).where(Attachment.file_id == file.file_id))
    if taken is not None or senders not in (None, [work.actor.id]):
        yield FieldProblem(at, "not_an_id", value=file.file_id)
    elif size != file.size:
        yield FieldProblem(at, "file_incomplete", value=file.name)
    elif size > LARGEST:
        yield FieldProblem(at, "file_too_large", value=file.name, limit=LARGEST // 2**20)
    elif size == 0:
        yield FieldProblem(at, "file_empty", value=file.name)


# -- reading ----------------------------------------------------------------------------------------------------------


def attachments(work: Work, message: AttachmentsOf) -> dict[str, Any]:
    """The files of a record and of those merged into it, and whether more may be added."""
    row = _readable(work, message)
    one = Attachment
    wanted = select(one).where(_on(work, row)).order_by(one.at.desc(), one.id.desc())
    if not message.removed:
        wanted = wanted.where(one.removed_at.is_(None))
    rows = list(work.session.scalars(wanted))
    return {
        "rows": [_told(found) for found in rows],
        "labels": labels.people(work, {found.actor_id for found in rows}, by_entity(work)),
        "can": {"add": _may_change(work, row)},
    }


def attachment(work: Work, message: AttachmentOf) -> dict[str, Any]:
    """One file, without what is in it."""
    return _told(_found(work, _readable(work, message), message))


def attachment_part(work: Work, message: PartOf) -> dict[str, Any]:
    """What is in a file, a part at a time."""
    return {"data": part_of(work, _found(work, _readable(work, message), message), message.position)}


def part_of(work: Work, found: Attachment, position: int) -> str | None:
    """A part of what is in a file, in base64; None behind the last."""
    wanted = select(FilePart.data).where(FilePart.file_id == found.file_id, FilePart.position == position)
    data = work.session.scalar(wanted)
    return None if data is None else base64.b64encode(data).decode()


def newest_picture(work: Work, row: Any) -> Attachment | None:
    """What a record that shows itself to strangers is seen with; nobody's rights are asked."""
    one = Attachment
    wanted = select(one).where(_on(work, row), one.removed_at.is_(None), one.media_type.in_(PICTURES))
    return work.session.scalars(wanted.order_by(one.at.desc(), one.id.desc())).first()


def find_attachments(work: Work, message: FindAttachments) -> dict[str, Any]:
    """Found by name or text; a file on a record out of reach does not exist."""
    one, fits = Attachment, search.matches(Attachment, message.text)  # type: ignore[arg-type]
    if fits is None:
        return {"rows": [], "labels": {}}
    wanted = select(one).where(fits, one.removed_at.is_(None)).order_by(one.at.desc()).limit(CANDIDATES)
    candidates = list(work.session.scalars(wanted))
    known = by_entity(work)
    seen: dict[str, set[UUID]] = {}
    for entity in {found.entity for found in candidates} & known.keys():
        if work.actor.may(f"{entity}.read") and not known[entity].retired:
            ids = {found.record_id for found in candidates if found.entity == entity}
            seen[entity] = set(
                work.session.scalars(select(known[entity].id).where(known[entity].id.in_(ids)))
            )
    rows = [found for found in candidates if found.record_id in seen.get(found.entity, ())]
    rows = rows[: max(1, min(message.limit, 50))]
    named = labels.named(
        work, {entity: ids & {r.record_id for r in rows} for entity, ids in seen.items()}, known
    )
    return {
        "rows": [_told(found) for found in rows],
        "labels": {id: label.as_json() for id, label in named.items()},
    }


# -- changing ---------------------------------------------------------------------------------------------------------


def rename_attachment(work: Work, message: RenameAttachment) -> dict[str, Any]:
    """Call it otherwise."""
    row = _changeable(work, message)
    found = _found(work, row, message)
    before = found.name
    found.called(message.name)
    if before != found.name and not field_files.renamed(row, found.id, found.name):
        _log(work, row, [[before], [found.name]])
    return _told(found)


def remove_attachment(work: Work, message: RemoveAttachment) -> dict[str, Any]:
    """Off the record; kept, in case it was a mistake."""
    row = _changeable(work, message)
    found = _found(work, row, message, removed=True)
    if found.removed_at is None:
        found.removed_at = work.now
        if not field_files.removed(row, found.id):
            _log(work, row, [[found.name], None])
    return _told(found)


def restore_attachment(work: Work, message: RestoreAttachment) -> dict[str, Any]:
    """On the record again."""
    row = _changeable(work, message)
    found = _found(work, row, message, removed=True)
    if found.removed_at is not None:
        found.removed_at = None
        _log(work, row, [None, [found.name]])
    return _told(found)


# -- whose they are ---------------------------------------------------------------------------------------------------


def _readable(work: Work, message: AttachmentsOf | AttachmentOf | AttachFiles) -> Any:
    """The record, as she may see it. Raises NotFound."""
    return work.read(find_class(work, message.entity, "read"), message.id)


def _changeable(work: Work, message: AttachmentOf | AttachFiles) -> Any:
    """The record, if she may put files on it. Raises NotFound, Forbidden."""
    row = _readable(work, message)
    if not _may_change(work, row):
        raise Forbidden(permission=_permission(row))
    return row


def _may_change(work: Work, row: Any) -> bool:
    return bool(work.may(_permission(row), row))


def _permission(row: Any) -> str:
    """Who may change such a record by hand may; where nobody can, whoever may make one."""
    return f"{row.record.entity()}.{'update' if row.record.editable else 'create'}"


def on(work: Work, row: Any, attachment_id: UUID) -> Attachment | None:
    """The file of that id, if it is this row's or that of one merged into it; also one that was taken off."""
    wanted = select(Attachment).where(_on(work, row), Attachment.id == attachment_id)
    return work.session.scalars(wanted).first()


def _on(work: Work, row: Any) -> Any:
    ids = [row.id, *(merging.merged_into(work, row.id) if row.merged else ())]
    return Attachment.record_id.in_(ids)


def _found(work: Work, row: Any, message: AttachmentOf, *, removed: bool = False) -> Attachment:
    found = on(work, row, message.attachment_id)
    if found is None or (found.removed_at is not None and not removed):
        raise NotFound(entity=FIELD, id=message.attachment_id)
    return found


def _log(work: Work, row: Any, change: list[Any]) -> None:
    """In the record's own log. Its version stays: nobody who is editing it is in the way."""
    work.session.add(Change(**entry(work, row, row.ver, {FIELD: change})))


def _told(found: Attachment) -> dict[str, Any]:
    names = (
        "id",
        "entity",
        "record_id",
        "name",
        "size",
        "media_type",
        "at",
        "actor_id",
        "actor_name",
        "removed_at",
    )
    return {name: plain(getattr(found, name)) for name in names}
