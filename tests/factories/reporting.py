"""What the other services announce about Alice's and Carol's doings."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from chassis.identity import new_id
from contracts.customer import ActivityDone, CustomerListed, LeadListed
from contracts.receivables import ContractSigned, PaymentRecorded
from contracts.sales import OpportunityWon
from contracts.service_desk import CustomerRated, StaffNamed
from tests.cards import card, company
from tests.cast import ALICE_ID, BOB_ID, CAROL_ID, DAN_ID, SALES_SH, SHANGHAI, id_of, person
from tests.desk import NOON, Desk

DOORS = ("reporting.staff_figures all", "reporting.company_figures all")
ALICE = person(ALICE_ID, "Alice", "reporting.fact.read own", *DOORS, manager_id=BOB_ID)
BOB = person(BOB_ID, "Bob", "reporting.fact.read team", *DOORS, reports=(ALICE_ID,))
CAROL = person(
    CAROL_ID, "Carol", "reporting.fact.read own", *DOORS, branch=SHANGHAI, department=SALES_SH
)  # fmt: skip
DAN = person(DAN_ID, "Dan", "reporting.* all")
CUSTOMER = id_of(501)
TODAY = NOON.date()


def furnish(desk: Desk) -> Desk:
    """The people, and where they work."""
    for listed in company(ALICE, BOB, CAROL, DAN):
        desk.hear(listed)
    return desk


def on(day: int, month: int = 3) -> datetime:
    """Noon in Shanghai of a day in March 2026."""
    return datetime(2026, month, day, 4, tzinfo=UTC)


def found(kind: type, who: UUID, ver: int = 1, **data: Any) -> LeadListed | CustomerListed:
    """A new card of a lead or a customer."""
    return card(kind, new_id(), "上海泰微", owner_id=who, **data).model_copy(update={"ver": ver})


def visited(who: UUID = ALICE_ID, at: datetime = NOON, kind: str = "visit") -> ActivityDone:
    return ActivityDone(
        activity_id=new_id(), kind=kind, subject="拜访", owner_id=who, done_at=at, customer_id=CUSTOMER
    )


def won(who: UUID = ALICE_ID, at: datetime = NOON, amount: str = "1000.00", **values: Any) -> OpportunityWon:
    return OpportunityWon(
        **{
            "opportunity_id": new_id(), "name": "机房", "customer_id": CUSTOMER, "owner_id": who, "stage_id": new_id(),
            "amount": Decimal(amount), "contract_id": new_id(), "won_at": at,
        } | values
    )  # fmt: skip


def signed(who: UUID = ALICE_ID, day: date = TODAY, amount: str = "1000.00") -> ContractSigned:
    return ContractSigned(
        contract_id=new_id(), number="HT-1", name="机房", customer_id=CUSTOMER, owner_id=who, amount=Decimal(amount),
        signed_on=day, receivable_id=new_id(),
    )  # fmt: skip


def paid(contract: ContractSigned, amount: str, left: str, day: date = TODAY) -> PaymentRecorded:
    return PaymentRecorded(
        payment_id=new_id(), contract_id=contract.contract_id, receivable_id=contract.receivable_id,
        customer_id=CUSTOMER, owner_id=contract.owner_id, amount=Decimal(amount), remaining=Decimal(left), paid_on=day,
    )  # fmt: skip


def named(kind: str, who: UUID = ALICE_ID, ticket: UUID | None = None) -> StaffNamed:
    return StaffNamed(
        ticket_id=ticket or new_id(), staff_id=who, kind=kind, customer_id=CUSTOMER, named_at=NOON
    )


def rated(stars: int, who: UUID = ALICE_ID, ticket: UUID | None = None) -> CustomerRated:
    return CustomerRated(ticket_id=ticket or new_id(), owner_id=who, rating=stars, rated_at=NOON)


def figures(
    desk: Desk, who: UUID = ALICE_ID, actor=DAN, since: str = "2026-03-01", until: str = "2026-03-31", **more
):
    """One staff member's row for March."""
    answer = desk.ask(actor, "staff_figures", {"from": since, "to": until, **more})
    return next(row for row in answer["rows"] if row["staff_id"] == str(who))
