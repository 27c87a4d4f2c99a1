"""The company's sums by month, branch or department, of what the asker may see (PRM-03)."""

from tests.cast import BEIJING, CAROL_ID, SALES_SH, SHANGHAI
from tests.desk import Desk
from tests.factories.reporting import ALICE, DAN, on, signed, visited

SPRING = {"from": "2026-02-01", "to": "2026-04-30"}


def test_by_month(house: Desk):
    for at in (on(1), on(31), on(1, month=4)):
        house.hear(visited(at=at))
    answer = house.ask(DAN, "company_figures", SPRING)
    assert [(row["key"], row["activities"]) for row in answer["rows"]] == [("2026-03", 2), ("2026-04", 1)]
    assert answer["total"]["activities"] == 3


def test_by_branch_and_department(house: Desk):
    house.hear(signed(amount="100.00"))
    house.hear(signed(CAROL_ID, amount="50.00"))
    answer = house.ask(DAN, "company_figures", {**SPRING, "by": "branch"})
    assert {row["key"]: row["contracts_amount"] for row in answer["rows"]} == {
        str(BEIJING): "100.00", str(SHANGHAI): "50.00",
    }  # fmt: skip
    assert answer["labels"][str(SHANGHAI)]["label_en"] == "Shanghai"
    by_department = house.ask(DAN, "company_figures", {**SPRING, "by": "department"})["rows"]
    assert str(SALES_SH) in {row["key"] for row in by_department}


def test_each_sums_what_she_may_see(house: Desk):
    house.hear(signed(amount="100.00"))
    house.hear(signed(CAROL_ID, amount="50.00"))
    assert house.ask(ALICE, "company_figures", SPRING)["total"]["contracts_amount"] == "100.00"
