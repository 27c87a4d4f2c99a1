"""An approved quote goes out to the customer."""

import pytest

from contracts.errors import IllegalTransition, NotFound
from contracts.sales import QuoteExpired, QuoteSent
from tests.cast import ALICE_ID
from tests.service.sales.conftest import ALICE, CAROL, WANG


def send(office, quote, actor=ALICE):
    return office.ask(actor, "send_quote", id=quote["id"])["row"]


def test_it_says_when_it_went_out_and_by_whom(office, quote, go):
    go(quote, "submit", "approve")
    office.later(hours=3)
    row = send(office, quote)
    assert (row["state"], row["sent_at"], row["sent_by"]) == ("sent", office.now.isoformat(), str(ALICE_ID))
    (said,) = office.emitted(QuoteSent)
    assert (said.contact_id, said.sent_at, str(said.valid_until)) == (WANG, office.now, "2026-04-30")


def test_not_before_it_is_approved(office, quote, go):
    with pytest.raises(IllegalTransition):
        send(office, quote)
    go(quote, "submit")
    with pytest.raises(IllegalTransition):
        send(office, quote)


def test_not_after_it_expired(office, quote, go):
    go(quote, "submit", "approve")
    office.later(days=52)
    with pytest.raises(QuoteExpired):
        send(office, quote)


def test_not_by_others(office, quote, go):
    go(quote, "submit", "approve")
    with pytest.raises(NotFound):
        send(office, quote, actor=CAROL)
