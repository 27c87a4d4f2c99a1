"""Leads: companies that might buy, until they become customers or nothing comes of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import audit
from chassis.database import Kept, Money, Owned, Reached, Searchable, Tagged
from chassis.found_by import FoundBy
from chassis.lifecycle import Lives
from contracts import customer as messages
from contracts.transfer import ChangedSince
from services.customer import rules
from services.customer.model.base import Base
from services.customer.model.segment import Segmented
from services.customer.model.told_with import not_yet_told, refers
from services.customer.model.worked import Worked


class Lead(Worked, Segmented, Reached, Searchable, Tagged, Owned, Lives, Kept, Base):
    """A company that might buy. It stays in the books, and visible, when it has been converted or dropped."""

    record = messages.Lead
    listed = messages.LeadListed
    part_of = ("customer_id",)
    told = messages.LeadAssigned
    numbered = "XS-{branch}-{year}-{seq:05}"
    alike: ClassVar[dict[str, tuple[str, ...]]] = {"name": ("name_key",)}
    found_by: ClassVar[dict[str, FoundBy]] = {
        "name": FoundBy(rules.name_key, "name_key"),
        "phone": FoundBy(rules.phone_key, "reach", "phone", rules.dialled),
        "mobile": FoundBy(rules.phone_key, "reach", "phone", rules.dialled),
        "email": FoundBy(rules.mail_key, "reach", "email"),
    }
    suspects: ClassVar[dict[str, tuple[str, ...]]] = {
        "name": ("name_key",),
    }
    reached_by = ("phone", "email", "mail_domain", "website")
    alone_by = ("phone", "email")
    becomes: ClassVar[dict[str, str]] = {"customer": "customer_id", "contact": "customer_id"}
    merged = (messages.RecordsMerged, messages.MergeUndone)

    __table_args__ = (
        Index("ix_lead_name_key", "name_key"),
        Index("ix_lead_segments", "segments", postgresql_using="gin"),
        Index("ix_lead_name", "name"),
        Index("ix_lead_web_form_id", "web_form_id", postgresql_where=text("web_form_id is not null")),
        Index("ix_lead_customer_id", "customer_id", postgresql_where=text("customer_id is not null")),
    )

    number: Mapped[str | None] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    contact_name: Mapped[str | None] = mapped_column(String(100))
    job_title: Mapped[str | None] = mapped_column(String(100))
    phone: Mapped[str | None] = mapped_column(String(60))
    mobile: Mapped[str | None] = mapped_column(String(60))
    email: Mapped[str | None] = mapped_column(String(200))
    source_id: Mapped[UUID | None] = mapped_column()
    industry_id: Mapped[UUID | None] = mapped_column()
    region_id: Mapped[UUID | None] = mapped_column()
    address: Mapped[str | None] = mapped_column(String(300))
    website: Mapped[str | None] = mapped_column(String(500))
    need: Mapped[str | None] = mapped_column(Text)
    expected_amount: Mapped[Decimal | None] = mapped_column(Money)
    expected_on: Mapped[date | None] = mapped_column()
    next_step_on: Mapped[date | None] = mapped_column()
    customer_id: Mapped[UUID | None] = mapped_column()
    opportunity_id: Mapped[UUID | None] = mapped_column()
    name_key: Mapped[str] = mapped_column(String(200))
    web_form_id: Mapped[UUID | None] = mapped_column()
    is_suspect: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    def check(self, work: Any) -> None:
        """Keep the keys by which its like is found; its owner may hold one more."""
        self.name_key = rules.name_key(self.name)
        self.reach = rules.reach_keys(
            phones=[self.mobile, self.phone], email=self.email, domain=self.email, website=self.website
        )
        self.check_owner(work)

    def imported(self, work: Any, extra: messages.FollowUpColumns) -> list[Kept]:
        """A line of a file may also tell what was done with the lead and what comes next: each once, however many lines.

        One that has a follow-up is in hand.
        """
        told = not_yet_told(work, self, work.entities["activity"].told_by(extra, self, work))
        if told and self.state == "new":
            self.move("follow", work.now)
        return told

    def taken_back(self, work: Any, own: list[Kept]) -> None:
        """The import is taken back, but not where somebody has worked with the lead since. Raises ChangedSince.

        One that was there before, and is in hand for nothing but what the file told, is new again.
        """
        mine = [row.id for row in own]
        if self.id in mine:
            if refers(work, "lead_id", self.id, ("activity", "customer"), mine):
                raise ChangedSince(name=self.name)
        elif self._was_taken_in_hand_by_a_file(work) and not refers(
            work, "lead_id", self.id, ("activity",), mine
        ):
            self.state, self.state_at = "new", work.now

    def _was_taken_in_hand_by_a_file(self, work: Any) -> bool:
        if self.state != "following":
            return False
        moves = (
            (entry.door, entry.changes["state"])
            for entry in audit.history(work.session, self.record.entity(), self.id, self.ver)
            if "state" in entry.changes
        )
        return next(moves, None) == (f"{work.service}.run_import", ["new", "following"])
