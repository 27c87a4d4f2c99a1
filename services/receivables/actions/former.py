"""Contracts of former days, taken over with what was paid on them; nobody is sent a letter about them."""

from __future__ import annotations

from uuid import UUID, uuid5

from chassis.work import Work
from contracts.customer import FormerContractImported
from contracts.receivables import FormerContractBooked
from services.receivables import model
from services.receivables.actions.contract import give_up, receivable_of
from services.receivables.actions.payment import enter


def take_over_contract(work: Work, event: FormerContractImported) -> model.Contract | None:
    """A signed contract with its receivable and what came in; None when we have it already."""
    if work.session.get(model.Contract, event.contract_id) is not None:
        return None
    due_on = event.closed_on or event.signed_on
    contract = model.Contract(
        id=event.contract_id, name=event.name, former_number=event.number, customer_id=event.customer_id,
        amount=event.amount, signed_on=event.signed_on, state="signed", state_at=work.now,
        instalments=[model.PlannedInstalment(position=1, due_on=due_on, amount=event.amount)],
    )  # fmt: skip
    give(work, contract, event.owner_id)
    work.add(contract)
    work.session.flush()
    receivable = work.add(contract.open_receivable())
    for instalment in receivable.instalments:
        # it was due before our time: the list shows it as overdue, but ten thousand of them are no news
        instalment.fell_due_at = work.now
    receivable.look(work.day_at(contract.branch_id))
    work.session.flush()
    work.emit(FormerContractBooked.of(contract, receivable_id=receivable.id))
    if event.paid:
        paid = model.Payment(id=_payment_id(contract.id), amount=event.paid, paid_on=due_on)
        enter(work, receivable, paid)
    if event.closed_on and not receivable.remaining:
        contract.move("complete", work.now)
    return contract


def take_back_contract(work: Work, contract_id: UUID) -> bool:
    """The import was taken back. A contract that was worked with since stays: says whether it went."""
    contract = work.session.get(model.Contract, contract_id)
    if contract is None or contract.state not in ("signed", "completed"):
        return False
    receivable = receivable_of(work, contract)
    entries = work.find_all(model.Payment, receivable_id=receivable.id)
    if {entry.id for entry in entries} - {_payment_id(contract_id)}:
        return False
    for entry in entries:
        reversal = model.Payment(
            id=uuid5(entry.id, "taken back"),
            amount=-entry.amount,
            paid_on=entry.paid_on,
            reverses_id=entry.id,
        )
        enter(work, receivable, reversal)
    if contract.state == "completed":
        contract.state = "signed"
    give_up(work, contract, "import taken back")
    return True


def give(work: Work, contract: model.Contract, owner_id: UUID | None) -> None:
    """To its owner, or to whoever looks after the customer."""
    if owner_id is not None:
        work.give(contract, owner_id)
    else:
        customer = work.known("customer.customer", contract.customer_id)
        contract.owner_id, contract.department_id, contract.branch_id = (
            customer.owner_id, customer.department_id, customer.branch_id,
        )  # fmt: skip


def _payment_id(contract_id: UUID) -> UUID:
    """The one payment that an import tells of: the same id whenever it is told."""
    return uuid5(contract_id, "former payment")
