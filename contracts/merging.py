"""Making one record of several that are the same thing, and taking that back; the same for every entity whose record
says `merges`. The right is `<service>.<entity>.merge`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from contracts.errors import Refused
from contracts.language import N_
from contracts.message import Command, Message, Version
from contracts.query import Of

MOST_MERGED = 20
"""Records merged at once."""


class DuplicatesOf(Of):
    """Groups of rows that may be the same thing, kind by kind, the largest first; `by` only those that agree in this.

    Records of another kind that a row may have become already (leads: customers) are `known` in its group, whosever they
    are where name, phone, mail or tax number say so: name, number and whom to ask, and the id where one may see it.

    after   where to go on (`next` of the page before)
    """

    by: str | None = None
    limit: int = 50
    after: str | None = None


class MarkDifferent(Of, Command):
    """These are different things, however much they agree: no report and no warning names them together again.

    Named with them may be records that they might have become already, by whoever may merge those, too.
    """

    ids: tuple[UUID, ...]


class UnmarkDifferent(Of, Command):
    """They may be the same after all."""

    mark_id: UUID


class DifferencesOf(Of):
    """What was said to be different, newest first."""

    limit: int = 50


class MergeOf(Of, Command):
    """Keep one record, put the others away, and let everything that refers to them refer to it.

    values   fields of the kept one that shall read otherwise, such as those of another that were chosen
    """

    kept_id: UUID
    gone_ids: tuple[UUID, ...]
    values: dict[str, Any] = {}
    note: str | None = None


class PlanMerges(Of):
    """Groups to be made one each: which record would be kept in each, and what would be filled in from the others."""

    groups: tuple[tuple[UUID, ...], ...]


class GroupToMerge(Message):
    """Records that are to be one. `kept_id`: the fullest unless told; `vers`: in which versions they were looked at."""

    ids: tuple[UUID, ...]
    kept_id: UUID | None = None
    vers: dict[UUID, Version] = {}


class MergeMany(Of, Command):
    """Make each group one, each by itself: the kept record's empty fields are filled from the others, the oldest first."""

    groups: tuple[GroupToMerge, ...]


class UnmergeOf(Of, Command):
    """Take a merge back: who was put away is there again, with all that was its own and that nobody has moved since."""

    merge_id: UUID


class UnmergeMany(Of, Command):
    """Take several merges back, each by itself, the last first."""

    merge_ids: tuple[UUID, ...]


class MergesOf(Of):
    """What was merged into one record, or of late into any that one sees; newest first."""

    id: UUID | None = None
    limit: int = 100


class NotMerged(Refused):
    pattern = N_("This merge has been taken back already, or the record was put away since.")


class NotMergeable(Refused):
    """Raised with `name`."""

    pattern = N_("{name} cannot be merged: it is put away, or named twice.")
