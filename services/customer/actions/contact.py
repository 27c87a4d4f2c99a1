"""Somebody at a customer changes her job: she is the same person, and what she was is kept (CON-04)."""

from __future__ import annotations

from sqlalchemy import func, select

from chassis.identity import new_id
from chassis.work import Work
from contracts.customer import ChangeJobContact
from contracts.errors import FieldProblem, Invalid
from services.customer import model


def change_job_contact(work: Work, message: ChangeJobContact) -> model.Contact:
    """To another of our customers, or away. Raises Invalid for the company she is at, and for a day to come."""
    contact = work.get(model.Contact, message.id, message.ver)
    day = message.on or work.today
    if day > work.today:
        raise Invalid(FieldProblem("on", "after", date=work.today.isoformat()))
    if message.customer_id == contact.customer_id:
        raise Invalid(FieldProblem("customer_id", "not_a_choice", value=contact.name))
    before = select(func.max(model.Employment.until_on)).where(model.Employment.contact_id == contact.id)
    with work.everything():
        since = work.session.scalar(before)
    former = model.Employment(
        id=new_id(), name=contact.name, contact_id=contact.id, customer_id=contact.customer_id, job_title=contact.job_title,
        from_on=since, until_on=day, note=message.note,
    )  # fmt: skip
    work.add(former)
    if message.customer_id is None:
        contact.archived_at = work.now
    else:
        customer = work.read(model.Customer, message.customer_id)
        contact.customer_id, contact.job_title = customer.id, message.job_title
    work.session.flush()
    work.let_go |= {contact, former}  # another colleague may look after the company from now on
    return contact
