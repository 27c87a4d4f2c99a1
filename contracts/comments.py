"""What colleagues remark on records: the same for every service that keeps remarks. Who may read a record reads what was
remarked on it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from contracts.language import N_
from contracts.message import Command, Event, Message, Question, Record, attr

TEXT = 4000
"""Characters of a remark."""


class Comment(Record):
    """What a colleague remarked on a record: advice of a manager, a hint. It is seen by whoever sees the record."""

    label = N_("Comment")
    plural = N_("Comments")
    icon = "message"
    title = ("text",)
    creatable = False
    editable = False

    about: str = attr(N_("About"), kind="entity", readonly=True, max_length=60, filter=True)
    """The kind of record, such as `customer.activity`."""
    record_id: UUID = attr(N_("Record"), kind="id", readonly=True)
    text: str = attr(N_("Text"), kind="long_text", readonly=True, in_list=True)
    mentions: tuple[UUID, ...] = attr(N_("Mentioned"), (), ref="organization.staff", readonly=True)
    """Colleagues whom the text calls by «@» and their name."""
    corrected_at: datetime | None = attr(N_("Corrected at"), None, readonly=True, filter=True)
    """When its author last wrote it otherwise; what it said before stands in its history."""


class AddComment(Command):
    """A remark on a record of this service."""

    id: UUID | None = None
    about: str = attr(N_("About"), max_length=60)
    record_id: UUID
    text: str = attr(
        N_("Comment"), kind="long_text", max_length=TEXT, help=N_("Type @ to call a colleague to it.")
    )


class CommentsOf(Question):
    """What was remarked on one record the actor may see; `removed`: also what was taken off."""

    about: str
    record_id: UUID
    removed: bool = False


class MyComments(Question):
    """The latest remarks of others that call the actor or stand on what is hers."""

    limit: int = 20


class ColleaguesFor(Question):
    """Who may be mentioned on a record: colleagues that may see it, by a fragment of their name."""

    called: ClassVar[str] = "colleagues"

    about: str
    record_id: UUID
    text: str = ""


class CommentOf(Message):
    """One remark on one record."""

    about: str
    record_id: UUID
    comment_id: UUID


class CorrectComment(CommentOf):
    """Its author writes it otherwise; it is marked, and its history keeps what it said."""

    text: str = attr(N_("Comment"), kind="long_text", max_length=TEXT)


class RemoveComment(CommentOf):
    """Take it off; it can be brought back."""


class RestoreComment(CommentOf):
    """Bring it back."""


class RecordCommented(Event):
    """Somebody remarked on a record, or wrote her remark otherwise."""

    comment_id: UUID
    about: str
    record_id: UUID
    owner_id: UUID | None = None
    author_id: UUID
    name: str = ""
    text: str
    mentioned_ids: tuple[UUID, ...] = ()
    is_corrected: bool = False

    aggregate: ClassVar[str] = "record_id"
