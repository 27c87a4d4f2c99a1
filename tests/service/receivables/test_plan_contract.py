"""The amount is divided into instalments (RCV-06)."""

import pytest

from contracts.errors import IllegalTransition, Invalid, NotFound
from tests.cast import ALICE_ID
from tests.desk import Desk
from tests.factories.receivables import ALICE, CAROL, CONTACT, TRANSFER, approved, drafted


def test_equal_parts(house: Desk):
    id = drafted(house, amount="100")["id"]
    message = {
        "id": id,
        "way": "equal",
        "parts": "3",
        "first_due_on": "2026-01-31",
        "method_id": str(TRANSFER),
    }
    row = house.ask(ALICE, "plan_contract", message)["row"]
    assert [(p["due_on"], p["amount"], p["method_id"]) for p in row["instalments"]] == [
        ("2026-01-31", "33.33", str(TRANSFER)),
        ("2026-02-28", "33.33", str(TRANSFER)),
        ("2026-03-31", "33.34", str(TRANSFER)),
    ]


def test_by_percent_in_place_of_the_plan_before(house: Desk):
    id = drafted(house, amount="1000", instalments=[{"due_on": "2026-04-01", "amount": "1000"}])["id"]
    message = {
        "id": id,
        "way": "percent",
        "percents": "30、40、30",
        "first_due_on": "2026-04-01",
        "reminder_days": 5,
    }
    row = house.ask(ALICE, "plan_contract", message)["row"]
    assert [p["amount"] for p in row["instalments"]] == ["300.00", "400.00", "300.00"]
    assert {p["reminder_days"] for p in row["instalments"]} == {5}
    newest = house.ask(ALICE, "history", entity="contract", id=id)["changes"][0]
    assert [len(side) for side in newest["changes"]["instalments"]] == [1, 3]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"parts": 0}, ("parts", "too_small")), ({"parts": 121}, ("parts", "too_large")),
        ({"parts": "1.5"}, ("parts", "too_many_decimals")), ({"way": "percent"}, ("percents", "required")),
        ({"way": "percent", "percents": "50,40"}, ("percents", "does_not_add_up")),
        ({"first_due_on": "2026-02-30"}, ("first_due_on", "not_a_date")),
        ({"method_id": str(CONTACT)}, ("instalments.0.method_id", "not_an_id")),
    ],
)  # fmt: skip
def test_wrong_input_names_its_field(house: Desk, values, problem):
    message = {"id": drafted(house)["id"], "way": "equal", "parts": 2, "first_due_on": "2026-04-01", **values}
    with pytest.raises(Invalid) as raised:
        house.ask(ALICE, "plan_contract", message)
    assert [(p.field, p.code) for p in raised.value.fields] == [problem]


def test_only_a_draft_is_planned(house: Desk):
    with pytest.raises(IllegalTransition):
        house.ask(ALICE, "plan_contract", id=approved(house)["id"], first_due_on="2026-04-01")


def test_another_branchs_rep_does_not_find_it(house: Desk):
    row = drafted(house)
    assert row["owner_id"] == str(ALICE_ID)
    with pytest.raises(NotFound):
        house.ask(CAROL, "plan_contract", id=row["id"], first_due_on="2026-04-01")
