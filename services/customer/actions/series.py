"""An activity again and again: each time one of its own, at the same hour of the actor's clock (ACT-01); moved and changed alone,
with all that follow, or all (ACT-04)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from chassis.identity import new_id
from chassis.work import Work
from contracts.customer import (
    ChangeSeriesActivity,
    EndSeriesActivity,
    MoveActivity,
    RepeatActivity,
    Repetition,
)
from contracts.errors import FieldProblem, Invalid
from services.customer import model
from services.customer.actions import open_series, repetition
from services.customer.actions.repetition import moved, on_clock


def repeat_activity(work: Work, message: RepeatActivity) -> model.Activity:
    """Plan all further times at once. Raises Invalid when there would be none, too many, or no end."""
    first = work.get(model.Activity, message.id, message.ver)
    first.move("repeat")
    if first.series_id is not None:
        raise Invalid(FieldProblem("every", "repeated_already"))
    repeat(work, first, message, message.unit)
    work.session.flush()
    return first


def repeat(work: Work, first: model.Activity, wish: Repetition, unit: str) -> None:
    """Make it the first of a series; each of the others as the first one is."""
    zone = ZoneInfo(work.actor.timezone)
    repetition.check(wish, unit)
    rule = repetition.written(wish, unit, on_clock(first.starts_at, zone))
    starts = [] if wish.ends == "never" else repetition.times(wish, unit, first.starts_at, zone)[1:]
    first.series_id, first.repeats = new_id(), rule
    if wish.ends == "never":
        open_series.begin(work, first, rule, zone)
    for at in starts:
        open_series.again(work, first, at, zone)


def move_activity(work: Work, message: MoveActivity) -> model.Activity:
    """This one, and when told so others of its series: each as far on the clock, and each as long."""
    first = work.get(model.Activity, message.id, message.ver)
    first.move("move")
    meant = Meant(work, first, message.reach, "customer.move_activity")
    _shift(work, meant, message.starts_at, message.ends_at)
    work.session.flush()
    return first


def change_series_activity(work: Work, message: ChangeSeriesActivity) -> model.Activity:
    """What it is about, when and by whom: of this one, of all that follow, or of all; what is done stays as it was."""
    first = work.get(model.Activity, message.id, message.ver)
    first.move("change_series")
    if first.series_id is None:
        raise Invalid(FieldProblem("reach", "no_series"))
    meant = Meant(work, first, message.reach, "customer.change_series_activity")
    for row in (first, *meant.others):
        row.subject, row.kind_id = message.subject or row.subject, message.kind_id or row.kind_id
        if message.owner_id is not None and message.owner_id != row.owner_id:
            work.give(row, message.owner_id)
            row.is_told = row is first
    if message.starts_at is not None or message.ends_at is not None:
        starts_at = message.starts_at or first.starts_at
        _shift(work, meant, starts_at, message.ends_at)
    work.session.flush()
    return first


def end_series_activity(work: Work, message: EndSeriesActivity) -> model.Activity:
    """Nothing of it takes place after this day; what is done stays as it was."""
    first = work.get(model.Activity, message.id, message.ver)
    first.move("end_series")
    if first.series_id is None:
        raise Invalid(FieldProblem("last_on", "no_series"))
    zone, last_on = ZoneInfo(work.actor.timezone), message.last_on or work.today
    meant = Meant(work, first, "all", "customer.end_series_activity")
    behind = [row for row in (first, *meant.others) if on_clock(row.starts_at, zone).date() > last_on]
    for row in behind:
        row.move("cancel", work.now)
    meant.end(work, last_on)
    if meant.open is None and behind:
        for row in (first, *meant.others):
            if row.state == "planned":
                row.repeats = repetition.up_to(row.repeats or "", last_on)
    work.session.flush()
    return first


class Meant:
    """How much of a series is meant, locked: one of it, those beside it that the actor may do this to, and, where these are all
    there are, how it goes on."""

    def __init__(self, work: Work, first: model.Activity, reach: str, permission: str) -> None:
        self.first = first
        self.open = open_series.held(work, first) if reach != "only_this" else None
        found = _others_of(work, first, reach)
        self.others: Sequence[model.Activity] = [row for row in found if work.may(permission, row)]
        if len(self.others) < len(found):
            self.open = None  # somebody else's are among them: how it goes on is not hers to say

    def end(self, work: Work, last_on: Any) -> None:
        """Of what has no end nothing takes place behind this day any more."""
        if self.open is not None:
            open_series.end(work, self.open, last_on)


def _shift(work: Work, meant: Meant, starts_at: datetime, ends_at: datetime | None) -> None:
    """All as far on the clock as the first, and as long; as long as before unless told."""
    zone, first = ZoneInfo(work.actor.timezone), meant.first
    if ends_at is not None and ends_at < starts_at:
        raise Invalid(FieldProblem("ends_at", "before", date=starts_at.isoformat()))
    if meant.open is not None:
        open_series.move_on(meant.open, first.starts_at, starts_at)
    step = on_clock(starts_at, zone) - on_clock(first.starts_at, zone)
    like = starts_at, ends_at or repetition.ending((first.starts_at, first.ends_at), starts_at, zone)
    first.starts_at, first.ends_at = like
    for row in meant.others:
        row.starts_at = moved(on_clock(row.starts_at, zone), step, zone)
        row.ends_at = repetition.ending(like, row.starts_at, zone)


def _others_of(work: Work, activity: Any, reach: str) -> list[Any]:
    """What is planned in its series beside it, later or at all, whoever does it, locked; nothing where there is none."""
    if activity.series_id is None or reach == "only_this":
        return []
    one = model.Activity
    wanted = select(one).where(
        one.series_id == activity.series_id, one.id != activity.id, one.state == "planned", one.archived_at.is_(None)
    )  # fmt: skip
    if reach == "this_and_following":
        wanted = wanted.where(one.starts_at > activity.starts_at)
    with work.everything():
        return list(work.session.scalars(wanted.order_by(one.starts_at).with_for_update(of=one)))


def cancel_others(work: Work, activity: Any, reach: str) -> None:
    """So much of its series does not take place either, as far as the actor may decide that."""
    meant = Meant(work, activity, reach, "customer.cancel_activity")
    for row in meant.others:
        row.move("cancel", work.now)
    zone = ZoneInfo(work.actor.timezone)
    meant.end(work, on_clock(activity.starts_at, zone).date() - timedelta(days=1))
