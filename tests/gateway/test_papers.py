"""Any record on paper: page, PDF, Word, Excel say the same, in the reader's language, and nothing in them is run (DAT-06)."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from urllib.parse import unquote

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from gateway.entity_pages.papers import capitals
from gateway.papers import CannotTypeset, Chapter, Paper, Section, pdf
from tests.gateway import toy

SAID = {
    "name": "=HYPERLINK(1) 齿轮 *粗* #panic() $x$ <b>",
    "amount": "1234.50",
    "due_on": "2026-03-04",
    "notes": "第一行\n@SUM(A1)",
    "parts": [{"name": "+螺丝", "quantity": 3, "price": "1.50"}],
}
SUFFIXES = ("pdf", "docx", "xlsx")


def texts(kind: str, data: bytes) -> str:
    """All that a file says."""
    if kind == "pdf":
        return "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(data)).pages)
    if kind == "docx":
        document = Document(io.BytesIO(data))
        cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
        footer = [p.text for p in document.sections[0].footer.paragraphs]
        return "\n".join([*(p.text for p in document.paragraphs), *cells, *footer])
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    return "\n".join(str(value) for row in rows for value in row)


@pytest.fixture
def gear(house) -> str:
    maker = house.add(toy.Maker, name="北京制造", name_en="Peking Works")
    return f"/toy/gadget/{house.add(toy.Gadget, maker_id=maker, **SAID)}"


@pytest.mark.parametrize("kind", SUFFIXES)
def test_a_paper_says_what_was_entered_and_runs_nothing_of_it(kind, gear, wang):
    answer = wang.get(f"{gear}/paper.{kind}")
    assert answer.status_code == 200
    said = texts(kind, answer.data)
    for text in (
        "=HYPERLINK(1) 齿轮 *粗* #panic() $x$ <b>",
        "第一行",
        "@SUM(A1)",
        "+螺丝",
        "北京制造",
        "王建国",
    ):
        assert text in said, (kind, text)
    assert ("1234.5" if kind == "xlsx" else "¥1,234.50") in said
    name = unquote(answer.headers["Content-Disposition"].partition("filename*=UTF-8''")[2])
    assert name.endswith(f".{kind}")
    assert "齿轮" in name
    assert "/" not in name


def test_the_page_to_print_says_it_too_and_stands_in_the_menu_of_the_record(gear, wang, alice):
    page = wang.get(f"{gear}/paper").text
    assert "#panic() $x$ &lt;b&gt;" in page
    assert "<b>" not in page.partition("<article")[2]
    for kind in SUFFIXES:
        assert f'{gear}/paper.{kind}"' in page
        assert f'{gear}/paper.{kind}"' in alice.get(gear).text
    assert "Peking Works" in alice.get(f"{gear}/paper").text


def test_a_day_on_a_list_does_not_break_within_its_line(gear, alice):
    assert '<td class="is-whole">4 Mar 2026</td>' in alice.get("/toy/gadget/paper?columns=name,due_on").text


def test_numbers_and_days_of_a_spreadsheet_can_be_computed_with(gear, alice):
    data = alice.get(f"{gear}/paper.xlsx").data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    found = {row[0]: row[1] for row in rows if len(row) > 1}
    assert found["Amount"] == 1234.5
    assert str(found["Due on"]) == "2026-03-04"


def test_lists_beside_a_record_stand_on_its_paper_as_far_as_one_may_read_them(house, alice, dan):
    maker = house.add(toy.Maker, name="Works")
    for number in range(3):
        house.add(toy.Gadget, name=f"Gear {number}", amount="1", maker_id=maker)
    tables = {
        t["title"]: t for t in alice.get(f"/toy/maker/{maker}/paper.json").json["chapters"][0]["tables"]
    }
    assert [row[0]["text"] for row in tables["Gadgets"]["rows"]] == ["Gear 2", "Gear 1", "Gear 0"]
    titles = [column["title"] for column in tables["Gadgets"]["columns"]]
    assert "Maker" not in titles, "all of them have the same"
    assert dan.get(f"/toy/maker/{maker}/paper.pdf").status_code == 200  # who may read may print


def test_who_may_not_read_it_gets_no_paper(gear, house, alice):
    assert alice.get("/toy/gadget/00000000-0000-0000-0000-00000000ffff/paper.pdf").status_code == 404
    assert alice.get(f"{gear}/paper.exe").status_code == 404
    house.silent.add("toy")
    assert alice.get(f"{gear}/paper.docx").status_code == 503


def test_control_letters_do_not_break_a_file(house, alice):
    gear = house.add(toy.Gadget, name="old", amount="1")
    house.rows["toy.gadget"][gear] |= {"name": "a\x01b\ufffec", "notes": "\x0b\x1f"}
    for kind in SUFFIXES:
        assert texts(kind, alice.get(f"/toy/gadget/{gear}/paper.{kind}").data)


@given(st.decimals(min_value=0, max_value=Decimal("99999999999.99"), places=2))
def test_capitals_can_be_read_back(amount: Decimal):
    """What a contract says in capitals is the amount to the cent."""
    said = capitals(str(amount), "CNY")
    assert not re.search(r"[0-9零]{2}", said)
    assert _read(said) == amount


def test_capitals_as_contracts_write_them():
    assert capitals("100000", None) == "壹拾万元整"
    assert capitals("10001.05", "CNY") == "壹万零壹元零伍分"
    assert capitals("0", "CNY") == "零元整"
    assert capitals("12", "USD") == ""
    assert capitals(None, "CNY") == ""


def test_a_paper_that_cannot_be_set_in_time_says_what_to_do(monkeypatch):
    monkeypatch.setattr(pdf, "SECONDS", 0.01)
    with pytest.raises(CannotTypeset):
        pdf.write(Paper("a", "b", "", "", (Chapter("", (Section("", ()),)),), "c", "en"))


DIGITS = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}


def _read(said: str) -> Decimal:
    """The amount behind capitals, read as a clerk reads them."""
    whole, _, rest = said.partition("元") if "元" in said else ("", "", said)
    cents = sum(
        DIGITS[found[1]] * (10 if found[2] == "角" else 1) for found in re.finditer("(.)(角|分)", rest)
    )
    return Decimal(_whole(whole)) + Decimal(cents) / 100


def _whole(said: str) -> int:
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if unit in said:
            before, _, after = said.rpartition(unit)
            return _whole(before) * size + _whole(after)
    found = digit = 0
    for sign in said:
        if sign in DIGITS:
            digit = DIGITS[sign]
        else:
            found, digit = found + (digit or 1) * {"拾": 10, "佰": 100, "仟": 1000}[sign], 0
    return found + digit
