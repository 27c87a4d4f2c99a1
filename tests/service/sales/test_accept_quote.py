"""The customer takes a quote."""

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from contracts.errors import IllegalTransition, NotFound
from contracts.sales import AnotherQuoteAccepted, OpportunityClosed, QuoteAccepted, QuoteExpired
from services.sales import model
from tests.service.sales.conftest import ALICE, CAROL, TRAINING


@pytest.fixture
def sent(quote, go):
    return go(quote, "submit", "approve", "send")


@pytest.fixture
def other(office, opportunity, go):
    row = office.create(
        ALICE, "quote", name="另一个", opportunity_id=opportunity["id"], lines=[{"product_id": TRAINING}]
    )
    return go(row, "submit", "approve", "send")


def accept(office, quote, actor=ALICE):
    return office.ask(actor, "accept_quote", id=quote["id"])["row"]


def test_it_is_what_we_agreed(office, sent):
    row = accept(office, sent)
    assert (row["state"], row["answered_at"]) == ("accepted", office.now.isoformat())
    (said,) = office.emitted(QuoteAccepted)
    assert (str(said.amount), said.accepted_at) == ("29040.00", office.now)


def test_one_opportunity_has_one_accepted_quote(office, sent, other):
    accept(office, sent)
    with pytest.raises(AnotherQuoteAccepted) as raised:
        accept(office, other)
    assert raised.value.params == {"number": sent["number"]}
    assert sorted(q.state for q in office.rows(model.Quote)) == ["accepted", "sent"]


def test_after_one_was_withdrawn_another_may_be_accepted(office, sent, other, go):
    accept(office, sent)
    go(sent, "withdraw")
    assert accept(office, other)["state"] == "accepted"


def test_the_table_itself_refuses_a_second_one(office, sent, other):
    with pytest.raises(IntegrityError):
        office.connection.execute(update(model.Quote).values(state="accepted"))


def test_not_after_its_last_day(office, sent):
    office.later(days=51)
    assert office.now.date().isoformat() == "2026-04-30"
    office.later(days=1)
    with pytest.raises(QuoteExpired):
        accept(office, sent)


def test_on_its_last_day(office, sent):
    office.later(days=51, hours=11)
    assert accept(office, sent)["state"] == "accepted"


def test_not_before_it_was_sent_and_not_twice(office, quote, sent):
    accept(office, sent)
    with pytest.raises(IllegalTransition):
        accept(office, sent)


def test_not_for_a_closed_opportunity(office, sent, opportunity):
    office.ask(ALICE, "win_opportunity", id=opportunity["id"], amount="1")
    with pytest.raises(OpportunityClosed):
        accept(office, sent)


def test_not_by_others(office, sent):
    with pytest.raises(NotFound):
        accept(office, sent, actor=CAROL)
