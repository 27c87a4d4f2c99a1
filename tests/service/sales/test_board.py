"""The open opportunities as columns of cards."""

import pytest

from contracts.errors import Invalid
from tests.cast import CAROL_ID
from tests.service.sales.conftest import ALICE, BOB, CAROL, GRACE, QILI, STAGE


def column(board, code):
    return next(found for found in board["columns"] if found["stage_id"] == STAGE[code])


@pytest.fixture
def five(office, sell):
    """Five of Alice's at the first stage, one further on, one won; one of Carol's."""
    rows = []
    for n in range(1, 6):
        office.later(minutes=1)
        rows.append(sell(ALICE, name=f"项目{n}", expected_amount=f"{n}000.01"))
    further = sell(ALICE, name="方案", stage_id=STAGE["solution"], expected_amount="333.33")
    won = sell(ALICE, name="成交", expected_amount="7")
    office.ask(ALICE, "win_opportunity", id=won["id"], amount="7")
    sell(CAROL, name="卡罗尔的", customer_id=str(QILI), expected_amount="50")
    return [*rows, further]


def test_a_column_for_each_stage_with_its_sums(office, five):
    board = office.ask(ALICE, "board")
    assert [found["stage_id"] for found in board["columns"]] == list(STAGE.values())
    first = column(board, "contact")
    assert (first["count"], first["amount"], first["weighted"]) == (5, "15000.05", "1500.00")
    assert (column(board, "solution")["weighted"], column(board, "need")["count"]) == ("133.33", 0)
    assert (board["count"], board["amount"], board["weighted"]) == (6, "15333.38", "1633.33")
    assert board["labels"][STAGE["need"]]["label_en"] == "Need confirmed"


def test_the_cards_name_what_they_show_the_latest_on_top(office, five):
    board = office.ask(ALICE, "board")
    cards = column(board, "contact")["cards"]
    assert [card["name"] for card in cards] == ["项目5", "项目4", "项目3", "项目2", "项目1"]
    assert board["labels"][cards[0]["customer_id"]]["label"] == "上海泰微"
    assert cards[0]["ver"] == 1


def test_a_long_column_goes_on_where_it_stopped(office, five):
    top = column(office.ask(ALICE, "board", limit=2), "contact")
    seen, after = [card["name"] for card in top["cards"]], top["next"]
    assert column(office.ask(ALICE, "board", limit=2), "solution")["next"] is None
    while after:
        (more,) = office.ask(ALICE, "board", limit=2, stage_id=STAGE["contact"], after=after)["columns"]
        seen, after = seen + [card["name"] for card in more["cards"]], more["next"]
    assert seen == ["项目5", "项目4", "项目3", "项目2", "项目1"]


def test_a_moved_card_is_on_top_of_its_new_column(office, five):
    office.later(minutes=1)
    office.ask(ALICE, "move_opportunity", id=five[0]["id"], stage_id=STAGE["solution"])
    board = office.ask(ALICE, "board")
    assert [card["name"] for card in column(board, "solution")["cards"]] == ["项目1", "方案"]
    assert column(board, "contact")["count"] == 4


def test_it_can_be_narrowed_by_owner_and_text(office, five):
    assert office.ask(GRACE, "board")["count"] == 7
    assert office.ask(GRACE, "board", owner_id=str(CAROL_ID))["count"] == 1
    found = office.ask(GRACE, "board", text="项目3")
    assert (found["count"], [card["name"] for card in column(found, "contact")["cards"]]) == (1, ["项目3"])


def test_everybody_sees_her_own_part(office, five):
    assert office.ask(BOB, "board")["count"] == 6
    carol = office.ask(CAROL, "board")
    assert (carol["count"], carol["amount"]) == (1, "50.00")
    assert [card["name"] for card in column(carol, "contact")["cards"]] == ["卡罗尔的"]
    (more,) = office.ask(CAROL, "board", stage_id=STAGE["contact"], limit=1)["columns"]
    assert (more["count"], more["next"]) == (1, None)


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"limit": 201}, {"after": "x", "stage_id": STAGE["need"]}])
def test_wrong_questions_are_refused(office, wrong):
    with pytest.raises(Invalid):
        office.ask(ALICE, "board", wrong)
