"""What colleagues remark on a record of this service."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from contracts import comments
from contracts.message import Event


class Comment(comments.Comment):
    """What a colleague remarked on a lead, a customer, a contact, an activity."""


class AddComment(comments.AddComment):
    """A remark on a record of this service."""


class CommentsOf(comments.CommentsOf):
    """What was remarked on one record the actor may see."""


class ColleaguesFor(comments.ColleaguesFor):
    """Who may be mentioned on a record: colleagues that may see it, by a fragment of their name."""


class ActivityCommented(Event):
    """Somebody remarked on an activity, or wrote her remark otherwise."""

    comment_id: UUID
    activity_id: UUID
    owner_id: UUID | None = None
    author_id: UUID
    subject: str = ""
    text: str
    mentioned_ids: tuple[UUID, ...] = ()
    is_corrected: bool = False

    aggregate: ClassVar[str] = "activity_id"


class RecordCommented(comments.RecordCommented):
    """Somebody remarked on a lead, a customer, a contact."""
