"""A rep asks her superior to agree to a contract (CTR-05)."""

import pytest

from contracts.errors import IllegalTransition, Invalid
from contracts.receivables import ContractSubmitted, InstalmentsMissing
from tests.cast import BOB_ID
from tests.desk import Desk
from tests.factories.receivables import ALICE, HALVES, drafted, won


def test_it_works(house: Desk):
    id = drafted(house, instalments=HALVES)["id"]
    answer = house.ask(ALICE, "submit_contract", id=id)
    assert (answer["row"]["state"], answer["can"]["verbs"]) == ("submitted", ["cancel"])
    (event,) = house.emitted(ContractSubmitted)
    assert (event.requested_by, event.approver_id, str(event.contract_id)) == (ALICE.id, BOB_ID, id)


def test_not_without_a_plan(house: Desk):
    with pytest.raises(InstalmentsMissing):
        house.ask(ALICE, "submit_contract", id=drafted(house)["id"])


def test_not_over_nothing(house: Desk):
    event = won(amount=0, lines=())
    house.hear(event)
    with pytest.raises(Invalid) as raised:
        house.ask(ALICE, "submit_contract", id=str(event.contract_id))
    assert [(p.field, p.code) for p in raised.value.fields] == [("amount", "too_small")]


def test_not_twice(house: Desk):
    id = drafted(house, instalments=HALVES)["id"]
    house.ask(ALICE, "submit_contract", id=id)
    with pytest.raises(IllegalTransition):
        house.ask(ALICE, "submit_contract", id=id)
