"""The reports page: what people did in a period, and what is owed to whom."""

from contracts.reporting import Figures
from gateway.pages.reports import FIGURES
from tests.gateway.fake import ALICE


def test_every_column_is_a_figure():
    assert {name for name, _, _ in FIGURES} <= set(Figures.model_fields)


def test_peoples_figures_in_both_languages(house, alice, wang):
    row = Figures(won_count=2, success_rate="66.67", contracts_amount="1234.50").as_json()
    house.doors["reporting", "staff_figures"] = lambda actor, message: {
        "rows": [{"staff_id": str(ALICE.id), **row}], "labels": {str(ALICE.id): {"entity": "organization.staff", "label": "Alice"}},
    }  # fmt: skip
    page = alice.get("/reports?from=2026-03-01&to=2026-03-31").text
    assert "Success rate" in page
    assert "66.67" in page
    assert "1,234.50" in page
    assert "—" in page
    assert "成功率" in wang.get("/reports").text
    asked = next(call.message for call in house.calls if call.method == "staff_figures")
    assert asked == {"from": "2026-03-01", "to": "2026-03-31"}


def test_a_silent_part_does_not_take_the_others_along(house, alice):
    house.silent.add("reporting")
    assert "This part does not answer" in alice.get("/reports").text
