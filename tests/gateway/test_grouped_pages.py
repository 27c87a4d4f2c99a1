"""Any list counted by its fields, as a page and as a spreadsheet (DAT-07, LED-02)."""

import io

import pytest
from python_calamine import CalamineWorkbook

from gateway.registry import Registry


def counted(actor, message):
    """Three rows in a group without a value, two in another that a page must name or leave."""
    groups = [{"keys": [None for _ in message["by"]], "count": 3, "sums": {}}]
    return {"groups": groups, "count": 5, "sums": {}, "labels": {}}


def test_every_list_can_be_counted(house, alice, wang):
    for entity in sorted(Registry.shipped().records):
        service, _, noun = entity.partition(".")
        house.doors[service, "grouped"] = counted
        shown = alice.get(f"/{service}/{noun}/grouped")
        assert shown.status_code == 200, entity
        assert "(nothing)" in shown.text, entity
        assert "all others" in shown.text, entity
        assert "其余" in wang.get(f"/{service}/{noun}/grouped").text, entity


def test_what_was_counted_is_a_spreadsheet_too(house, alice):
    house.doors["customer", "grouped"] = counted
    sheet = alice.get("/customer/lead/grouped.xlsx?by=created_at").data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows] == ["Count", 3.0, 2.0, 5.0]


def test_no_page_hides_what_every_template_is_given(app):
    from gateway.render import page

    with app.test_request_context(), pytest.raises(TypeError, match="offered"):
        page("page/search.html", offered=())
