"""Handing a customer over to another colleague."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from chassis import scope
from chassis.entities import answer
from chassis.work import Work
from contracts.customer import CustomerHandedOver, HandOverCustomer
from services.customer import model


def hand_over_customer(work: Work, message: HandOverCustomer) -> dict[str, Any]:
    """Another colleague looks after the customer: the file, its people and what is planned go to her.

    What was done stays with who did it, and is shown to her; the change log tells who looked after the customer when.
    """
    customer = work.get(model.Customer, message.id, message.ver)
    before = customer.owner_id
    if message.owner_id != before:
        work.give(customer, message.owner_id)
        with work.everything():
            _take_along(work, customer, before)
        work.emit(CustomerHandedOver.of(customer, from_id=before, to_id=message.owner_id, note=message.note))
        work.session.flush()
    return answer(work, customer)


def _take_along(work: Work, customer: model.Customer, before: Any) -> None:
    lead = work.find(model.Lead, id=customer.lead_id) if customer.lead_id else None
    contacts = work.find_all(model.Contact, customer_id=customer.id)
    activities = work.find_all(model.Activity, customer_id=customer.id)
    moving = [a for a in activities if a.state == "planned" and a.owner_id == before]
    for activity in activities:
        if activity not in moving and activity.owner_id != customer.owner_id:
            scope.share(work.session, activity, customer.owner_id)  # type: ignore[arg-type]
    along: list[Any] = [*contacts, *moving, *([lead] if lead else [])]
    for row in along:
        row.belong_with(customer)
    about = [row.id for row in (customer, *along)]
    for comment in work.session.scalars(select(model.Comment).where(model.Comment.record_id.in_(about))):
        comment.belong_with(customer)
