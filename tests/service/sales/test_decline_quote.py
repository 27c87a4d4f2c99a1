"""The customer does not want a quote."""

import pytest

from contracts.errors import IllegalTransition, NotFound
from contracts.sales import QuoteDeclined
from tests.service.sales.conftest import ALICE, CAROL


def decline(office, quote, actor=ALICE):
    return office.ask(actor, "decline_quote", id=quote["id"], note="太贵")["row"]


def test_it_is_over_also_after_its_last_day(office, quote, go):
    go(quote, "submit", "approve", "send")
    office.later(days=90)
    row = decline(office, quote)
    assert (row["state"], row["answered_at"]) == ("declined", office.now.isoformat())
    (said,) = office.emitted(QuoteDeclined)
    assert said.declined_at == office.now
    assert office.ask(ALICE, "history", entity="quote", id=quote["id"])["changes"][0]["note"] == "太贵"


def test_only_what_was_sent(office, quote):
    with pytest.raises(IllegalTransition):
        decline(office, quote)


def test_not_by_others(office, quote, go):
    go(quote, "submit", "approve", "send")
    with pytest.raises(NotFound):
        decline(office, quote, actor=CAROL)
