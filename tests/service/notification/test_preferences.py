"""Everybody says how she wants to be told of each kind of thing."""

import pytest

from contracts.errors import AlreadyExists, Invalid
from services.notification import model, rules
from tests.desk import Desk
from tests.factories.notification import ALICE, BOB, ROOT, fell_due


@pytest.mark.parametrize(("way", "notices", "letters"), [("email", 1, 1), ("bell", 1, 0), ("none", 0, 0)])
def test_she_is_told_as_she_wants_it(house: Desk, way: str, notices: int, letters: int):
    house.ask(ALICE, "set_preference", kind="instalment_fell_due", way=way)
    house.hear(fell_due())
    assert (len(house.rows(model.Notice)), len(house.rows(model.Letter))) == (notices, letters)


def test_a_later_word_replaces_an_earlier_one(house: Desk):
    for way in ("none", "bell"):
        house.ask(ALICE, "set_preference", kind="ticket_assigned", way=way)
    assert [row.way for row in house.rows(model.Preference)] == ["bell"]


def test_every_kind_is_listed_with_what_is_usual_and_the_ways_there_are(house: Desk):
    house.ask(ALICE, "set_preference", kind="ticket_opened", way="email")
    found = house.ask(ALICE, "preferences")
    assert found["ways"] == ["email", "bell", "none"]
    by_kind = {row["kind"]: row for row in found["rows"]}
    assert set(by_kind) == set(rules.KINDS)
    assert by_kind["ticket_opened"] == {"kind": "ticket_opened", "way": "email", "usual": "bell"}
    assert {r["kind"]: r["way"] for r in house.ask(BOB, "preferences")["rows"]}["ticket_opened"] == "bell"


def test_an_unknown_kind_or_way_is_refused(house: Desk):
    for wrong in ({"kind": "gossip", "way": "email"}, {"kind": "ticket_opened", "way": "shouting"}):
        with pytest.raises(Invalid):
            house.ask(ALICE, "set_preference", wrong)


def test_a_company_may_use_words_of_its_own(house: Desk):
    words = {
        "kind": "instalment_fell_due", "language": "zh_CN", "subject": "催款 $contract_number",
        "body": "金额 $amount",
    }  # fmt: skip
    house.create(ROOT, "template", **words)
    house.hear(fell_due())
    (notice,) = house.rows(model.Notice)
    assert (notice.subject, notice.text) == ("催款 HT-HQ-2026-00001", "金额 ¥1,234.50")
    with pytest.raises(AlreadyExists):
        house.create(ROOT, "template", **words)


@pytest.mark.parametrize("body", ["${amount.__class__}", "$salary", "100 $", "${amount"])
def test_words_may_mention_only_what_there_is_to_tell(house: Desk, body: str):
    with pytest.raises(Invalid) as raised:
        house.create(ROOT, "template", kind="instalment_fell_due", language="en", subject="Due", body=body)
    assert [p.field for p in raised.value.fields] == ["body"]
