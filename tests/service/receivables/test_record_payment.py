"""Money comes in: the receivable falls, oldest instalment first, and leaves the open list at zero (RCV-02, RCV-03)."""

from decimal import Decimal

import pytest
from sqlalchemy.exc import DBAPIError

from chassis.identity import new_id
from contracts.errors import Forbidden, Invalid, KeyReused, NotFound
from contracts.receivables import MoreThanOwed, PaymentRecorded, ReceivableSettled
from services.receivables import model
from tests.desk import Desk
from tests.factories.receivables import (
    ALICE,
    BOB,
    CAROL,
    DAN,
    TRANSFER,
    drafted,
    due_on,
    instalments_of,
    pay,
    receivable_of,
    signed,
)


def test_it_works(house: Desk):
    contract = signed(house)
    row = pay(house, contract, "700.50", method_id=str(TRANSFER), note="首付")["row"]
    assert (row["number"], row["amount"], row["paid_on"], row["state"]) == (
        "HK-HQ-2026-00001", "700.50", "2026-03-10", "recorded",
    )  # fmt: skip
    receivable = receivable_of(house, contract)
    assert (receivable["paid"], receivable["remaining"], receivable["due_on"]) == (
        "700.50",
        "299.50",
        "2026-05-01",
    )
    parts = [(p["paid"], p["remaining"], p["state"]) for p in instalments_of(house, contract)]
    assert parts == [("600.00", "0.00", "settled"), ("100.50", "299.50", "open")]
    (event,) = house.emitted(PaymentRecorded)
    assert (event.amount, event.remaining, event.owner_id) == (Decimal("700.50"), Decimal("299.50"), ALICE.id)


def test_at_zero_it_leaves_the_open_list_and_its_history_stays(house: Desk):
    contract = signed(house)
    pay(house, contract, "600")
    assert len(open_list(house)) == 1
    pay(house, contract, "400", paid_on=due_on(-2))
    assert open_list(house) == []
    receivable = receivable_of(house, contract)
    assert (receivable["state"], receivable["remaining"], receivable["settled_on"]) == (
        "settled",
        "0.00",
        due_on(-2),
    )
    changes = house.ask(DAN, "history", entity="receivable", id=receivable["id"])["changes"]
    assert [c["changes"]["remaining"] for c in changes] == [
        ["400.00", "0.00"], ["1000.00", "400.00"], [None, "1000.00"],
    ]  # fmt: skip
    (event,) = house.emitted(ReceivableSettled)
    assert (str(event.receivable_id), event.amount) == (receivable["id"], Decimal("1000.00"))
    assert [e.remaining for e in house.emitted(PaymentRecorded)] == [400, 0]


def test_the_same_payment_twice_is_recorded_once(house: Desk):
    """A second press, a second delivery: the id made in the form names the payment."""
    contract = signed(house)
    message = {"payment_id": str(new_id()), "contract_id": contract["id"], "amount": "600"}
    first = house.ask(DAN, "record_payment", message, key="k1")
    assert house.ask(DAN, "record_payment", message, key="k1") == first
    assert house.ask(DAN, "record_payment", message, key="k2")["row"]["id"] == first["row"]["id"]
    assert receivable_of(house, contract)["remaining"] == "400.00"
    assert len(house.rows(model.Payment)) == len(house.emitted(PaymentRecorded)) == 1


def test_one_id_for_two_payments_is_refused(house: Desk):
    contract = signed(house)
    message = {"payment_id": str(new_id()), "contract_id": contract["id"], "amount": "600"}
    house.ask(DAN, "record_payment", message)
    with pytest.raises(KeyReused):
        house.ask(DAN, "record_payment", message, amount="500")
    other = signed(house)
    with pytest.raises(KeyReused):
        house.ask(DAN, "record_payment", message, contract_id=other["id"])
    assert receivable_of(house, other)["remaining"] == "1000.00"


def test_more_than_owed_is_refused(house: Desk):
    contract = signed(house)
    pay(house, contract, "999.99")
    with pytest.raises(MoreThanOwed) as raised:
        pay(house, contract, "0.02")
    assert raised.value.params == {"amount": "0.02", "remaining": "0.01"}
    pay(house, contract, "0.01")
    with pytest.raises(MoreThanOwed):
        pay(house, contract, "0.01")
    assert len(house.rows(model.Payment)) == 2


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("-1", "too_small"), ("0", "too_small"), ("1e309", "not_a_number"), ("NaN", "not_a_number"), ("", "required"),
        ("0.001", "too_many_decimals"), ("1,23,4", "not_a_number"), ("Infinity", "not_a_number"), (None, "required"),
    ],
)  # fmt: skip
def test_what_is_no_amount(house: Desk, amount, code: str):
    contract = signed(house)
    with pytest.raises(Invalid) as raised:
        pay(house, contract, amount)
    assert [(p.field, p.code) for p in raised.value.fields] == [("amount", code)]
    assert house.rows(model.Payment) == []


@pytest.mark.parametrize(
    ("written", "left"), [("１２３", "877.00"), ("1,000.00", "0.00"), (" 99.9 元", "900.10")]
)
def test_amounts_as_people_write_them(house: Desk, written: str, left: str):
    contract = signed(house)
    pay(house, contract, written)
    assert receivable_of(house, contract)["remaining"] == left


def test_not_dated_tomorrow(house: Desk):
    with pytest.raises(Invalid) as raised:
        pay(house, signed(house), "1", paid_on=due_on(1))
    assert [(p.field, p.code) for p in raised.value.fields] == [("paid_on", "after")]


def test_not_for_what_is_not_signed_or_not_named(house: Desk):
    with pytest.raises(NotFound):
        pay(house, drafted(house), "1")
    with pytest.raises(Invalid) as raised:
        house.ask(DAN, "record_payment", payment_id=str(new_id()), amount="1")
    assert [(p.field, p.code) for p in raised.value.fields] == [("receivable_id", "required")]


def test_who_may_and_who_sees_it(house: Desk):
    contract = signed(house)
    with pytest.raises(Forbidden):
        pay(house, contract, "1", actor=ALICE)
    pay(house, contract, "1")
    seen = {
        a.name: len(house.ask(a, "list", {"entity": "payment"})["rows"]) for a in (ALICE, BOB, CAROL, DAN)
    }
    assert seen == {"Alice": 1, "Bob": 1, "Carol": 0, "Dan": 1}


def test_an_entry_cannot_be_changed_by_anybody(house: Desk):
    payment = pay(house, signed(house), "1")["row"]
    with pytest.raises(Exception, match="NotEditable"):
        house.ask(DAN, "update", {"entity": "payment", "id": payment["id"], "values": {"amount": "2"}})
    with (
        pytest.raises(DBAPIError, match="a payment is never changed"),
        house.house.sessions.begin() as session,
    ):
        session.get(model.Payment, payment["id"]).amount = Decimal(2)
    with (
        pytest.raises(DBAPIError, match="a payment is never changed"),
        house.house.sessions.begin() as session,
    ):
        session.delete(session.get(model.Payment, payment["id"]))


def open_list(house: Desk) -> list:
    return house.ask(DAN, "list", {"entity": "receivable", "query": {"where": {"state": "open"}}})["rows"]
