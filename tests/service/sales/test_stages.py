"""The stages and their success rates."""

import pytest

from contracts.errors import Forbidden, InUse, Invalid
from contracts.sales import StageListed
from tests.service.sales.conftest import ALICE, BOB, ROOT, STAGE


def test_they_come_in_their_order_with_both_names(office):
    rows = office.ask(BOB, "list", entity="stage")["rows"]
    assert [row["position"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert (rows[0]["name"], rows[0]["name_en"], rows[0]["success_rate"]) == (
        "初步接触",
        "First contact",
        "10",
    )
    assert {card.label for card in office.emitted(StageListed)} == {row["name"] for row in rows}


def test_a_new_rate_counts_at_once(office, opportunity):
    assert office.ask(BOB, "pipeline")["weighted"] == "10000.00"
    office.ask(ROOT, "update", entity="stage", id=STAGE["contact"], values={"success_rate": "12.345"})
    assert office.ask(BOB, "pipeline")["weighted"] == "12345.00"


@pytest.mark.parametrize("rate", ["-1", "100.01", "x"])
def test_a_rate_is_a_percentage(office, rate):
    with pytest.raises(Invalid):
        office.ask(ROOT, "update", entity="stage", id=STAGE["contact"], values={"success_rate": rate})


def test_a_stage_at_which_anything_is_open_stays(office, opportunity):
    with pytest.raises(InUse):
        office.ask(ROOT, "archive", entity="stage", id=STAGE["contact"])
    office.ask(ROOT, "archive", entity="stage", id=STAGE["order"])
    assert len(office.ask(BOB, "board")["columns"]) == 5


def test_only_an_administrator_changes_them(office):
    with pytest.raises(Forbidden):
        office.ask(ALICE, "update", entity="stage", id=STAGE["contact"], values={"success_rate": "99"})
