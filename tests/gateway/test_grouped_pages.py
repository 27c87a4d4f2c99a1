"""Any list counted by its fields, as a page and as a spreadsheet (DAT-07, LED-02)."""

import io

import pytest
from python_calamine import CalamineWorkbook

from gateway.registry import Registry

RECORDS = sorted(Registry.shipped().records)


def counted(actor, message):
    """Three rows in a group without a value, two in another that a page must name or leave."""
    groups = [{"keys": [None for _ in message["by"]], "count": 3, "sums": {}}]
    return {"groups": groups, "count": 5, "sums": {}, "labels": {}}


@pytest.mark.parametrize("entity", RECORDS)
def test_every_list_can_be_counted(entity, house, alice, wang):
    service, _, noun = entity.partition(".")
    house.doors[service, "grouped"] = counted
    shown = alice.get(f"/{service}/{noun}/grouped")
    assert shown.status_code == 200
    assert "(nothing)" in shown.text
    assert "all others" in shown.text
    assert "其余" in wang.get(f"/{service}/{noun}/grouped").text
    sheet = alice.get(f"/{service}/{noun}/grouped.xlsx?by=created_at")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.data)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows] == ["Count", 3.0, 2.0, 5.0]


def test_no_page_hides_what_every_template_is_given(app):
    from gateway.render import page

    with app.test_request_context(), pytest.raises(TypeError, match="offered"):
        page("page/search.html", offered=())
