"""Each staff member's figures for any period, inside the asker's rights (STF-01, STF-02, STF-03, STF-10, RCV-08)."""

from datetime import date

import pytest

from contracts.errors import Forbidden, Invalid
from tests.cast import ALICE_ID, BOB_ID, CAROL_ID, DAN_ID, id_of, person
from tests.desk import Desk
from tests.factories.reporting import (
    ALICE,
    BOB,
    CAROL,
    DAN,
    figures,
    named,
    on,
    paid,
    rated,
    signed,
    visited,
    won,
)

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


def test_it_works(house: Desk):
    contract = signed()
    for event in (
        visited(), visited(kind="call"), visited(at=on(28, month=2)), won(), contract, paid(contract, "600.00", "400.00"),
        named("complaint"), named("praise"), rated(4), visited(CAROL_ID),
    ):  # fmt: skip
        house.hear(event)
    row = figures(house)
    assert (row["activities"], row["activities_by_kind"]) == (2, {"call": 1, "visit": 1})
    assert (row["won_count"], row["won_amount"], row["success_rate"]) == (1, "1000.00", "100.00")
    assert (row["contracts_amount"], row["payments_amount"]) == ("1000.00", "600.00")
    assert (row["complaints"], row["praises"], row["average_rating"]) == (1, 1, "4.00")


def test_everybody_within_reach_has_a_row_even_who_did_nothing(house: Desk):
    house.hear(visited(CAROL_ID))
    seen = {
        actor.name: {
            row["staff_id"]: row["activities"] for row in house.ask(actor, "staff_figures", MARCH)["rows"]
        }
        for actor in (ALICE, BOB, CAROL, DAN)
    }
    assert seen["Alice"] == {str(ALICE_ID): 0}
    assert seen["Bob"] == {str(ALICE_ID): 0, str(BOB_ID): 0}
    assert seen["Carol"] == {str(CAROL_ID): 1}
    assert seen["Dan"] == {str(ALICE_ID): 0, str(BOB_ID): 0, str(CAROL_ID): 1, str(DAN_ID): 0}


def test_the_best_comes_first_with_names_and_a_total(house: Desk):
    house.hear(signed(ALICE_ID, amount="100.00"))
    house.hear(signed(CAROL_ID, amount="900.00"))
    answer = house.ask(DAN, "staff_figures", MARCH)
    assert [row["staff_id"] for row in answer["rows"][:2]] == [str(CAROL_ID), str(ALICE_ID)]
    assert answer["total"]["contracts_amount"] == "1000.00"
    assert answer["labels"][str(CAROL_ID)]["label"] == "Carol"


def test_a_period_takes_its_first_and_last_day_whole(house: Desk):
    for at in (on(1), on(31), on(1, month=4)):
        house.hear(visited(at=at))
    assert figures(house)["activities"] == 2
    assert figures(house, since="2026-03-31", until="2026-03-31")["activities"] == 1


def test_what_was_entered_late_belongs_where_it_happened(house: Desk):
    """And a report as of an earlier moment reads as it did then."""
    house.hear(visited(at=on(9)))
    then = house.now
    house.later(days=30)
    house.hear(visited(at=on(10)))
    assert figures(house)["activities"] == 2
    assert figures(house, as_of=then.isoformat())["activities"] == 1


def test_one_of_them_only(house: Desk):
    house.hear(visited(CAROL_ID))
    answer = house.ask(DAN, "staff_figures", {**MARCH, "staff_ids": [str(CAROL_ID)]})
    assert [row["staff_id"] for row in answer["rows"]] == [str(CAROL_ID)]
    assert house.ask(ALICE, "staff_figures", {**MARCH, "staff_ids": [str(CAROL_ID)]})["rows"] == []


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        ({"to": "2026-03-31"}, ("from", "required")),
        ({"from": "2026-02-30", "to": "2026-03-31"}, ("from", "not_a_date")),
        ({"from": "2026-03-31", "to": "2026-03-01"}, ("to", "before")),
    ],
)
def test_wrong_input_names_its_field(house: Desk, message, problem):
    with pytest.raises(Invalid) as raised:
        house.ask(DAN, "staff_figures", message)
    assert [(p.field, p.code) for p in raised.value.fields] == [problem]


def test_not_without_the_right(house: Desk):
    with pytest.raises(Forbidden):
        house.ask(person(id_of(309), "Ivy", "sales.* all"), "staff_figures", MARCH)


def test_dates_as_people_write_them(house: Desk):
    house.hear(signed(day=date(2026, 3, 31)))
    assert figures(house, since="2026年3月1日", until="2026/3/31")["contracts_count"] == 1
