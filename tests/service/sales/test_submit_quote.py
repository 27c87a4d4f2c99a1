"""A quote is handed in for a decision."""

import pytest

from chassis.entities import NotEditable
from contracts.errors import IllegalTransition, NotFound
from contracts.sales import OpportunityClosed, QuoteEmpty, QuoteExpired, QuoteSubmitted
from tests.cast import ALICE_ID, BOB_ID
from tests.service.sales.conftest import ALICE, CAROL, PRICE


def submit(office, quote, actor=ALICE):
    return office.ask(actor, "submit_quote", id=quote["id"])


def test_the_direct_superior_is_asked(office, quote):
    answered = submit(office, quote)
    assert answered["row"]["state"] == "submitted"
    (said,) = office.emitted(QuoteSubmitted)
    assert (said.requested_by, said.approver_id, said.owner_id) == (ALICE_ID, BOB_ID, ALICE_ID)
    assert (str(said.quote_id), said.number, str(said.amount)) == (quote["id"], quote["number"], "29040.00")
    assert answered["can"] == {
        "read": True, "update": False, "archive": False, "restore": False, "verbs": ["withdraw"],
    }  # fmt: skip


def test_from_then_on_it_reads_as_it_was_handed_in(office, quote):
    submit(office, quote)
    with pytest.raises(NotEditable):
        office.ask(ALICE, "update", entity="quote", id=quote["id"], values={"name": "x"})


def test_not_without_lines(office, opportunity):
    empty = office.create(ALICE, "quote", name="x", opportunity_id=opportunity["id"])
    with pytest.raises(QuoteEmpty):
        submit(office, empty)


def test_not_after_it_expired(office, quote):
    office.later(days=52)
    with pytest.raises(QuoteExpired) as raised:
        submit(office, quote)
    assert raised.value.params == {"number": quote["number"], "expired_on": "2026-04-30"}


def test_not_for_a_closed_opportunity(office, quote, opportunity):
    office.ask(ALICE, "lose_opportunity", id=opportunity["id"], reason_id=str(PRICE))
    with pytest.raises(OpportunityClosed):
        submit(office, quote)


def test_not_twice_and_not_by_others(office, quote):
    with pytest.raises(NotFound):
        submit(office, quote, actor=CAROL)
    submit(office, quote)
    with pytest.raises(IllegalTransition):
        submit(office, quote)
