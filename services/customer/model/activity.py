"""What was done and planned with leads and customers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Index, String, Text, event, func, inspect, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session

from chassis import replicas, scope
from chassis.audit import changed
from chassis.database import Kept, Money, Owned, Searchable, Tagged
from chassis.derived import put
from chassis.identity import new_id
from chassis.lifecycle import Lives
from chassis.replicas import Replica
from contracts import customer as messages
from contracts.errors import FieldProblem, Forbidden, Invalid
from contracts.shipped import shipped_id
from services.customer.model.base import Base
from services.customer.model.customer import Contact, Customer
from services.customer.model.lead import Lead

OTHER = shipped_id("organization.choice", "activity_kind", "other")
"""The kind of a follow-up of which a file does not tell it."""
SUBJECT = 200


class Activity(Searchable, Tagged, Owned, Lives, Kept, Base):
    """A visit, a call, a meeting, done or planned. Its owner is whoever does it.

    Its rules hold whichever way it comes in (a button, a form, a drag in the calendar, a file), so they stand in `check`.
    """

    record = messages.Activity

    __table_args__ = (
        Index("ix_activity_lead_id", "lead_id"),
        Index("ix_activity_customer_id", "customer_id"),
        Index("ix_activity_contact_id", "contact_id", postgresql_where=text("contact_id is not null")),
        Index("ix_activity_owner_id_starts_at", "owner_id", "starts_at"),
        Index("ix_activity_starts_at_id", text("starts_at DESC"), text("id DESC")),
        Index("ix_activity_series_id", "series_id", postgresql_where=text("series_id is not null")),
        Index("ix_activity_done_at", "done_at", postgresql_where=text("state = 'done'")),
        Index("ix_activity_segment_id", "segment_id", postgresql_where=text("segment_id is not null")),
        Index("ix_activity_planned", "starts_at", postgresql_where=text("state = 'planned'")),
        Index("ix_activity_open", "owner_id", "starts_at", postgresql_where=text("state = 'planned'")),
    )

    kind_id: Mapped[UUID] = mapped_column()
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str | None] = mapped_column(Text)
    lead_id: Mapped[UUID | None] = mapped_column()
    customer_id: Mapped[UUID | None] = mapped_column()
    contact_id: Mapped[UUID | None] = mapped_column()
    opportunity_id: Mapped[UUID | None] = mapped_column()
    starts_at: Mapped[datetime] = mapped_column()
    ends_at: Mapped[datetime | None] = mapped_column()
    done_at: Mapped[datetime | None] = mapped_column()
    outcome: Mapped[str | None] = mapped_column(Text)
    expense: Mapped[Decimal | None] = mapped_column(Money)
    expense_kind_id: Mapped[UUID | None] = mapped_column()
    remind: Mapped[str] = mapped_column(String(40), default="by_kind", server_default="by_kind")
    repeats: Mapped[str | None] = mapped_column(String(100))
    """RFC 5545, such as «FREQ=WEEKLY;INTERVAL=2;COUNT=5»."""
    series_id: Mapped[UUID | None] = mapped_column()
    segment_id: Mapped[UUID | None] = mapped_column()
    """The segment for whose new member it was planned."""

    is_told = True
    """Whether whoever gets it is told of it: of a series that is given to her she is told once."""

    def offers(self, verb: str) -> bool:
        """What stands alone may be repeated; a series may be changed and ended."""
        if verb == "repeat":
            return self.series_id is None
        return self.series_id is not None or verb not in ("change_series", "end_series")

    @classmethod
    def told_by(cls, extra: messages.FollowUpColumns, whole: Customer | Lead, work: Any) -> list[Activity]:
        """The follow-up that a line of a file tells of, and the next step. Raises Invalid where it cannot have been so."""
        told = extra.follow_up_at, extra.follow_up_text, extra.next_step, extra.next_step_at
        if told == (None,) * 4:
            return []
        kind = extra.follow_up_kind_id or OTHER
        found, problems = [], _wrong(extra, work)
        if problems:
            raise Invalid(*problems)
        if extra.follow_up_at is not None:
            text = extra.follow_up_text or ""
            subject = text.split("\n", 1)[0][:SUBJECT]
            done = cls._with(
                whole, kind_id=kind, subject=subject, text=text if text != subject else None,
                starts_at=extra.follow_up_at, done_at=extra.follow_up_at,
            )  # fmt: skip
            done.created_at, done.created_by = extra.follow_up_at, extra.follow_up_by_id
            done._of(work, extra.follow_up_by_id)
            found.append(done)
        if extra.next_step_at is not None:
            step = extra.next_step or (extra.follow_up_text or "").split("\n", 1)[0]
            planned = cls._with(whole, kind_id=kind, subject=step[:SUBJECT], starts_at=extra.next_step_at)
            planned._of(work, extra.follow_up_by_id, still_here=True)
            found.append(planned)
        return found

    @classmethod
    def _with(cls, whole: Customer | Lead, **values: Any) -> Activity:
        whom = "customer_id" if isinstance(whole, Customer) else "lead_id"
        activity = cls(id=new_id(), **{whom: whole.id}, **values)
        activity.__dict__["_whole"] = whole  # which may not be written yet
        activity.belong_with(whole)
        return activity

    def _of(self, work: Any, staff_id: UUID | None, *, still_here: bool = False) -> None:
        """It is hers, if she is named (and, for what is to be done, still works here); else whoever looks after the company's."""
        for card in replicas.several(work.session, [staff_id] if staff_id else []):
            if not still_here or card.data.get("state", "active") == "active":
                self.owner_id, self.department_id, self.branch_id = (
                    card.id,
                    card.department_id,
                    card.branch_id,
                )

    @property
    def same(self) -> tuple[Any, ...]:
        """What two lines that tell of one follow-up agree in."""
        return ("activity", self.starts_at, self.subject)

    @classmethod
    def written_together(cls, work: Any, activities: Sequence[Activity]) -> None:
        """Many that came with a file: the figures of their customers follow once for all of them."""
        for whole, name, figure in _figures():
            whose = {getattr(activity, name) for activity in activities} - {None}
            for id in sorted(whose):
                put(work.session, whole, id, figure(work.session, id))

    @classmethod
    def go_along(cls, work: Any, whole: Customer | Lead, before: UUID | None) -> None:
        """With whoever works the company from now on: what the one before planned there; all else is shown to her."""
        if whole.owner_id is None:
            return
        there = (cls.customer_id if isinstance(whole, Customer) else cls.lead_id) == whole.id
        planned = there & (cls.state == "planned") & (cls.owner_id == before) & cls.archived_at.is_(None)
        others = select(cls.id).where(there, cls.owner_id.is_distinct_from(whole.owner_id))
        with work.session.no_autoflush, work.everything():
            moving = list(work.session.scalars(select(cls).where(planned).with_for_update(of=cls)))
            for activity in moving:
                activity.belong_with(whole)
                work.let_go.add(activity)
            shown = set(work.session.scalars(others)) - {activity.id for activity in moving}
        scope.show(work.session, cls.record.entity(), shown, whole.owner_id)

    def belongs_to(self, work: Any) -> Owned | None:
        """What a superior plans without naming anybody is for whoever looks after the customer; else it is for the planner."""
        whole = self._with_whom(work)
        planned = self.done_at is None and whole is not None
        return whole if planned and whole.owner_id in work.actor.reports else None  # type: ignore[union-attr]

    def check(self, work: Any) -> None:
        """Contact, customer and lead fit together; times are in order; whoever looks after the customer sees it."""
        self._fit(work)
        if self.ends_at is not None and self.ends_at < self.starts_at:
            raise Invalid(FieldProblem("ends_at", "before", date=self.starts_at.isoformat()))
        if self.expense and self.expense_kind_id is None:
            raise Invalid(FieldProblem("expense_kind_id", "required"))
        if self.done_at is not None and self.state == "planned":
            self.move("complete", work.now)
        if changed(self, "owner_id"):
            self._reach(work)
        self._show(work)
        self._tell(work)
        if changed(self, "state", "starts_at", "lead_id", "archived_at"):
            self._set_next_step(work)

    def _fit(self, work: Any) -> None:
        """A contact brings her customer; a converted lead brings the customer it became."""
        with work.everything():
            if self.lead_id is not None and self.customer_id is None:
                lead = work.session.get(Lead, self.lead_id)
                self.customer_id = lead.customer_id if lead is not None else None
            if self.contact_id is None or not changed(self, "contact_id", "customer_id"):
                return  # she may have changed jobs since: what was done with her was done there
            contact = work.session.get(Contact, self.contact_id)
        if contact is not None and self.customer_id is None:
            self.customer_id = contact.customer_id
        elif contact is not None and contact.customer_id != self.customer_id:
            raise Invalid(FieldProblem("contact_id", "not_a_choice", value=contact.name))

    def _reach(self, work: Any) -> None:
        """Work is given to oneself or to people below: nobody fills a colleague's calendar."""
        if work.actor.kind != "staff" or self.owner_id == work.actor.id:
            return
        permission = f"{self.record.entity()}.update"
        if not scope.covers(work.actor, permission, self):
            raise Forbidden(permission=permission)

    def _show(self, work: Any) -> None:
        """Whoever looks after the customer sees what a colleague does there."""
        whole = self._with_whom(work)
        if whole is not None and whole.owner_id not in (None, self.owner_id):
            scope.share(work.session, self, whole.owner_id)

    def _tell(self, work: Any) -> None:
        """Announce that it is planned (for whom), or that it was done."""
        kind = work.session.get(Replica, self.kind_id)
        code = kind.data.get("code") if kind is not None else None
        if self.state == "planned" and changed(self, "owner_id"):
            is_repeated = (self.series_id is not None and self.ver is None) or not self.is_told
            planned = {"kind": code, "planned_by": work.actor.id, "is_repeated": is_repeated}
            work.emit(messages.ActivityPlanned.of(self, **planned))
        elif self.state == "done" and changed(self, "state"):
            work.emit(messages.ActivityDone.of(self, kind=code))

    def _set_next_step(self, work: Any) -> None:
        """The lead's next step is the earliest that is planned with it."""
        whole: Any = self.__dict__.get("_whole") or self._lead(work)
        if not isinstance(whole, Lead) or whole.state not in ("new", "following"):
            return
        starts = [*self._others(work, whole)]
        if self.state == "planned" and self.archived_at is None:
            starts.append(self.starts_at)
        if self.__dict__.get("_whole") is whole:  # other lines of the file, not written yet, planned some too
            starts += whole.__dict__.get("_steps", ())
            whole.__dict__["_steps"] = starts
        if starts:
            whole.next_step_on = _day(work, min(starts))
        elif whole.next_step_on and whole.next_step_on <= max(work.today, _day(work, self.starts_at)):
            whole.next_step_on = None

    def _others(self, work: Any, lead: Lead) -> list[datetime]:
        """When the first of the others begins that are planned with the lead, and not put away or done this very moment."""
        leaving = [
            row.id
            for row in work.session.dirty
            if isinstance(row, Activity) and (row.state != "planned" or row.archived_at is not None)
        ]
        with work.everything():
            wanted = select(func.min(Activity.starts_at)).where(
                Activity.lead_id == lead.id, Activity.state == "planned", Activity.archived_at.is_(None),
                Activity.id.not_in([self.id, *leaving]),
            )  # fmt: skip
            first = work.session.scalar(wanted)
        return [] if first is None else [first]

    def _lead(self, work: Any) -> Lead | None:
        with work.everything():
            lead: Lead | None = work.session.get(Lead, self.lead_id) if self.lead_id is not None else None
            return lead

    def _with_whom(self, work: Any) -> Customer | Lead | None:
        if (whole := self.__dict__.get("_whole")) is not None:
            found: Customer | Lead = whole
            return found
        if self.customer_id is None:
            return self._lead(work)
        with work.everything():
            customer: Customer | None = work.session.get(Customer, self.customer_id)
            return customer


