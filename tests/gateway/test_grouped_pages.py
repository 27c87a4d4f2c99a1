"""Any list counted by its fields, as a page and as a spreadsheet (DAT-07, LED-02)."""

import io
import json
import re
from dataclasses import asdict
from html import unescape
from urllib.parse import parse_qsl, urlencode

import orjson
import pytest
from markupsafe import escape
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from gateway.entity_pages.papers import WRITERS
from gateway.papers import Chapter, Chart, Paper, pdf
from gateway.registry import Registry
from tests.gateway.fake import PASSWORD, keep_views


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


def by_month(actor, message):
    """Two months, the later one first because it has more."""
    groups = [
        {"keys": ["2026-02"], "count": 3, "sums": {}, "figure": "30.00"},
        {"keys": ["2026-01"], "count": 1, "sums": {}, "figure": "50.00"},
    ]
    return {"groups": groups, "count": 5, "sums": {}, "labels": {}, "figure": "85.00"}


def chart(page):
    return json.loads(unescape(re.search(r"data-chart='([^']*)'", page.text).group(1)))


def test_what_was_counted_is_drawn_as_bars_as_a_line_or_as_a_pie(house, alice):
    """DAT-07: months as a line in their order; a pie only of what adds up to the whole."""
    house.doors["toy", "grouped"] = by_month
    page = alice.get("/toy/gadget/grouped?by=created_at")
    assert (chart(page)["kind"], chart(page)["names"]) == ("line", ["2026-01", "2026-02"])
    assert chart(page)["values"] == [1, 3]
    bars = chart(alice.get("/toy/gadget/grouped?by=created_at&chart=bar"))
    assert (bars["kind"], bars["values"]) == ("bar", [3, 1, 1])
    pie = chart(alice.get("/toy/gadget/grouped?by=size&chart=pie"))
    assert (pie["kind"], sum(pie["values"])) == ("pie", 5)
    assert chart(alice.get("/toy/gadget/grouped?by=size&chart=line"))["kind"] == "bar"


def test_the_sum_or_the_average_of_a_number_is_shown_drawn_and_taken_along(house, alice):
    """DAT-07: what is beyond the groups has the rest of a sum, but no average."""
    house.doors["toy", "grouped"] = by_month
    page = alice.get("/toy/gadget/grouped?by=size&figure=amount__sum")
    assert {"amount__sum", "amount__avg", "weight__sum", "chance__avg", "pieces__sum"} <= set(
        re.findall(r'<option value="(\w+__\w+)"', page.text)
    )
    assert 'value="chance__sum"' not in page.text
    assert "Sum of Amount" in page.text
    assert chart(page)["values"] == [50, 30, 5]
    assert "¥85.00" in page.text
    average = alice.get("/toy/gadget/grouped?by=size&figure=weight__avg&chart=pie")
    assert (chart(average)["kind"], chart(average)["values"]) == ("bar", [50, 30])
    (asked,) = [c for c in house.calls if c.method == "grouped" and c.message.get("figure") == "weight__avg"]
    assert asked.message["query"]["where"] == {}, "neither the figure nor the chart is a condition"
    sheet = alice.get("/toy/gadget/grouped.xlsx?by=size&figure=amount__sum").data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert [row[-1] for row in rows] == ["Sum of Amount", 30.0, 50.0, 5.0, 85.0]
    pdf = alice.get("/toy/gadget/grouped.pdf?by=size&figure=amount__avg").data
    assert pdf.startswith(b"%PDF")


@pytest.mark.parametrize(("kind", "by"), [("bar", "size"), ("line", "created_at"), ("pie", "size")])
def test_on_paper_the_same_chart_is_drawn_as_on_the_page(house, alice, monkeypatch, kind, by):
    """DAT-07: a line joins the months in their order, a pie has a round rim and a colour for each slice."""
    drawn = []
    monkeypatch.setitem(
        WRITERS, "pdf", (lambda paper: drawn.append(paper) or pdf.write(paper), "application/pdf")
    )
    house.doors["toy", "grouped"] = by_month
    address = f"/toy/gadget/grouped{{}}?by={by}&chart={kind}"
    page = PdfReader(io.BytesIO(alice.get(address.format(".pdf")).data)).pages[0]
    told = drawn[0].chapters[0].chart
    shown = chart(alice.get(address.format("")))
    assert (told.kind, list(told.names), list(told.values)) == (kind, shown["names"], shown["values"])
    assert (kind, told.names[:2] == ("2026-01", "2026-02")) in {
        ("bar", False),
        ("line", True),
        ("pie", False),
    }
    assert all(text in page.extract_text() for text in told.texts)
    drawing = page.get_contents().get_data().decode("latin-1")
    colours = set(re.findall(r"[\d.]+ [\d.]+ [\d.]+ (?=scn)", drawing))
    has_line, has_rim = "1.5 w" in drawing, len(re.findall(r" l\b", drawing)) > 100
    assert (has_line, has_rim, len(colours) > 4) == (kind == "line", kind == "pie", kind == "pie")


