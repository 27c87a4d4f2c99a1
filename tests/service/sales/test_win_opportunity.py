"""The customer decides for us: by an accepted quote, or for an amount agreed without one."""

from datetime import timedelta

import pytest

from contracts.errors import Forbidden, IllegalTransition, Invalid, NotFound
from contracts.noted import Noted
from contracts.receivables import ContractSigned
from contracts.sales import NothingAgreed, OpportunityListed, OpportunityReopened, OpportunityWon
from services.sales import model
from tests.cast import ALICE_ID, id_of
from tests.own_fields import define
from tests.service.sales.conftest import ALICE, BOB, CAROL, DAN, OSCILLOSCOPE, PRICE, STAGE, TAIWEI, WANG


def win(office, opportunity, actor=ALICE, **more):
    return office.ask(actor, "win_opportunity", id=opportunity["id"], **more)["row"]


def test_by_the_accepted_quote(office, opportunity, quote, go):
    go(quote, "submit", "approve", "send", "accept")
    won = win(office, opportunity)
    assert (won["state"], won["won_amount"]) == ("won", "29040.00")
    assert won["closed_at"] == office.now.isoformat()
    (said,) = office.emitted(OpportunityWon)
    assert (str(said.quote_id), str(said.amount), said.contact_id) == (quote["id"], "29040.00", WANG)
    first = said.lines[0]
    assert (str(first.product_id), str(first.quantity), str(first.amount)) == (OSCILLOSCOPE, "2", "23040.00")
    assert sum(line.amount for line in said.lines) == said.amount


def test_what_stands_in_own_fields_travels_the_quote_before_the_opportunity(office, sell):
    """Users 6: whoever drafts the contract takes of each field what stands first."""
    for entity in ("sales.opportunity", "sales.quote"):
        define(office, entity, "room")
    opportunity = sell(ALICE, own_room="二楼")
    office.create(ALICE, "quote", name="别的", opportunity_id=opportunity["id"])
    win(office, opportunity, amount="1")
    (said,) = office.emitted(OpportunityWon)
    assert said.noted == (Noted(entity="sales.opportunity", own={"own_room": "二楼"}),)


def test_by_the_accepted_quote_its_own_fields_are_told_first(office, opportunity, quote, go):
    define(office, "sales.quote", "room")
    define(office, "sales.opportunity", "room")
    for entity, row, room in (("quote", quote, "三楼"), ("opportunity", opportunity, "二楼")):
        office.ask(ALICE, "update", entity=entity, id=row["id"], values={"own_room": room})
    go(quote, "submit", "approve", "send", "accept")
    win(office, opportunity)
    (said,) = office.emitted(OpportunityWon)
    assert [one.own["own_room"] for one in said.noted] == ["三楼", "二楼"]


def test_for_an_amount_without_a_quote(office, opportunity):
    won = win(office, opportunity, amount="95000")
    assert won["won_amount"] == "95000.00"
    (said,) = office.emitted(OpportunityWon)
    assert (said.quote_id, said.lines, said.customer_id, said.owner_id) == (None, (), TAIWEI, ALICE_ID)
    assert str(said.stage_id) == STAGE["contact"]


def test_the_contract_has_its_name_from_here_on(office, opportunity):
    won = win(office, opportunity, amount="1")
    (said,) = office.emitted(OpportunityWon)
    assert str(said.contract_id) == won["contract_id"]
    assert office.emitted(OpportunityListed)[-1].data["state"] == "won"


def test_pressed_twice_it_is_won_once(office, opportunity):
    message = {"id": opportunity["id"], "amount": "5"}
    first = office.ask(ALICE, "win_opportunity", message, key="k1")
    assert office.ask(ALICE, "win_opportunity", message, key="k1") == first
    assert len(office.emitted(OpportunityWon)) == 1
    with pytest.raises(IllegalTransition):
        win(office, opportunity, amount="5")


def test_not_before_anything_was_agreed(office, opportunity, quote, go):
    go(quote, "submit", "approve", "send")
    with pytest.raises(NothingAgreed):
        win(office, opportunity)
    assert office.emitted(OpportunityWon) == []


def test_not_for_another_amount_than_the_quotes(office, opportunity, quote, go):
    go(quote, "submit", "approve", "send", "accept")
    with pytest.raises(Invalid) as raised:
        win(office, opportunity, amount="29000")
    assert raised.value.fields[0].params == {"sum": "29040.00", "expected": "29000.00"}
    assert win(office, opportunity, amount="29040.00")["state"] == "won"


@pytest.mark.parametrize("amount", ["0", "-1", "1e309", "NaN", "1.005"])
def test_not_for_nothing(office, opportunity, amount):
    with pytest.raises(Invalid):
        win(office, opportunity, amount=amount)


def test_it_may_have_happened_before_it_is_entered(office, opportunity):
    office.later(days=4)
    before = office.now - timedelta(days=2)
    assert (
        win(office, opportunity, amount="1", happened_at=before.isoformat())["closed_at"]
        == before.isoformat()
    )
    assert office.emitted(OpportunityWon)[0].won_at == before


def test_the_superior_may_others_may_not(office, opportunity):
    with pytest.raises(NotFound):
        win(office, opportunity, actor=CAROL, amount="1")
    with pytest.raises(Forbidden):
        win(office, opportunity, actor=DAN, amount="1")
    assert win(office, opportunity, actor=BOB, amount="1")["state"] == "won"


def signed(opportunity, **more):
    values = {
        "contract_id": id_of(801), "number": "HT-HQ-2026-00001", "name": "x", "customer_id": TAIWEI, "amount": "70000.00",
        "opportunity_id": opportunity["id"], "owner_id": ALICE_ID, "signed_on": "2026-03-10", "receivable_id": id_of(802),
    }  # fmt: skip
    return ContractSigned(**(values | more))


def test_a_signed_contract_wins_what_was_still_open(office, opportunity):
    office.hear(signed(opportunity))
    office.hear(signed(opportunity))
    (row,) = office.rows(model.Opportunity)
    assert (row.state, str(row.won_amount), row.contract_id) == ("won", "70000.00", id_of(801))
    (said,) = office.emitted(OpportunityWon)
    assert said.contract_id == id_of(801)


def test_a_signed_contract_wins_what_was_given_up_and_put_away(office, opportunity):
    office.ask(ALICE, "lose_opportunity", id=opportunity["id"], reason_id=str(PRICE))
    office.ask(ALICE, "archive", entity="opportunity", id=opportunity["id"])
    office.hear(signed(opportunity))
    assert [(row.state, row.archived_at) for row in office.rows(model.Opportunity)] == [("won", None)]
    assert [said.was for said in office.emitted(OpportunityReopened)] == ["lost"]


def test_a_signed_contract_changes_nothing_on_what_is_won(office, opportunity):
    won = win(office, opportunity, amount="5")
    office.hear(signed(opportunity, contract_id=won["contract_id"]))
    office.hear(signed(opportunity, opportunity_id=None))
    office.hear(signed(opportunity, opportunity_id=id_of(999)))
    assert len(office.emitted(OpportunityWon)) == 1
