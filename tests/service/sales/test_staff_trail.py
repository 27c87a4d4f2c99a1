"""How the opportunities of one of one's people moved (STF-07)."""

import pytest

from contracts.errors import NotFound
from contracts.sales import RecordCommented
from tests.cast import ALICE_ID, CAROL_ID, person
from tests.service.sales.conftest import ALICE, BOB, PRICE, STAGE

LEADER = person(BOB.id, "Bob", "sales.* department", reports=(ALICE_ID,))


def test_opened_moved_and_lost_with_stage_and_reason(office, opportunity):
    office.later(hours=1)
    office.ask(ALICE, "move_opportunity", id=opportunity["id"], stage_id=str(STAGE["solution"]))
    office.later(hours=1)
    office.ask(ALICE, "lose_opportunity", id=opportunity["id"], reason_id=str(PRICE), note="对手低 15%")
    found = office.ask(LEADER, "staff_trail", staff_id=str(ALICE_ID))
    told = [(entry["kind"], entry["about_id"]) for entry in found["timeline"]]
    assert told[:2] == [("opportunity_lost", str(PRICE)), ("opportunity_moved", str(STAGE["solution"]))]
    assert told[-1][0] == "opportunity_opened"
    assert {str(PRICE), str(STAGE["solution"]), str(ALICE_ID)} <= found["labels"].keys()
    assert found["timeline"][0]["text"] == "对手低 15%"
    office.ask(LEADER, "add_comment", about="sales.opportunity", record_id=opportunity["id"], text="先问预算")
    (event,) = office.emitted(RecordCommented)
    assert (event.owner_id, event.author_id, event.about) == (ALICE_ID, BOB.id, "sales.opportunity")
    (remark,) = office.ask(LEADER, "staff_trail", staff_id=str(ALICE_ID))["remarks"][opportunity["id"]]
    assert (remark["text"], remark["by_id"]) == ("先问预算", str(BOB.id))


def test_only_of_ones_own_people(office, opportunity):
    peer = person(CAROL_ID, "Carol", "sales.* own")
    for actor, staff_id in ((peer, ALICE_ID), (LEADER, CAROL_ID)):
        with pytest.raises(NotFound):
            office.ask(actor, "staff_trail", staff_id=str(staff_id))
