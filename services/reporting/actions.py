"""Writing facts down: each once, credited to a person, on the day it was at her branch."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import aliased

from chassis import bulk, replicas
from chassis.work import Work
from contracts.message import Envelope
from services.reporting import model

STAFF = "organization.staff"


def keep(work: Work, fact: model.Fact, *, owner_id: UUID | None, at: datetime | date) -> None:
    """Write down what an announcement tells, unless it is written down already.

    `at` is when it happened: a moment, or only a business day.
    """
    cause = cause_of(work)
    fact.id = fact.id or uuid5(cause.id, f"{fact.kind} {fact.takes_back_id or ''}")
    if work.session.get(model.Fact, fact.id) is None:
        place(work, fact, cause, owner_id=owner_id, at=at)
        work.add(fact)


def place(
    work: Work, fact: model.Fact, cause: Envelope, *, owner_id: UUID | None, at: datetime | date
) -> None:
    """Say by which announcement it was heard, whose it is, and when it was at her branch."""
    fact.event_id, fact.recorded_at, fact.sequence = cause.id, cause.recorded_at, cause.sequence
    if fact.owner_id is None:
        credit(work, fact, owner_id)
    zone = work.zone_at(fact.branch_id)
    if isinstance(at, datetime):
        fact.happened_at, fact.happened_on = at, at.astimezone(zone).date()
    else:
        fact.happened_at, fact.happened_on = datetime.combine(at, time(), zone), at


def missing(work: Work, ids: Iterable[UUID]) -> set[UUID]:
    """Those of these facts that are not written down yet."""
    wanted = set(ids)
    return wanted - set(work.session.scalars(select(model.Fact.id).where(bulk.among(model.Fact.id, wanted))))


def take_back(
    work: Work, record_id: UUID, *kinds: str, at: datetime, remaining: Decimal | None = None
) -> None:
    """What was said of a record no longer holds: every fact of these kinds that still stands is undone by another."""
    undone = aliased(model.Fact)
    standing = select(model.Fact).where(
        model.Fact.record_id == record_id, model.Fact.kind.in_(kinds), model.Fact.takes_back_id.is_(None),
        ~select(undone.id).where(undone.takes_back_id == model.Fact.id).exists(),
    )  # fmt: skip
    for fact in work.session.scalars(standing).all():
        reversal = fact.taken_back()
        reversal.remaining = remaining
        keep(work, reversal, owner_id=fact.owner_id, at=at)


def credit(work: Work, fact: model.Fact, owner_id: UUID | None) -> None:
    """Whose doing it was, and where she worked then."""
    fact.owner_id = owner_id
    for card in replicas.several(work.session, [owner_id] if owner_id else []):
        fact.department_id, fact.branch_id = card.department_id, card.branch_id


def whoever_did_it(work: Work, otherwise: UUID | None) -> UUID | None:
    """The staff member in whose name it was announced; the owner where it was the system."""
    actor_id = cause_of(work).actor_id
    cards = replicas.several(work.session, [actor_id])
    return actor_id if any(card.entity == STAFF for card in cards) else otherwise


def cause_of(work: Work) -> Envelope:
    """The announcement that is being worked on."""
    if work.cause is None:
        raise RuntimeError("facts are only written down when something was announced")
    return work.cause
