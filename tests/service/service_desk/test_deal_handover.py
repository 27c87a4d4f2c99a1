"""A signed contract is handed over from sales to service, once, and somebody of service accepts it (CUS-20)."""

import pytest

from contracts.customer import WishChanged
from contracts.errors import Forbidden, IllegalTransition, NotFound
from contracts.service_desk import DealHandoverAccepted, DealHandoverOpened, WishConcernsService
from services.service_desk import model
from tests.cast import ALICE_ID, BEIJING, FRANK_ID, id_of
from tests.desk import Desk
from tests.factories.service_desk import ALICE, CAROL, CUSTOMER, EVE, FRANK, signed


@pytest.fixture
def handover(house: Desk) -> dict:
    house.hear(signed())
    return house.ask(FRANK, "list", {"entity": "deal_handover"})["rows"][0]


def test_a_signed_contract_waits_in_the_branch_of_whoever_sold_it(house: Desk, handover: dict):
    assert (handover["number"], handover["contract_number"], handover["amount"]) == (
        "JJ-HQ-2026-00001",
        "HT-HQ-2026-00001",
        "1000.00",
    )
    assert (handover["from_id"], handover["to_id"], handover["state"]) == (str(ALICE_ID), None, "open")
    (event,) = house.emitted(DealHandoverOpened)
    assert (event.customer_id, event.from_id, event.branch_id) == (CUSTOMER, ALICE_ID, BEIJING)


def test_hearing_of_one_contract_twice_hands_over_once(house: Desk):
    event = signed()
    house.hear(event)
    house.hear(event)
    assert len(house.rows(model.DealHandover)) == len(house.emitted(DealHandoverOpened)) == 1


def test_an_engineer_accepts_it_and_who_sold_it_still_sees_it(house: Desk, handover: dict):
    change = {"entity": "deal_handover", "id": handover["id"], "values": {"remark": "客户要求月底前安装"}}
    house.ask(FRANK, "update", change)
    row = house.ask(FRANK, "accept_deal_handover", id=handover["id"])["row"]
    assert (row["state"], row["to_id"], row["owner_id"]) == ("accepted", str(FRANK_ID), str(FRANK_ID))
    (event,) = house.emitted(DealHandoverAccepted)
    assert (event.from_id, event.to_id) == (ALICE_ID, FRANK_ID)
    assert house.ask(ALICE, "get", entity="deal_handover", id=handover["id"])["row"]["remark"]


def test_it_may_be_accepted_for_a_colleague(house: Desk, handover: dict):
    row = house.ask(FRANK, "accept_deal_handover", id=handover["id"], to_id=str(EVE.id))["row"]
    assert row["to_id"] == str(EVE.id)


def test_once_only(house: Desk, handover: dict):
    house.ask(FRANK, "accept_deal_handover", id=handover["id"])
    with pytest.raises(IllegalTransition):
        house.ask(EVE, "accept_deal_handover", id=handover["id"])


def test_nobody_makes_one_by_hand_and_sales_does_not_accept(house: Desk, handover: dict):
    with pytest.raises(Forbidden):
        house.create(FRANK, "deal_handover", contract_number="HT-1")
    with pytest.raises(Forbidden):
        house.ask(ALICE, "accept_deal_handover", id=handover["id"])
    with pytest.raises(NotFound):
        house.ask(
            CAROL.model_copy(update={"grants": FRANK.grants}), "accept_deal_handover", id=handover["id"]
        )


def test_what_the_customer_wishes_is_passed_on_to_whoever_serves_it(house: Desk, handover: dict):
    """CUS-21, NTF-03: `pass_wish_on`; who hears of it anyway does not hear of it twice."""
    wish = {
        "wish_id": id_of(801),
        "customer_id": CUSTOMER,
        "kind": "time",
        "text": "周五不要来",
        "owner_id": ALICE_ID,
    }
    house.hear(WishChanged(**wish), by=ALICE)
    assert house.emitted(WishConcernsService) == []
    house.ask(FRANK, "accept_deal_handover", id=handover["id"])
    house.hear(WishChanged(**wish, also_ids=(EVE.id,)), by=ALICE)
    (event,) = house.emitted(WishConcernsService)
    assert (event.staff_ids, event.text, event.told_by) == ((FRANK_ID,), "周五不要来", ALICE_ID)
