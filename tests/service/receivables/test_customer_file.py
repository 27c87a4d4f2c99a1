"""This service's part of the customer page, and what stands on the printed contract (CUS-03, DAT-06)."""

import pytest

from contracts.errors import NotFound
from tests.cast import FRANK_ID, person
from tests.desk import Desk
from tests.factories.receivables import (
    ALICE,
    CAROL,
    CUSTOMER,
    DAN,
    TRANSFER,
    drafted,
    due_on,
    pay,
    planned,
    signed,
)


def test_figures_rows_and_timeline(house: Desk):
    contract = signed(house, instalments=planned((due_on(1), "600"), (due_on(30), "400")))
    drafted(house)
    house.later(hours=1)
    payment = pay(house, contract, "100", method_id=str(TRANSFER))["row"]
    house.later(days=2)
    house.ask(DAN, "run_chase_overdue")
    file = house.ask(ALICE, "customer_file", customer_id=str(CUSTOMER))
    assert file["figures"] == {
        "contracts_signed": 1, "contracts_amount": "1000.00", "receivable_paid": "100.00", "receivable_open": "900.00",
        "receivable_overdue": "500.00",
    }  # fmt: skip
    assert {part["entity"]: (part["count"], len(part["rows"])) for part in file["related"]} == {
        "receivables.contract": (2, 2), "receivables.receivable": (1, 1), "receivables.instalment": (2, 2),
        "receivables.payment": (1, 1),
    }  # fmt: skip
    assert [entry["kind"] for entry in file["timeline"]] == [
        "instalment_fell_due", "payment_recorded", "contract_draft", "contract_signed", "contract_approved",
        "contract_submitted", "contract_draft",
    ]  # fmt: skip
    assert file["timeline"][1]["amount"] == "100.00"
    assert file["timeline"][1]["id"] == payment["id"]
    assert file["labels"][str(TRANSFER)]["label_en"] == "Transfer"


def test_a_payment_entered_later_stands_on_its_day(house: Desk):
    contract = signed(house)
    house.later(days=5)
    pay(house, contract, "100", paid_on=str(due_on(2)))
    told = house.ask(ALICE, "customer_file", customer_id=str(CUSTOMER))["timeline"]
    assert [entry["at"][:10] for entry in told if entry["kind"] == "payment_recorded"] == [str(due_on(2))]


def test_who_sees_no_row_sees_no_sum(house: Desk):
    signed(house)
    file = house.ask(CAROL, "customer_file", customer_id=str(CUSTOMER))
    assert file["figures"]["receivable_open"] == "0.00"
    assert {part["count"] for part in file["related"]} == {0}
    assert file["timeline"] == []


def test_of_what_she_may_not_read_at_all_nobody_is_told_that_there_is_none(house: Desk):
    """CUS-03: whoever repairs what was sold sees contracts, and no receivables, not receivables of 0.00."""
    signed(house)
    frank = person(FRANK_ID, "Frank", "receivables.contract.read all", "customer.customer.read all")
    file = house.ask(frank, "customer_file", customer_id=str(CUSTOMER))
    assert file["figures"] == {}
    assert [part["entity"] for part in file["related"]] == ["receivables.contract"]


def test_the_printed_contract(house: Desk):
    contract = signed(house, lines=[{"description": "服务器", "quantity": 2, "unit_price": "500"}])
    pay(house, contract, "100")
    paper = house.ask(ALICE, "contract_paper", id=contract["id"])
    assert paper["contract"]["lines"][0]["amount"] == "1000.00"
    assert paper["receivable"]["remaining"] == "900.00"
    assert paper["labels"][str(CUSTOMER)]["label"] == "上海泰微"
    assert house.ask(ALICE, "contract_paper", id=drafted(house)["id"])["receivable"] is None
    with pytest.raises(NotFound):
        house.ask(CAROL, "contract_paper", id=contract["id"])
