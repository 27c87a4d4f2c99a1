"""Σ expected amount × success rate of the present stage, inside the reader's rights."""

from decimal import Decimal

import pytest

from contracts.errors import Forbidden, Invalid
from tests.cast import ALICE_ID, CAROL_ID
from tests.service.sales.conftest import ALICE, BOB, CAROL, DAN, GRACE, QILI, STAGE


@pytest.fixture
def chances(office, sell):
    """In the second quarter: two of Alice's and one of Carol's. Outside: earlier, later, undated, won."""
    sell(ALICE, name="a", expected_on="2026-04-01", expected_amount="100000.00", stage_id=STAGE["need"])
    sell(ALICE, name="b", expected_on="2026-06-30", expected_amount="0.05", stage_id=STAGE["contact"])
    sell(ALICE, name="c", expected_on="2026-05-01", stage_id=STAGE["order"])
    sell(
        CAROL, customer_id=str(QILI), expected_on="2026-05-05", expected_amount="200", stage_id=STAGE["order"]
    )
    sell(ALICE, name="earlier", expected_on="2026-03-31", expected_amount="9")
    sell(ALICE, name="later", expected_on="2026-07-01", expected_amount="9")
    sell(ALICE, name="undated", expected_amount="9")
    won = sell(ALICE, name="won", expected_on="2026-05-01", expected_amount="9")
    office.ask(ALICE, "win_opportunity", id=won["id"], amount="9")


def forecast(office, actor, **more):
    return office.ask(actor, "forecast", {"from_on": "2026-04-01", "to_on": "2026-06-30"} | more)


def test_it_weighs_what_is_expected_by_the_stage_it_stands_at(office, chances):
    found = forecast(office, ALICE)
    assert (found["count"], found["amount"], found["weighted"]) == (3, "100000.05", "25000.01")
    stages = {stage["stage_id"]: stage["weighted"] for stage in found["stages"]}
    assert (stages[STAGE["need"]], stages[STAGE["contact"]]) == ("25000.00", "0.01")


def test_it_says_what_it_covers(office, chances):
    found = forecast(office, ALICE)
    assert (found["scope"], found["count"], found["company"]) == ("own", 3, 4)
    assert (found["unpriced"], found["undated"], found["earlier"]) == (1, 1, 1)


def test_every_breakdown_adds_up_to_the_same(office, chances):
    found = forecast(office, GRACE)
    for part in ("stages", "owners"):
        for figure in ("count", "amount", "weighted"):
            assert sum(Decimal(one[figure]) for one in found[part]) == Decimal(found[figure])
    assert [one["owner_id"] for one in found["owners"]] == [str(ALICE_ID), str(CAROL_ID)]
    assert found["labels"][str(CAROL_ID)]["label"] == "Carol"


def test_everybody_sees_what_her_rights_reach(office, chances):
    assert [forecast(office, who)["count"] for who in (ALICE, BOB, CAROL, GRACE)] == [3, 3, 1, 4]
    assert forecast(office, CAROL)["weighted"] == "180.00"
    assert forecast(office, GRACE, owner_id=str(CAROL_ID))["amount"] == "200.00"
    with pytest.raises(Forbidden):
        forecast(office, DAN)


def test_a_move_changes_it_at_once(office, chances):
    before = forecast(office, CAROL)["weighted"]
    (card,) = [c for column in office.ask(CAROL, "board")["columns"] for c in column["cards"]]
    office.ask(CAROL, "move_opportunity", id=card["id"], stage_id=STAGE["contact"])
    assert (before, forecast(office, CAROL)["weighted"]) == ("180.00", "20.00")


def test_open_sides_and_wrong_periods(office, chances):
    assert office.ask(ALICE, "forecast", from_on="2026-07-01")["count"] == 1
    assert office.ask(ALICE, "forecast")["count"] == 5
    with pytest.raises(Invalid) as raised:
        forecast(office, ALICE, to_on="2026-03-31")
    assert [(p.field, p.code) for p in raised.value.fields] == [("to_on", "before")]
    with pytest.raises(Invalid):
        forecast(office, ALICE, to_on="2026-02-30")


def test_the_pipeline_counts_whatever_is_open(office, chances):
    found = office.ask(ALICE, "pipeline")
    assert (found["count"], found["amount"], found["unpriced"]) == (6, "100027.05", 1)
    assert [stage["count"] for stage in found["stages"]] == [4, 1, 0, 0, 0, 1]


def test_nothing_open_is_nothing_expected(office):
    found = office.ask(ALICE, "forecast")
    assert (found["count"], found["amount"], found["weighted"], found["owners"]) == (0, "0.00", "0.00", [])
