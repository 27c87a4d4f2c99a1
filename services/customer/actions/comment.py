"""Remarks on records: a manager reads his people's trail and says at once what he thinks of it."""

from __future__ import annotations

from typing import Any

from chassis import mentions, scope
from chassis.entities import answer, find_class
from chassis.flush import label
from chassis.work import Work
from contracts.customer import ActivityCommented, AddComment, RecordCommented
from contracts.errors import NotFound
from services.customer import model


def add_comment(work: Work, message: AddComment) -> dict[str, Any]:
    """A remark on anything of this service that the actor may see; its owner, and whoever is mentioned, hear of it."""
    cls = find_class(work, message.about, "read")
    if cls is model.Comment:
        raise NotFound(entity=message.about, id=message.record_id)
    row = work.read(cls, message.record_id)
    text, mentioned = mentions.resolve(work, row, "text", message.text)
    remark = model.Comment(about=cls.record.entity(), record_id=row.id, text=text, mentions=mentioned)
    if message.id is not None:
        remark.id = message.id
    remark.belong_with(row)
    work.add(remark)
    work.session.flush()
    if not scope.covers(work.actor, "customer.comment.read", remark):
        scope.share(work.session, remark, work.actor.id)
    for id in mentioned:
        scope.share(work.session, remark, id)
    said = {
        "comment_id": remark.id,
        "owner_id": row.owner_id,
        "author_id": work.actor.id,
        "text": remark.text,
        "mentioned_ids": mentioned,
    }
    if cls is model.Activity:
        work.emit(ActivityCommented(activity_id=row.id, subject=row.subject, **said))
    else:
        work.emit(RecordCommented(about=remark.about, record_id=row.id, name=label(row), **said))
    return answer(work, remark)
