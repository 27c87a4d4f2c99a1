"""Whose birthday it is: contacts, and customers who are persons (CAR-03, CUS-15)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis import labels
from chassis.entities import by_entity, values
from chassis.work import Work
from contracts.customer import BirthdaysOf
from services.customer import model
from services.customer.model.born import born_on, next_birthday, people, soonest

MOST = 2000
SHOWN = ("id", "ver", "name", "birthday", "mobile", "phone")
OF_CONTACTS = ("customer_id", "job_title")
YEAR = 366


def birthdays(work: Work, message: BirthdaysOf) -> dict[str, Any]:
    """Contacts and private customers of mine and the day each was born; whose birthday comes first stands first."""
    return told(work, coming(work, work.actor.id, work.today, message.days), work.today)


def coming(work: Work, staff_id: UUID | None, since: date, days: int | None) -> list[Any]:
    """Who has a birthday on that day or the days after it, of one person's or of all that the actor sees; the first first."""
    found: list[Any] = []
    for cls in (model.Contact, model.Customer):
        wanted = select(cls).where(*people(cls))
        if staff_id is not None:
            wanted = wanted.where(cls.owner_id == staff_id)
        if days is not None and days < YEAR:
            wanted = wanted.where(born_on(cls, [since + timedelta(days=n) for n in range(days + 1)]))
        found += work.session.scalars(wanted.order_by(*soonest(cls, since), cls.id).limit(MOST))
    found.sort(key=lambda row: (next_birthday(row.birthday, since), row.id))
    return found[:MOST]


def told(work: Work, rows: list[Any], since: date) -> dict[str, Any]:
    """As rows with the kind of record each is, and the day on which it is celebrated next."""
    shown: dict[UUID, dict[str, Any]] = {}
    named: dict[str, Any] = {}
    for cls, names in ((model.Contact, (*SHOWN, *OF_CONTACTS)), (model.Customer, SHOWN)):
        attrs = {name: cls.record.attrs()[name] for name in names}
        mine: list[Any] = [row for row in rows if isinstance(row, cls)]
        named |= {
            id: label.as_json()
            for id, label in labels.behind_fields(work, mine, attrs, by_entity(work)).items()
        }
        for row in mine:
            on = next_birthday(row.birthday, since).isoformat()
            shown[row.id] = {**values(row, attrs), "entity": cls.record.entity(), "on": on}
    return {"rows": [shown[row.id] for row in rows], "labels": named}
