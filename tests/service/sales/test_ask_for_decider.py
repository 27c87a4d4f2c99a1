"""From which stage on whoever decides is to be known and met (users, leap 8): chosen by an administrator, at it or beyond."""

from __future__ import annotations

import pytest

from contracts.errors import NotFound
from tests.service.sales.conftest import ALICE, CAROL, ROOT, STAGE


def asking(office) -> list[str]:
    code_of = {id: code for code, id in STAGE.items()}
    columns = office.ask(ALICE, "board")["columns"]
    return [code_of[column["stage_id"]] for column in columns if column["asks_for_decider"]]


def choose(office, **stages: bool) -> None:
    for code, is_asking in stages.items():
        values = {"asks_for_decider": is_asking}
        office.ask(ROOT, "update", entity="stage", id=STAGE[code], values=values)


def test_as_shipped_with_the_quote_and_later_ones(office):
    assert asking(office) == ["quotation", "negotiation", "order"]


def test_as_an_administrator_chooses(office):
    choose(office, quotation=False)
    assert asking(office) == []
    choose(office, order=True, solution=True)
    assert asking(office) == ["solution", "quotation", "negotiation", "order"]
    office.ask(ROOT, "archive", entity="stage", id=STAGE["solution"])
    assert asking(office) == ["order"]


def test_an_opportunity_is_asked_while_it_is_open_and_there(office, opportunity):
    asked = {"opportunity_id": opportunity["id"]}
    assert office.ask(ALICE, "decider_asked_for", asked) is False
    office.ask(ALICE, "move_opportunity", id=opportunity["id"], stage_id=STAGE["negotiation"])
    assert office.ask(ALICE, "decider_asked_for", asked) is True
    with pytest.raises(NotFound):
        office.ask(CAROL, "decider_asked_for", asked)
    office.ask(ALICE, "win_opportunity", id=opportunity["id"], amount="7")
    assert office.ask(ALICE, "decider_asked_for", asked) is False
