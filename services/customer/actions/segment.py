"""Gathering segments, a stretch of the records at a time, and doing for new members what the template says (CUS-22)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg2
from dateutil.relativedelta import relativedelta
from psycopg2.errors import QueryCanceled
from sqlalchemy import ColumnElement, and_, func, or_, select, true, update
from sqlalchemy.exc import DBAPIError

from chassis import acting, bulk, filters
from chassis.derived import note, put
from chassis.entities import answer, build
from chassis.identity import new_id
from chassis.logs import log
from chassis.work import Work
from contracts.actor import Actor
from contracts.customer import Activity, AssignLead, GatherSegment, HandOverCustomer, SegmentOwnerLeft
from contracts.errors import Invalid, Problem
from services.customer import model
from services.customer.actions.customer import hand_over_customer
from services.customer.actions.pool import assign_lead

STRETCH = 10_000
"""Records that are looked at in one transaction."""
HANDLED_AT_ONCE = 100
UNANSWERED = (psycopg2.DataError, psycopg2.ProgrammingError, QueryCanceled)
"""What the database raises for a question that it cannot answer, or not in time."""
BEGINNING = UUID(int=0)
MORNING = time(9)
"""When what is planned for a new member begins, on the clock of the segment's owner."""
Member = model.SegmentMember
Step = Callable[[Work, Any, Any], None]
AFTER = {
    "daily": relativedelta(days=1),
    "weekly": relativedelta(weeks=1),
    "monthly": relativedelta(months=1),
    "by_hand": None,
}


def gather_segment(work: Work, message: GatherSegment) -> dict[str, Any]:
    """By hand: it is looked at next."""
    segment = work.get(model.Segment, message.id, message.ver)
    if segment.walked_to is None:
        put(work.session, model.Segment, segment.id, {"next_on": work.today})
    return answer(work, segment)


def gather(work: Work) -> None:
    """The next stretch of the segment whose turn it is; then some of those who wait to be handled, for the first time or again."""
    segment = work.session.scalars(_due(work)).first()
    if segment is not None:
        put(work.session, model.Segment, segment.id, _tried(work, segment))
    waiting = (Member.handled_at.is_(None), Member.until.is_(None))
    _handle(work, waiting, (Member.since, Member.id), _first)
    due = (Member.again_on <= work.today, Member.until.is_(None))
    _handle(work, due, (Member.again_on, Member.id), _second)


def _tried(work: Work, segment: Any) -> dict[str, Any]:
    """A question that the database will not answer stops its own segment and keeps no other waiting."""
    try:
        with work.session.begin_nested():
            return _walked(work, segment)
    except DBAPIError as error:
        if not isinstance(error.orig, UNANSWERED):
            raise
        log().warning("segment stopped", segment=str(segment.id), error=str(error.orig))
        return _stopped(work, segment, "question_outdated")


def _due(work: Work) -> Any:
    """One that is being gathered, whose day has come, or that was put away with members in it."""
    one = model.Segment
    there = select(Member.id).where(Member.segment_id == one.id, Member.until.is_(None))
    put_away = and_(one.archived_at.is_not(None), there.exists())
    come = and_(one.archived_at.is_(None), one.next_on <= work.today)
    wanted = select(one).where(or_(one.walked_to.is_not(None), put_away, come))
    order = (one.walked_to.is_(None), one.next_on.nulls_last(), one.id)
    return wanted.order_by(*order).limit(1).with_for_update(of=one, skip_locked=True)


def _walked(work: Work, segment: Any) -> dict[str, Any]:
    """Compare one stretch with its members. Gives where the segment stands then."""
    cls = work.entities[segment.list_of.rpartition(".")[2]]
    stretch, last = _stretch(work, cls, segment.walked_to or BEGINNING)
    try:
        inside = set() if segment.archived_at is not None else _asked(work, cls, segment, stretch(cls.id))
    except Invalid:
        return _stopped(work, segment, "question_outdated")
    if isinstance(inside, str):
        return _stopped(work, segment, inside)
    there = (Member.segment_id == segment.id, Member.until.is_(None))
    before = set(work.session.scalars(select(Member.record_id).where(*there, stretch(Member.record_id))))
    _join(work, cls, segment, inside - before)
    _leave(work, cls, segment, before - inside)
    if last is not None:
        return {"walked_to": last, "trouble": None}
    count = work.session.scalar(select(func.count()).where(*there)) or 0
    return {
        "walked_to": None, "members": count, "gathered_at": work.now, "trouble": None,
        "next_on": _following(segment, work.today),
    }  # fmt: skip


def _stretch(work: Work, cls: Any, after: UUID) -> tuple[Any, UUID | None]:
    """A condition on ids, and the last of them; None when there are no more behind."""
    with work.everything():
        wanted = select(cls.id).where(cls.id > after).order_by(cls.id).limit(STRETCH)
        ids = list(work.session.scalars(wanted))
    last = ids[-1] if len(ids) == STRETCH else None

    def within(column: Any) -> ColumnElement[bool]:
        return and_(column > after, column <= last if last is not None else true())

    return within, last


def _asked(work: Work, cls: Any, segment: Any, within: ColumnElement[bool]) -> set[UUID] | str:
    """Who fits the question among these, as the segment's owner sees them; or why she cannot ask."""
    owner = acting.actor_of(work, segment.owner_id)
    if owner is None:
        return "owner_left"
    if not owner.may(f"{segment.list_of}.read"):
        return "not_allowed"
    with work.on_behalf_of(owner):
        wanted = filters.chosen(work, cls, segment.question(), within)
        return set(work.session.scalars(wanted.with_only_columns(cls.id)))


