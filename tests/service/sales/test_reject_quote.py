"""The superior wants a quote changed."""

import pytest

from contracts.errors import Forbidden
from contracts.sales import QuoteRejected
from tests.cast import ALICE_ID, BOB_ID
from tests.service.sales.conftest import ALICE, BOB


def test_it_is_a_draft_again_with_what_the_superior_said(office, quote, go):
    go(quote, "submit")
    row = office.ask(BOB, "reject_quote", id=quote["id"], note="折扣太高")["row"]
    assert row["state"] == "draft"
    (said,) = office.emitted(QuoteRejected)
    assert (said.note, said.decided_by, said.requested_by) == ("折扣太高", BOB_ID, ALICE_ID)


def test_it_can_be_changed_and_handed_in_again(office, quote, go):
    go(quote, "submit", "reject")
    office.ask(ALICE, "update", entity="quote", id=quote["id"], values={"name": "新报价"})
    assert go(quote, "submit", "approve")["state"] == "approved"
    decisions = office.ask(ALICE, "quote_trail", opportunity_id=quote["opportunity_id"])["quotes"][0][
        "decisions"
    ]
    assert [asked["state"] for asked in decisions] == ["refused", "granted"]


def test_reps_do_not_reject(office, quote, go):
    go(quote, "submit")
    with pytest.raises(Forbidden):
        office.ask(ALICE, "reject_quote", id=quote["id"])
