"""A chance to sell: where it stands on the way, what it may bring, how it ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Numeric, String, Text, exists, func, inspect, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import replicas
from chassis.audit import changed
from chassis.database import Kept, Money, Owned, Searchable, Tagged
from chassis.lifecycle import Lives
from chassis.work import Work
from contracts import sales as messages
from contracts.errors import FieldProblem, Invalid
from contracts.money import HOME_CURRENCY
from services.sales import rules
from services.sales.model.base import Base

if TYPE_CHECKING:
    from services.sales.model.quote import Quote


class Stage(Searchable, Kept, Base):
    """One step, with the share of opportunities that are won once they are there."""

    record = messages.Stage
    listed = messages.StageListed

    name: Mapped[str] = mapped_column(String(60), unique=True)
    name_en: Mapped[str | None] = mapped_column(String(60))
    position: Mapped[int] = mapped_column()
    success_rate: Mapped[Decimal] = mapped_column(Numeric())
    asks_for_decider: Mapped[bool] = mapped_column(default=False, server_default="false")

    @staticmethod
    def in_order(work: Work) -> list[Stage]:
        """The stages that are in use, first step first."""
        found = select(Stage).where(Stage.archived_at.is_(None)).order_by(Stage.position, Stage.id)
        return list(work.session.scalars(found))

    @staticmethod
    def asking_for_decider(work: Work) -> Callable[[Stage], bool]:
        """Tells of a stage whether it is one that asks for the decider, or beyond one."""
        found = select(func.min(Stage.position)).where(
            Stage.asks_for_decider.is_(True), Stage.archived_at.is_(None)
        )
        first = work.session.scalar(found)
        return lambda stage: first is not None and stage.position >= first

    def in_use(self, work: Work) -> bool:
        """A stage at which anything is open, whoever works on it."""
        here = exists().where(Opportunity.stage_id == self.id, Opportunity.state == "open")
        with work.everything():
            return bool(work.session.scalar(select(here)))


class Opportunity(Searchable, Tagged, Owned, Lives, Kept, Base):
    """One project, one unit of management. Whichever door opens or moves it, the fact is announced."""

    __table_args__ = (
        Index(
            "ix_opportunity_board",
            "stage_id", text("stage_since DESC"), text("id DESC"),
            postgresql_where=text("state = 'open' AND archived_at IS NULL"),
        ),
        Index(
            "ix_opportunity_expected_on",
            "expected_on",
            postgresql_where=text("state = 'open' AND archived_at IS NULL"),
        ),
        # what the board and the forecast add up, without a look at the rows themselves
        Index(
            "ix_opportunity_open",
            "stage_id", "owner_id",
            postgresql_include=["id", "expected_amount", "expected_on", "department_id", "branch_id"],
            postgresql_where=text("state = 'open' AND archived_at IS NULL"),
        ),
        Index("ix_opportunity_state_created_at", "state", text("created_at DESC"), text("id DESC")),
    )  # fmt: skip
    record = messages.Opportunity
    listed = messages.OpportunityListed
    numbered = "XM-{branch}-{year}-{seq:05}"

    number: Mapped[str | None] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    customer_id: Mapped[UUID] = mapped_column(index=True)
    contact_id: Mapped[UUID | None] = mapped_column()
    lead_id: Mapped[UUID | None] = mapped_column(index=True)
    stage_id: Mapped[UUID] = mapped_column(ForeignKey("stage.id"))
    expected_amount: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(3), default=HOME_CURRENCY)
    expected_on: Mapped[date | None] = mapped_column()
    need: Mapped[str | None] = mapped_column(Text)
    competitors: Mapped[str | None] = mapped_column(String(300))
    stage_since: Mapped[datetime] = mapped_column()
    closed_at: Mapped[datetime | None] = mapped_column()
    won_amount: Mapped[Decimal | None] = mapped_column(Money)
    reason_id: Mapped[UUID | None] = mapped_column()
    contract_id: Mapped[UUID | None] = mapped_column()
    quotes: Mapped[list[Quote]] = relationship(back_populates="opportunity", order_by="Quote.created_at")

    def check(self, work: Work) -> None:
        """It stands at a stage that is in use, and its contact works for its customer."""
        if changed(self, "contact_id", "customer_id"):
            check_contact(work, self.contact_id, self.customer_id)
        if self.stage_id is None:
            self.stage_id = _first_stage(work).id
        if not changed(self, "stage_id"):
            return
        stage = work.session.get(Stage, self.stage_id)
        if stage is None or stage.archived_at is not None:
            raise Invalid(FieldProblem("stage_id", "not_a_choice", value=stage.name if stage else ""))
        if self.ver is None:
            self.stage_since = self.stage_since or work.now
            work.emit(messages.OpportunityOpened.of(self, opened_at=self.stage_since))
        else:
            self._announce_move(work)

    def _announce_move(self, work: Work) -> None:
        if not changed(self, "stage_since"):
            self.stage_since = work.now
        (before,) = inspect(self).attrs.stage_id.history.deleted or (None,)
        if before is not None:
            work.emit(
                messages.OpportunityMoved.of(
                    self, from_stage_id=before, to_stage_id=self.stage_id, moved_at=self.stage_since
                )
            )

    def go_to(self, stage_id: UUID, at: datetime | None, now: datetime) -> None:
        """Stand at another stage since `at`."""
        self.move("move")
        if stage_id != self.stage_id:
            self.stage_since, self.stage_id = rules.happened(at, now, self.stage_since), stage_id

    def win(self, amount: Decimal, contract_id: UUID, at: datetime | None, now: datetime) -> None:
        """The customer decided for us; the contract that comes of it has its name from here on."""
        self.move("win", now)
        self.closed_at = rules.happened(at, now, self.stage_since)
        self.won_amount, self.contract_id = amount, contract_id

    def lose(self, reason_id: UUID, at: datetime | None, now: datetime) -> None:
        """The customer decided against us."""
        self.move("lose", now)
        self.closed_at, self.reason_id = rules.happened(at, now, self.stage_since), reason_id

    def reopen(self, now: datetime) -> None:
        """Work on it again, at the stage it was closed in, as if it came there now."""
        self.move("reopen", now)
        self.closed_at = self.won_amount = self.contract_id = self.reason_id = None
        self.stage_since = now

    def require_open(self) -> None:
        """Raises OpportunityClosed unless there is still something to be offered."""
        if self.state != "open" or self.archived_at is not None:
            raise messages.OpportunityClosed(state=self.state)

    def in_use(self, work: Work) -> bool:
        """One that was won, or for which a quote stands."""
        return self.state == "won" or any(quote.stands for quote in self.quotes)


def _first_stage(work: Work) -> Stage:
    stages = Stage.in_order(work)
    if not stages:
        raise messages.NoStages()
    return stages[0]


def check_contact(work: Work, contact_id: UUID | None, customer_id: UUID | None) -> None:
    """Raises Invalid for somebody who is known to work elsewhere."""
    card = replicas.known(work.session, "customer.contact", contact_id, patience=0) if contact_id else None
    if card is not None and card.data.get("customer_id") not in (None, str(customer_id)):
        raise Invalid(FieldProblem("contact_id", "not_a_choice", value=card.label))
