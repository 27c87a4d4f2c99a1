"""What colleagues remark on records of any kind of a service: the row and the doors.

A service keeps remarks by naming its `Comment` among its entities. Who may read a record reads what was remarked on it, and
whoever holds `<service>.add_comment` remarks on it as well. A remark is corrected by its author, taken off and brought back by
her and by whoever may put the record itself away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Index, Select, Text, Uuid, false, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from chassis import labels, mentions
from chassis.audit import plain
from chassis.database import Kept, Owned, Upon
from chassis.entities import answer, by_entity, find_class, values
from chassis.flush import label
from chassis.scope import below_it
from chassis.work import Work
from contracts.comments import (
    AddComment,
    ColleaguesFor,
    CommentOf,
    CommentsOf,
    CorrectComment,
    MyComments,
    RecordCommented,
    RemoveComment,
    RestoreComment,
)
from contracts.errors import Forbidden, NotFound
from contracts.message import Event
from contracts.query import Remark

NOUN = "comment"
MOST_OFFERED = 8
RECENT = timedelta(days=14)
SHOWN = ("id", "text", "mentions", "corrected_at", "created_at", "created_by", "archived_at")


class Comment(Upon, Kept):
    """A remark on a record; who wrote it is who created it."""

    announces: ClassVar[type[RecordCommented]]
    """How its service says that somebody remarked on a record."""

    text: Mapped[str] = mapped_column(Text)
    mentions: Mapped[Sequence[UUID]] = mapped_column(ARRAY(Uuid), default=list, server_default="{}")
    corrected_at: Mapped[datetime | None] = mapped_column()

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Index, ...]:
        return (
            Index("ix_comment_record_id", "record_id"),
            Index("ix_comment_mentions", "mentions", postgresql_using="gin"),
        )

    def news(self, row: Any, **said: Any) -> Event:
        """What is announced of a remark on this row."""
        return self.announces(about=self.about, record_id=row.id, name=label(row), **said)


# -- reading ----------------------------------------------------------------------------------------------------------


def comments(work: Work, message: CommentsOf) -> dict[str, Any]:
    """What was remarked on one record, oldest first, for whoever sees the record."""
    row = _record(work, message)
    cls = _kind(work)
    wanted = select(cls).where(cls.record_id == row.id).order_by(cls.created_at, cls.id)
    if not message.removed:
        wanted = wanted.where(cls.archived_at.is_(None))
    with work.everything():
        remarks = list(work.session.scalars(wanted))
    attrs = cls.record.attrs()
    found = labels.named(work, labels.Wanted().behind(remarks, attrs), by_entity(work))
    may_remove = _may_put_away(work, row)
    return {
        "rows": [
            {**values(one, {name: attrs[name] for name in SHOWN}), "can": _can(work, one, may_remove)}
            for one in remarks
        ],
        "labels": {id: label.as_json() for id, label in found.items()},
    }


def colleagues(work: Work, message: ColleaguesFor) -> dict[str, Any]:
    """Whom a remark on this record may mention; of those who may not see it nothing is told."""
    found = mentions.offered(work, _record(work, message), message.text, MOST_OFFERED)
    return {
        "options": [
            {
                "id": str(card.id), "label": card.label, "label_en": card.label_en, "login": card.data.get("login"),
            }
            for card in found
        ]
    }  # fmt: skip


def for_me(work: Work) -> Select[Any]:
    """The latest remarks of others that call the actor, or stand on what is hers, as far as she may see them."""
    cls, me = _kind(work), work.actor.id
    owned: list[Any] = [one for one in below_it(cls) if issubclass(one, Owned)]
    hers = or_(false(), *(cls.record_id.in_(select(one.id).where(one.owner_id == me)) for one in owned))
    wanted = select(cls).where(
        or_(hers, cls.mentions.contains([me])), cls.created_by != me, cls.created_at >= work.now - RECENT,
        cls.archived_at.is_(None),
    )  # fmt: skip
    return wanted.order_by(cls.created_at.desc(), cls.id)


def my_comments(work: Work, message: MyComments) -> dict[str, Any]:
    """Those of the last two weeks, with the names of what they are about."""
    remarks = list(work.session.scalars(for_me(work).limit(max(1, min(message.limit, 50)))))
    attrs = _kind(work).record.attrs()
    wanted = labels.Wanted().behind(remarks, attrs)
    for one in remarks:
        wanted.add(one.about, [one.record_id])
    found = labels.named(work, wanted, by_entity(work))
    shown = {name: attrs[name] for name in (*SHOWN, "about", "record_id")}
    return {
        "rows": [values(one, shown) for one in remarks],
        "labels": {id: label.as_json() for id, label in found.items()},
    }


def on(work: Work, ids: Iterable[UUID]) -> list[Any]:
    """The remarks on records that the actor was shown: whoever sees a record sees what was remarked on it."""
    cls = _kind(work)
    wanted = (
        select(cls).where(cls.record_id.in_(list(ids)), cls.archived_at.is_(None)).order_by(cls.created_at)
    )
    with work.everything():
        return list(work.session.scalars(wanted))


def people_in(remarks: Iterable[Any]) -> list[UUID]:
    """Who wrote them and whom they call."""
    return [id for one in remarks for id in (one.created_by, *(one.mentions or ())) if id is not None]


def by_record(remarks: Iterable[Any]) -> dict[str, list[Remark]]:
    """As a trail tells them, by the id of what they are about."""
    found: dict[str, list[Remark]] = defaultdict(list)
    for one in remarks:
        found[str(one.record_id)].append(
            {
                "text": one.text, "at": plain(one.created_at), "by_id": plain(one.created_by),
                "mentions": [str(id) for id in one.mentions or ()],
            }
        )  # fmt: skip
    return found


# -- writing ----------------------------------------------------------------------------------------------------------


def add_comment(work: Work, message: AddComment) -> dict[str, Any]:
    """A remark on anything of this service that the actor may see; its owner, and whoever is mentioned, hear of it."""
    row = _record(work, message)
    text, mentioned = mentions.resolve(work, row, "text", message.text)
    remark = _kind(work)(about=row.record.entity(), record_id=row.id, text=text, mentions=mentioned)
    if message.id is not None:
        remark.id = message.id
    work.add(remark)
    work.session.flush()
    work.emit(remark.news(row, **_said(row, remark)))
    return answer(work, remark)


def correct_comment(work: Work, message: CorrectComment) -> dict[str, Any]:
    """Its author writes it otherwise: it is marked, and whoever it calls only now hears of it."""
    row, remark = _found(work, message)
    if not _is_hers(work, remark):
        raise Forbidden(permission=f"{work.service}.correct_comment")
    text, mentioned = mentions.resolve(work, row, "text", message.text)
    if text != remark.text:
        remark.text, remark.mentions, remark.corrected_at = text, mentioned, work.now
        work.session.flush()
        work.emit(remark.news(row, **_said(row, remark), is_corrected=True))
    return answer(work, remark)


def remove_comment(work: Work, message: RemoveComment) -> dict[str, Any]:
    """Off the record; kept, in case it was a mistake."""
    remark = _removable(work, message)
    remark.archived_at = remark.archived_at or work.now
    work.session.flush()
    return answer(work, remark)


def restore_comment(work: Work, message: RestoreComment) -> dict[str, Any]:
    """On the record again."""
    remark = _removable(work, message)
    remark.archived_at = None
    work.session.flush()
    return answer(work, remark)


def _said(row: Any, remark: Any) -> dict[str, Any]:
    return {
        "comment_id": remark.id, "owner_id": getattr(row, "owner_id", None), "author_id": remark.created_by,
        "text": remark.text, "mentioned_ids": tuple(remark.mentions),
    }  # fmt: skip


# -- whose they are ---------------------------------------------------------------------------------------------------


def _kind(work: Work) -> Any:
    """The class of the service's remarks. Raises NotFound where it keeps none."""
    cls = work.entities.get(NOUN)
    if cls is None or not issubclass(cls, Comment):
        raise NotFound(entity=f"{work.service}.{NOUN}", id="")
    return cls


