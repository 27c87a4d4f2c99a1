"""What we know of the people at customers beside how to reach them: their part in buying, their links, former jobs, wishes."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Index, String, Text, select, union
from sqlalchemy.orm import Mapped, mapped_column

from chassis import scope
from chassis.audit import changed
from chassis.database import Kept, Owned, Searchable
from contracts import customer as messages
from contracts.errors import FieldProblem, Invalid
from services.customer.model.base import Base
from services.customer.model.customer import Contact, Customer

REPORTS = "reports_to"
TABOO = "taboo"
MOST_SAID = 5
"""Wishes that a reminder carries."""


def _contact(work: Any, id: UUID | None) -> Contact | None:
    with work.everything():
        found: Contact | None = work.session.get(Contact, id) if id is not None else None
    return found


def _customer(work: Any, id: UUID | None) -> Customer | None:
    with work.everything():
        found: Customer | None = work.session.get(Customer, id) if id is not None else None
    return found


def _refuse_twin(work: Any, row: Any, field: str, *names: str) -> None:
    """Raises Invalid where there is such a one already."""
    cls = type(row)
    same = [getattr(cls, name).is_not_distinct_from(getattr(row, name)) for name in names]
    wanted = select(cls.id).where(*same, cls.archived_at.is_(None), cls.id != row.id)
    with work.session.no_autoflush, work.everything():
        if row.archived_at is None and work.session.execute(wanted).first() is not None:
            raise Invalid(FieldProblem(field, "taken"))


class Stakeholder(Owned, Kept, Base):
    """Whoever may see the contact may see her part."""

    record = messages.Stakeholder
    part_of = ("customer_id", "contact_id")
    refuses_twins = True
    __table_args__ = (
        Index("ix_stakeholder_contact_id", "contact_id"),
        Index("ix_stakeholder_customer_id", "customer_id"),
        Index("ix_stakeholder_opportunity_id", "opportunity_id"),
    )

    name: Mapped[str] = mapped_column(String(200))
    contact_id: Mapped[UUID] = mapped_column()
    customer_id: Mapped[UUID | None] = mapped_column()
    role_id: Mapped[UUID] = mapped_column()
    opportunity_id: Mapped[UUID | None] = mapped_column()
    unit: Mapped[str | None] = mapped_column(String(100))
    influence: Mapped[int] = mapped_column(default=3)
    stance: Mapped[str] = mapped_column(String(20), default="neutral")
    note: Mapped[str | None] = mapped_column(Text)

    def check(self, work: Any) -> None:
        """Named after the person; the same part once. One that has ended stays where it was played."""
        contact = _contact(work, self.contact_id)
        if contact is not None:
            self.name = contact.name
            self.customer_id = contact.customer_id if self.archived_at is None else self.customer_id
        _refuse_twin(work, self, "role_id", "contact_id", "role_id", "opportunity_id", "unit")


class ContactLink(Owned, Kept, Base):
    """Read from the first to the other: she reports to him, is a friend of his."""

    record = messages.ContactLink
    part_of = ("customer_id", "contact_id")
    refuses_twins = True
    __table_args__ = (
        Index("ix_contact_link_contact_id", "contact_id"),
        Index("ix_contact_link_other_id", "other_id"),
        Index("ix_contact_link_customer_id", "customer_id"),
    )

    name: Mapped[str] = mapped_column(String(210))
    contact_id: Mapped[UUID] = mapped_column()
    kind: Mapped[str] = mapped_column(String(40), default=REPORTS)
    other_id: Mapped[UUID] = mapped_column()
    customer_id: Mapped[UUID | None] = mapped_column()
    note: Mapped[str | None] = mapped_column(Text)

    def check(self, work: Any) -> None:
        """Not to herself, not twice; one superior, and nobody above himself. One that has ended stays where it was."""
        one, other = _contact(work, self.contact_id), _contact(work, self.other_id)
        if one is None or other is None:
            return
        self.name = f"{one.name} → {other.name}"
        self.customer_id = one.customer_id if self.archived_at is None else self.customer_id
        if one is other:
            raise Invalid(FieldProblem("other_id", "below_itself"))
        _refuse_twin(work, self, "other_id", "contact_id", "other_id", "kind")
        if self.kind == REPORTS and self.archived_at is None:
            _refuse_twin(work, self, "other_id", "contact_id", "kind")
            self._refuse_loop(work)

    def _refuse_loop(self, work: Any) -> None:
        link, above, seen = ContactLink, self.other_id, {self.contact_id}
        with work.session.no_autoflush, work.everything():
            while above is not None:
                if above in seen:
                    raise Invalid(FieldProblem("other_id", "below_itself"))
                seen.add(above)
                wanted = select(link.other_id).where(
                    link.contact_id == above,
                    link.kind == REPORTS,
                    link.archived_at.is_(None),
                    link.id != self.id,
                )
                above = work.session.scalars(wanted).first()


class Employment(Owned, Kept, Base):
    """Belongs to whoever looks after the company she left, and is shown to whoever looks after her now."""

    record = messages.Employment
    part_of = ("customer_id", "contact_id")
    __table_args__ = (
        Index("ix_employment_contact_id", "contact_id"),
        Index("ix_employment_customer_id", "customer_id"),
    )

    name: Mapped[str] = mapped_column(String(200))
    contact_id: Mapped[UUID] = mapped_column()
    customer_id: Mapped[UUID | None] = mapped_column()
    employer: Mapped[str | None] = mapped_column(String(200))
    job_title: Mapped[str | None] = mapped_column(String(100))
    from_on: Mapped[date | None] = mapped_column()
    until_on: Mapped[date | None] = mapped_column()
    note: Mapped[str | None] = mapped_column(Text)

    @classmethod
    def show_of(cls, work: Any, whose: ColumnElement[bool], owner_id: UUID | None) -> None:
        """Where somebody was is known where she is: former jobs of these contacts are shown to whoever looks after them."""
        if owner_id is None:
            return
        wanted = select(cls.id).join(Contact, Contact.id == cls.contact_id)
        others = wanted.where(whose, cls.owner_id.is_distinct_from(owner_id))
        with work.session.no_autoflush, work.everything():
            scope.show(work.session, cls.record.entity(), work.session.scalars(others), owner_id)

    def check(self, work: Any) -> None:
        """Somewhere, a customer of ours or not, and in the past (CON-04)."""
        contact, customer = _contact(work, self.contact_id), _customer(work, self.customer_id)
        if customer is not None and changed(self, "customer_id", "employer"):
            self.employer = customer.name
        if not self.employer:
            raise Invalid(FieldProblem("employer", "required"))
        if self.until_on is not None and changed(self, "from_on", "until_on"):
            if self.until_on > work.today:
                raise Invalid(FieldProblem("until_on", "after", date=work.today.isoformat()))
            if self.from_on is not None and self.from_on > self.until_on:
                raise Invalid(FieldProblem("until_on", "before", date=self.from_on.isoformat()))
        if contact is not None:
            self.name = contact.name
            if contact.owner_id not in (None, self.owner_id):
                scope.share(work.session, self, contact.owner_id)


class Wish(Searchable, Owned, Kept, Base):
    """Whoever looks after the customer hears when a colleague writes one down."""

    record = messages.Wish
    part_of = ("customer_id",)
    __table_args__ = (Index("ix_wish_customer_id", "customer_id"), Index("ix_wish_contact_id", "contact_id"))

    text: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40), default="need")
    customer_id: Mapped[UUID] = mapped_column()
    contact_id: Mapped[UUID | None] = mapped_column()
    channel_id: Mapped[UUID | None] = mapped_column()

    @classmethod
    def said(cls, work: Any, customer_id: UUID | None, contact_id: UUID | None = None) -> tuple[str, ...]:
        """What whoever is about to deal with a customer, or with one person there, should know: what to avoid first (NTF-03)."""
        of_whom = (cls.customer_id == customer_id) & cls.contact_id.is_(None)
        if contact_id is not None:  # hers are hers wherever she works
            of_whom |= cls.contact_id == contact_id
        wanted = select(cls.text).where(of_whom, cls.archived_at.is_(None))
        with work.everything():
            return tuple(
                work.session.scalars(
                    wanted.order_by(cls.kind != TABOO, cls.created_at.desc(), cls.id).limit(MOST_SAID)
                )
            )

    def check(self, work: Any) -> None:
        """A person of that company; its owner is told, and whoever else deals with it."""
        contact = _contact(work, self.contact_id)
        if (
            contact is not None
            and contact.customer_id != self.customer_id
            and changed(self, "contact_id", "customer_id")
        ):
            raise Invalid(FieldProblem("contact_id", "not_a_choice", value=contact.name))
        if (
            changed(self, "text", "kind", "contact_id", "channel_id", "archived_at")
            and self.archived_at is None
        ):
            self.tell(work)

    def tell(self, work: Any) -> None:
        """Announce it to whoever deals with the customer."""
        work.emit(messages.WishChanged.of(self, also_ids=self._who_deals_with_it(work)))

    def _who_deals_with_it(self, work: Any) -> tuple[UUID, ...]:
        """Colleagues to whom the customer is shown, and those who planned something with it."""
        activity = Base.metadata.tables["activity"]
        shown = select(scope.Share.staff_id).where(
            scope.Share.entity == Customer.record.entity(), scope.Share.record_id == self.customer_id
        )
        planned = select(activity.c.owner_id).where(
            activity.c.customer_id == self.customer_id, activity.c.state == "planned",
            activity.c.archived_at.is_(None), activity.c.owner_id.is_not(None),
        )  # fmt: skip
        with work.session.no_autoflush, work.everything():
            found = set(work.session.scalars(union(shown, planned)))
        return tuple(sorted(found - {self.owner_id}))
