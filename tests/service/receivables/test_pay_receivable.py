"""The same by the button on the receivable's page."""

import pytest

from contracts.errors import ChangedMeanwhile
from contracts.receivables import MoreThanOwed
from services.receivables import model
from tests.desk import Desk
from tests.factories.receivables import DAN, pay, receivable_of, signed


def test_it_works_and_a_second_press_changes_nothing(house: Desk):
    contract = signed(house)
    receivable = receivable_of(house, contract)
    message = {"id": receivable["id"], "ver": receivable["ver"], "amount": "250"}
    first = house.ask(DAN, "pay_receivable", message, key="form")
    assert house.ask(DAN, "pay_receivable", message, key="form") == first
    assert receivable_of(house, contract)["remaining"] == "750.00"
    assert len(house.rows(model.Payment)) == 1


def test_not_when_something_was_paid_meanwhile(house: Desk):
    contract = signed(house)
    receivable = receivable_of(house, contract)
    pay(house, contract, "1")
    with pytest.raises(ChangedMeanwhile):
        house.ask(DAN, "pay_receivable", id=receivable["id"], ver=receivable["ver"], amount="250")


def test_not_more_than_is_owed(house: Desk):
    receivable = receivable_of(house, signed(house))
    with pytest.raises(MoreThanOwed):
        house.ask(DAN, "pay_receivable", id=receivable["id"], amount="1000.01")
