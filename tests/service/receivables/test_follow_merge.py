"""Two customers turned out to be one: contract, receivable, instalments and payments follow, not a cent moves."""

from contracts.customer import MergeUndone, RecordsMerged
from contracts.receivables import ContractListed
from services.receivables import model
from tests.cast import id_of
from tests.desk import Desk
from tests.factories.receivables import CUSTOMER, OTHER_CUSTOMER, due_on, pay, planned, signed

MERGE = {
    "merge_id": id_of(901),
    "entity": "customer.customer",
    "kept_id": OTHER_CUSTOMER,
    "gone_ids": (CUSTOMER,),
}
KINDS = (model.Contract, model.Receivable, model.Instalment, model.Payment)


def customers(house: Desk) -> set:
    return {row.customer_id for cls in KINDS for row in house.rows(cls)}


def money(house: Desk) -> list:
    return [(row.amount, row.paid, row.remaining) for row in house.rows(model.Receivable)]


def test_all_papers_follow_and_come_back(house: Desk):
    pay(house, signed(house, instalments=planned((due_on(1), "600"), (due_on(30), "400"))), "100")
    before = money(house)
    assert customers(house) == {CUSTOMER}
    house.hear(RecordsMerged(**MERGE))
    assert customers(house) == {OTHER_CUSTOMER}
    assert house.emitted(ContractListed)[-1].data["customer_id"] == str(OTHER_CUSTOMER)
    assert money(house) == before
    house.hear(MergeUndone(**MERGE))
    assert customers(house) == {CUSTOMER}
    assert money(house) == before
