"""A contract is given up: nothing is owed for it any more, unless money came in."""

import pytest

from chassis.approval import Approval
from contracts.errors import IllegalTransition, Invalid
from contracts.receivables import ContractCancelled, MoneyCameIn, MoreThanOwed
from tests.desk import Desk
from tests.factories.receivables import (
    ALICE,
    DAN,
    HALVES,
    drafted,
    instalments_of,
    pay,
    receivable_of,
    signed,
)


def test_a_signed_one_is_no_longer_owed(house: Desk):
    contract = signed(house)
    assert cancel(house, contract["id"])["row"]["state"] == "cancelled"
    receivable = receivable_of(house, contract)
    assert (receivable["state"], receivable["remaining"], receivable["due_on"]) == ("cancelled", "0.00", None)
    assert {(p["state"], p["remaining"]) for p in instalments_of(house, contract)} == {("cancelled", "0.00")}
    (event,) = house.emitted(ContractCancelled)
    assert (event.was_signed, event.reason) == (True, "客户破产")
    with pytest.raises(MoreThanOwed):
        pay(house, contract, "1")
    assert house.ask(DAN, "check_books")["agree"] is True


def test_an_open_request_is_withdrawn(house: Desk):
    id = drafted(house, instalments=HALVES)["id"]
    house.ask(ALICE, "submit_contract", id=id)
    cancel(house, id)
    assert [a.state for a in house.rows(Approval)] == ["withdrawn"]
    assert [e.was_signed for e in house.emitted(ContractCancelled)] == [False]


def test_not_once_money_came_in(house: Desk):
    contract = signed(house)
    payment = pay(house, contract, "0.01")["row"]
    with pytest.raises(MoneyCameIn) as raised:
        cancel(house, contract["id"])
    assert raised.value.params == {"paid": "0.01"}
    house.ask(DAN, "reverse_payment", id=payment["id"], note="wrong")
    assert cancel(house, contract["id"])["row"]["state"] == "cancelled"


def test_not_without_a_reason(house: Desk):
    with pytest.raises(Invalid) as raised:
        house.ask(ALICE, "cancel_contract", id=drafted(house)["id"])
    assert [(p.field, p.code) for p in raised.value.fields] == [("note", "required")]


def test_not_twice(house: Desk):
    id = drafted(house)["id"]
    cancel(house, id)
    with pytest.raises(IllegalTransition):
        cancel(house, id)


def cancel(house: Desk, id: str):
    return house.ask(ALICE, "cancel_contract", id=id, note="客户破产")
