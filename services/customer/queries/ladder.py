"""Where customers stood on the loyalty ladder and among the value classes, told from the change log (CUS-06).

Counted backwards from today: what the log says was changed is undone month by month, and customers found meanwhile are
taken away. Customers count with whoever looks after them now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from chassis import labels
from chassis.audit import Change
from chassis.entities import by_entity
from chassis.work import Work
from contracts.customer import Climb, Climbed, Customer, Ladder, LadderOf, Rung
from contracts.errors import FieldProblem, Invalid
from services.customer import model

FIRST_DAY = date(1900, 1, 1)
MOST_MONTHS = 60
SHOWN = 50
"""Customers that moved, the latest first."""
Steps = Counter[str]


def ladder(work: Work, message: LadderOf) -> Ladder:
    """How many stood where, and who moved."""
    if message.to_on < message.from_on:
        raise Invalid(FieldProblem("to_on", "before", date=message.from_on.isoformat()))
    last = min(message.to_on, work.today)
    earliest = max(FIRST_DAY, _back(max(FIRST_DAY, last), MOST_MONTHS))
    if message.from_on < earliest:
        raise Invalid(FieldProblem("from_on", "before", date=earliest.isoformat()))
    months = list(_months(message.from_on, last))
    steps = tuple(Customer.attrs()[message.field].choices)
    mine = [model.Customer.archived_at.is_(None)]
    for name in ("owner_id", "department_id"):
        if (wanted := getattr(message, name)) is not None:
            mine.append(getattr(model.Customer, name) == wanted)
    first = _begin(work, message.from_on.replace(day=1))
    net = _net(
        _moves(message.field, _begin(work, message.from_on), mine),
        _begin(work, last + timedelta(days=1)),
        steps,
    )
    moved = _moved(work, net, message.by)
    entity = "organization.staff" if message.by == "owner_id" else "organization.department"
    named = labels.named(work, {entity: {str(one.id) for one in moved if one.id}}, by_entity(work))
    return Ladder(
        steps=steps, months=tuple(_rungs(work, message.field, first, mine, months)),
        up=sum(one.up for one in moved), down=sum(one.down for one in moved), moved=moved,
        climbs=_climbs(work, net), labels={id: label.as_json() for id, label in named.items()},
    )  # fmt: skip


def _months(first: date, last: date) -> Iterator[date]:
    """The first day of each month of a period."""
    day = first.replace(day=1)
    while day <= last:
        yield day
        day = _next(day)


def _next(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _back(day: date, months: int) -> date:
    """The first day of the first of so many months, of which the day's own is the last."""
    index = day.year * 12 + day.month - months
    return date(index // 12, index % 12 + 1, 1)


def _begin(work: Work, day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(work.actor.timezone)).astimezone(UTC)


def _moves(field: str, since: datetime, mine: list[Any]) -> Any:
    """Each change of the field since then: from what to what. What a customer is born with is no move."""
    told = Change.changes[field]
    return (
        select(
            model.Customer.id, model.Customer.name, model.Customer.owner_id, model.Customer.department_id,
            Change.at, Change.ver, told[0].astext.label("before"), told[1].astext.label("after"),
        )
        .join(Change, and_(Change.record_id == model.Customer.id, Change.entity == Customer.entity()))
        .where(Change.at >= since, Change.changes.has_key(field), told[0].astext.is_not(None), *mine)
    )  # fmt: skip


def _rungs(work: Work, field: str, since: datetime, mine: list[Any], months: list[date]) -> list[Rung]:
    """Backwards from today to the end of each month."""
    column = getattr(model.Customer, field)
    now = work.session.execute(select(column, func.count()).where(*mine).group_by(column))
    standing: Steps = Counter(dict(now.tuples().all()))
    undone = _undone(work, field, since, mine)
    found: list[Rung] = []
    for month in reversed(list(_months(months[0], work.today) if months else ())):
        if month in months:
            end = min(_next(month) - timedelta(days=1), work.today)
            found.append(Rung(on=end, counts={step: count for step, count in standing.items() if count}))
        standing.subtract(undone.get(month.strftime("%Y-%m"), Counter()))
    return found[::-1]


def _undone(work: Work, field: str, since: datetime, mine: list[Any]) -> dict[str, Steps]:
    """Month → by how many each step grew in it: by moves, and by customers that were found."""
    moves = _moves(field, since, mine).subquery()
    found: dict[str, Steps] = {}
    month = _month(work, moves.c.at)
    counted = select(month, moves.c.before, moves.c.after, func.count()).group_by(
        month, moves.c.before, moves.c.after
    )
    for key, before, after, count in work.session.execute(counted):
        grew = found.setdefault(key, Counter())
        grew[after] += count
        grew[before] -= count
    first = (
        select(moves.c.id, moves.c.before).distinct(moves.c.id).order_by(moves.c.id, moves.c.ver).subquery()
    )
    column, month = getattr(model.Customer, field), _month(work, model.Customer.created_at)
    began = func.coalesce(first.c.before, column)
    births = select(month, began, func.count()).outerjoin(first, first.c.id == model.Customer.id)
    births = births.where(model.Customer.created_at >= since, *mine).group_by(month, began)
    for key, step, count in work.session.execute(births):
        found.setdefault(key, Counter())[step] += count
    return found


def _month(work: Work, at: Any) -> Any:
    zone: Any = literal_column("'" + str(ZoneInfo(work.actor.timezone)) + "'")
    return func.to_char(func.timezone(zone, at), literal_column("'YYYY-MM'"))


def _net(moves: Any, until: datetime, steps: tuple[str, ...]) -> Any:
    """For each customer that ended elsewhere than it began: from where to where, and whether that is up."""
    each = moves.where(Change.at < until).subquery()
    first = func.array_agg(aggregate_order_by(each.c.before, each.c.ver))[1]
    last = func.array_agg(aggregate_order_by(each.c.after, each.c.ver.desc()))[1]
    kept = (each.c.id, each.c.name, each.c.owner_id, each.c.department_id)
    ended = select(
        *kept, first.label("before"), last.label("after"), func.max(each.c.at).label("at")
    ).group_by(*kept)
    one = ended.subquery()
    place = {step: place for place, step in enumerate(steps)}
    is_up = case(place, value=one.c.after) > case(place, value=one.c.before)
    return select(*one.c, is_up.label("is_up")).where(one.c.before != one.c.after).subquery()


def _moved(work: Work, net: Any, by: str) -> tuple[Climbed, ...]:
    whose = net.c[by]
    up, down = func.count().filter(net.c.is_up), func.count().filter(~net.c.is_up)
    counted = select(whose, up, down).group_by(whose).order_by(func.count().desc(), whose)
    return tuple(Climbed(id=id, up=ups, down=downs) for id, ups, downs in work.session.execute(counted))


def _climbs(work: Work, net: Any) -> tuple[Climb, ...]:
    wanted = select(net.c.id, net.c.name, net.c.before, net.c.after, net.c.is_up, net.c.at)
    rows = work.session.execute(wanted.order_by(net.c.at.desc(), net.c.id).limit(SHOWN))
    return tuple(
        Climb(customer_id=id, name=name, before=before, after=after, is_up=is_up, at=at)
        for id, name, before, after, is_up, at in rows
    )
