"""A contract is drafted from a won opportunity, or by hand (CTR-01, CTR-02)."""

import pytest

from contracts.customer import ContactListed
from contracts.errors import Forbidden, Invalid
from contracts.noted import Noted
from contracts.receivables import ContractCancelled, ContractListed
from contracts.sales import OpportunityReopened
from services.receivables import model
from tests.cast import ALICE_ID, id_of
from tests.desk import NOON, Desk
from tests.factories.receivables import (
    ALICE,
    BOB,
    CAROL,
    CONTACT,
    CUSTOMER,
    GRACE,
    HALVES,
    OTHER_CUSTOMER,
    TRANSFER,
    approved,
    drafted,
    planned,
    signed,
    won,
)
from tests.own_fields import define


def test_a_won_opportunity_becomes_a_draft_of_its_owners(house: Desk):
    event = won()
    house.hear(event)
    row = house.ask(ALICE, "get", entity="contract", id=str(event.contract_id))["row"]
    assert (row["state"], row["number"], row["amount"]) == ("draft", "HT-HQ-2026-00001", "1000.00")
    assert (row["opportunity_id"], row["owner_id"]) == (str(event.opportunity_id), str(ALICE_ID))
    assert [(line["quantity"], line["amount"]) for line in row["lines"]] == [("2", "1000.00")]
    assert house.ask(CAROL, "list", {"entity": "contract"})["rows"] == []
    assert house.emitted(ContractListed)[0].record_id == event.contract_id


def test_it_says_what_quote_and_opportunity_said_in_own_fields_that_it_has(house: Desk):
    """Users 6: the quote is nearer to it."""
    for entity in ("sales.opportunity", "sales.quote", "receivables.contract"):
        define(house, entity, "room")
        define(house, entity, "floor")
    quote = Noted(entity="sales.quote", own={"own_room": "三楼"})
    opportunity = Noted(entity="sales.opportunity", own={"own_room": "二楼", "own_floor": "东"})
    event = won().model_copy(update={"noted": (quote, opportunity)})
    house.hear(event)
    row = house.ask(ALICE, "get", entity="contract", id=str(event.contract_id))["row"]
    assert (row["own_room"], row["own_floor"]) == ("三楼", "东")


def moved_on(house: Desk) -> None:
    """Wang Ming, the contact, works for another customer now."""
    at_other = {"customer_id": str(OTHER_CUSTOMER), "owner_id": str(ALICE_ID)}
    house.hear(ContactListed(record_id=CONTACT, epoch=1, ver=2, label="王明", data=at_other))


def test_a_deal_is_won_and_goes_on_when_its_contact_has_changed_jobs(house: Desk):
    """CON-04, CTR-01: she was the contact; only nobody new may be named who works elsewhere."""
    there = drafted(house, contact_id=str(CONTACT), instalments=HALVES)
    moved_on(house)
    event = won()
    house.hear(event)
    ids = [there["id"], str(event.contract_id)]
    for id in ids:
        after = house.ask(ALICE, "update", entity="contract", id=id, values={"note": "加急"})["row"]
        assert after["contact_id"] == str(CONTACT)
    assert house.ask(ALICE, "submit_contract", id=ids[0])["row"]["state"] == "submitted"
    with pytest.raises(Invalid) as raised:
        drafted(house, contact_id=str(CONTACT))
    assert [(p.field, p.code) for p in raised.value.fields] == [("contact_id", "not_a_choice")]


def test_news_that_comes_twice_drafts_once(house: Desk):
    event = won()
    house.hear(event)
    house.hear(event)
    assert len(house.rows(model.Contract)) == 1


def test_a_win_without_an_owner_goes_to_whoever_looks_after_the_customer(house: Desk):
    house.hear(won(owner_id=None))
    assert [row.owner_id for row in house.rows(model.Contract)] == [ALICE_ID]


def test_a_taken_back_win_takes_its_unsigned_contract_along(house: Desk):
    event = won()
    house.hear(event)
    house.hear(reopened(event))
    house.hear(reopened(event))
    (row,) = house.rows(model.Contract)
    assert row.state == "cancelled"
    assert [e.was_signed for e in house.emitted(ContractCancelled)] == [False]


def test_a_signed_contract_stays_when_the_win_is_taken_back(house: Desk):
    contract = signed(house)
    house.hear(reopened(won(contract_id=contract["id"])))
    assert [row.state for row in house.rows(model.Contract)] == ["signed"]


