"""What was signed less what came in is what must be open; whoever asks compares it with what receivables say."""

import random
from decimal import Decimal

import pytest

from contracts.errors import Forbidden
from contracts.receivables import ContractCancelled
from tests.desk import Desk
from tests.factories.reporting import ALICE, CUSTOMER, DAN, paid, signed


def test_they_agree_in_any_order_of_news_about_different_things(house: Desk):
    contracts = [signed(amount=f"{n}00.00") for n in range(1, 5)]
    events = [*contracts]
    for contract in contracts:
        events += [
            paid(contract, "50.00", str(contract.amount - 50)),
            paid(contract, "50.00", str(contract.amount - 100)),
        ]
    order = list(range(len(events)))
    random.Random(7).shuffle(order)
    for place in order:
        house.later(minutes=1)
        house.hear(events[place])
    totals = house.ask(DAN, "books")["totals"]
    assert totals == {"contracts": "1000.00", "payments": "400.00", "open": "600.00"}


def test_a_lost_payment_is_found(house: Desk):
    contract = signed()
    house.hear(contract)
    house.later(minutes=1)
    house.hear(paid(contract, "300.00", "600.00"))
    answer = house.ask(DAN, "books")
    assert answer["agree"] is False
    assert answer["differences"] == [
        {"contract_id": str(contract.contract_id), "open": "700.00", "told": "600.00"}
    ]
    house.hear(paid(contract, "100.00", "600.00"))
    assert house.ask(DAN, "books")["agree"] is True


def test_of_two_payments_at_once_the_last_is_the_one_that_was_announced_last(house: Desk):
    """It began first and waited for the other, so its clock says that it was the earlier one."""
    contract = signed()
    house.hear(contract, sequence=1)
    house.later(minutes=2)
    house.hear(paid(contract, "300.00", "700.00"), sequence=2)
    house.later(minutes=-1)
    house.hear(paid(contract, "200.00", "500.00"), sequence=3)
    assert house.ask(DAN, "books")["agree"] is True


def test_nothing_is_open_for_a_cancelled_contract(house: Desk):
    contract = signed()
    house.hear(contract)
    house.later(minutes=1)
    house.hear(
        ContractCancelled(
            contract_id=contract.contract_id, number="HT-1", customer_id=CUSTOMER, amount=Decimal(1000),
            was_signed=True, reason="x",
        )
    )  # fmt: skip
    assert house.ask(DAN, "books") == {
        "agree": True, "totals": {"contracts": "0.00", "payments": "0.00", "open": "0.00"}, "differences": [],
    }  # fmt: skip


def test_a_rep_does_not_look_into_the_companys_books(house: Desk):
    with pytest.raises(Forbidden):
        house.ask(ALICE, "books")
