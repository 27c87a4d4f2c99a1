"""Somebody else looks after a contract, and after the money (CUS-01)."""

import pytest

from contracts.customer import CustomerHandedOver
from contracts.errors import Forbidden, Invalid
from services.receivables import model
from tests.cast import ALICE_ID, CAROL_ID, SALES_SH, SHANGHAI, id_of
from tests.desk import Desk
from tests.factories.receivables import ALICE, CAROL, CUSTOMER, DAN, drafted, pay, receivable_of, signed


def test_it_works_and_the_money_goes_along(house: Desk):
    contract = signed(house)
    pay(house, contract, "10")
    house.ask(DAN, "hand_over_contract", id=contract["id"], owner_id=str(CAROL_ID))
    for cls in (model.Contract, model.Receivable, model.Instalment, model.Payment):
        owners = {(row.owner_id, row.department_id, row.branch_id) for row in house.rows(cls)}
        assert owners == {(CAROL_ID, SALES_SH, SHANGHAI)}, cls
    assert receivable_of(house, contract, CAROL)["remaining"] == "990.00"
    assert house.ask(ALICE, "list", {"entity": "payment"})["rows"] == []


def test_not_without_the_right(house: Desk):
    contract = signed(house)
    with pytest.raises(Forbidden):
        house.ask(ALICE, "hand_over_contract", id=contract["id"], owner_id=str(CAROL_ID))


def test_not_to_somebody_unknown(house: Desk):
    contract = signed(house)
    with pytest.raises(Invalid):
        house.ask(DAN, "hand_over_contract", id=contract["id"], owner_id=str(id_of(999)))
    assert {row.owner_id for row in house.rows(model.Contract)} == {ALICE_ID}


def test_with_its_customer_it_goes_along_while_it_is_under_way_if_it_is_to(house: Desk):
    """CUS-01, OPP-11"""
    under_way, over = signed(house), drafted(house, name="作废")
    house.ask(DAN, "cancel_contract", id=over["id"], note="不做了")
    given = {
        "customer_id": CUSTOMER,
        "name": "上海泰微",
        "from_id": ALICE_ID,
        "to_id": CAROL_ID,
        "note": "调岗",
    }
    house.hear(CustomerHandedOver(**given))
    assert {row.owner_id for row in house.rows(model.Contract)} == {ALICE_ID}
    house.hear(CustomerHandedOver(**given, with_contracts=True))
    owners = {str(row.id): row.owner_id for row in house.rows(model.Contract)}
    assert owners == {under_way["id"]: CAROL_ID, over["id"]: ALICE_ID}
    assert receivable_of(house, under_way, CAROL)["remaining"] == "1000.00"
    log = house.ask(CAROL, "history", entity="contract", id=under_way["id"])["changes"][0]
    assert (log["note"], log["changes"]["owner_id"]) == ("调岗", [str(ALICE_ID), str(CAROL_ID)])
