"""What a customer bought: out of the lines of its contracts (CUS-02)."""

from __future__ import annotations

from sqlalchemy import case, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from chassis import labels
from chassis.entities import by_entity
from chassis.work import Work
from contracts.receivables import Purchase, Purchases, PurchasesOf
from services.receivables.model import Contract, ContractLine

BOUGHT = ("signed", "completed")
MOST = 100


def purchases(work: Work, message: PurchasesOf) -> Purchases:
    """Added up by product, of the contracts that the reader may see."""
    line, contract = ContractLine, Contract
    by_date = (contract.signed_on.desc().nulls_last(), contract.id)
    newest = func.array_agg(aggregate_order_by(contract.id, *by_date))[1]
    amount = func.sum(line.amount)
    wanted = (
        select(
            line.product_id,
            func.max(line.description),
            func.sum(line.quantity),
            amount,
            func.max(contract.signed_on),
            newest,
        )
        .join(contract, contract.id == line.contract_id)
        .where(
            contract.customer_id == message.customer_id,
            contract.state.in_(BOUGHT),
            contract.archived_at.is_(None),
        )
        .group_by(line.product_id, case((line.product_id.is_(None), line.description)))
        .order_by(amount.desc(), line.product_id)
        .limit(MOST)
    )
    rows = tuple(
        Purchase(
            product_id=product_id, description=None if product_id else said, quantity=quantity, amount=total,
            signed_on=day, contract_id=contract_id,
        )
        for product_id, said, quantity, total, day, contract_id in work.session.execute(wanted)
    )  # fmt: skip
    asked = labels.Wanted().add("sales.product", (row.product_id for row in rows))
    asked.add("receivables.contract", (row.contract_id for row in rows))
    return Purchases(rows=rows, labels=labels.named(work, asked, by_entity(work)))
