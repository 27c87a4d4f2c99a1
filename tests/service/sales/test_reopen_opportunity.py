"""A closed opportunity is taken up again."""

import pytest

from contracts.errors import IllegalTransition, NotFound
from contracts.receivables import ContractListed
from contracts.sales import AlreadySigned, OpportunityReopened
from tests.cards import card
from tests.service.sales.conftest import ALICE, CAROL, PRICE, STAGE


def reopen(office, opportunity, actor=ALICE):
    return office.ask(actor, "reopen_opportunity", id=opportunity["id"])["row"]


def test_a_lost_one_is_open_again_where_it_stood(office, opportunity):
    office.ask(ALICE, "lose_opportunity", id=opportunity["id"], reason_id=str(PRICE))
    office.later(days=3)
    again = reopen(office, opportunity)
    assert (again["state"], again["stage_id"], again["stage_since"]) == (
        "open",
        STAGE["contact"],
        office.now.isoformat(),
    )
    assert (again["reason_id"], again["closed_at"]) == (None, None)
    (said,) = office.emitted(OpportunityReopened)
    assert (said.was, said.contract_id, said.reopened_at) == ("lost", None, office.now)


def test_a_win_that_is_taken_back_names_the_contract_nobody_wants_any_more(office, opportunity):
    won = office.ask(ALICE, "win_opportunity", id=opportunity["id"], amount="5")["row"]
    again = reopen(office, opportunity)
    assert (again["won_amount"], again["contract_id"]) == (None, None)
    (said,) = office.emitted(OpportunityReopened)
    assert (said.was, str(said.contract_id)) == ("won", won["contract_id"])
    second = office.ask(ALICE, "win_opportunity", id=opportunity["id"], amount="6")["row"]
    assert second["contract_id"] != won["contract_id"]


@pytest.mark.parametrize(("state", "stands"), [("draft", False), ("signed", True), ("completed", True)])
def test_a_win_stands_once_its_contract_is_signed(office, opportunity, state, stands):
    won = office.ask(ALICE, "win_opportunity", id=opportunity["id"], amount="5")["row"]
    office.hear(
        card(ContractListed, won["contract_id"], "x", state=state).model_copy(update={"number": "HT-1"})
    )
    if not stands:
        assert reopen(office, opportunity)["state"] == "open"
        return
    with pytest.raises(AlreadySigned) as raised:
        reopen(office, opportunity)
    assert raised.value.params == {"number": "HT-1"}


def test_an_open_one_is_not_opened(office, opportunity):
    with pytest.raises(IllegalTransition):
        reopen(office, opportunity)


def test_nobody_takes_up_what_she_does_not_see(office, opportunity):
    office.ask(ALICE, "lose_opportunity", id=opportunity["id"], reason_id=str(PRICE))
    with pytest.raises(NotFound):
        reopen(office, opportunity, actor=CAROL)
