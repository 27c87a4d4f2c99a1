"""What we do when others announce something."""

from __future__ import annotations

from chassis import merging, own_fields
from chassis.work import Work
from contracts.customer import CustomerHandedOver, LeadConverted, MergeUndone, RecordsMerged
from contracts.receivables import ContractSigned
from services.sales import model
from services.sales.actions import opportunity as actions


def open_opportunity(work: Work, event: LeadConverted) -> None:
    """A converted lead is a chance to sell: put it at the first stage, under the id it was given."""
    if work.find(model.Opportunity, id=event.opportunity_id) is not None:
        return
    opened = model.Opportunity(
        id=event.opportunity_id,
        name=event.name,
        customer_id=event.customer_id,
        contact_id=event.contact_id,
        lead_id=event.lead_id,
        expected_amount=event.expected_amount,
        expected_on=event.expected_on,
    )
    work.give(opened, event.owner_id)
    own_fields.take_along(work, work.add(opened), *event.noted)


def hand_over_opportunities(work: Work, event: CustomerHandedOver) -> None:
    """What the one before had open with the customer is the next one's, with its quotes (CUS-01, OPP-11)."""
    if not event.with_opportunities or event.from_id is None:
        return
    work.note = event.note
    theirs = {"customer_id": event.customer_id, "owner_id": event.from_id}
    for opportunity in work.find_all(model.Opportunity, **theirs, state="open", archived_at=None):
        work.give(opportunity, event.to_id)


def follow_contract_signed(work: Work, event: ContractSigned) -> None:
    """Both sides have signed: whatever the opportunity looked like here, it is won."""
    if event.opportunity_id is not None:
        actions.win_by_contract(work, event.opportunity_id, event.contract_id, event.amount)


def follow_merge(work: Work, event: RecordsMerged) -> None:
    """What referred to a record that went refers to the kept one."""
    for gone_id in event.gone_ids:
        merging.turn(work, event.merge_id, event.entity, gone_id, event.kept_id)


def follow_unmerge(work: Work, event: MergeUndone) -> None:
    """What that merge turned refers to where it did before."""
    merging.turn_back(work, event.merge_id)
