"""Reminding owners of what begins soon: as its kind says, or as she chose for this one (ACT-01, users 13)."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from chassis.work import Work
from contracts.customer import ActivityComesUp
from services.customer import model

CHOSEN = {
    "never": (),
    "at_start": (0,),
    "15_minutes_before": (15,),
    "1_hour_before": (60,),
    "1_day_before": (1440,),
}
"""Minutes before, by what stands at the activity; «by_kind»: as the rules of its kind say."""
LATE = timedelta(hours=1)
"""What began longer ago is no longer worth a reminder, such as after a night in which nothing ran."""
FORGOTTEN = timedelta(days=60)
AT_ONCE = 1000


def remind(work: Work) -> None:
    """Announce each moment of reminding that has come, once. Of several that came together only the nearest to the start."""
    rules: dict[UUID, list[int]] = defaultdict(list)
    for rule in work.find_all(model.ReminderRule, archived_at=None):
        rules[rule.kind_id].append(rule.minutes)
    longest = max([0, *(m for found in (*CHOSEN.values(), *rules.values()) for m in found)])
    one = model.Activity
    coming = select(one).where(
        one.state == "planned", one.archived_at.is_(None), one.starts_at > work.now - LATE,
        one.starts_at <= work.now + timedelta(minutes=longest),
    )  # fmt: skip
    for activity in work.session.scalars(coming.order_by(one.starts_at).limit(AT_ONCE)):
        _remind_of(work, activity, rules)
    work.session.execute(delete(model.Reminded).where(model.Reminded.starts_at < work.now - FORGOTTEN))


def _remind_of(work: Work, activity: Any, rules: dict[UUID, list[int]]) -> None:
    wished = rules[activity.kind_id] if activity.remind == "by_kind" else CHOSEN[activity.remind]
    # what she entered a moment ago she knows
    moments = {m: activity.starts_at - timedelta(minutes=m) for m in wished}
    come = sorted(m for m, at in moments.items() if at <= work.now and at >= activity.created_at)
    if not come:
        return
    keys = [{"activity_id": activity.id, "starts_at": activity.starts_at, "minutes": m} for m in come]
    table = model.Reminded
    fresh = insert(table).values(keys).on_conflict_do_nothing().returning(table.minutes)
    if come[0] in set(work.session.scalars(fresh)):
        wishes = model.Wish.said(work, activity.customer_id, activity.contact_id)
        work.emit(ActivityComesUp.of(activity, minutes=come[0], wishes=wishes))
