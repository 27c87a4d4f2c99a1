"""How far a customer is trusted is known (CUS-14): set with a reason, told to those who sign, what it owes beside it."""

from __future__ import annotations

import importlib
from decimal import Decimal

import pytest
from sqlalchemy import text

from contracts.customer import CustomerListed
from contracts.errors import Forbidden, Invalid
from contracts.receivables import ContractCancelled, ContractSigned, PaymentRecorded
from tests.cast import DAN_ID, id_of, person
from tests.service.customer.conftest import ALICE, ROOT

DAN = person(DAN_ID, "Dan", "customer.customer.read all", "customer.set_credit_customer all")


@pytest.fixture
def customer(office):
    return office.create(ALICE, "customer", name="慢付公司", kind="end_customer")


def test_the_accountant_sets_it_and_says_why(office, customer):
    credit = {"credit_standing": "watch", "credit_limit": "50000", "credit_days": 30, "note": "两次逾期"}
    row = office.ask(DAN, "set_credit_customer", id=customer["id"], ver=customer["ver"], **credit)["row"]
    assert (row["credit_standing"], row["credit_limit"], row["credit_days"]) == ("watch", "50000.00", 30)
    assert row["credit_because"] == "两次逾期"
    card = office.emitted(CustomerListed)[-1]
    assert (card.data["credit_standing"], card.data["credit_limit"]) == ("watch", "50000.00")
    changes = office.ask(DAN, "history", entity="customer", id=customer["id"])["changes"]
    assert (changes[0]["note"], changes[0]["changes"]["credit_limit"]) == ("两次逾期", [None, "50000.00"])
    row = office.ask(DAN, "set_credit_customer", id=customer["id"], note="结清")["row"]
    assert (row["credit_standing"], row["credit_limit"]) == ("good", None)


def test_nobody_else_does_and_nobody_without_a_reason(office, customer):
    with pytest.raises(Forbidden):
        office.ask(
            person(ALICE.id, "Alice", "customer.customer.* own"),
            "set_credit_customer",
            id=customer["id"],
            note="x",
        )
    for wrong, field in (
        ({}, "note"),
        ({"note": "x", "credit_limit": "-1"}, "credit_limit"),
        ({"note": "x", "credit_standing": "so-so"}, "credit_standing"),
    ):
        with pytest.raises(Invalid) as refused:
            office.ask(DAN, "set_credit_customer", id=customer["id"], **wrong)
        assert refused.value.fields[0].field == field


def owed(office, id) -> str:
    return office.ask(ROOT, "get", entity="customer", id=id)["row"]["owed_amount"]


def test_what_it_owes_follows_contracts_payments_and_merging(office, customer):
    other = office.create(ALICE, "customer", name="慢付集团", kind="end_customer")
    for number, (whose, amount) in enumerate(((customer, "1000.00"), (customer, "200.00"), (other, "30.00"))):
        contract = {"contract_id": id_of(700 + number), "customer_id": whose["id"]}
        office.hear(
            ContractSigned(number=f"HT-{number}", name="x", amount=amount, signed_on="2026-03-01", receivable_id=id_of(1), **contract),
            sequence=10 + number,
        )  # fmt: skip
    paid = {"contract_id": id_of(700), "customer_id": customer["id"], "receivable_id": id_of(1)}
    office.hear(
        PaymentRecorded(
            payment_id=id_of(4), amount="450.25", remaining="549.75", paid_on="2026-03-10", **paid
        ),
        sequence=20,
    )
    gone = {"contract_id": id_of(701), "customer_id": customer["id"]}
    office.hear(
        ContractCancelled(number="HT-1", amount="200.00", was_signed=True, reason="x", **gone), sequence=21
    )
    assert (owed(office, customer["id"]), owed(office, other["id"])) == ("549.75", "30.00")
    merged = {"entity": "customer.customer", "kept_id": other["id"], "gone_ids": [customer["id"]]}
    merge = office.ask(ROOT, "merge", merged)["merge_id"]
    assert owed(office, other["id"]) == "579.75"

    backfill = importlib.import_module("services.customer.migrations.0010_keep_credit").OWED
    with office.house.sessions.begin() as session:
        session.execute(text("UPDATE customer SET owed_amount = 0"))
        session.execute(text(backfill))
    assert Decimal(owed(office, other["id"])) == Decimal("579.75"), "an upgrade finds the same"

    office.ask(ROOT, "unmerge", {"entity": "customer.customer", "merge_id": merge})
    assert (owed(office, customer["id"]), owed(office, other["id"])) == ("549.75", "30.00")
