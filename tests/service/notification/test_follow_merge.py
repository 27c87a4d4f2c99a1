"""Letters about a customer that turned out to be another one stand in that one's file."""

from contracts.customer import MergeUndone, RecordsMerged
from services.notification import model
from tests.cast import id_of
from tests.desk import Desk
from tests.factories.notification import fell_due

KEPT = id_of(902)


def test_notices_follow_and_come_back(house: Desk):
    house.hear(fell_due())
    (before,) = {row.customer_id for row in house.rows(model.Notice)}
    merge = {"merge_id": id_of(901), "entity": "customer.customer", "kept_id": KEPT, "gone_ids": (before,)}
    house.hear(RecordsMerged(**merge))
    assert {row.customer_id for row in house.rows(model.Notice)} == {KEPT}
    house.hear(MergeUndone(**merge))
    assert {row.customer_id for row in house.rows(model.Notice)} == {before}
