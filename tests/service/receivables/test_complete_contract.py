"""Carried out, and paid to the last cent."""

import pytest

from contracts.errors import IllegalTransition
from contracts.receivables import ContractCompleted, StillOwed
from tests.desk import Desk
from tests.factories.receivables import ALICE, approved, pay, signed


def test_it_works(house: Desk):
    contract = signed(house)
    pay(house, contract, "1000")
    assert house.ask(ALICE, "complete_contract", id=contract["id"])["row"]["state"] == "completed"
    assert [str(e.contract_id) for e in house.emitted(ContractCompleted)] == [contract["id"]]


def test_not_while_a_cent_is_owed(house: Desk):
    contract = signed(house)
    pay(house, contract, "999.99")
    with pytest.raises(StillOwed) as raised:
        house.ask(ALICE, "complete_contract", id=contract["id"])
    assert raised.value.params == {"remaining": "0.01"}


def test_not_before_it_is_signed(house: Desk):
    with pytest.raises(IllegalTransition):
        house.ask(ALICE, "complete_contract", id=approved(house)["id"])
