"""Making one record of several that are the same thing, and taking that back; the same for every entity whose record
says `merges`. The right is `<service>.<entity>.merge`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from contracts.errors import Refused
from contracts.language import N_
from contracts.message import Command
from contracts.query import Of


class DuplicatesOf(Of):
    """Groups of rows that may be the same thing, the largest first; `by` one of the fields they agree in."""

    by: str | None = None
    limit: int = 50


class MergeOf(Of, Command):
    """Keep one record, put the others away, and let everything that refers to them refer to it.

    values   fields of the kept one that shall read otherwise, such as those of another that were chosen
    """

    kept_id: UUID
    gone_ids: tuple[UUID, ...]
    values: dict[str, Any] = {}
    note: str | None = None


class UnmergeOf(Of, Command):
    """Take a merge back: who was put away is there again, with all that was its own and that nobody has moved since."""

    merge_id: UUID


class MergesOf(Of):
    """What was merged into one record, newest first."""

    id: UUID


class NotMerged(Refused):
    pattern = N_("This merge has been taken back already, or the record was put away since.")


class NotMergeable(Refused):
    """Raised with `name`."""

    pattern = N_("{name} cannot be merged: it is put away, or named twice.")
