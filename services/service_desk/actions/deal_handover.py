"""From sales to service: a closed deal finds somebody who looks after it."""

from __future__ import annotations

from chassis.scope import Share, shared_with
from chassis.work import Work
from contracts import service_desk as messages
from contracts.receivables import ContractSigned
from contracts.service_desk import AcceptDealHandover, DealHandoverAccepted, DealHandoverOpened
from services.service_desk import model


def open_deal_handover(work: Work, event: ContractSigned) -> None:
    """A signed contract is handed over once, however often we hear of it. It waits in the branch of whoever sold it."""
    if work.find(model.DealHandover, contract_id=event.contract_id) is not None:
        return
    handover = model.DealHandover(
        contract_id=event.contract_id, contract_number=event.number, contract_name=event.name,
        customer_id=event.customer_id, contact_id=event.contact_id, from_id=event.owner_id,
        signed_on=event.signed_on, amount=event.amount,
    )  # fmt: skip
    if event.owner_id is not None:
        work.give(handover, event.owner_id)
    work.add(handover)
    work.session.flush()
    work.emit(DealHandoverOpened.of(handover))


def accept_deal_handover(work: Work, message: AcceptDealHandover) -> model.DealHandover:
    """Service looks after it from now on; who sold it goes on seeing it."""
    handover = work.get(model.DealHandover, message.id, message.ver)
    handover.accept(message.to_id or work.actor.id, work.now)
    work.give(handover, handover.to_id)
    entity, seller = messages.DealHandover.entity(), handover.from_id
    if seller not in (None, handover.to_id) and not shared_with(work.session, entity, handover.id, seller):
        work.session.add(Share(entity=entity, record_id=handover.id, staff_id=seller))
    work.emit(DealHandoverAccepted.of(handover))
    return handover
