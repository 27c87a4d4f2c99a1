"""What we do when others announce something."""

from __future__ import annotations

from chassis import merging, own_fields
from chassis.work import Work
from contracts.customer import (
    CustomerHandedOver,
    FormerContractImported,
    FormerContractWithdrawn,
    MergeUndone,
    RecordsMerged,
)
from contracts.sales import OpportunityReopened, OpportunityWon
from services.receivables import model
from services.receivables.actions import contract, former


def draft_contract(work: Work, event: OpportunityWon) -> None:
    """A won opportunity becomes the draft of a contract, under the id it was promised."""
    if work.session.get(model.Contract, event.contract_id) is not None:
        return
    drafted = model.Contract(
        id=event.contract_id, name=event.name, customer_id=event.customer_id, contact_id=event.contact_id,
        opportunity_id=event.opportunity_id, quote_id=event.quote_id, amount=event.amount, currency=event.currency,
    )  # fmt: skip
    for position, line in enumerate(event.lines, start=1):
        drafted.lines.append(
            model.ContractLine(
                position=position, product_id=line.product_id, description=line.description,
                quantity=line.quantity, unit_price=line.unit_price, discount=line.discount,
            )
        )  # fmt: skip
    former.give(work, drafted, event.owner_id)
    own_fields.take_along(work, work.add(drafted), *event.noted)
    work.following.add(drafted)  # whom the deal was made with may work elsewhere by now


def drop_draft(work: Work, event: OpportunityReopened) -> None:
    """The win was taken back: a contract that is not signed yet is no longer wanted."""
    if event.contract_id is None:
        return
    drafted = work.session.get(model.Contract, event.contract_id)
    if drafted is not None and drafted.state in ("draft", "submitted", "approved"):
        contract.give_up(work, drafted, "opportunity reopened")


def take_over_contract(work: Work, event: FormerContractImported) -> None:
    """An old customer's contract, with what was paid on it (CTR-06)."""
    former.take_over_contract(work, event)


def take_back_contract(work: Work, event: FormerContractWithdrawn) -> None:
    """The import that told of it never was."""
    former.take_back_contract(work, event.contract_id)


def hand_over_contracts(work: Work, event: CustomerHandedOver) -> None:
    """Contracts of the one before that are under way are the next one's, with what is owed for them (CUS-01, OPP-11)."""
    if not event.with_contracts or event.from_id is None:
        return
    work.note = event.note
    theirs = {"customer_id": event.customer_id, "owner_id": event.from_id}
    for found in work.find_all(model.Contract, **theirs, archived_at=None):
        if found.state not in ("completed", "cancelled"):
            work.give(found, event.to_id)


def follow_merge(work: Work, event: RecordsMerged) -> None:
    """What referred to a record that went refers to the kept one."""
    for gone_id in event.gone_ids:
        merging.turn(work, event.merge_id, event.entity, gone_id, event.kept_id)


def follow_unmerge(work: Work, event: MergeUndone) -> None:
    """What that merge turned refers to where it did before."""
    merging.turn_back(work, event.merge_id)
