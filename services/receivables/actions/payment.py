"""Money comes in, and is taken back by a second entry when it was recorded wrongly. Nothing is ever changed.

Whoever enters money holds the lock on its receivable, so two payments at once come one after the other.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from chassis import entities
from chassis.identity import new_id
from chassis.work import Work
from contracts import receivables as messages
from contracts.errors import FieldProblem, Invalid, KeyReused, NotFound
from contracts.receivables import (
    AlreadyReversed,
    EarlierIsOpen,
    MoreThanOwed,
    NothingOpen,
    PaymentRecorded,
    PayOffInstalment,
    PayOffReceivable,
    PayReceivable,
    ReceivableReopened,
    ReceivableSettled,
    RecordPayment,
    ReversePayment,
)
from services.receivables import model


def record_payment(work: Work, message: RecordPayment) -> model.Payment:
    """Money came in. A payment that comes twice under the same id is recorded once.

    Raises MoreThanOwed when it is more than what is left, KeyReused when the id names another payment.
    """
    receivable = work.get(model.Receivable, _receivable_id(work, message))
    with work.everything():
        earlier = work.find(model.Payment, id=message.payment_id)
    if earlier is not None:
        if (earlier.receivable_id, earlier.amount) != (receivable.id, message.amount):
            raise KeyReused()
        return earlier
    today = work.day_at(receivable.branch_id)
    paid_on = message.paid_on or today
    if paid_on > today:
        raise Invalid(FieldProblem("paid_on", "after", date=today))
    entities.check_references(work, messages.Payment, {"method_id": message.method_id})
    payment = model.Payment(
        id=message.payment_id, amount=message.amount, paid_on=paid_on, method_id=message.method_id,
        note=message.note,
    )  # fmt: skip
    enter(work, receivable, payment)
    return payment


def pay_receivable(work: Work, message: PayReceivable) -> model.Payment:
    """The same from the receivable's own page."""
    if message.ver is not None:
        work.get(model.Receivable, message.id, message.ver)
    return record_payment(
        work,
        RecordPayment(
            payment_id=message.payment_id or new_id(), receivable_id=message.id, amount=message.amount,
            paid_on=message.paid_on, method_id=message.method_id, note=message.note,
        ),
    )  # fmt: skip


def pay_off_receivable(work: Work, message: PayOffReceivable) -> model.Payment:
    """What was still open came in, whatever that was. Raises NothingOpen where nothing was."""
    receivable = work.get(model.Receivable, message.id, message.ver)
    return _pay_off(work, receivable.id, receivable, message)


def pay_off_instalment(work: Work, message: PayOffInstalment) -> model.Payment:
    """What was still open of one instalment came in. Raises EarlierIsOpen where an older one would take the money."""
    of = work.read(model.Instalment, message.id).receivable_id
    with work.everything():
        receivable = work.get(model.Receivable, of)  # first, as every payment does
    instalment = work.get(model.Instalment, message.id, message.ver)
    for earlier in receivable.instalments:
        if earlier.id == instalment.id:
            break
        if earlier.remaining:
            raise EarlierIsOpen(number=earlier.number)
    return _pay_off(work, receivable.id, instalment, message)


def _pay_off(
    work: Work, receivable_id: UUID, owed: Any, message: PayOffReceivable | PayOffInstalment
) -> model.Payment:
    if not owed.remaining:
        raise NothingOpen(number=owed.number)
    return record_payment(
        work,
        RecordPayment(
            payment_id=new_id(), receivable_id=receivable_id, amount=owed.remaining, paid_on=message.paid_on,
            method_id=message.method_id, note=message.note,
        ),
    )  # fmt: skip


def reverse_payment(work: Work, message: ReversePayment) -> model.Payment:
    """Take a payment back by an entry of its own. Raises AlreadyReversed the second time."""
    payment = work.get(model.Payment, message.id, message.ver)
    with work.everything():
        receivable = work.get(model.Receivable, payment.receivable_id)
        if payment.reverses_id or work.find(model.Payment, reverses_id=payment.id):
            raise AlreadyReversed(number=payment.number)
    reversal = model.Payment(
        id=new_id(), amount=-payment.amount, paid_on=work.day_at(receivable.branch_id),
        method_id=payment.method_id, note=message.note, reverses_id=payment.id,
    )  # fmt: skip
    enter(work, receivable, reversal)
    return reversal


def enter(work: Work, receivable: model.Receivable, payment: model.Payment) -> None:
    """Add the entry, and let the receivable's figures follow from all entries. Its row is locked by now."""
    left = receivable.owed - paid_so_far(work, receivable.id)
    if payment.amount > left:
        raise MoreThanOwed(amount=payment.amount, remaining=left)
    payment.contract_id, payment.customer_id = receivable.contract_id, receivable.customer_id
    payment.receivable_id, payment.currency = receivable.id, receivable.currency
    payment.belong_with(receivable)
    work.add(payment)
    work.session.flush()
    before = receivable.state
    receivable.book(paid_so_far(work, receivable.id), work.day_at(receivable.branch_id), work.now)
    receivable.settled_on = payment.paid_on if receivable.state == "settled" else None
    work.emit(PaymentRecorded.of(payment, remaining=receivable.remaining))
    if (before, receivable.state) == ("open", "settled"):
        work.emit(ReceivableSettled.of(receivable))
    elif (before, receivable.state) == ("settled", "open"):
        work.emit(ReceivableReopened.of(receivable))


def paid_so_far(work: Work, receivable_id: UUID) -> Decimal:
    """The sum of all entries, whoever may see them: what was paid is paid."""
    entries = select(func.coalesce(func.sum(model.Payment.amount), Decimal("0.00")))
    with work.everything():
        return work.session.execute(entries.where(model.Payment.receivable_id == receivable_id)).scalar_one()


def _receivable_id(work: Work, message: RecordPayment) -> UUID:
    if message.receivable_id is not None:
        return message.receivable_id
    if message.contract_id is None:
        raise Invalid(FieldProblem("receivable_id", "required"))
    id = select(model.Receivable.id).where(model.Receivable.contract_id == message.contract_id)
    found = work.session.scalars(id).first()
    if found is None:
        raise NotFound(entity=messages.Receivable.entity(), id=message.contract_id)
    return found
