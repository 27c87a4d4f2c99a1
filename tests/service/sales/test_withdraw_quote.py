"""We no longer stand by a quote."""

import pytest

from contracts.errors import IllegalTransition, NotFound
from contracts.sales import OpportunityClosed, QuoteWithdrawn
from tests.service.sales.conftest import ALICE, BOB, CAROL


def withdraw(office, quote, actor=ALICE):
    return office.ask(actor, "withdraw_quote", id=quote["id"])["row"]


@pytest.mark.parametrize(
    "verbs", [("submit",), ("submit", "approve"), ("submit", "approve", "send", "accept")]
)
def test_from_wherever_it_stands(office, quote, go, verbs):
    before = go(quote, *verbs)["state"]
    assert withdraw(office, quote)["state"] == "withdrawn"
    (said,) = office.emitted(QuoteWithdrawn)
    assert (str(said.quote_id), said.was) == (quote["id"], before)


def test_nobody_need_decide_on_it_any_more(office, quote, go):
    go(quote, "submit", "withdraw")
    trail = office.ask(BOB, "quote_trail", opportunity_id=quote["opportunity_id"])
    assert [asked["state"] for asked in trail["quotes"][0]["decisions"]] == ["withdrawn"]


def test_what_was_won_by_it_stays(office, quote, opportunity, go):
    go(quote, "submit", "approve", "send", "accept")
    office.ask(ALICE, "win_opportunity", id=opportunity["id"])
    with pytest.raises(OpportunityClosed):
        withdraw(office, quote)


def test_a_draft_is_put_away_instead(office, quote):
    with pytest.raises(IllegalTransition):
        withdraw(office, quote)


def test_not_by_others(office, quote, go):
    go(quote, "submit")
    with pytest.raises(NotFound):
        withdraw(office, quote, actor=CAROL)
