"""The superior agrees that a quote may go out."""

import pytest

from chassis.approval import OwnRequest
from contracts.errors import Forbidden, IllegalTransition, NotFound
from contracts.sales import QuoteApproved
from tests.cast import ALICE_ID, BOB_ID
from tests.service.sales.conftest import ALICE, BOB, CAROL, GRACE


def approve(office, quote, actor=BOB, **more):
    return office.ask(actor, "approve_quote", id=quote["id"], **more)["row"]


def test_it_may_go_out(office, quote, go):
    go(quote, "submit")
    assert approve(office, quote, note="可以")["state"] == "approved"
    (said,) = office.emitted(QuoteApproved)
    assert (said.requested_by, said.decided_by, said.owner_id, said.note) == (
        ALICE_ID,
        BOB_ID,
        ALICE_ID,
        "可以",
    )


def test_whoever_stands_further_up_may_decide_too(office, quote, go):
    go(quote, "submit")
    assert approve(office, quote, actor=GRACE)["state"] == "approved"


def test_nobody_decides_on_her_own(office, opportunity):
    mine = office.create(BOB, "opportunity", name="x", customer_id=opportunity["customer_id"])
    quote = office.create(
        BOB, "quote", name="x", opportunity_id=mine["id"], lines=[{"description": "x", "unit_price": "1"}]
    )
    office.ask(BOB, "submit_quote", id=quote["id"])
    with pytest.raises(OwnRequest):
        approve(office, quote)
    assert approve(office, quote, actor=GRACE)["state"] == "approved"


def test_reps_do_not_decide(office, quote, go):
    go(quote, "submit")
    with pytest.raises(Forbidden):
        approve(office, quote, actor=ALICE)
    nosy = CAROL.model_copy(update={"grants": BOB.grants})
    with pytest.raises(NotFound):
        approve(office, quote, actor=nosy)


def test_only_what_was_handed_in(office, quote, go):
    with pytest.raises(IllegalTransition):
        approve(office, quote)
    go(quote, "submit", "withdraw")
    with pytest.raises(IllegalTransition):
        approve(office, quote)
