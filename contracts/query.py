"""What is asked of any list, and how it is answered; the same in an address, a call, a saved view and an export."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Literal, TypedDict
from uuid import UUID

from contracts.message import Command, Message, Version

MONTH = timedelta(days=31)
COMPARISONS = ("eq", "ne", "in", "gte", "lte", "gt", "lt", "between", "contains", "month", "empty")
"""Suffixes of a condition: `amount__gte`. Without one: equal (or one of, for a list). `between` takes the first and the last
value, `month` numbers of months in whatever year; of the others each value of a list must hold."""


class Query(Message):
    """Which rows, in which order.

    where     conditions that all hold: {"state": "signed", "amount__gte": 1000}; also on records that this one refers to
              ({"customer_id.industry_id": …}; of another service's what stands on its card) or, of the same service, that
              refer to this one, of which one must be so ({"activity.customer_id.kind_id": …}); such a record counts as far
              as the person may see it. «-» in front says that it is not so: {"-activity.customer_id.state": "planned"} has
              no planned activity
    any_of    groups of which at least one holds entirely
    each_of   several such sets of groups: of each of them at least one group holds entirely
    text      fragment of a searched field
    sort      field name, «-» in front for descending
    after     the cursor of the last row seen (from Page.next)
    totals    also sum the money columns
    starred   only those the person has put a star on
    """

    where: dict[str, Any] = {}
    any_of: tuple[dict[str, Any], ...] = ()
    each_of: tuple[tuple[dict[str, Any], ...], ...] = ()
    text: str | None = None
    sort: str | None = None
    after: str | None = None
    limit: int = 50
    totals: bool = False
    archived: bool = False
    starred: bool = False


class Page(Message):
    """One page of rows as plain values, with the names behind their references."""

    rows: list[dict[str, Any]]
    labels: dict[str, Label] = {}
    next: str | None = None
    count: int = 0
    capped: bool = False
    """The count stopped at its cap; say «10,000+»."""
    totals: dict[str, str] = {}


class Label(Message):
    """The name behind an id, in both languages, and what kind of thing it is."""

    entity: str
    label: str
    label_en: str | None = None
    number: str | None = None
    state: str | None = None


class Of(Message):
    """Addresses an entity of a service."""

    entity: str


class SearchOf(Message):
    """The best few of each kind of record that contain a text, and files, of all that a service keeps."""

    text: str
    limit: int = 5


class ListOf(Of):
    """A page of rows. Where `fields` names any, only those of each and the names behind them, beside its id and what it
    is ordered by."""

    query: Query = Query()
    fields: tuple[str, ...] = ()


GROUPABLE = ("choice", "ref", "flag", "date", "datetime")
"""Kinds of fields by which rows are grouped; days and moments by month."""
MOST_GROUPS = 500
MEASURED = {
    "amount": ("sum", "avg"),
    "number": ("sum", "avg"),
    "integer": ("sum", "avg"),
    "percent": ("avg",),
}
"""What is told of the numbers in a group beside how many rows: their sum, their average."""


class GroupedOf(Of):
    """The rows a query means, counted and summed by one or two fields, their own or of a record that they refer to
    (`customer_id.industry_id`); `figure` names one number more to be told of each
    group: `amount__avg`, `quantity__sum`."""

    query: Query = Query()
    by: tuple[str, ...]
    figure: str | None = None


class GetOf(Of):
    """One row; with its newest changes, as many as `history` says, as `HistoryOf` tells them. The names behind these are
    among those behind the row."""

    id: UUID
    history: int = 0


class HistoryOf(Of):
    id: UUID
    limit: int = 200


class OptionsOf(Of):
    """Choices for a reference field: by fragment, or the names of given ids."""

    text: str | None = None
    ids: tuple[UUID, ...] = ()
    among: dict[str, Any] = {}
    limit: int = 20


class LabelsOf(Of):
    ids: tuple[UUID, ...]


class CreateOf(Of, Command):
    id: UUID | None = None
    values: dict[str, Any]


class UpdateOf(Of, Command):
    id: UUID
    ver: Version | None = None
    values: dict[str, Any]


class ChangeMany(Of, Command):
    """The same values for many records, each under the rights and rules of changing it alone.

    Where a field holds several values, such as tags, `how` may add these to what is there or take them away from it.
    """

    ids: tuple[UUID, ...]
    values: dict[str, Any]
    how: Literal["set", "add", "take"] = "set"
    note: str | None = None


class ArchiveOf(Of, Command):
    id: UUID
    ver: Version | None = None
    note: str | None = None


class RestoreOf(Of, Command):
    id: UUID
    ver: Version | None = None


class Changed(Message):
    """One entry of the change log: who changed which fields from what to what, when, and by which door."""

    id: UUID
    entity: str
    record_id: UUID
    ver: int
    at: str
    actor_id: UUID
    actor_name: str
    door: str
    note: str | None = None
    changes: dict[str, list[Any]]


class CustomerFileOf(Message):
    """What a service knows about one customer: its share of the customer page."""

    customer_id: UUID
    limit: int = 20

    @property
    def asked(self) -> dict[str, Any]:
        """What a question's places for it are filled with."""
        return {"customer_id": self.customer_id, "limit": max(1, min(self.limit, 200))}


class CustomerFile(TypedDict):
    """Figures by name; the newest rows per kind of record; and what happened, newest first, for the common timeline.

    `labels` are the names behind ids, each as `Label` describes it.
    """

    figures: dict[str, Any]
    related: list[Related]
    timeline: list[Happened]
    labels: dict[str, dict[str, Any]]


class Related(TypedDict):
    """Rows of one entity that belong to something: how many there are, and the first of them."""

    entity: str
    count: int
    rows: list[dict[str, Any]]


class Happened(TypedDict):
    """One entry of the timeline: `kind` names the fact (`opportunity_won`), `title` what it happened to.

    `about_id` is what else belongs to it (the stage it moved to, the reason it was lost for); its name is in `labels`.
    """

    at: str
    kind: str
    title: str
    text: str | None
    entity: str
    id: str
    actor_id: str | None
    about_id: str | None
    amount: str | None
    mentions: list[str]
    """Colleagues whom the text names."""


class StaffTrailOf(Message):
    """What somebody did and plans, as whoever coaches her reads it (STF-07): since a day, one month ago unless told."""

    staff_id: UUID
    since: date | None = None
    limit: int = 100

    def begins(self, today: date, zone: tzinfo) -> datetime:
        """The first moment that is told of."""
        return datetime.combine(self.since or today - MONTH, time(), zone)

    @property
    def most(self) -> int:
        """How much is told."""
        return max(1, min(self.limit, 200))


class Remark(TypedDict):
    """What a colleague remarked on one entry."""

    text: str
    at: str
    by_id: str | None
    mentions: list[str]


class StaffTrail(TypedDict):
    """A service's share of somebody's trail, newest first; `remarks` by the id of what they are about."""

    timeline: list[Happened]
    remarks: dict[str, list[Remark]]
    labels: dict[str, dict[str, Any]]


def happened(
    at: str,
    kind: str,
    title: str,
    of: tuple[str, str],
    actor_id: str | None = None,
    *,
    text: str | None = None,
    about_id: str | None = None,
    amount: str | None = None,
    mentions: list[str] | None = None,
) -> Happened:
    """An entry; `of`: the entity and the id of what it happened to."""
    return {
        "at": at, "kind": kind, "title": title, "text": text, "entity": of[0], "id": of[1], "actor_id": actor_id,
        "about_id": about_id, "amount": amount, "mentions": mentions or [],
    }  # fmt: skip
