"""Contracts of former days come along with imported customers (CTR-06), once, and without a letter to anybody."""

from datetime import date
from decimal import Decimal

import pytest

from chassis.identity import new_id
from contracts.customer import FormerContractImported, FormerContractWithdrawn
from contracts.receivables import (
    ContractSigned,
    FormerContractBooked,
    InstalmentFellDue,
    MoreThanOwed,
    PaymentRecorded,
)
from services.receivables import model
from tests.cast import ALICE_ID
from tests.desk import Desk
from tests.factories.receivables import ALICE, CUSTOMER, DAN, pay, receivable_of


def test_it_is_signed_with_its_receivable_and_what_was_paid(house: Desk):
    event = former(paid=Decimal("400.00"))
    house.hear(event)
    row = house.ask(ALICE, "get", entity="contract", id=str(event.contract_id))["row"]
    assert (row["state"], row["signed_on"], row["former_number"]) == ("signed", "2024-05-01", "1999-7")
    assert row["number"] == "HT-HQ-2026-00001"
    receivable = receivable_of(house, row)
    assert (receivable["remaining"], receivable["overdue_amount"]) == ("600.00", "600.00")
    assert [(str(p.amount), p.paid_on) for p in house.rows(model.Payment)] == [("400.00", date(2024, 5, 1))]
    found = house.ask(ALICE, "list", {"entity": "contract", "query": {"text": "1999-7"}})["rows"]
    assert [r["id"] for r in found] == [row["id"]]


def test_what_was_closed_is_completed(house: Desk):
    event = former(paid=Decimal("1000.00"), closed_on=date(2024, 12, 31))
    house.hear(event)
    (contract,) = house.rows(model.Contract)
    (receivable,) = house.rows(model.Receivable)
    assert (contract.state, receivable.state, receivable.settled_on) == (
        "completed",
        "settled",
        date(2024, 12, 31),
    )


def test_heard_twice_it_is_booked_once(house: Desk):
    event = former(paid=Decimal("400.00"))
    house.hear(event)
    house.hear(event)
    assert [len(house.rows(cls)) for cls in (model.Contract, model.Receivable, model.Payment)] == [1, 1, 1]
    assert len(house.emitted(FormerContractBooked)) == len(house.emitted(PaymentRecorded)) == 1


def test_nobody_is_sent_a_letter(house: Desk):
    """Ten thousand old contracts are no news: they show as overdue, and that is all."""
    house.hear(former())
    assert house.ask(DAN, "run_chase_overdue")["fell_due"] == 0
    assert house.emitted(ContractSigned) == house.emitted(InstalmentFellDue) == []


def test_without_an_owner_it_belongs_to_whoever_looks_after_the_customer(house: Desk):
    house.hear(former(owner_id=None))
    assert [row.owner_id for row in house.rows(model.Receivable)] == [ALICE_ID]


def test_more_paid_than_agreed_is_left_for_a_person_to_decide(house: Desk):
    with pytest.raises(MoreThanOwed):
        house.hear(former(paid=Decimal("1000.01")))


def test_an_import_taken_back_takes_its_contracts_along(house: Desk):
    event = former(paid=Decimal("1000.00"), closed_on=date(2024, 12, 31))
    house.hear(event)
    for _ in range(2):
        house.hear(FormerContractWithdrawn(contract_id=event.contract_id, customer_id=CUSTOMER))
    assert [row.state for row in house.rows(model.Contract)] == ["cancelled"]
    assert sum(row.amount for row in house.rows(model.Payment)) == 0
    assert house.ask(DAN, "check_books") == {
        "agree": True, "checked": 1, "totals": {"contracts": "0.00", "payments": "0.00", "open": "0.00"},
        "differences": [],
    }  # fmt: skip


def test_but_not_when_somebody_worked_with_them(house: Desk):
    event = former()
    house.hear(event)
    pay(house, {"id": str(event.contract_id)}, "10")
    house.hear(FormerContractWithdrawn(contract_id=event.contract_id, customer_id=CUSTOMER))
    assert [row.state for row in house.rows(model.Contract)] == ["signed"]


def former(**values) -> FormerContractImported:
    return FormerContractImported(
        **{
            "contract_id": new_id(), "customer_id": CUSTOMER, "number": "1999-7", "name": "旧合同",
            "amount": Decimal("1000.00"), "signed_on": date(2024, 5, 1), "owner_id": ALICE_ID,
        } | values
    )  # fmt: skip