def _record(work: Work, message: AddComment | CommentsOf | ColleaguesFor | CommentOf) -> Any:
    """What it is about, as the actor may see it. Raises NotFound, also for a remark on a remark."""
    cls = find_class(work, message.about, "read")
    if issubclass(cls, Upon):
        raise NotFound(entity=message.about, id=message.record_id)
    return work.read(cls, message.record_id)


def _found(work: Work, message: CommentOf, *, removed: bool = False) -> tuple[Any, Any]:
    """The record and the remark on it, locked. Raises NotFound."""
    row = _record(work, message)
    with work.everything():
        remark = work.get(_kind(work), message.comment_id)
    if remark.record_id != row.id or (remark.archived_at is not None and not removed):
        raise NotFound(entity=remark.record.entity(), id=remark.id)
    return row, remark


def _removable(work: Work, message: CommentOf) -> Any:
    row, remark = _found(work, message, removed=True)
    if not (_is_hers(work, remark) or _may_put_away(work, row)):
        raise Forbidden(permission=f"{row.record.entity()}.archive")
    return remark


def _is_hers(work: Work, remark: Any) -> bool:
    return bool(remark.created_by == work.actor.id)


def _may_put_away(work: Work, row: Any) -> bool:
    return bool(work.may(f"{row.record.entity()}.archive", row))


def _can(work: Work, remark: Any, may_remove: bool) -> dict[str, bool]:
    is_there, is_hers = remark.archived_at is None, _is_hers(work, remark)
    return {
        "correct": is_there and is_hers, "remove": is_there and (is_hers or may_remove),
        "restore": not is_there and (is_hers or may_remove),
    }  # fmt: skip
