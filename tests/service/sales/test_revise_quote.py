"""A new quote that begins as another one reads."""

import pytest

from contracts.errors import IllegalTransition
from contracts.organization import ChoiceListed, choice_id
from services.sales import model
from tests.service.sales.conftest import ALICE, OSCILLOSCOPE, ROOT


def revise(office, quote):
    return office.ask(ALICE, "revise_quote", id=quote["id"])["row"]


def test_the_new_one_says_the_same_and_the_old_one_stays(office, quote, go):
    sent = go(quote, "submit", "approve", "send")
    new = revise(office, sent)
    assert (new["state"], new["revises_id"], new["amount"]) == ("draft", quote["id"], "29040.00")
    assert [line["discount"] for line in new["lines"]] == ["10", "0"]
    assert new["number"] == "BJ-HQ-2026-00002"
    assert new["valid_until"] is None
    assert new["owner_id"] == quote["owner_id"]
    old = office.ask(ALICE, "get", entity="quote", id=quote["id"])["row"]
    assert (old["state"], old["ver"]) == ("sent", sent["ver"])
    assert len(office.rows(model.QuoteLine)) == 4


def test_its_tags_come_along_and_products_have_some_too(office, quote, go):
    """Users «tags»: found by them, given by the form like any other field."""
    tag = choice_id("tag", "key_account")
    office.hear(
        ChoiceListed(
            record_id=tag, epoch=1, ver=1, label="大客户", data={"list": "tag", "code": "key_account"}
        )
    )
    for entity, id, actor in (("quote", quote["id"], ALICE), ("product", OSCILLOSCOPE, ROOT)):
        office.ask(actor, "update", entity=entity, id=id, values={"tags": [str(tag)]})
        found = office.ask(actor, "list", entity=entity, query={"where": {"tags": str(tag)}})["rows"]
        assert [row["id"] for row in found] == [str(id)]
    assert revise(office, go(quote, "submit", "approve", "send"))["tags"] == [str(tag)]


def test_prices_are_those_of_the_old_one_not_of_today(office, quote, go):
    go(quote, "submit", "approve", "send")
    office.ask(ROOT, "update", entity="product", id=OSCILLOSCOPE, values={"unit_price": "20000"})
    assert revise(office, quote)["amount"] == "29040.00"


def test_a_draft_is_simply_changed(office, quote):
    with pytest.raises(IllegalTransition):
        revise(office, quote)
