"""The mapped classes of the service, with their guards: this is the domain."""

from services.receivables.model.base import Base
from services.receivables.model.comment import Comment
from services.receivables.model.contract import Contract, ContractLine, ExecutionStep, PlannedInstalment
from services.receivables.model.payment import Payment
from services.receivables.model.receivable import Instalment, Receivable

__all__ = [
    "Base",
    "Comment",
    "Contract",
    "ContractLine",
    "ExecutionStep",
    "Instalment",
    "Payment",
    "PlannedInstalment",
    "Receivable",
]
