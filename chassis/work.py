"""The one thing a use case receives besides its message: find and add rows, announce facts, know who asks and when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import changes, forms, outbox, own_fields, own_objects, replicas, scope, tracing
from chassis.database import Kept, Owned
from chassis.house import House
from chassis.identity import new_id
from chassis.replicas import Replica
from contracts.actor import Actor
from contracts.errors import ChangedMeanwhile, FieldProblem, Forbidden, Invalid, NotFound
from contracts.message import Envelope, Event

Row = TypeVar("Row", bound=Any)


class Work:
    """One transaction on behalf of one actor. It cannot commit, publish, or reach another service."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        house: House,
        *,
        door: str = "",
        call_id: str = "",
        permission: str | None = None,
        cause: Envelope | None = None,
    ) -> None:
        self.session, self.actor, self.cause = session, actor, cause
        self.service, self.branch = house.name, house.branch
        self.entities = house.entities | own_objects.classes(house, session)
        self.clocked, self.called, self.doors = house.clocked, house.called, house.doors
        self.door, self.call_id, self.permission = f"{house.name}.{door}", call_id, permission
        self.now = house.clock()
        self.note: str | None = None
        self.touched: set[Kept] = set()
        self.following: set[Kept] = set()
        """Rows that only follow what they refer to: their own rules, which are for people, are not asked."""
        self.checked: set[Kept] = set()
        """Rows whose own rules were asked already, before they are written."""
        self.made: Any = None
        """A row of its own that was made beside the record, by which many such acts are taken back."""
        self.let_go: set[Kept] = set()
        """Rows that the actor gives out of her hands on purpose: she need not see them afterwards."""
        self.sees_everything = actor.kind == "system"
        self.is_trial = False
        """What is done now will be undone: no number is spent on it."""
        session.info["work"] = self
        own_fields.know(house, session)
        forms.know(house, session, actor)
        self.changes_told_by = changes.asked_for(house, session)

    @property
    def today(self) -> date:
        """The day it is at the actor's branch: business dates begin in its time zone."""
        return self.now.astimezone(ZoneInfo(self.actor.timezone)).date()

    def day_at(self, branch_id: UUID | None) -> date:
        """The day it is at a branch."""
        return self.now.astimezone(self.zone_at(branch_id)).date()

    def zone_at(self, branch_id: UUID | None) -> ZoneInfo:
        """A branch's time zone, as its card tells; without a card, the actor's."""
        cards = replicas.several(self.session, [branch_id] if branch_id else [])
        return ZoneInfo(next((card.data.get("timezone") for card in cards), None) or self.actor.timezone)

    def get(self, cls: type[Row], id: UUID, ver: int | None = None) -> Row:
        """The row as it is stored now, locked for this transaction.

        Raises NotFound when it is not there or outside the actor's rights to read, Forbidden when she may see it but not
        do this to it, ChangedMeanwhile when `ver` is not the stored version.
        """
        found = select(cls).where(cls.id == id).with_for_update(of=cls)
        row = self.session.scalars(found, execution_options={"populate_existing": True}).first()
        if row is None:
            raise NotFound(entity=cls.record.entity(), id=id)
        if self.permission and isinstance(row, Owned) and not self.may(self.permission, row):
            raise Forbidden(permission=self.permission)
        if ver is not None and row.ver != ver:
            raise ChangedMeanwhile(entity=cls.record.entity(), id=id, ver=row.ver)
        return row

    def read(self, cls: type[Row], id: UUID) -> Row:
        """The row without a lock, to look at. Raises NotFound as `get` does."""
        row = self.session.scalars(select(cls).where(cls.id == id)).first()
        if row is None:
            raise NotFound(entity=cls.record.entity(), id=id)
        return row

    def find(self, cls: type[Row], **where: Any) -> Row | None:
        """The first row with these values, or None."""
        return self.session.scalars(select(cls).filter_by(**where).limit(1)).first()

    def find_all(self, cls: type[Row], **where: Any) -> list[Row]:
        """All rows with these values, oldest first where they have a birth date."""
        order = [cls.created_at, cls.id] if hasattr(cls, "created_at") else [cls.id]
        return list(self.session.scalars(select(cls).filter_by(**where).order_by(*order)))

    def add(self, row: Row) -> Row:
        """Keep a new row (or a list of them is added one by one by the caller)."""
        self.session.add(row)
        return row

    def emit(self, event: Event) -> None:
        """Announce a fact: it leaves with this transaction or not at all."""
        id = new_id()
        tracing.announced(f"{type(event).service()}.{type(event).noun()}", self.call_id, id)
        outbox.append(
            self.session,
            Envelope.model_construct(  # our own values: nothing to check
                id=id,
                origin=self.branch,
                source=type(event).service(),
                type=type(event).noun(),
                aggregate_id=event.aggregate_id,
                occurred_at=self.now,
                recorded_at=self.now,
                actor_id=self.actor.id,
                actor_name=self.actor.name,
                causation_id=self.cause.id if self.cause else None,
                correlation_id=self.call_id,
                body=event.as_json(),
            ),
        )

    def known(self, entity: str, id: UUID, field: str | None = None) -> Replica:
        """Another service's row as its card reads here; a card on its way is waited for.

        Raises Invalid naming `field` (or NotFound without one) when it is unknown or outside the actor's rights to read.
        """
        # in a reaction the card would come by the very queue that we hold up; the event is tried again later instead
        patience = 0 if self.cause else replicas.PATIENCE
        card = replicas.known(self.session, entity, id, patience=patience)
        if card is None or not (self.sees_everything or self.may_see(card)):
            raise (
                Invalid(FieldProblem(field, "not_an_id", value=id))
                if field
                else NotFound(entity=entity, id=id)
            )
        return card

    def colleague(self, id: UUID) -> Replica:
        """The card of somebody whom the right to this door covers. Raises NotFound: anybody else does not exist."""
        card = self.known("organization.staff", id)
        if self.permission and not scope.covers_colleague(self.actor, self.permission, card):
            raise NotFound(entity=card.entity, id=id)
        return card

    def may_see(self, card: Replica) -> bool:
        """Whether the actor may read the row behind a card; one without an owner is for everybody."""
        if "owner_id" not in card.data:
            return True
        return scope.covers(self.actor, f"{card.entity}.read", card)

    def stay_visible(self) -> None:
        """What somebody made or changed must still be hers to see, or it is rolled back: nobody writes blindly."""
        if self.sees_everything:
            return
        for row in self.touched - self.let_go:
            if isinstance(row, Owned) and isinstance(row, Kept):
                permission = f"{row.record.entity()}.read"
                if self.actor.may(permission) and not self.may(permission, row):
                    raise Forbidden(permission=permission)

    def require(self, permission: str, row: Any = None) -> None:
        """Raises Forbidden unless the actor holds the permission (on this row)."""
        allowed = self.actor.may(permission) if row is None else self.may(permission, row)
        if not allowed:
            raise Forbidden(permission=permission)

    def may(self, permission: str, row: Any) -> bool:
        """Whether the actor may do this to this row; a row shared with her counts as her own."""
        if scope.covers(self.actor, permission, row):
            return True
        return self.actor.may(permission) and scope.shared_with(
            self.session, type(row).record.entity(), row.id, self.actor.id
        )

    def give(self, row: Any, owner_id: UUID | None) -> None:
        """Make somebody the owner; department and branch follow from where she works."""
        row.owner_id = owner_id
        if owner_id == self.actor.id and self.actor.kind == "staff":
            row.department_id, row.branch_id = self.actor.department_id, self.actor.branch_id
        elif owner_id is not None:
            with self.session.no_autoflush:
                staff = self.known("organization.staff", owner_id, "owner_id")
            row.department_id, row.branch_id = staff.department_id, staff.branch_id

    @contextmanager
    def on_behalf_of(self, actor: Actor) -> Iterator[None]:
        """Do what follows as somebody else, with her rights: what runs by the calendar in a person's name."""
        before = self.actor, self.sees_everything
        self.actor, self.sees_everything = actor, actor.kind == "system"
        try:
            yield
        finally:
            self.actor, self.sees_everything = before

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Everything is done as it would be, and undone at the end; no number is spent on it."""
        savepoint, self.is_trial = self.session.begin_nested(), True
        try:
            yield
        finally:
            savepoint.rollback()
            self.is_trial = False

    @contextmanager
    def everything(self) -> Iterator[None]:
        """Look past row rights for a rule of the company's (duplicates, totals); never to show a row."""
        before, self.sees_everything = self.sees_everything, True
        try:
            yield
        finally:
            self.sees_everything = before
