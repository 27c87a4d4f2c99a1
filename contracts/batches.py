"""One thing done to many records at once: they are picked, it is tried and seen, done, and can be taken back.

The same for every entity of every service. Each record goes by its own rules and by the rights of whoever does it.
"""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from contracts.errors import Refused, TooLarge
from contracts.language import N_
from contracts.message import Command, Message
from contracts.query import Of, Query

MOST = 1000
"""Records of one batch."""
How = Literal["set", "add", "take"]
"""What becomes of the values that are there, where a field holds several: replaced, added to, taken away from."""
OF_ALL = ("update", "archive", "restore")
"""What can be done to many of every kind, beside the verbs that a record names (`Record.at_once`)."""


class PickBatch(Of, Command):
    """Pick records by their ids, or all that a question means within one's rights: at most 1,000."""

    id: UUID | None = None
    ids: tuple[UUID, ...] = ()
    query: Query | None = None


class CheckBatch(Command):
    """Try on each of them what is to be done, and undo it again: what would change, what would stay and why.

    verb     update, archive, restore, or a verb that is fit for many
    values   fields to change, or what the verb wants to know
    """

    batch_id: UUID
    verb: str
    values: dict[str, Any] = {}
    how: How = "set"
    note: str | None = None


class RunBatch(Command):
    """Do it. What somebody changed since it was tried is left out and told; running it twice does it once."""

    batch_id: UUID


class TakeBackBatch(Command):
    """Each record reads again as before, but for those that somebody has changed since."""

    batch_id: UUID
    note: str | None = None


class BatchOf(Message):
    """A batch with some of its records, in their order: those in this state, behind place `after`."""

    id: UUID
    state: str | None = None
    after: int = -1
    limit: int = 50


class BatchesOf(Message):
    """The latest that were done, newest first."""

    entity: str | None = None
    limit: int = 50


class Batch(Message):
    """What is done to many.

    state   picked, checked (tried), done, taken_back
    counts  how many of its records are in which state: picked; good, same (nothing would change), bad; done, same, left;
            undone, kept
    can     doors that make sense now: check_batch, run_batch, take_back_batch
    """

    id: UUID
    entity: str
    state: Literal["picked", "checked", "done", "taken_back"]
    verb: str = ""
    values: dict[str, Any] = {}
    how: How = "set"
    note: str | None = None
    total: int = 0
    counts: dict[str, int] = {}
    actor_id: UUID
    actor_name: str = ""
    created_at: str
    done_at: str | None = None
    undone_at: str | None = None
    undone_by: str | None = None
    undone_by_id: UUID | None = None
    can: tuple[str, ...] = ()


class TooManyAtOnce(TooLarge):
    """Raised with `limit`."""

    pattern = N_("At most {limit} records at once. Narrow the list down first.")


class ChangedSinceBatch(Refused):
    """Raised with `name`."""

    pattern = N_("{name} has been changed since.")


class NothingTakesBack(Refused):
    """Raised with `verb`."""

    pattern = N_("Nothing takes “{verb}” back.")


class NotInThisState(Refused):
    """Raised with `state`, the one the batch is in."""

    pattern = N_("This is “{state}” already; that is not possible now.")
