"""Reminding owners of what begins soon: as its kind says, or as she chose for this one (ACT-01, users 13)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import (
    FromClause,
    Integer,
    Select,
    String,
    Uuid,
    cast,
    column,
    delete,
    func,
    select,
    tuple_,
    values,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert

from chassis.work import Work
from contracts.customer import ActivityComesUp
from services.customer import model
from services.customer.model.reminder import CHOSEN

LATE = timedelta(hours=1)
"""What began longer ago is no longer worth a reminder, such as after a night in which nothing ran."""
FORGOTTEN = timedelta(days=60)
AT_ONCE = 1000


def remind(work: Work) -> None:
    """Announce each moment of reminding that has come, once. Of several that came together only the nearest to the start."""
    after: tuple[Any, ...] = ()
    while stretch := work.session.execute(_come(work, after)).all():
        for activity, moments in stretch:
            _remind_of(work, activity, moments)
        last = stretch[-1][0]
        after = last.starts_at, last.id
    work.session.execute(delete(model.Reminded).where(model.Reminded.starts_at < work.now - FORGOTTEN))


def _come(work: Work, after: tuple[Any, ...]) -> Select[Any, Any]:
    """The next activities of which a moment has come and is not told yet, each with its moments so far, in minutes."""
    one, told, moment = model.Activity, model.Reminded, _moments(work)
    before = one.starts_at - func.make_interval(0, 0, 0, 0, 0, moment.c.minutes)
    kind_id = cast(moment.c.kind_id, Uuid)  # without rules by kind nothing tells the database what it is
    longest = select(func.max(moment.c.minutes)).scalar_subquery()
    wanted = (
        select(one, func.array_agg(aggregate_order_by(moment.c.minutes, moment.c.minutes)))
        .join(moment, (moment.c.remind == one.remind) & func.coalesce(kind_id == one.kind_id, True))
        .outerjoin(
            told,
            (told.activity_id == one.id) & (told.starts_at == one.starts_at) & (told.minutes == moment.c.minutes),
        )
        .where(
            one.state == "planned", one.archived_at.is_(None), one.starts_at > work.now - LATE,
            one.starts_at <= work.now + func.make_interval(0, 0, 0, 0, 0, longest), before <= work.now,
            # what she entered a moment ago she knows
            before >= one.created_at,
        )
        .group_by(one.id).having(func.count(told.activity_id) < func.count())
        .order_by(one.starts_at, one.id).limit(AT_ONCE)
    )  # fmt: skip
    return wanted.where(tuple_(one.starts_at, one.id) > after) if after else wanted


def _moments(work: Work) -> FromClause:
    """When to remind, in minutes before: by what stands at an activity and, where the rules say it, by its kind."""
    rules = work.find_all(model.ReminderRule, archived_at=None)
    said = [(remind, None, minutes) for remind, each in CHOSEN.items() for minutes in each]
    table = values(
        column("remind", String), column("kind_id", Uuid), column("minutes", Integer), name="moment"
    )
    return table.data([*said, *(("by_kind", rule.kind_id, rule.minutes) for rule in rules)])


def _remind_of(work: Work, activity: model.Activity, come: list[int]) -> None:
    keys = [{"activity_id": activity.id, "starts_at": activity.starts_at, "minutes": m} for m in come]
    table = model.Reminded
    fresh = insert(table).values(keys).on_conflict_do_nothing().returning(table.minutes)
    if come[0] in set(work.session.scalars(fresh)):
        wishes = model.Wish.said(work, activity.customer_id, activity.contact_id)
        work.emit(ActivityComesUp.of(activity, minutes=come[0], wishes=wishes))
