"""A customer gets another owner: what the one before had open there goes along with its quotes, if it is to (CUS-01, OPP-11)."""

from contracts.customer import CustomerHandedOver
from services.sales import model
from tests.cast import ALICE_ID, BOB_ID, CAROL_ID
from tests.service.sales.conftest import ALICE, BOB, CAROL, TAIWEI

GIVEN = {"customer_id": TAIWEI, "name": "上海泰微", "from_id": ALICE_ID, "to_id": CAROL_ID, "note": "调岗"}


def owners(office, cls=model.Opportunity):
    return {row.name: row.owner_id for row in office.rows(cls)}


def test_what_was_open_and_hers_goes_along_and_its_history_says_why(office, quote, opportunity, sell):
    lost, bobs = sell(ALICE, name="丢单"), sell(ALICE, name="他人的")
    with office.house.sessions.begin() as session:
        session.get(model.Opportunity, lost["id"]).state = "lost"
        session.get(model.Opportunity, bobs["id"]).owner_id = BOB_ID
    event = CustomerHandedOver(**GIVEN, with_opportunities=True)
    office.hear(event, by=BOB)
    office.hear(event, by=BOB)
    assert owners(office) == {opportunity["name"]: CAROL_ID, "丢单": ALICE_ID, "他人的": BOB_ID}
    assert set(owners(office, model.Quote).values()) == {CAROL_ID}
    log = office.ask(CAROL, "history", entity="opportunity", id=opportunity["id"])["changes"][0]
    assert (log["actor_name"], log["note"]) == ("Bob", "调岗")
    assert log["changes"]["owner_id"] == [str(ALICE_ID), str(CAROL_ID)]


def test_not_where_it_is_to_stay_or_nobody_had_it(office, opportunity):
    office.hear(CustomerHandedOver(**GIVEN))
    office.hear(CustomerHandedOver(**GIVEN | {"from_id": None}, with_opportunities=True))
    assert set(owners(office).values()) == {ALICE_ID}