def test_by_hand_with_lines_plan_and_steps(house: Desk):
    row = drafted(
        house, contact_id=str(CONTACT), amount="1,000.00",
        lines=[{"description": "服务器", "quantity": "3", "unit_price": "333.33", "discount": "10"}],
        instalments=[{"due_on": "2026-04-01", "amount": "1000", "method_id": str(TRANSFER), "reminder_days": 3}],
        steps=[{"kind": "delivery", "planned_on": "2026-05-01", "executor_id": str(ALICE_ID), "quantity": "3"}],
    )  # fmt: skip
    answer = house.ask(ALICE, "get", entity="contract", id=row["id"])
    assert [line["amount"] for line in answer["row"]["lines"]] == ["899.99"]
    assert answer["labels"][str(TRANSFER)]["label_en"] == "Transfer"
    assert answer["labels"][str(CUSTOMER)]["label"] == "上海泰微"
    assert answer["can"]["verbs"] == ["plan", "submit", "cancel"]
    assert [s["kind"] for s in answer["row"]["steps"]] == ["delivery"]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"amount": "-1"}, ("amount", "too_small")), ({"amount": "0"}, ("amount", "too_small")),
        ({"amount": "1e309"}, ("amount", "not_a_number")), ({"amount": "NaN"}, ("amount", "not_a_number")),
        ({"amount": "1.005"}, ("amount", "too_many_decimals")), ({"amount": ""}, ("amount", "required")),
        ({"name": "x" * 300}, ("name", "too_long")),
        ({"instalments": planned(("2026-04-01", "999.99"))}, ("instalments", "does_not_add_up")),
        ({"instalments": planned(("2026-02-30", "1000"))}, ("instalments.0.due_on", "not_a_date")),
        ({"instalments": planned(("2026-04-01", "0"), ("2026-04-02", "1000"))}, ("instalments.0.amount", "too_small")),
        ({"steps": [{"kind": "party"}]}, ("steps.0.kind", "not_a_choice")),
        ({"starts_on": "2026-05-02", "ends_on": "2026-05-01"}, ("ends_on", "before")),
        ({"customer_id": str(id_of(999))}, ("customer_id", "not_an_id")),
        ({"customer_id": str(OTHER_CUSTOMER), "contact_id": str(CONTACT)}, ("contact_id", "not_a_choice")),
        ({"state": "signed"}, ("state", "unknown")), ({"signed_on": "2026-01-01"}, ("signed_on", "unknown")),
    ],
)  # fmt: skip
def test_wrong_input_names_its_field_and_nothing_is_saved(house: Desk, values, problem):
    with pytest.raises(Invalid) as raised:
        drafted(house, **values)
    assert [(p.field, p.code) for p in raised.value.fields] == [problem]
    assert house.rows(model.Contract) == []


@pytest.mark.parametrize(
    ("written", "kept"), [("１２３", "123.00"), ("1,234.50", "1234.50"), ("¥100元", "100.00")]
)
def test_amounts_as_people_write_them(house: Desk, written: str, kept: str):
    assert drafted(house, amount=written)["amount"] == kept


def test_a_new_amount_needs_a_new_plan(house: Desk):
    row = drafted(house, instalments=HALVES)
    with pytest.raises(Invalid):
        house.ask(ALICE, "update", {"entity": "contract", "id": row["id"], "values": {"amount": "900"}})
    plan = planned(("2026-04-01", "900"))
    values = {"amount": "900", "instalments": plan}
    after = house.ask(ALICE, "update", {"entity": "contract", "id": row["id"], "values": values})["row"]
    assert (after["amount"], [p["amount"] for p in after["instalments"]]) == ("900.00", ["900.00"])


def test_what_was_approved_is_not_rewritten(house: Desk):
    from chassis.entities import NotEditable

    row = approved(house)
    with pytest.raises(NotEditable):
        house.ask(BOB, "update", {"entity": "contract", "id": row["id"], "values": {"amount": "1"}})


def test_who_may_only_read_drafts_nothing(house: Desk):
    with pytest.raises(Forbidden):
        drafted(house, GRACE)


def reopened(event) -> OpportunityReopened:
    return OpportunityReopened(
        opportunity_id=event.opportunity_id, customer_id=CUSTOMER, stage_id=event.stage_id, was="won",
        contract_id=event.contract_id, reopened_at=NOON,
    )  # fmt: skip