def _wrong(extra: messages.FollowUpColumns, work: Any) -> list[FieldProblem]:
    """What was done has a day that is not to come, and words; what comes next has a day."""
    problems = []
    if extra.follow_up_text is not None and extra.follow_up_at is None and extra.next_step_at is None:
        problems.append(FieldProblem("follow_up_at", "required"))
    if extra.follow_up_at is not None and extra.follow_up_text is None:
        problems.append(FieldProblem("follow_up_text", "required"))
    if extra.follow_up_at is not None and extra.follow_up_at > work.now:
        problems.append(FieldProblem("follow_up_at", "after", date=work.today))
    if extra.next_step is not None and extra.next_step_at is None:
        problems.append(FieldProblem("next_step_at", "required"))
    if extra.next_step_at is not None and extra.next_step is None and extra.follow_up_text is None:
        problems.append(FieldProblem("next_step", "required"))
    return problems


def _day(work: Any, at: datetime) -> date:
    return at.astimezone(ZoneInfo(work.actor.timezone)).date()


@event.listens_for(Activity, "after_insert")
@event.listens_for(Activity, "after_update")
def _keep_figures(_mapper: Any, _connection: Any, activity: Activity) -> None:
    """When the customer was last in contact with us, what is planned there, what was spent: kept on customer and contact."""
    told: Any = inspect(activity).attrs
    if not any(told[name].history.has_changes() for name in FIGURED):
        return
    session = cast(Session, object_session(activity))
    for cls, name, figure in _figures():
        whose = {getattr(activity, name), *(told[name].history.deleted or ())} - {None}
        for id in sorted(whose):
            _wait_for_others(session, cls, id)
            put(session, cls, id, figure(session, id))


