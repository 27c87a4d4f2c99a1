"""A new quote that begins as another one reads."""

import pytest

from contracts.errors import IllegalTransition
from contracts.organization import ChoiceListed, OwnChoiceListed, choice_id
from services.sales import model
from tests.cast import id_of
from tests.own_fields import define
from tests.sent_files import content_of, send
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


def test_what_stands_in_own_fields_comes_along_with_the_file_in_one(office, opportunity, go):
    """Users 6: the new one begins as the old one reads; the file is a copy of its own."""
    for code, kind in (("room", "text"), ("wishes", "several_choices"), ("plan", "file"), ("floor", "text")):
        define(office, "sales.quote", code, kind, id_of(941) if code == "wishes" else None)
    wishes = [str(id_of(942)), str(id_of(943))]
    for id, archived in zip(wishes, (False, True), strict=True):
        entry = {"field_id": str(id_of(941)), "position": 1}
        office.hear(OwnChoiceListed(record_id=id, epoch=1, ver=1, label=id, archived=archived, data=entry))
    plan = send(office, ALICE, b"plan", "图纸.txt")
    own = {"own_room": "三楼", "own_wishes": wishes, "own_plan": plan}
    lines = [{"product_id": OSCILLOSCOPE}]
    quote = office.create(ALICE, "quote", name="报价", opportunity_id=opportunity["id"], lines=lines, **own)
    new = revise(office, go(quote, "submit", "approve", "send"))
    assert (new["own_room"], new["own_wishes"], new["own_floor"]) == ("三楼", wishes, None)
    where = {"entity": "sales.quote", "id": new["id"]}
    (file,) = office.ask(ALICE, "attachments", where)["rows"]
    assert (new["own_plan"]["id"], new["own_plan"]["name"]) == (file["id"], "图纸.txt")
    assert file["id"] != quote["own_plan"]["id"]
    assert content_of(office, ALICE, where, file["id"]) == b"plan"


def test_prices_are_those_of_the_old_one_not_of_today(office, quote, go):
    go(quote, "submit", "approve", "send")
    office.ask(ROOT, "update", entity="product", id=OSCILLOSCOPE, values={"unit_price": "20000"})
    assert revise(office, quote)["amount"] == "29040.00"


def test_a_draft_is_simply_changed(office, quote):
    with pytest.raises(IllegalTransition):
        revise(office, quote)
