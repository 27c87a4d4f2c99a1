"""Birthdays: whose come, and how long before they do whoever looks after the customer is told (CAR-03, NTF-03)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from contracts.language import N_
from contracts.message import Command, Event, Question, Record, attr


class BirthdayRule(Record):
    """How many days before a birthday whoever looks after the customer is told: for everybody, or otherwise for one person."""

    label = N_("Birthday reminder")
    plural = N_("Birthday reminders")
    icon = "cake"
    title = ("days",)
    sort = "days"

    staff_id: UUID | None = attr(
        N_("For whom"), None, ref="organization.staff", in_list=True, filter=True, help=N_("Empty: everybody.")
    )  # fmt: skip
    days: int = attr(N_("Days before"), minimum=0, maximum=60, in_list=True)


class SetBirthdayDays(Command):
    """How many days before a birthday I am told; nothing said: as everybody."""

    days: int | None = attr(
        N_("Days before"), None, minimum=0, maximum=60, help=N_("0: on the day itself. Empty: as everybody.")
    )


class BirthdaysOf(Question):
    """Birthdays of the contacts and the private customers I look after: of the next `days` days, or all (CAR-03, NTF-03)."""

    days: int | None = attr(N_("Days"), None, minimum=0, maximum=366)


class BirthdayComesUp(Event):
    """A contact, or a customer who is a person, has a birthday soon; told once for each birthday and year.

    `wishes` are what the customer wishes of whoever deals with it, what to avoid first.
    """

    aggregate: ClassVar[str] = "record_id"

    about: str
    record_id: UUID
    name: str
    customer_id: UUID
    owner_id: UUID | None = None
    on: date
    wishes: tuple[str, ...] = ()
