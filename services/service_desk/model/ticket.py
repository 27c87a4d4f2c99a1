"""Tickets: what must hold of every one, however it came in, and what is announced of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, delete, inspect, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import audit, replicas
from chassis.database import Kept, LineRow, Owned, Searchable, Tagged
from chassis.lifecycle import Lives
from chassis.scope import Share, shared_with
from chassis.work import Work
from contracts import service_desk as messages
from contracts.errors import FieldProblem, Invalid
from contracts.service_desk import StaffNamed, StaffUnnamed, TicketAssigned, TicketOpened
from services.service_desk import rules
from services.service_desk.model.base import Base
from services.service_desk.model.catalogue import Problem, ServiceLevel

CLOCKS_DIFFER = timedelta(minutes=10)
"""A ticket may come from a machine whose clock is ahead of ours by this much."""


class Reply(LineRow, Base):
    """What was answered or noted; lines of a ticket are only ever added."""

    record = messages.Reply

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    public: Mapped[bool] = mapped_column(default=True)
    author_id: Mapped[UUID | None] = mapped_column()
    written_at: Mapped[datetime | None] = mapped_column()


class Ticket(Searchable, Tagged, Owned, Lives, Kept, Base):
    """One contact a customer made with us and how we dealt with it."""

    __table_args__ = (
        Index("ix_ticket_customer_id", "customer_id", text("created_at desc"), text("id desc")),
        Index("ix_ticket_owner_id_due_at", "owner_id", "due_at", postgresql_where=text("state <> 'closed'")),
        Index("ix_ticket_state_due_at", "state", "due_at"),
        Index("ix_ticket_named_staff_id", "named_staff_id", "opened_at"),
        Index("ix_ticket_closed_at", "closed_at"),
    )

    record = messages.Ticket
    numbered = "FW-{branch}-{year}-{seq:05}"

    number: Mapped[str | None] = mapped_column(String(60), unique=True)
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(20), default="request")
    channel: Mapped[str] = mapped_column(String(20), default="phone")
    priority: Mapped[str] = mapped_column(String(20), default="normal")
    customer_id: Mapped[UUID | None] = mapped_column()
    contact_id: Mapped[UUID | None] = mapped_column()
    caller: Mapped[str | None] = mapped_column(String(200))
    product_id: Mapped[UUID | None] = mapped_column()
    problem_id: Mapped[UUID | None] = mapped_column(ForeignKey("problem.id"), index=True)
    named_staff_id: Mapped[UUID | None] = mapped_column()
    customer_owner_id: Mapped[UUID | None] = mapped_column()
    opened_at: Mapped[datetime] = mapped_column(nullable=True)
    answer_due_at: Mapped[datetime] = mapped_column()
    due_at: Mapped[datetime] = mapped_column()
    answered_at: Mapped[datetime | None] = mapped_column()
    closed_at: Mapped[datetime | None] = mapped_column()
    solution: Mapped[str | None] = mapped_column(Text)
    rating: Mapped[int | None] = mapped_column()
    rating_note: Mapped[str | None] = mapped_column(Text)
    replies: Mapped[list[Reply]] = relationship(cascade="all, delete-orphan", order_by=Reply.position)

    # -- guards and steps

    def answer(self, at: datetime) -> bool:
        """The customer was told something; says whether it was the first time."""
        self.move("answer", at)
        first = self.answered_at is None
        self.answered_at = self.answered_at or at
        return first

    def close(self, at: datetime, solution: str | None) -> None:
        """Settled."""
        self.move("close", at)
        self.closed_at, self.solution = at, solution or self.solution

    def reopen(self, at: datetime) -> None:
        """It was not settled after all; what the customer said of it no longer counts."""
        self.move("reopen", at)
        self.closed_at = self.rating = self.rating_note = None

    def rate(self, rating: int, note: str | None) -> None:
        """The customer's opinion; a later one replaces it."""
        self.move("rate")
        self.rating, self.rating_note = rating, note

    @property
    def answered_in_time(self) -> bool:
        """The customer heard from us when we had promised it."""
        return self.answered_at is not None and self.answered_at <= self.answer_due_at

    @property
    def closed_in_time(self) -> bool:
        """It was settled when we had promised it."""
        return self.closed_at is not None and self.closed_at <= self.due_at

    @property
    def counts_for(self) -> tuple[UUID, str] | None:
        """Whom it counts for, and as what: a complaint or a praise."""
        if self.named_staff_id is None or self.kind not in rules.COUNTED or self.archived_at is not None:
            return None
        return self.named_staff_id, self.kind

    # -- what holds of every ticket, from a form, a file, a program

    def check(self, work: Work) -> None:
        """Complete it, refuse what does not fit, and announce what became of it. Called before every save."""
        born = self.ver is None
        if born:
            self.opened_at = self.opened_at or work.now
        self._with_customer(work)
        self._with_product(work)
        if self.opened_at > work.now + CLOCKS_DIFFER:
            raise Invalid(FieldProblem("opened_at", "wrong"))
        if audit.changed(self, "priority", "opened_at"):
            self._promise(work)
        if born:
            work.emit(TicketOpened.of(self))
        self._announce_owner(work, born)
        self._announce_named(work, born)

    def _with_customer(self, work: Work) -> None:
        if self.contact_id is not None and (audit.changed(self, "contact_id", "customer_id")):
            contact = replicas.known(work.session, "customer.contact", self.contact_id)
            if contact is not None and contact.customer_id is not None:
                self.customer_id = self.customer_id or contact.customer_id
                if contact.customer_id != self.customer_id:
                    raise Invalid(FieldProblem("contact_id", "not_a_choice", value=contact.label))
        if audit.changed(self, "customer_id"):
            customer = (
                replicas.known(work.session, "customer.customer", self.customer_id)
                if self.customer_id is not None
                else None
            )
            self.belong_to_rep(work, customer.owner_id if customer is not None else None)

    def belong_to_rep(self, work: Work, staff_id: UUID | None) -> None:
        """The customer's sales rep sees the ticket, whoever deals with it."""
        if self.customer_owner_id is not None and self.customer_owner_id != staff_id:
            work.session.execute(
                delete(Share).where(Share.record_id == self.id, Share.staff_id == self.customer_owner_id)
            )
        entity = messages.Ticket.entity()
        if staff_id is not None and not shared_with(work.session, entity, self.id, staff_id):
            work.session.add(Share(entity=entity, record_id=self.id, staff_id=staff_id))
        self.customer_owner_id = staff_id

    def _with_product(self, work: Work) -> None:
        if self.problem_id is None or not (audit.changed(self, "problem_id", "product_id")):
            return
        problem = work.session.get(Problem, self.problem_id)
        product = replicas.known(work.session, "sales.product", self.product_id) if self.product_id else None
        if problem is None or problem.product_class_id is None or product is None:
            return
        if problem.product_class_id not in class_line(work, product.class_id):
            raise Invalid(FieldProblem("problem_id", "not_a_choice", value=problem.name))

    def _promise(self, work: Work) -> None:
        level = work.find(ServiceLevel, priority=self.priority)
        hours = (level.answer_hours, level.close_hours) if level else rules.PROMISED[self.priority]
        self.answer_due_at, self.due_at = rules.due(self.opened_at, *hours)

    def _announce_owner(self, work: Work, born: bool) -> None:
        given = self.owner_id is not None and audit.changed(self, "owner_id")
        if not given or (born and self.owner_id == work.actor.id):
            return
        card = replicas.known(work.session, "organization.staff", self.owner_id)  # type: ignore[arg-type]
        if card is not None and card.data.get("state") == "left":
            raise Invalid(FieldProblem("owner_id", "not_a_choice", value=card.label))
        if self.state == "open":
            self.move("assign", work.now)
        work.emit(TicketAssigned.of(self, assigned_by=work.actor.id))

    def _announce_named(self, work: Work, born: bool) -> None:
        now = self.counts_for
        names = ("named_staff_id", "kind", "archived_at")
        if not audit.changed(self, *names):
            return
        staff_id, kind, archived_at = (None, None, None) if born else (_before(self, name) for name in names)
        before = (staff_id, kind) if staff_id and kind in rules.COUNTED and archived_at is None else None
        if before is not None and before != now:
            work.emit(StaffUnnamed(ticket_id=self.id, staff_id=before[0], kind=before[1]))
        if now is not None and before != now:
            work.emit(StaffNamed.of(self, staff_id=now[0], kind=now[1], named_at=self.opened_at))


def class_line(work: Work, class_id: UUID | None) -> list[UUID]:
    """A product's class and the classes above it, as far as their cards are here."""
    found: list[UUID] = []
    while class_id is not None and class_id not in found:
        found.append(class_id)
        cards = replicas.several(work.session, [class_id])
        class_id = cards[0].parent_id if cards else None
    return found


def _before(row: Any, name: str) -> Any:
    """The value that is stored, before what changed since."""
    history = inspect(row).attrs[name].history
    return history.deleted[0] if history.deleted else getattr(row, name)
