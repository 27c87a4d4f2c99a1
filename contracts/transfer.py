"""Bringing in many rows from a file: the file's rows travel in batches, are looked at, worked off in the background, and
can be taken back as a whole. The same for every entity of every service; the right is `<service>.<entity>.import`."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from contracts.errors import Refused
from contracts.language import N_
from contracts.message import Command, Message
from contracts.query import Of

JobPhase = Literal[
    "staging", "checking", "checked", "running", "done", "cancelled", "taking_back", "taken_back"
]
"""staging       rows arrive
checking      being looked at, nothing is made yet (dry run)
checked       every row is known to be good or bad
running       good rows are being made, a few hundred at a time
done          all good rows are made
cancelled     stopped by somebody; what was made until then stays
taking_back   what it made is being put away again
taken_back    done with that"""


Answer = Literal["empty", "make", "me", "set_aside"]
"""What becomes of a value that names nothing we know: the field stays empty, the entry or record is made, the record is that
of whoever imports, the row is set aside. Any other answer is the id of the record, or the choice, that is meant."""
OTHERWISE, MISSING = "*", ""
"""In place of a value: for all that no other answer is given, and for rows whose cell is empty."""
UNMAPPED = "#"
"""Before the number of a column (from 0) that fills no field: it travels with the row so that a bad row comes back whole."""


class StartImport(Of, Command):
    """A file is about to come: whose rows, and which fields its columns fill.

    duplicates   what becomes of a row whose like is in the file or in the books already: `set_aside` makes it a bad
                 row, `take` makes it all the same, `update` changes the record that has the same value in the field `key`
                 (what the row leaves empty stays), and makes a new one where there is none
    titles, places   the titles of all columns of the file, and the field each of them fills («» for none)
    values       field → value of the file → what is to become of it where it names nothing we know (see `Answer`)
    sheet        which sheet of the file; expected: how many rows it has, as far as that is known
    source       a name under which the columns and answers are remembered for the next file with these titles
    """

    id: UUID | None = None
    file_name: str
    columns: tuple[str, ...]
    duplicates: Literal["set_aside", "take", "update"] = "set_aside"
    key: str | None = None
    titles: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    values: dict[str, dict[str, str]] = {}
    sheet: str | None = None
    expected: int | None = None
    source: str | None = None


class ImportWish(Message):
    """What a program says beside the file it sends; whatever it leaves out is as the page would propose it.

    columns      title of the file → name of the field it fills; a title that is left out fills none
    values       as in `StartImport`: field → value of the file → what is to become of it
    """

    columns: dict[str, str] | None = None
    values: dict[str, dict[str, str]] | None = None
    duplicates: Literal["set_aside", "take", "update"] | None = None
    key: str | None = None
    sheet: str | None = None
    source: str | None = None


class AnswerUnknown(Message):
    """Answers to values that are not known, and the word to look at all rows again."""

    values: dict[str, dict[str, str]] = {}


class StageRows(Command):
    """Some rows of the file, already by field: the first stands at place `first` (the file's own counting).

    Values are as the file has them; references are texts that name the record. A column that fills no field stands under
    `#` and its number. Sending a batch again changes nothing.
    """

    job_id: UUID
    first: int
    rows: tuple[dict[str, Any], ...]


class CheckImport(Command):
    """Look at every row, make nothing (dry run); goes on in the background.

    The first look says that the whole file has come. With `values`, these answers replace those that the job had for the
    same values.
    """

    job_id: UUID
    values: dict[str, dict[str, str]] = {}


class RunImport(Command):
    """Make the good rows; goes on in the background. Bad ones are set aside."""

    job_id: UUID


class CancelJob(Command):
    """Stop where it is, and say why if there is a reason. What was made stays, and can be taken back."""

    job_id: UUID
    error: str | None = None


class TakeBack(Command):
    """Put away again all that the job made, but not what was changed since."""

    job_id: UUID


class JobOf(Message):
    """Which job is asked for."""

    id: UUID


class JobsOf(Message):
    """The latest jobs, newest first."""

    entity: str | None = None
    limit: int = 20


class SourceOf(Of):
    """Whether a file with these titles is known, to this person or to a colleague."""

    titles: tuple[str, ...]


class ForgetSource(Command):
    """What was remembered of files of one kind is to be forgotten."""

    id: UUID


class Source(Message):
    """How files with certain titles were brought in the last time.

    fields   title → field; values: what became of values that were not known; is_mine: one's own, not a colleague's
    """

    id: UUID
    entity: str
    name: str
    titles: tuple[str, ...]
    fields: dict[str, str]
    values: dict[str, dict[str, str]] = {}
    duplicates: str = "set_aside"
    key: str | None = None
    used_at: str
    is_mine: bool = True


class Sources(Message):
    """One's own, the latest first."""

    sources: tuple[Source, ...] = ()


class SourcesOf(Message):
    """One's own of one kind of record, or of all."""

    entity: str | None = None


class BadRowsOf(Message):
    """Bad rows of a job behind place `after`, in the order of the file."""

    job_id: UUID
    after: int = -1
    limit: int = 500


class ImportJob(Message):
    """How far a job is.

    total, done   rows it has, rows it has worked in the present pass (check, run, take back)
    good, bad     rows found good, rows set aside
    made          rows made, as far as they were not taken back
    kept          rows that taking back left alone, because somebody has changed them since
    unknown       values that name nothing we know: [{field, text, rows, why, answer}]; `text` is «*» for those beyond the
                  first few hundred of a field, «» for rows that leave it empty; `why` the problem it would be
    added         records that were made because rows referred to them
    is_stalled    rows stopped coming before the file was whole
    problems_sample   the first few bad rows: [{row, field, code, params}]
    """

    id: UUID
    entity: str
    file_name: str
    state: JobPhase
    columns: tuple[str, ...] = ()
    duplicates: str = "set_aside"
    key: str | None = None
    total: int = 0
    done: int = 0
    good: int = 0
    bad: int = 0
    made: int = 0
    kept: int = 0
    titles: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    values: dict[str, dict[str, str]] = {}
    unknown: tuple[dict[str, Any], ...] = ()
    added: int = 0
    sheet: str | None = None
    expected: int | None = None
    is_stalled: bool = False
    started_by: UUID
    started_by_name: str = ""
    created_at: str
    ended_at: str | None = None
    error: str | None = None
    problems_sample: tuple[dict[str, Any], ...] = ()
    can: tuple[str, ...] = ()
    """Doors that make sense now: check_import, run_import, cancel_job, take_back."""


class BadRows(Message):
    """Rows set aside, with what is wrong: rows = [{row, values, problems: [{field, code, params}]}]; `next` is the
    place to go on from, None at the end."""

    rows: tuple[dict[str, Any], ...]
    next: int | None = None


class NotInThisPhase(Refused):
    """Raised with `state`, the phase the job is in."""

    pattern = N_("This job is in the phase “{state}”; that is not possible now.")


class ChangedSince(Refused):
    """Raised while taking back; the row stays. Raised with `name`."""

    pattern = N_("{name} has been used or changed since it was imported.")
