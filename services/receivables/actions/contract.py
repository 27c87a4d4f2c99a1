"""From the draft of a contract to its last day: planned, agreed, signed, carried out, completed or given up."""

from __future__ import annotations

from sqlalchemy import select

from chassis import approval, entities
from chassis.work import Work
from contracts import receivables as messages
from contracts.errors import FieldProblem, Invalid
from contracts.message import Act
from contracts.receivables import (
    CancelContract,
    ContractApproved,
    ContractCancelled,
    ContractCompleted,
    ContractRejected,
    ContractSigned,
    ContractSubmitted,
    ExecuteContract,
    ExecutionChanged,
    HandOverContract,
    MoneyCameIn,
    PlanContract,
    SignContract,
    StepTaken,
    StillOwed,
)
from services.receivables import model, rules
from services.receivables.actions.credit import check_credit
from services.receivables.actions.payment import paid_so_far


def plan_contract(work: Work, message: PlanContract) -> model.Contract:
    """Divide the amount into instalments, in place of those planned before."""
    contract = work.get(model.Contract, message.id, message.ver)
    contract.move("plan")
    if message.way == "equal":
        amounts = rules.equal_parts(contract.amount, message.parts)
    else:
        amounts = rules.by_percent(contract.amount, rules.percents(message.percents))
    days = rules.due_dates(message.first_due_on, len(amounts), message.every_months)
    line = messages.PlannedInstalment.line()
    terms = {"method_id": message.method_id, "reminder_days": message.reminder_days}
    planned = tuple(
        line.read({"due_on": day, "amount": amount, **terms})
        for day, amount in zip(days, amounts, strict=True)
    )
    entities.check_references(work, messages.Contract, {"instalments": planned[:1]})
    entities.set_lines(contract, "instalments", planned)
    return contract


def submit_contract(work: Work, message: Act) -> model.Contract:
    """Ask one's superior to agree."""
    contract = work.get(model.Contract, message.id, message.ver)
    contract.submit(work.now)
    asked = approval.request(work, contract, "contract")
    work.emit(ContractSubmitted.of(contract, requested_by=asked.requested_by, approver_id=asked.approver_id))
    return contract


def approve_contract(work: Work, message: Act) -> model.Contract:
    """Agree: it may be signed."""
    contract = work.get(model.Contract, message.id, message.ver)
    contract.move("approve", work.now)
    asked = approval.decide(work, contract, granted=True, note=message.note)
    work.emit(
        ContractApproved.of(
            contract, requested_by=asked.requested_by, decided_by=work.actor.id, note=message.note
        )
    )
    return contract


def reject_contract(work: Work, message: Act) -> model.Contract:
    """Send it back to be changed."""
    contract = work.get(model.Contract, message.id, message.ver)
    contract.move("reject", work.now)
    asked = approval.decide(work, contract, granted=False, note=message.note)
    work.emit(
        ContractRejected.of(
            contract, requested_by=asked.requested_by, decided_by=work.actor.id, note=message.note
        )
    )
    return contract


def sign_contract(work: Work, message: SignContract) -> model.Contract:
    """Both sides have signed: the whole amount is owed from now on, in instalments."""
    contract = work.get(model.Contract, message.id, message.ver)
    today = work.day_at(contract.branch_id)
    signed_on = message.signed_on or today
    if signed_on > today:
        raise Invalid(FieldProblem("signed_on", "after", date=today))
    check_credit(work, contract, message.note)
    contract.sign(signed_on, work.now)
    receivable = work.add(contract.open_receivable())
    receivable.look(today)
    work.emit(ContractSigned.of(contract, receivable_id=receivable.id))
    return contract


def execute_contract(work: Work, message: ExecuteContract) -> model.Contract:
    """Steps of its execution were planned anew, or done: everybody who has a part in it hears of it."""
    contract = work.get(model.Contract, message.id, message.ver)
    contract.move("execute")
    before = set(contract.executor_ids)
    entities.check_references(work, messages.Contract, {"steps": message.steps})
    entities.set_lines(contract, "steps", message.steps)
    concerned = tuple(sorted(before | set(contract.executor_ids)))
    taken = tuple(
        StepTaken(kind=step.kind, begun_on=step.begun_on, done_on=step.done_on) for step in contract.steps
    )
    work.emit(ExecutionChanged.of(contract, executor_ids=concerned, steps=taken))
    return contract


def complete_contract(work: Work, message: Act) -> model.Contract:
    """Carried out and paid. Raises StillOwed while money is open."""
    contract = work.get(model.Contract, message.id, message.ver)
    contract.move("complete", work.now)
    receivable = receivable_of(work, contract)
    if receivable.remaining:
        raise StillOwed(remaining=receivable.remaining)
    work.emit(ContractCompleted.of(contract))
    return contract


def cancel_contract(work: Work, message: CancelContract) -> model.Contract:
    """Give it up. Raises MoneyCameIn when something was paid: that must be taken back first."""
    contract = work.get(model.Contract, message.id, message.ver)
    give_up(work, contract, message.note)
    return contract


def give_up(work: Work, contract: model.Contract, reason: str) -> None:
    """The contract is off; where it was signed, nothing is owed for it any more."""
    contract.move("cancel", work.now)
    approval.withdraw(work, contract)
    if contract.was_signed:
        receivable = receivable_of(work, contract)
        if paid := paid_so_far(work, receivable.id):
            raise MoneyCameIn(paid=paid)
        receivable.drop(work.day_at(receivable.branch_id), work.now)
    work.emit(ContractCancelled.of(contract, was_signed=contract.was_signed, reason=reason))


def hand_over_contract(work: Work, message: HandOverContract) -> model.Contract:
    """Somebody else looks after it, and after what is owed and was paid for it."""
    contract = work.get(model.Contract, message.id, message.ver)
    contract.move("hand_over")
    work.give(contract, message.owner_id)
    return contract


def receivable_of(work: Work, contract: model.Contract) -> model.Receivable:
    """What is owed for a signed contract, locked: nothing can be paid meanwhile."""
    id = select(model.Receivable.id).where(model.Receivable.contract_id == contract.id)
    with work.everything():
        return work.get(model.Receivable, work.session.scalars(id).one())
