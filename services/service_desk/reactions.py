"""What the service desk does when others announce something."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from chassis import replicas
from chassis.work import Work
from contracts.customer import CustomerListed
from contracts.receivables import ContractSigned
from services.service_desk import model
from services.service_desk.actions import deal_handover


def hand_over_deal(work: Work, event: ContractSigned) -> None:
    """Who delivers and looks after must know what was sold."""
    deal_handover.open_deal_handover(work, event)


def show_tickets_to_rep(work: Work, event: CustomerListed) -> None:
    """The customer's present sales rep sees all tickets of the customer, a former one no longer."""
    cards = replicas.several(work.session, [event.record_id])
    card = cards[0] if cards and (cards[0].epoch, cards[0].ver) >= (event.epoch, event.ver) else event
    rep = card.data.get("owner_id")
    rep_id = UUID(rep) if rep else None
    tickets = select(model.Ticket).where(model.Ticket.customer_id == event.record_id)
    for ticket in work.session.scalars(tickets):
        if ticket.customer_owner_id != rep_id:
            ticket.belong_to_rep(work, rep_id)
