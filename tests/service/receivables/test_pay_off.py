"""Finance marks what has been paid, many at once (users 24): all that is open came in, and a mistake is taken back."""

import pytest

from contracts.errors import Forbidden, Invalid
from contracts.receivables import EarlierIsOpen, NothingOpen, ReceivableSettled
from services.receivables import model
from tests.desk import Desk
from tests.factories.receivables import (
    ALICE,
    DAN,
    TODAY,
    TRANSFER,
    instalments_of,
    pay,
    receivable_of,
    signed,
)


def many(house: Desk, rows, verb="pay_off", entity="receivable", actor=DAN, **values):
    picked = house.ask(actor, "pick_batch", entity=entity, ids=[row["id"] for row in rows])
    return house.ask(actor, "check_batch", batch_id=picked["id"], verb=verb, values=values)


def test_all_that_is_open_came_in(house: Desk):
    contract = signed(house)
    pay(house, contract, "250")
    receivable = receivable_of(house, contract)
    message = {"id": receivable["id"], "ver": receivable["ver"], "method_id": str(TRANSFER), "note": "对账单"}
    payment = house.ask(DAN, "pay_off_receivable", message)["row"]
    assert (payment["amount"], payment["paid_on"], payment["note"]) == (
        "750.00",
        TODAY.isoformat(),
        "对账单",
    )
    assert receivable_of(house, contract)["state"] == "settled"
    with pytest.raises(NothingOpen):
        house.ask(DAN, "pay_off_receivable", id=receivable["id"])
    with pytest.raises(Forbidden):
        house.ask(ALICE, "pay_off_receivable", id=receivable["id"])


def test_an_instalment_after_those_due_before_it(house: Desk):
    contract = signed(house)
    first, second = instalments_of(house, contract)
    with pytest.raises(EarlierIsOpen):
        house.ask(DAN, "pay_off_instalment", id=second["id"])
    house.ask(DAN, "pay_off_instalment", id=first["id"])
    with pytest.raises(NothingOpen):
        house.ask(DAN, "pay_off_instalment", id=first["id"])
    house.ask(DAN, "pay_off_instalment", id=second["id"])
    assert receivable_of(house, contract)["remaining"] == "0.00"


def test_many_at_once_those_that_cannot_be_are_told(house: Desk):
    contracts = [signed(house) for _ in range(3)]
    pay(house, contracts[1], "1000")
    rows = [receivable_of(house, contract) for contract in contracts]
    batch = many(house, rows, paid_on=TODAY.isoformat())
    assert (batch["counts"], len(house.rows(model.Payment))) == ({"good": 2, "bad": 1}, 1)
    (bad,) = house.ask(DAN, "batch", id=batch["id"], state="bad")["rows"]
    assert bad["problem"]["code"] == "NothingOpen"
    shown = house.ask(DAN, "batch", id=batch["id"], state="good")["rows"][0]["changes"]
    assert (shown["state"], shown["remaining"]) == (["open", "settled"], ["1000.00", "0.00"])
    done = house.ask(DAN, "run_batch", batch_id=batch["id"])
    assert done["counts"] == {"done": 2, "left": 1}
    assert {receivable_of(house, contract)["state"] for contract in contracts} == {"settled"}
    assert len(house.emitted(ReceivableSettled)) == 3
    numbers = sorted(int(row.number[-5:]) for row in house.rows(model.Payment))
    assert numbers == list(range(numbers[0], numbers[0] + 3))  # the trial has spent none
    house.ask(DAN, "check_books")


def test_taken_back_by_entries_of_their_own(house: Desk):
    contracts = [signed(house) for _ in range(2)]
    batch = many(house, [receivable_of(house, contract) for contract in contracts])
    house.ask(DAN, "run_batch", batch_id=batch["id"])
    again = house.ask(DAN, "take_back_batch", batch_id=batch["id"], note="银行退回")
    assert (again["state"], again["counts"]) == ("taken_back", {"undone": 2})
    assert [receivable_of(house, contract)["remaining"] for contract in contracts] == ["1000.00"] * 2
    assert sorted(row.amount for row in house.rows(model.Payment)) == [-1000, -1000, 1000, 1000]


def test_instalments_one_after_the_other_and_payments_back_with_a_reason(house: Desk):
    contract = signed(house)
    batch = many(house, instalments_of(house, contract), entity="instalment")
    assert house.ask(DAN, "run_batch", batch_id=batch["id"])["counts"] == {"done": 2}
    payments = house.ask(DAN, "list", entity="payment")["rows"]
    with pytest.raises(Invalid):
        many(house, payments, "reverse", "payment")
    batch = many(house, payments, "reverse", "payment", note="录错")
    assert house.ask(DAN, "run_batch", batch_id=batch["id"])["counts"] == {"done": 2}
    assert receivable_of(house, contract)["remaining"] == "1000.00"
