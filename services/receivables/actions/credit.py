"""No contract is signed beyond a customer's credit (CUS-14): bad debt is avoided before it is made."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from chassis.work import Work
from contracts.errors import FieldProblem, Invalid, Refused
from contracts.receivables import CreditExceeded, CreditStopped
from services.receivables import model

OVERRULE = "receivables.overrule_credit"


def check_credit(work: Work, contract: model.Contract, reason: str | None) -> None:
    """Raises CreditStopped or CreditExceeded; Invalid where the actor may overrule that but gives no reason.

    Signatures for one customer wait for each other, so that two at once do not both fit below the limit.
    """
    key = func.hashtextextended(f"credit {contract.customer_id}", 0)
    work.session.execute(select(func.pg_advisory_xact_lock(key)))
    refused = _refusal(work, contract)
    if refused is None:
        return
    if not work.may(OVERRULE, contract):
        raise refused
    if not (reason or "").strip():
        raise Invalid(FieldProblem("note", "required"))


def _refusal(work: Work, contract: model.Contract) -> Refused | None:
    customer = work.known("customer.customer", contract.customer_id)
    if customer.data.get("credit_standing") == "stop":
        return CreditStopped(name=customer.label)
    limit = customer.data.get("credit_limit")
    if limit is None:
        return None
    owed = owed_by(work, contract.customer_id) + contract.amount
    return None if owed <= Decimal(limit) else CreditExceeded(name=customer.label, owed=owed, limit=limit)


def owed_by(work: Work, customer_id: UUID) -> Decimal:
    """What is open of all its contracts, whoever looks after them: the company is owed it."""
    wanted = select(func.coalesce(func.sum(model.Receivable.remaining), 0)).where(
        model.Receivable.customer_id == customer_id
    )
    with work.everything():
        return Decimal(work.session.scalar(wanted) or 0)
