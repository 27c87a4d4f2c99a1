"""What colleagues remark on a record."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from contracts.language import N_
from contracts.message import Command, Event, OwnedRecord, Question, attr


class Comment(OwnedRecord):
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
    owner_id: UUID | None = attr(N_("Owner"), None, ref="organization.staff", readonly=True)


class AddComment(Command):
    """A remark on a record of this service."""

    id: UUID | None = None
    about: str = attr(N_("About"), max_length=60)
    record_id: UUID
    text: str = attr(
        N_("Comment"), kind="long_text", max_length=4000, help=N_("Type @ to call a colleague to it.")
    )


class CommentsOf(Question):
    """What was remarked on one record the actor may see."""

    about: str
    record_id: UUID


class ColleaguesFor(Question):
    """Who may be mentioned on a record: colleagues that may see it, by a fragment of their name."""

    called: ClassVar[str] = "colleagues"

    about: str
    record_id: UUID
    text: str = ""


class ActivityCommented(Event):
    """Somebody remarked on an activity."""

    comment_id: UUID
    activity_id: UUID
    owner_id: UUID | None = None
    author_id: UUID
    subject: str = ""
    text: str
    mentioned_ids: tuple[UUID, ...] = ()

    aggregate: ClassVar[str] = "activity_id"


class RecordCommented(Event):
    """Somebody remarked on a lead, a customer, a contact."""

    comment_id: UUID
    about: str
    record_id: UUID
    owner_id: UUID | None = None
    author_id: UUID
    name: str = ""
    text: str
    mentioned_ids: tuple[UUID, ...] = ()

    aggregate: ClassVar[str] = "record_id"
