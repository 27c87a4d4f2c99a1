"""Lists on their way into files, in the background: who wants which rows, how far it is, and the file.

The gateway writes the file, because it has the words; organization keeps who asked, what she may do now, and the result.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from contracts.actor import Actor
from contracts.errors import Refused
from contracts.language import N_
from contracts.lifecycle import Lifecycle
from contracts.message import Act, Command, Event, Message, OwnedRecord, Question, attr

FileKind = Literal["xlsx", "csv", "vcf"]
ExportState = Literal["waiting", "running", "ready", "failed", "cancelled", "expired"]
PART = 256 * 1024
"""Bytes of a file that travel in one message."""
MOST_PARTS = 2048
"""Half a gigabyte; a sheet holds no more."""


class Export(OwnedRecord):
    """A list on its way into a file; its owner is whoever asked for it, and nobody else gets the file (DAT-04)."""

    label = N_("Export")
    plural = N_("Exports")
    icon = "file-export"
    creatable = False
    editable = False
    lifecycle: ClassVar = Lifecycle(
        start="waiting",
        hidden=("begin", "finish", "fail", "expire"),
        begin="waiting, running -> running",
        finish="running -> ready",
        fail="waiting, running -> failed",
        expire="ready -> expired",
        cancel="waiting, running -> cancelled",
    )

    name: str = attr(N_("Name"), readonly=True, in_list=True, max_length=200)
    state: ExportState = attr(N_("State"), "waiting", readonly=True, in_list=True, filter=True)
    file_kind: FileKind = attr(N_("Kind of file"), readonly=True, in_list=True, filter=True)
    list_of: str = attr(N_("List"), readonly=True, max_length=60, filter=True)
    """The kind of record, such as `sales.quote`."""
    query: str | None = attr(N_("Which rows"), None, readonly=True, kind="long_text")
    """As it stands in an address: `state=sent&owner_id=me&columns=name,amount`."""
    language: Literal["zh_CN", "en"] = attr(N_("Language"), readonly=True)
    total: int = attr(N_("Rows"), 0, readonly=True, in_list=True)
    done: int = attr(N_("Rows written"), 0, readonly=True, in_list=True)
    size: int | None = attr(N_("Bytes"), None, readonly=True)
    attempts: int = attr(N_("Attempts"), 0, readonly=True)
    error: str | None = attr(N_("Error"), None, readonly=True, max_length=200)
    """The name of the problem that ended it."""
    ended_at: datetime | None = attr(N_("Ended at"), None, readonly=True, in_list=True)


class ExportEnded(Event):
    """An export is ready, or it failed. Whoever asked for it may have gone on to something else."""

    export_id: UUID
    owner_id: UUID
    name: str
    is_ready: bool
    rows: int


class StartExport(Command):
    """Write the rows of this list into a file, in the background. Asks for `<service>.<entity>.export`."""

    id: UUID | None = None
    name: str = attr(N_("Name"), max_length=200)
    list_of: str = attr(N_("List"), max_length=60)
    query: str | None = attr(N_("Which rows"), None, kind="long_text")
    file_kind: FileKind
    language: Literal["zh_CN", "en"] = "zh_CN"
    total: int = attr(N_("Rows"), 0, minimum=0)


class CancelExport(Act):
    """Stop it; nothing of it is kept."""


class TakeExport(Command):
    """Whoever writes files asks for the next one to write: one that waits, or one whose writer is silent."""


class ExportTaken(Message):
    """A file to write, for whom, with what she may do now."""

    export: Export
    actor: Actor


class ExportStep(Command):
    """Something about an export that is being written, said by its writer: the attempt names which of them it is."""

    id: UUID
    attempt: int


class ReportExport(ExportStep):
    """So many rows are written; answers what its owner may do now. Raises ExportLost."""

    done: int


class PutExportPart(ExportStep):
    """A part of the file, in base64; sending it again changes nothing."""

    position: int
    data: str


class FinishExport(ExportStep):
    """The file is whole: so many rows, so many bytes. Raises ExportLost, and Invalid when parts are missing."""

    done: int
    size: int


class FailExport(ExportStep):
    """It cannot be written, for this reason: the name of a problem."""

    error: str


class ExportPartOf(Question):
    """A part of a finished file, for its owner; past the end there is none."""

    id: UUID
    position: int


class ExportLost(Refused):
    """Raised to a writer whose export was cancelled, or is another's by now."""

    pattern = N_("This export was stopped.")


class ExportBroke(Refused):
    """Why an export failed that nobody but us can mend."""

    pattern = N_("The file could not be written.")
