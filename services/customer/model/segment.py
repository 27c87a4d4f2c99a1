"""Segments, who belongs to them, and who did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text, Uuid, inspect, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis import filters
from chassis.audit import changed
from chassis.database import Kept, Owned, Searchable
from chassis.derived import derived
from chassis.identity import new_id
from contracts import addresses
from contracts import customer as messages
from contracts.errors import FieldProblem, Forbidden, Invalid
from contracts.query import Query
from services.customer.model.base import Base

DONE_FOR_ITS_OWNER = (
    "owner_id", "query", "plan_kind_id", "plan_subject", "plan_in_days", "plan_text", "tag_id", "strategy",
    "give_to_id", "again_in_days", "again_kind_id", "again_subject", "again_text",
)  # fmt: skip
"""What decides who is looked for and what is done, with the rights of the owner."""

GIVEN = ("customer.customer", "customer.lead")
"""Lists whose records have an owner of their own; a contact has that of its customer."""


class Segment(Searchable, Owned, Kept, Base):
    """A question that is asked again and again, and what is done for whoever newly fits it."""

    record = messages.Segment
    listed = messages.SegmentListed

    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str | None] = mapped_column(String(100))
    list_of: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(String(2000))
    rhythm: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str | None] = mapped_column(Text)

    plan_kind_id: Mapped[UUID | None] = mapped_column()
    plan_subject: Mapped[str | None] = mapped_column(String(200))
    plan_in_days: Mapped[int] = mapped_column(default=0)
    plan_text: Mapped[str | None] = mapped_column(Text)
    tag_id: Mapped[UUID | None] = mapped_column()
    strategy: Mapped[str | None] = mapped_column(Text)
    give_to_id: Mapped[UUID | None] = mapped_column()
    again_in_days: Mapped[int | None] = mapped_column()
    again_kind_id: Mapped[UUID | None] = mapped_column()
    again_subject: Mapped[str | None] = mapped_column(String(200))
    again_text: Mapped[str | None] = mapped_column(Text)
    only_newcomers: Mapped[bool] = mapped_column(default=False)

    members: Mapped[int] = derived(default=0, server_default="0")
    gathered_at: Mapped[datetime | None] = derived()
    next_on: Mapped[date | None] = derived()
    trouble: Mapped[str | None] = derived(String(20))
    walked_to: Mapped[UUID | None] = derived()
    """How far the present gathering has come in the order of ids; None: none is going on."""

    @property
    def handles(self) -> bool:
        """Whether anything is to be done for a new member."""
        return bool(
            self.plan_kind_id or self.tag_id or self.strategy or self.give_to_id or self.again_kind_id
        )

    def question(self) -> Query:
        """Whom it asks for."""
        return addresses.read(self.query).query()

    def check(self, work: Any) -> None:
        """The question is one that can be asked, the template is whole; a changed question is asked at once."""
        if changed(self, *DONE_FOR_ITS_OWNER):
            self._lend(work.actor)
        if inspect(self).persistent and changed(self, "list_of"):  # type: ignore[union-attr]
            raise Invalid(FieldProblem("list_of", "readonly"))
        cls = work.entities[self.list_of.rpartition(".")[2]]
        if changed(self, "query"):
            self._settle_question(work, cls)
            self.walked_to, self.next_on = None, work.today
        elif changed(self, "archived_at") or (self.next_on is None and self.rhythm != "by_hand"):
            self.walked_to, self.next_on = None, work.today
        self._check_whole("plan_kind_id", "plan_subject", more=("plan_text",))
        self._check_whole("again_kind_id", "again_subject", "again_in_days", more=("again_text",))
        if self.strategy is not None and "strategy" not in cls.record.attrs():
            raise Invalid(FieldProblem("strategy", "wrong"))
        if self.give_to_id is not None and self.list_of not in GIVEN:
            raise Invalid(FieldProblem("give_to_id", "wrong"))

    def _check_whole(self, *names: str, more: tuple[str, ...]) -> None:
        """A step says what and about what, or nothing at all. Raises Invalid naming what is missing."""
        if any(getattr(self, name) is not None for name in (*names, *more)):
            missing = [FieldProblem(name, "required") for name in names if getattr(self, name) is None]
            if missing:
                raise Invalid(*missing)

    def _lend(self, actor: Any) -> None:
        """Nobody borrows rights: what is done in a person's name is set by herself, by those above her, or by whoever may
        change every segment. Raises Forbidden."""
        permission = f"{self.record.entity()}.update"
        if self.owner_id not in (None, actor.id, *actor.reports) and actor.scope(permission) != "all":
            raise Forbidden(permission=permission)

    def _settle_question(self, work: Any, cls: Any) -> None:
        """Only its conditions and its fragment are kept: order and columns say nothing about who belongs to it."""
        asked = addresses.read(self.query)
        kept = addresses.ListAddress(conditions=asked.conditions, text=asked.text, match=asked.match)
        self.query = kept.written().removeprefix("?")
        if kept.is_plain:
            raise Invalid(FieldProblem("query", "required"))
        try:
            filters.chosen(work, cls, self.question())
        except Invalid as invalid:
            raise Invalid(FieldProblem("query", "wrong_condition", value=invalid.fields[0].field)) from None


class Segmented:
    """Which segments it belongs to, kept on the row itself so that every list can be filtered by it."""

    segments: Mapped[Sequence[UUID]] = derived(ARRAY(Uuid), default=list, server_default="{}")


class SegmentMember(Base):
    """From when until when one record belonged to a segment, and that it was handled; each joining is a row."""

    __table_args__ = (
        Index(
            "ix_segment_member_there", "segment_id", "record_id", unique=True, postgresql_where=text("until IS NULL")
        ),
        Index("ix_segment_member_since", "segment_id", "since"),
        Index("ix_segment_member_until", "segment_id", "until", postgresql_where=text("until IS NOT NULL")),
        Index("ix_segment_member_again_on", "again_on", postgresql_where=text("again_on IS NOT NULL")),
        Index(
            "ix_segment_member_waiting", "since", "id", postgresql_where=text("handled_at IS NULL AND until IS NULL")
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    segment_id: Mapped[UUID] = mapped_column()
    record_id: Mapped[UUID] = mapped_column()
    since: Mapped[datetime] = mapped_column()
    until: Mapped[datetime | None] = mapped_column()
    handled_at: Mapped[datetime | None] = mapped_column()
    unhandled: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Why nothing could be done for it: the problem, as it travels."""
    again_on: Mapped[date | None] = mapped_column()
    """When the second step is due; None: there is none, or it was done."""
