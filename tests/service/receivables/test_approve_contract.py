"""The superior agrees (CTR-05)."""

import pytest

from chassis.approval import Approval, OwnRequest
from contracts.errors import Forbidden, IllegalTransition, NotFound
from contracts.receivables import ContractApproved
from tests.cast import ALICE_ID, BOB_ID, person
from tests.desk import Desk
from tests.factories.receivables import ALICE, BOB, CAROL, HALVES, drafted


def test_it_works(house: Desk):
    id = submitted(house)
    answer = house.ask(BOB, "approve_contract", id=id, note="好")
    assert (answer["row"]["state"], "sign" in answer["can"]["verbs"]) == ("approved", True)
    (event,) = house.emitted(ContractApproved)
    assert (event.requested_by, event.decided_by, event.note) == (ALICE_ID, BOB_ID, "好")
    assert [a.state for a in house.rows(Approval)] == ["granted"]


def test_nobody_agrees_to_her_own_request(house: Desk):
    id = submitted(house)
    alice = person(ALICE_ID, "Alice", "receivables.* own", manager_id=BOB_ID)
    with pytest.raises(OwnRequest):
        house.ask(alice, "approve_contract", id=id)


def test_not_without_the_right_and_not_from_another_branch(house: Desk):
    id = submitted(house)
    with pytest.raises(Forbidden):
        house.ask(ALICE, "approve_contract", id=id)
    carol = CAROL.model_copy(update={"grants": person(CAROL.id, "", "receivables.* own").grants})
    with pytest.raises(NotFound):
        house.ask(carol, "approve_contract", id=id)


def test_only_what_was_submitted(house: Desk):
    with pytest.raises(IllegalTransition):
        house.ask(BOB, "approve_contract", id=drafted(house)["id"])


def submitted(house: Desk) -> str:
    id = drafted(house, instalments=HALVES)["id"]
    house.ask(ALICE, "submit_contract", id=id)
    return id
