"""Two customers turned out to be one: opportunities and quotes go to the kept one, and back when that is taken back."""

from contracts.customer import MergeUndone, RecordsMerged
from services.sales import model
from tests.cast import id_of
from tests.service.sales.conftest import ALICE, QILI, TAIWEI

MERGE = {"merge_id": id_of(901), "entity": "customer.customer", "kept_id": QILI, "gone_ids": (TAIWEI,)}


def test_they_follow_the_kept_customer_and_come_back(office, quote, opportunity, sell, go):
    sent = go(quote, "submit", "approve", "send")
    office.hear(RecordsMerged(**MERGE))
    assert {row.customer_id for row in office.rows(model.Opportunity)} == {QILI}
    (row,) = office.rows(model.Quote)
    assert (row.customer_id, row.state, str(row.amount)) == (QILI, "sent", sent["amount"])
    log = office.ask(ALICE, "history", entity="opportunity", id=opportunity["id"])["changes"]
    assert log[0]["changes"] == {"customer_id": [str(TAIWEI), str(QILI)]}
    office.hear(RecordsMerged(**MERGE))  # late, once more
    office.hear(MergeUndone(**MERGE))
    assert {row.customer_id for row in office.rows(model.Opportunity)} == {TAIWEI}
    assert office.rows(model.Quote)[0].customer_id == TAIWEI


def test_what_somebody_moved_since_stays(office, opportunity):
    office.hear(RecordsMerged(**MERGE))
    third = id_of(603)
    with office.house.sessions.begin() as session:
        session.get(model.Opportunity, opportunity["id"]).customer_id = third
    office.hear(MergeUndone(**MERGE))
    assert office.rows(model.Opportunity)[0].customer_id == third
