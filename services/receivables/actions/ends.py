"""Contracts that come to their end: whoever looks after the customer is reminded in time to speak of another one (users 13)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from chassis.derived import put
from chassis.work import Work
from contracts.receivables import ContractComesToEnd
from services.receivables import model, rules

LONGEST = timedelta(days=365)
AT_ONCE = 1000


def remind_of_ends(work: Work) -> None:
    """Announce, once for each, that a signed contract will end; what ended while nothing ran is not told any more."""
    one = model.Contract
    coming = select(one).where(
        one.state == "signed", one.archived_at.is_(None), one.end_reminded_at.is_(None),
        one.ends_on.between(work.today - timedelta(days=1), work.today + LONGEST),
    )  # fmt: skip
    told = 0
    for contract in work.session.scalars(coming.order_by(one.ends_on, one.id).with_for_update(of=one)):
        if told == AT_ONCE:
            break
        if contract.ends_on is not None and rules.is_near(
            contract.ends_on, contract.end_reminder_days, work.day_at(contract.branch_id)
        ):
            put(work.session, one, contract.id, {"end_reminded_at": work.now})
            work.emit(ContractComesToEnd.of(contract))
            told += 1
