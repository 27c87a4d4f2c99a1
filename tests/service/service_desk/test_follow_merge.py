"""Two customers turned out to be one: their requests are of the kept one, and its rep sees them."""

from contracts.customer import MergeUndone, RecordsMerged
from services.service_desk import model
from tests.cast import ALICE_ID, CAROL_ID, id_of
from tests.desk import Desk
from tests.factories.service_desk import CAROL, CUSTOMER, OTHER_CUSTOMER, customer, opened

MERGE = {
    "merge_id": id_of(901),
    "entity": "customer.customer",
    "kept_id": OTHER_CUSTOMER,
    "gone_ids": (CUSTOMER,),
}


def test_tickets_follow_and_come_back(house: Desk):
    house.hear(customer(OTHER_CUSTOMER, "北京启利", CAROL, ver=2))
    opened(house)
    house.hear(RecordsMerged(**MERGE))
    (ticket,) = house.rows(model.Ticket)
    assert (ticket.customer_id, ticket.customer_owner_id) == (OTHER_CUSTOMER, CAROL_ID)
    house.hear(MergeUndone(**MERGE))
    (ticket,) = house.rows(model.Ticket)
    assert (ticket.customer_id, ticket.customer_owner_id) == (CUSTOMER, ALICE_ID)
