"""Somebody at a customer changes her job (CON-04), or buys for herself (CON-07): she is the same person all the same."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, or_, select

from chassis import field_files
from chassis.identity import new_id
from chassis.work import Work
from contracts.customer import BuysPrivatelyAlready, ChangeJobContact, SellPrivatelyContact
from contracts.errors import FieldProblem, Invalid
from services.customer import model
from services.customer.model.people import REPORTS


def change_job_contact(work: Work, message: ChangeJobContact) -> model.Contact:
    """To another of our customers, or away: what was of the old company ends there, what is personal goes along
    (docs/decisions/0075). Raises Invalid for the company she is at, for a day to come and for one before she came there."""
    contact = work.get(model.Contact, message.id, message.ver)
    day = message.on or work.today
    if day > work.today:
        raise Invalid(FieldProblem("on", "after", date=work.today.isoformat()))
    if message.customer_id == contact.customer_id:
        raise Invalid(FieldProblem("customer_id", "not_a_choice", value=contact.name))
    before = select(func.max(model.Employment.until_on)).where(model.Employment.contact_id == contact.id)
    with work.everything():
        since = work.session.scalar(before)
    if since is not None and day < since:
        raise Invalid(FieldProblem("on", "before", date=since.isoformat()))
    former = model.Employment(
        id=new_id(), name=contact.name, contact_id=contact.id, customer_id=contact.customer_id, job_title=contact.job_title,
        from_on=since, until_on=day, note=message.note,
    )  # fmt: skip
    work.add(former)
    _end(work, contact)
    _reach(contact, message)
    if message.customer_id is None:
        contact.archived_at = work.now
        work.session.flush()
    else:
        customer = work.read(model.Customer, message.customer_id)
        contact.customer_id, contact.job_title = customer.id, message.job_title
        work.session.flush()
        for wish in _live(work, model.Wish, model.Wish.contact_id == contact.id):
            wish.tell(work)
    work.let_go |= work.touched  # another colleague may look after the company from now on
    return contact


def _end(work: Work, contact: model.Contact) -> None:
    """Her part in buying there, whom she reported to and who reported to her: history of the company she leaves."""
    part, link = model.Stakeholder, model.ContactLink
    over = (link.kind == REPORTS) & or_(link.contact_id == contact.id, link.other_id == contact.id)
    for row in (*_live(work, part, part.contact_id == contact.id), *_live(work, link, over)):
        row.archived_at = work.now
    contact.buying_role_id = None
    work.session.flush()


def _live(work: Work, cls: Any, condition: Any) -> list[Any]:
    with work.everything():
        return list(
            work.session.scalars(
                select(cls).where(condition, cls.archived_at.is_(None)).with_for_update(of=cls)
            )
        )


def _reach(contact: model.Contact, message: ChangeJobContact) -> None:
    """By what is said of the new job; the old company's only where nobody drops it. Her mobile is her own."""
    if message.drops_reach:
        contact.phone = contact.email = None
    contact.phone, contact.email = message.phone or contact.phone, message.email or contact.email


def sell_privately_contact(work: Work, message: SellPrivatelyContact) -> model.Contact:
    """She becomes a customer of her own, once; alone, in a family we know, or as the first of a new one."""
    contact = work.get(model.Contact, message.id, message.ver)
    with work.everything():
        known = work.find(model.Customer, contact_id=contact.id, archived_at=None)
    if known is not None:
        raise BuysPrivatelyAlready(name=known.name, number=known.number)
    work.require("customer.customer.create")
    customer = work.add(model.Customer.from_contact(contact, _family(work, message, contact)))
    field_files.take_along(work, contact, customer)
    work.session.flush()
    return contact


def _family(work: Work, message: SellPrivatelyContact, contact: model.Contact) -> model.Customer | None:
    if message.family_id is not None:
        if message.family_name is not None:
            raise Invalid(FieldProblem("family_name", "either_family"))
        family: model.Customer = work.read(model.Customer, message.family_id)
        return family
    if message.family_name is None:
        return None
    family = model.Customer(
        id=new_id(),
        name=message.family_name,
        kind="end_customer",
        nature="family",
        company_id=contact.customer_id,
    )
    family.belong_with(contact)
    work.add(family)
    work.session.flush()
    return family
