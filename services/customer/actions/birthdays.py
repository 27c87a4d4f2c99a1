"""Each morning: whose birthday comes within the days that the rules say, told once for each birthday and year (CAR-03, NTF-03)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert

from chassis.work import Work
from contracts.customer import BirthdayComesUp, SetBirthdayDays
from services.customer import model
from services.customer.model.born import born_on, next_birthday, people

ABOUT = "birthday"
AT_ONCE = 5000


def set_birthday_days(work: Work, message: SetBirthdayDays) -> dict[str, Any]:
    """A rule of one's own, as an administrator might have written it; without one that for everybody counts."""
    rule = work.find(model.BirthdayRule, staff_id=work.actor.id, archived_at=None)
    if message.days is None:
        if rule is not None:
            rule.archived_at = work.now
    elif rule is not None:
        rule.days = message.days
    else:
        work.add(model.BirthdayRule(staff_id=work.actor.id, days=message.days))
    work.session.flush()
    return {"days": message.days}


def remind_of_birthdays(work: Work) -> None:
    """Whoever looks after them is told. A morning on which nothing ran is made up for while the birthday is to come."""
    written = work.find_all(model.BirthdayRule, archived_at=None)
    own = [rule.staff_id for rule in written if rule.staff_id is not None]
    for rule in written:
        days = [work.today + timedelta(days=n) for n in range(rule.days + 1)]
        for cls in (model.Contact, model.Customer):
            whose: Any = (
                cls.owner_id == rule.staff_id if rule.staff_id is not None else cls.owner_id.not_in(own)
            )
            wanted = select(cls).where(
                whose, cls.owner_id.is_not(None), *people(cls), born_on(cls, days), ~_is_told(work, cls)
            )
            _tell(work, list(work.session.scalars(wanted.order_by(cls.id).limit(AT_ONCE))))


def _is_told(work: Work, cls: Any) -> ColumnElement[bool]:
    """Whether the birthday to come was told of: those left over by a morning with very many are found the next."""
    table, today = model.Nudged, datetime.combine(work.today, time(), UTC)
    return (
        select(table.record_id)
        .where(table.record_id == cls.id, table.about == ABOUT, table.since >= today)
        .exists()
    )


def _tell(work: Work, rows: list[Any]) -> None:
    """Those of whose birthday this year nobody was told yet."""
    on = {row.id: next_birthday(row.birthday, work.today) for row in rows}
    told = [
        {"record_id": id, "about": ABOUT, "since": datetime.combine(day, time(), UTC)}
        for id, day in on.items()
    ]
    if not told:
        return
    table = model.Nudged
    fresh = insert(table).values(told).on_conflict_do_nothing().returning(table.record_id)
    new = set(work.session.scalars(fresh))
    for row in rows:
        if row.id in new:
            is_contact = isinstance(row, model.Contact)
            customer_id, contact_id = (row.customer_id, row.id) if is_contact else (row.id, None)
            work.emit(
                BirthdayComesUp(
                    about=row.record.entity(), record_id=row.id, name=row.name, customer_id=customer_id,
                    owner_id=row.owner_id, on=on[row.id], wishes=model.Wish.said(work, customer_id, contact_id),
                )
            )  # fmt: skip
