"""A wrong or bounced payment is taken back by an entry of its own; nothing is erased."""

from decimal import Decimal

import pytest

from contracts.errors import Forbidden, Invalid
from contracts.receivables import AlreadyReversed, PaymentRecorded, ReceivableReopened
from services.receivables import model
from tests.desk import Desk
from tests.factories.receivables import ALICE, DAN, instalments_of, pay, receivable_of, signed


def test_it_works(house: Desk):
    contract = signed(house)
    first = pay(house, contract, "600")["row"]
    pay(house, contract, "100")
    answer = house.ask(DAN, "reverse_payment", id=first["id"], note="支票退回")["row"]
    assert (answer["amount"], answer["reverses_id"], answer["note"]) == ("-600.00", first["id"], "支票退回")
    assert receivable_of(house, contract)["remaining"] == "900.00"
    assert [p["paid"] for p in instalments_of(house, contract)] == ["100.00", "0.00"]
    states = {(p["amount"], p["state"]) for p in house.ask(DAN, "list", {"entity": "payment"})["rows"]}
    assert states == {("600.00", "reversed"), ("100.00", "recorded"), ("-600.00", "reversed")}
    assert [e.amount for e in house.emitted(PaymentRecorded)] == [600, 100, -600]
    assert house.emitted(PaymentRecorded)[-1].remaining == Decimal("900.00")


def test_the_button_is_gone_afterwards(house: Desk):
    payment = pay(house, signed(house), "600")
    assert payment["can"]["verbs"] == ["reverse"]
    reversal = house.ask(DAN, "reverse_payment", id=payment["row"]["id"], note="x")
    assert reversal["can"]["verbs"] == []
    assert house.ask(DAN, "get", entity="payment", id=payment["row"]["id"])["can"]["verbs"] == []
    taken_back = {"entity": "payment", "query": {"where": {"state": "reversed"}}}
    assert len(house.ask(DAN, "list", taken_back)["rows"]) == 2


def test_a_settled_receivable_is_open_again(house: Desk):
    contract = signed(house)
    payment = pay(house, contract, "1000")["row"]
    house.ask(DAN, "reverse_payment", id=payment["id"], note="x")
    receivable = receivable_of(house, contract)
    assert (receivable["state"], receivable["remaining"], receivable["settled_on"]) == (
        "open",
        "1000.00",
        None,
    )
    assert [e.remaining for e in house.emitted(ReceivableReopened)] == [1000]


def test_once_only_and_not_the_reversal_itself(house: Desk):
    contract = signed(house)
    payment = pay(house, contract, "600")["row"]
    reversal = house.ask(DAN, "reverse_payment", id=payment["id"], note="x")["row"]
    for id in (payment["id"], reversal["id"]):
        with pytest.raises(AlreadyReversed):
            house.ask(DAN, "reverse_payment", id=id, note="x")
    assert receivable_of(house, contract)["remaining"] == "1000.00"
    assert len(house.rows(model.Payment)) == 2


def test_not_without_a_reason_nor_the_right(house: Desk):
    payment = pay(house, signed(house), "600")["row"]
    with pytest.raises(Invalid):
        house.ask(DAN, "reverse_payment", id=payment["id"], note=" ")
    with pytest.raises(Forbidden):
        house.ask(ALICE, "reverse_payment", id=payment["id"], note="x")