@pytest.mark.parametrize("kind", ["bar", "line", "pie"])
@pytest.mark.parametrize(
    "values", [(), (0.0,), (5.0,), (-3.0, 4.0), (0.0, 0.0), tuple(map(float, range(60)))]
)
def test_any_values_can_be_drawn(kind, values):
    names = tuple(f"2026-{n:02}" for n in range(len(values)))
    told = Chart(kind, "金额", names, values, tuple(map(str, values)))
    paper = Paper("x", "x", "", "", (Chapter(chart=told if values else None),), "", "zh_CN")
    assert pdf.typeset(orjson.dumps(asdict(paper), default=str)).startswith(b"%PDF")


def test_a_list_is_counted_by_what_the_record_behind_its_rows_is_like(house, alice, wang):
    """DAT-07: contracts, opportunities and tickets by industry, region and class of their customers."""
    industry = "00000000-0000-7000-8000-0000000000e1"
    groups = [{"keys": [industry], "count": 3, "sums": {}}, {"keys": [None], "count": 2, "sums": {}}]
    labels = {industry: {"entity": "organization.choice", "label": "银行", "label_en": "Banks"}}
    for service, noun in (("receivables", "contract"), ("sales", "opportunity"), ("service_desk", "ticket")):
        house.doors[service, "grouped"] = lambda actor, message: {
            "groups": groups, "count": 5, "sums": {}, "labels": labels
        }  # fmt: skip
        page = alice.get(f"/{service}/{noun}/grouped?by=customer_id.industry_id").text
        assert '<optgroup label="Customer">' in page
        assert '<option value="customer_id.industry_id" selected>Customer › Industry</option>' in page
        assert 'value="customer_id.value_class"' in page
        assert "Banks" in page
        assert f'href="/{service}/{noun}?customer_id.industry_id={industry}"' in page
        assert f'href="/{service}/{noun}?-customer_id.industry_id__empty=no"' in page
        assert "客户 › 行业" in wang.get(f"/{service}/{noun}/grouped?by=customer_id.industry_id").text
    house.doors["receivables", "grouped"] = lambda actor, message: {
        "groups": [{"keys": ["key"], "count": 5, "sums": {}}], "count": 5, "sums": {}, "labels": {}
    }  # fmt: skip
    shown = alice.get("/receivables/contract/grouped?by=customer_id.value_class").text
    assert "Key" in shown
    sheet = alice.get("/receivables/contract/grouped.xlsx?by=customer_id.value_class").data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "Customer › Value class"


def test_no_page_hides_what_every_template_is_given(app):
    from gateway.render import page

    with app.test_request_context(), pytest.raises(TypeError, match="offered"):
        page("page/search.html", offered=())


def test_what_is_counted_is_kept_shared_found_among_the_reports_and_opens_as_it_was(app, house):
    """DAT-07: a report of one's own; the same rows, by the same fields, with the same figure and chart."""
    keep_views(house)
    house.doors["toy", "grouped"] = by_month
    browser = app.test_client()
    browser.send("/sign-in", login="alice", password=PASSWORD)
    query = (
        "amount__gte=2&1.state=open&1.-name__contains=x&match=any&by=created_at&figure=amount__sum&chart=bar"
    )
    seen = browser.get(f"/toy/gadget/grouped?{query}")
    assert f"/toy/gadget/save-view?{escape(urlencode(parse_qsl(query)))}" in seen.text
    assert "Save as report" in browser.get(f"/toy/gadget/save-view?{query}").text
    answer = browser.send("/toy/gadget/save-view", name="By month", query=query, audience="department")
    (kept,) = house.rows["organization.saved_view"].values()
    assert (kept["list_of"], kept["audience"]) == ("toy.gadget", "department")
    assert answer.location.startswith("/toy/gadget/grouped?")
    (told,) = browser.get("/reports", headers={"Accept": "application/json"}).json["kept"]
    assert told["name"] == "By month"
    assert sorted(parse_qsl(told["query"])) == sorted([*parse_qsl(query), ("view", kept["id"])])
    assert escape(told["address"]) in browser.get("/reports").text
    opened = browser.get(told["address"])
    asked = [call.message for call in house.calls if call.method == "grouped"]
    assert asked[0] == asked[-1], "the same is counted"
    assert chart(opened) == chart(seen)
    assert re.search(r'class="tab is-here"[^>]*>By month<', opened.text)
    assert "Save the changed report" not in opened.text
    assert "Save the changed report" in browser.get(told["address"].replace("chart=bar", "chart=line")).text
    assert "By month" not in browser.get("/toy/gadget").text, "a list has lists as its tabs"
