"""This service's part of the customer page."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date, DateTime, String, Uuid, bindparam, cast, column, func, select

from chassis import audit, related, told_remarks
from chassis.prepared import Part, Prepared, rows_of
from chassis.replicas import Replica
from chassis.work import Work
from contracts.query import CustomerFile, CustomerFileOf, Happened, happened
from services.receivables.model import Comment, Contract, Instalment, Payment, Receivable
from services.receivables.queries.receivable import NOTHING

Row = dict[str, Any]
CUSTOMER = bindparam("customer_id", type_=Uuid())
NOW, ZONE = bindparam("now", type_=DateTime(timezone=True)), bindparam("zone", type_=String())
SHOWN: tuple[Any, ...] = (Contract, Receivable, Instalment, Payment)


def customer_file(work: Work, message: CustomerFileOf) -> CustomerFile:
    """What one customer agreed with us: contracts, what is owed, what came in."""
    found = FILE.ask(work, **message.asked, now=work.now, zone=work.actor.timezone)
    told = [
        *_turns(found["turns"], {row["id"]: row for row in found["contract"]}),
        *map(_paid, found["payment"]),
        *map(told_remarks.entry, found["remarks"]),
        *(
            _happened(Receivable, row, row["state_at"], "receivable_settled", row["amount"])
            for row in found["receivable"]
            if row["state"] == "settled"
        ),
        *(
            _happened(Instalment, row, row["fell_due_at"], "instalment_fell_due", row["remaining"])
            for row in found["instalment"]
            if row["fell_due_at"] and row["remaining"] != str(NOTHING)
        ),
    ]
    return {
        "figures": {**found["owed"][0], **found["late"][0]} if related.may_read(work, Receivable) else {},
        "related": related.told(work, found, SHOWN),
        "timeline": sorted(told, key=lambda entry: entry["at"], reverse=True)[: message.limit],
        "labels": found.labels,
    }


def _newest(cls: Any, *also: str) -> dict[str, Part]:
    theirs = cls.customer_id == CUSTOMER, cls.archived_at.is_(None)
    return related.first_rows(cls, *theirs, order=(cls.created_at.desc(), cls.id.desc()), also=also)


OPEN = (Instalment.customer_id == CUSTOMER, Instalment.state == "open")
DUE_NEXT = related.first_rows(
    Instalment,
    *OPEN,
    Instalment.archived_at.is_(None),
    order=(Instalment.due_on, Instalment.id),
    also=("fell_due_at",),
)
TURNS = (
    select(
        *(getattr(audit.Change, name) for name in ("record_id", "at", "actor_id", "note")),
        audit.Change.changes["state"].label("state"),
    )
    .where(
        audit.Change.record_id.in_(select(column("id")).select_from(rows_of("contract"))),
        audit.Change.changes.has_key("state"),
    )
    .order_by(audit.Change.at.desc(), audit.Change.id.desc())
)
OWED = select(
    func.count(Receivable.id).label("contracts_signed"),
    func.coalesce(func.sum(Receivable.amount), NOTHING).label("contracts_amount"),
    func.coalesce(func.sum(Receivable.paid), NOTHING).label("receivable_paid"),
    func.coalesce(func.sum(Receivable.remaining), NOTHING).label("receivable_open"),
).where(Receivable.customer_id == CUSTOMER, Receivable.state != "cancelled")
ITS_ZONE = select(Replica.data["timezone"].astext).where(Replica.id == Instalment.branch_id).scalar_subquery()
TODAY = cast(func.timezone(func.coalesce(ITS_ZONE, ZONE), NOW), Date)
"""The day it is where it is owed: each branch's day begins in its own time zone."""
LATE = select(
    func.coalesce(func.sum(Instalment.remaining).filter(Instalment.due_on < TODAY), NOTHING).label(
        "receivable_overdue"
    )
).where(*OPEN)
FILE = Prepared(
    {
        **_newest(Contract, "signed_on"),
        **_newest(Receivable, "state_at"),
        **DUE_NEXT,
        **_newest(Payment, "created_by"),
        "turns": Part(TURNS),
        **told_remarks.on_rows(Comment, *(cls.record.noun() for cls in SHOWN)),
        "owed": Part(OWED),
        "late": Part(LATE),
    },
    related.together(
        related.names(*SHOWN),
        {
            "organization.staff": [
                related.ids("turns", "actor_id"),
                related.ids("payment", "created_by"),
                *told_remarks.PEOPLE,
            ]
        },
    ),
    {cls.record.entity(): cls for cls in SHOWN},
)


def _turns(turns: list[Row], contracts: dict[str, Row]) -> list[Happened]:
    """The life of contracts, out of the change log. One of former days was signed in those days."""
    found = []
    for turn in turns:
        row, (before, after) = contracts[turn["record_id"]], turn["state"]
        kind = "contract_rejected" if (before, after) == ("submitted", "draft") else f"contract_{after}"
        entry = _happened(Contract, row, turn["at"], kind, row["amount"], turn["actor_id"], turn["note"])
        found.append(_on_its_day(entry, row["signed_on"]) if (before, after) == (None, "signed") else entry)
    return found


def _paid(row: Row) -> Happened:
    kind = "payment_reversed" if row["amount"].startswith("-") else "payment_recorded"
    entry = _happened(Payment, row, row["created_at"], kind, row["amount"], row["created_by"])
    return _on_its_day(entry, row["paid_on"])


def _on_its_day(entry: Happened, day: str) -> Happened:
    """What was entered later than it happened stands where it happened."""
    return entry if entry["at"][:10] <= day else {**entry, "at": f"{day}T00:00:00+00:00"}


def _happened(
    cls: Any, row: Row, at: str, kind: str, amount: str, actor_id: str | None = None, text: str | None = None
) -> Happened:
    title = f"{row['number']} {row['name']}" if row.get("name") else row["number"]
    return happened(at, kind, title, (cls.record.entity(), row["id"]), actor_id, text=text, amount=amount)
