"""What was quoted for an opportunity, when, by whom, and how it was answered."""

import pytest

from contracts.errors import NotFound
from tests.cast import ALICE_ID, BOB_ID
from tests.service.sales.conftest import ALICE, BOB, CAROL


def test_every_quote_as_it_stood_with_who_decided_and_when(office, quote, opportunity, go):
    go(quote, "submit", "reject", "submit", "approve", "send", "decline")
    office.later(days=1)
    office.ask(ALICE, "revise_quote", id=quote["id"])
    trail = office.ask(BOB, "quote_trail", opportunity_id=opportunity["id"])
    new, old = trail["quotes"]
    assert (new["state"], old["state"], old["sent_by"]) == ("draft", "declined", str(ALICE_ID))
    assert [line["amount"] for line in old["lines"]] == ["23040.00", "6000.00"]
    assert [(d["state"], d["decided_by"]) for d in old["decisions"]] == [
        ("refused", str(BOB_ID)),
        ("granted", str(BOB_ID)),
    ]
    assert trail["labels"][str(BOB_ID)]["label"] == "Bob"
    assert new["decisions"] == []


def test_not_for_others(office, quote, opportunity):
    with pytest.raises(NotFound):
        office.ask(CAROL, "quote_trail", opportunity_id=opportunity["id"])