def _stopped(work: Work, segment: Any, trouble: str) -> dict[str, Any]:
    """Members stay as they are; it is tried again when its day comes."""
    return {"walked_to": None, "trouble": trouble, "next_on": _following(segment, work.today)}


def _following(segment: Any, today: date) -> date | None:
    step = AFTER[segment.rhythm]
    return today + step if step is not None and segment.archived_at is None else None


def _join(work: Work, cls: Any, segment: Any, ids: set[UUID]) -> None:
    is_left = not segment.handles or (segment.only_newcomers and segment.gathered_at is None)
    rows = [
        {
            "id": new_id(), "segment_id": segment.id, "record_id": id, "since": work.now,
            "handled_at": work.now if is_left else None,
        }
        for id in sorted(ids)
    ]  # fmt: skip
    bulk.insert(work.session, Member.__table__, rows, known=True)  # type: ignore[arg-type]
    table = cls.__table__
    _mark(work, cls, ids, func.array_append(table.c.segments, segment.id), ~table.c.segments.any(segment.id))


def _leave(work: Work, cls: Any, segment: Any, ids: set[UUID]) -> None:
    if ids:
        gone = update(Member).where(
            Member.segment_id == segment.id, Member.until.is_(None), Member.record_id.in_(ids)
        )
        work.session.execute(gone.values(until=work.now), execution_options={"synchronize_session": False})
    table = cls.__table__
    _mark(work, cls, ids, func.array_remove(table.c.segments, segment.id), table.c.segments.any(segment.id))


def _mark(work: Work, cls: Any, ids: set[UUID], segments: Any, where: Any) -> None:
    """On the records themselves, so that every list can be filtered by it; past version and change log."""
    if ids:
        table = cls.__table__
        marked = update(table).where(table.c.id.in_(ids), where).values(segments=segments)
        changed = work.session.connection().execute(marked.returning(table.c.id)).scalars()
        note(work.session, cls, changed)


def _handle(work: Work, which: tuple[Any, ...], order: tuple[Any, ...], step: Step) -> None:
    """Members, the longest waiting first: each step is taken once, in the transaction that says so."""
    wanted = (
        select(Member, model.Segment)
        .join(model.Segment, model.Segment.id == Member.segment_id)
        .where(*which, model.Segment.archived_at.is_(None))
        .order_by(*order)
        .limit(HANDLED_AT_ONCE)
        .with_for_update(of=Member, skip_locked=True)
    )
    owners: dict[UUID | None, Actor | None] = {}
    for member, segment in work.session.execute(wanted).all():
        if segment.owner_id not in owners:
            owners[segment.owner_id] = acting.actor_of(work, segment.owner_id)
        member.unhandled = _handled(work, segment, member.record_id, (owners[segment.owner_id], step))
        member.again_on = None
        if member.handled_at is None and segment.again_in_days and member.unhandled is None:
            member.again_on = work.today + timedelta(days=segment.again_in_days)
        member.handled_at = work.now


def _handled(
    work: Work, segment: Any, record_id: UUID, by: tuple[Actor | None, Step]
) -> dict[str, Any] | None:
    """Take the step in the owner's name; gives the problem for which it could not be taken."""
    owner, step = by
    if owner is None:
        return SegmentOwnerLeft().as_dict()
    tried = work.session.begin_nested()
    try:
        with work.on_behalf_of(owner):
            cls = work.entities[segment.list_of.rpartition(".")[2]]
            step(work, segment, work.get(cls, record_id))
            work.session.flush()
        tried.commit()
    except Problem as problem:
        tried.rollback()
        return problem.as_dict()
    return None


def _first(work: Work, segment: Any, row: Any) -> None:
    """What the template says for a new member."""
    if segment.tag_id is not None and segment.tag_id not in row.tags:
        work.require(f"{segment.list_of}.update", row)
        row.tags = [*row.tags, segment.tag_id]
    if segment.strategy is not None and not row.strategy:
        work.require(f"{segment.list_of}.update", row)
        row.strategy = segment.strategy
    if segment.give_to_id is not None and row.owner_id != segment.give_to_id:
        _give(work, segment, row)
    if segment.plan_kind_id is not None:
        values = {"kind_id": segment.plan_kind_id, "subject": segment.plan_subject, "text": segment.plan_text}
        _plan(work, segment, row, values, segment.plan_in_days)


def _second(work: Work, segment: Any, row: Any) -> None:
    """What it says for one who is still a member after some days."""
    if segment.again_kind_id is not None:
        values = {
            "kind_id": segment.again_kind_id,
            "subject": segment.again_subject,
            "text": segment.again_text,
        }
        _plan(work, segment, row, values, 0)


def _give(work: Work, segment: Any, row: Any) -> None:
    """The same ways in as by hand: the rules on how many somebody may hold count, and she is told."""
    given = {"id": row.id, "owner_id": segment.give_to_id, "note": segment.name}
    work.session.flush()
    if segment.list_of == "customer.lead":
        work.require("customer.assign_lead", row)
        assign_lead(work, AssignLead.read(given))
    else:
        work.require("customer.hand_over_customer", row)
        hand_over_customer(work, HandOverCustomer.read(given))


def _plan(work: Work, segment: Any, row: Any, values: dict[str, Any], in_days: int) -> None:
    """The same way in as the form, so that the same is checked, and it is for whom it would be for."""
    work.require("customer.activity.create")
    starts = datetime.combine(work.today + timedelta(days=in_days), MORNING, ZoneInfo(work.actor.timezone))
    values |= {f"{row.record.noun()}_id": row.id, "starts_at": max(starts.astimezone(UTC), work.now)}
    # as a change of one: nobody is there who could say what the company wants to know of each beside
    given = Activity.patch().read({name: value for name, value in values.items() if value is not None})
    activity = build(work, model.Activity, given)
    activity.segment_id = segment.id