def _wait_for_others(session: Session, cls: type[Any], id: UUID) -> None:
    """Of two activities that are written at the same moment the second is counted together with the first."""
    table: Any = cls.__table__
    session.connection().execute(select(table.c.id).where(table.c.id == id).with_for_update(key_share=True))


def _figures() -> tuple[tuple[type[Any], str, Callable[[Session, UUID], dict[str, Any]]], ...]:
    """On whom activities leave figures, by which field, and how these are made."""
    return (Customer, "customer_id", _of_customer), (Contact, "contact_id", _of_contact)


FIGURED = ("customer_id", "contact_id", "state", "starts_at", "done_at", "expense", "archived_at")
"""What the figures of customers and contacts are made of."""
NOTHING = Decimal("0.00")


def _of_customer(session: Session, id: UUID) -> dict[str, Any]:
    """What a customer's activities tell; the value rules are to be asked again."""
    return {**_figures_of(session, Activity.customer_id == id), "classified_at": None}


def _of_contact(session: Session, id: UUID) -> dict[str, Any]:
    """What was done and is planned with her (CON-01)."""
    return _figures_of(session, Activity.contact_id == id)


def _figures_of(session: Session, of: ColumnElement[bool]) -> dict[str, Any]:
    """When there was contact last, what is planned next, how much is planned, and what was spent on what was done (CON-04)."""
    mine: Any = Activity.__table__
    planned, done = mine.c.state == "planned", mine.c.state == "done"
    sums = select(
        func.max(mine.c.done_at).filter(done).label("last_activity_at"),
        func.min(mine.c.starts_at).filter(planned).label("next_activity_at"),
        func.count().filter(planned).label("open_activities"),
        func.coalesce(func.sum(mine.c.expense).filter(done), NOTHING).label("expense_amount"),
    ).where(of, mine.c.archived_at.is_(None))
    return dict(session.connection().execute(sums).mappings().one())
