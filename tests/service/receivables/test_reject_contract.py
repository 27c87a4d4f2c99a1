"""The superior does not agree: it is a draft again, and may come back changed."""

import pytest

from chassis.approval import Approval
from contracts.errors import IllegalTransition
from contracts.receivables import ContractRejected
from tests.desk import Desk
from tests.factories.receivables import ALICE, BOB, HALVES, drafted, planned


def test_it_works(house: Desk):
    id = drafted(house, instalments=HALVES)["id"]
    house.ask(ALICE, "submit_contract", id=id)
    assert house.ask(BOB, "reject_contract", id=id, note="太便宜")["row"]["state"] == "draft"
    (event,) = house.emitted(ContractRejected)
    assert (event.requested_by, event.decided_by, event.note) == (ALICE.id, BOB.id, "太便宜")
    values = {"amount": "1200", "instalments": planned(("2026-04-01", "1200"))}
    house.ask(ALICE, "update", {"entity": "contract", "id": id, "values": values})
    house.ask(ALICE, "submit_contract", id=id)
    assert house.ask(BOB, "approve_contract", id=id)["row"]["state"] == "approved"
    assert sorted(a.state for a in house.rows(Approval)) == ["granted", "refused"]


def test_only_what_was_submitted(house: Desk):
    with pytest.raises(IllegalTransition):
        house.ask(BOB, "reject_contract", id=drafted(house)["id"])
