"""What stands on the printed contract."""

from __future__ import annotations

from typing import Any

from chassis import entities, whole_row
from chassis.work import Work
from contracts import receivables as messages
from contracts.query import GetOf
from contracts.receivables import ContractPaper
from services.receivables import model


def contract_paper(work: Work, message: ContractPaper) -> dict[str, Any]:
    """What stands on the printed contract: the whole row, the names behind it, and what has come in so far."""
    answer = whole_row.get_row(work, GetOf(entity=messages.Contract.entity(), id=message.id))
    receivable = work.find(model.Receivable, contract_id=message.id)
    columns = {name: a for name, a in messages.Receivable.attrs().items() if not a.lines}
    return {
        "contract": answer["row"],
        "labels": answer["labels"],
        "receivable": entities.values(receivable, columns) if receivable else None,
        "printed_on": work.today.isoformat(),
    }
