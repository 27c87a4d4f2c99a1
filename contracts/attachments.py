"""Files on records: they travel in parts, are attached together or not at all, and can be taken off and brought back.
The same for every entity of every service; who may read a record may read its files, who may change it may add some."""

from __future__ import annotations

from uuid import UUID

from contracts.language import N_
from contracts.message import Command, Message, attr
from contracts.query import Of

PART = 256 * 1024
"""Bytes of a file that travel in one message."""
LARGEST = 20 * 1024 * 1024
"""Bytes of one file."""
MOST = 20
"""Files attached at once."""
LONGEST_TEXT = 50_000
"""Characters of a file's text by which it is found."""


PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Kinds of file that are pictures, in which nothing runs."""


class PutPart(Command):
    """One part of a file that is about to be attached; sending it again changes nothing. `data` in base64."""

    file_id: UUID
    position: int
    data: str


class NewFile(Message):
    """A file whose parts have arrived: how it is called, how many bytes it has, what it is, what is written in it."""

    file_id: UUID
    name: str = attr(N_("File name"), max_length=200)
    size: int
    media_type: str = attr(N_("Kind of file"), max_length=100)
    text: str = ""


class AttachFiles(Of, Command):
    """Put files on a record: all of them, or none."""

    id: UUID
    files: tuple[NewFile, ...]


class AttachmentsOf(Of):
    """The files of one record, newest first, also those taken off when `removed` says so."""

    id: UUID
    removed: bool = False


class AttachmentOf(Of):
    """One file of one record."""

    id: UUID
    attachment_id: UUID


class PartOf(AttachmentOf):
    """One part of what is in it, in base64; None behind the last."""

    position: int


class RenameAttachment(AttachmentOf, Command):
    """It is called otherwise."""

    name: str = attr(N_("File name"), max_length=200)


class RemoveAttachment(AttachmentOf, Command):
    """Take it off the record; it can be brought back."""


class RestoreAttachment(AttachmentOf, Command):
    """Bring back what was taken off."""


class FindAttachments(Message):
    """Files whose name or text contains a fragment, on records that the person may see; the newest first."""

    text: str
    limit: int = 5


class Attachment(Message):
    """A file on a record, without what is in it. `media_type` was found by looking into it."""

    id: UUID
    entity: str
    record_id: UUID
    name: str
    size: int
    media_type: str
    at: str
    actor_id: UUID
    actor_name: str
    removed_at: str | None = None


class FieldFile(Message):
    """What stands in an own field of kind file: one of the record's files. Entered as the id of a file that is on the record
    already, or as a new one whose parts have arrived (`file_id`, and what a `NewFile` says)."""

    id: UUID | None = None
    name: str = attr(N_("File name"), "", max_length=200)
    media_type: str = attr(N_("Kind of file"), "", max_length=100)
    size: int = 0
    file_id: UUID | None = None
    text: str = ""
