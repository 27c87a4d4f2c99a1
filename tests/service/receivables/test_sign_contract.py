"""The customer signs: the whole amount is owed from that moment, in instalments (CTR-01, RCV-01)."""

from decimal import Decimal

import pytest

from contracts.errors import ChangedMeanwhile, IllegalTransition, Invalid, NotFound
from contracts.receivables import ContractListed, ContractSigned
from services.receivables import model
from tests.desk import Desk
from tests.factories.receivables import (
    ALICE,
    BOB,
    CAROL,
    DAN,
    approved,
    due_on,
    instalments_of,
    planned,
    receivable_of,
    signed,
)


def test_it_works(house: Desk):
    contract = signed(house)
    assert (contract["state"], contract["signed_on"]) == ("signed", "2026-03-10")
    receivable = receivable_of(house, contract)
    assert (receivable["amount"], receivable["remaining"], receivable["state"]) == (
        "1000.00",
        "1000.00",
        "open",
    )
    assert (receivable["number"], receivable["due_on"]) == ("YS-HQ-2026-00001", "2026-04-01")
    parts = [(p["number"], p["due_on"], p["amount"], p["remaining"]) for p in instalments_of(house, contract)]
    assert parts == [
        ("YS-HQ-2026-00001-1", "2026-04-01", "600.00", "600.00"),
        ("YS-HQ-2026-00001-2", "2026-05-01", "400.00", "400.00"),
    ]


def test_it_is_announced_once_with_its_receivable(house: Desk):
    contract = signed(house)
    (event,) = house.emitted(ContractSigned)
    assert (event.number, event.amount, event.owner_id) == (contract["number"], Decimal("1000.00"), ALICE.id)
    assert str(event.receivable_id) == receivable_of(house, contract)["id"]
    assert house.emitted(ContractListed)[-1].data["state"] == "signed"


def test_pressing_twice_with_one_key_signs_once(house: Desk):
    id = approved(house)["id"]
    first = house.ask(ALICE, "sign_contract", key="k", id=id)
    assert house.ask(ALICE, "sign_contract", key="k", id=id) == first
    with pytest.raises(IllegalTransition):
        house.ask(ALICE, "sign_contract", id=id)
    assert len(house.rows(model.Receivable)) == len(house.emitted(ContractSigned)) == 1


def test_not_before_it_was_approved(house: Desk):
    from tests.factories.receivables import drafted

    with pytest.raises(IllegalTransition) as raised:
        house.ask(ALICE, "sign_contract", id=drafted(house)["id"])
    assert raised.value.params == {"verb": "sign", "state": "draft"}


def test_not_on_a_day_to_come(house: Desk):
    with pytest.raises(Invalid) as raised:
        house.ask(ALICE, "sign_contract", id=approved(house)["id"], signed_on=due_on(1))
    assert [(p.field, p.code) for p in raised.value.fields] == [("signed_on", "after")]
    assert house.rows(model.Receivable) == []


def test_not_when_somebody_saved_meanwhile(house: Desk):
    contract = approved(house)
    with pytest.raises(ChangedMeanwhile):
        house.ask(ALICE, "sign_contract", id=contract["id"], ver=contract["ver"] - 1)


def test_another_branchs_rep_does_not_find_it(house: Desk):
    contract = signed(house)
    for entity in ("contract", "receivable", "instalment"):
        assert house.ask(CAROL, "list", {"entity": entity})["rows"] == []
        assert len(house.ask(BOB, "list", {"entity": entity})["rows"]) == (2 if entity == "instalment" else 1)
    with pytest.raises(NotFound):
        house.ask(CAROL, "sign_contract", id=contract["id"])


def test_what_is_past_due_at_signing_is_overdue_at_once(house: Desk):
    contract = signed(house, instalments=planned((due_on(-1), "300"), (due_on(0), "700")))
    assert receivable_of(house, contract)["overdue_amount"] == "300.00"


def test_what_is_owed_cannot_be_put_away(house: Desk):
    from contracts.errors import InUse

    contract = signed(house)
    with pytest.raises(InUse):
        house.ask(DAN, "archive", entity="contract", id=contract["id"])
    receivable = receivable_of(house, contract)
    with pytest.raises(InUse):
        house.ask(DAN, "archive", entity="receivable", id=receivable["id"])
    assert house.ask(DAN, "get", entity="receivable", id=receivable["id"])["can"] == {
        "read": True, "update": False, "archive": False, "restore": False, "verbs": ["pay", "pay_off"],
    }  # fmt: skip
