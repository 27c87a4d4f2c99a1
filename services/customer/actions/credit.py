"""How far a customer is trusted (CUS-14). Whether a contract may still be signed is decided where contracts are signed."""

from __future__ import annotations

from chassis.work import Work
from contracts.customer import SetCreditCustomer
from services.customer import model


def set_credit_customer(work: Work, message: SetCreditCustomer) -> model.Customer:
    """Standing, limit and days to pay, with the reason; the card tells the other services."""
    customer = work.get(model.Customer, message.id, message.ver)
    customer.set_credit(message.credit_standing, message.credit_limit, message.credit_days, message.note)
    work.note = message.note
    return customer
