"""Knowledge is written once and found by two characters, once it is published (KNW-02, KNW-03)."""

import pytest

from chassis.entities import NotEditable
from contracts.errors import Forbidden, IllegalTransition
from contracts.service_desk import ArticlePublished, ArticleWithdrawn
from tests.desk import Desk
from tests.factories.service_desk import ALICE, EVE, FAQ, FRANK, article, problem


def found(house: Desk, actor=ALICE, **values) -> list[str]:
    return [row["name"] for row in house.ask(actor, "find_articles", **values)["rows"]]


def published(house: Desk, **values) -> dict:
    return house.ask(FRANK, "publish_article", id=article(house, **values)["id"])["row"]


@pytest.mark.parametrize("text", ["保险", "更换", "后盖", "示波 保险", "sbq", "断电"])
def test_it_is_found_by_two_characters_of_title_or_text_once_published(house: Desk, text: str):
    assert found(house, text=text) == []
    published(house, category_id=str(FAQ))
    assert found(house, text=text) == ["示波器保险丝更换"]
    assert found(house, text="没有") == []


def test_what_stands_at_the_end_of_a_long_text_is_found_too(house: Desk):
    published(house, body="测" * 20_000 + "最后提示：重启")
    (row,) = house.ask(ALICE, "find_articles", text="重启")["rows"]
    assert row["excerpt"].endswith("最后提示：重启")


def test_it_is_found_by_the_problem_it_solves(house: Desk):
    published(house, problem_id=problem(house, "F01"))
    assert found(house, problem_id=problem(house, "F01")) == ["示波器保险丝更换"]
    assert found(house, problem_id=problem(house, "F02")) == []


def test_a_withdrawn_one_is_not_found_and_may_be_written_anew(house: Desk):
    row = published(house)
    change = {"entity": "article", "id": row["id"], "values": {"body": "新"}}
    with pytest.raises(NotEditable):
        house.ask(FRANK, "update", change)
    house.ask(FRANK, "withdraw_article", id=row["id"])
    assert found(house, text="保险") == []
    house.ask(FRANK, "update", change)
    with pytest.raises(IllegalTransition):
        house.ask(FRANK, "withdraw_article", id=row["id"])


def test_both_are_announced(house: Desk):
    row = published(house)
    house.ask(FRANK, "withdraw_article", id=row["id"])
    assert house.emitted(ArticlePublished)[0].number == row["number"] == "ZS-HQ-2026-00001"
    assert len(house.emitted(ArticleWithdrawn)) == 1


def test_a_colleague_reads_it_but_neither_publishes_nor_changes_it(house: Desk):
    row = article(house)
    assert house.ask(EVE, "get", entity="article", id=row["id"])["can"]["verbs"] == []
    with pytest.raises(Forbidden):
        house.ask(EVE, "publish_article", id=row["id"])
    with pytest.raises(Forbidden):
        house.ask(EVE, "update", {"entity": "article", "id": row["id"], "values": {"body": "x"}})
