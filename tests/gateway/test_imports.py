"""A file on its way in: columns, dry run, run, bad rows back, take back."""

import io
import json
import re
import struct
import zipfile
from dataclasses import replace
from uuid import UUID

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from werkzeug.datastructures import MultiDict

from contracts.errors import TooLarge, Unavailable
from gateway import matching, security, spreadsheets, unknown_values
from gateway.spreadsheets import NotASpreadsheet, NothingInside
from gateway.staging import Stager
from tests.gateway import toy
from tests.gateway.fake import ALICE

CSV = '品名,金额(元),SIZE,到期日\nLamp,"1,234.50",Large,2026/3/1\nTorch,abc,small,2026-02-30\n,5,,\n'


def xlsx(rows, formula=None):
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet("Data")
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(at, column, value)
        if formula:
            sheet.write_formula(*formula)
    return made.getvalue()


def send(browser, name, data):
    data = data.encode() if isinstance(data, str) else data
    fields = {"csrf_token": browser.token(), "file": (io.BytesIO(data), name)}
    return browser.post("/toy/gadget/import", data=fields, content_type="multipart/form-data")


def chosen(page):
    """What the columns page proposes: column number → field."""
    found = {}
    for number, options in re.findall(
        r'<select class="form-select" name="column\.(\d+)".*?>(.*?)</select>', page, re.S
    ):
        selected = re.search(r'value="([^"]*)" selected', options)
        found[f"column.{number}"] = selected.group(1) if selected else ""
    return found


def checked(browser, name, data, **changes):
    """Upload and agree to the columns; gives the job's address when every row was looked at."""
    columns = send(browser, name, data).location
    fields = chosen(browser.get(columns).text) | changes
    job = browser.post(columns, data={"csrf_token": browser.token(), **fields}).location
    read(browser)
    return job


def read(browser):
    """Every file that was sent has been read."""
    browser.application.extensions["guanxi-stager"].wait()


def program(browser, **fields):
    """A file and wishes, as a program sends them."""
    headers = {"Accept": "application/json", "X-CSRFToken": browser.token()}
    form = {"file": (io.BytesIO(CSV.encode()), "a.csv"), **fields}
    answer = browser.post(
        "/toy/gadget/import", data=form, headers=headers, content_type="multipart/form-data"
    )
    read(browser)
    return answer


def test_it_works(alice, house):
    columns = send(alice, "gadgets.csv", CSV).location
    page = alice.get(columns).text
    assert chosen(page) == {
        "column.0": "name",
        "column.1": "amount",
        "column.2": "size",
        "column.3": "due_on",
    }
    job = checked(alice, "gadgets.csv", CSV)
    page = alice.get(job).text
    assert "Nothing is made yet. 1 row is good." in page
    assert "This is not a number: abc." in page
    assert "There is no such date: 2026-02-30." in page
    part = alice.get(job, headers={"HX-Request": "true", "HX-Target": "job"}).text
    assert "<html" not in part
    assert f'action="{job}/run"' in part
    assert not house.rows["toy.gadget"]
    alice.send(f"{job}/run")
    (row,) = house.rows["toy.gadget"].values()
    assert (row["name"], row["amount"], row["size"], row["due_on"]) == (
        "Lamp",
        "1234.50",
        "large",
        "2026-03-01",
    )
    assert "1 row was made." in alice.get(job).text
    alice.send(f"{job}/take_back")
    assert not house.rows["toy.gadget"]


def test_bad_rows_come_back_as_they_came(alice):
    job = checked(alice, "gadgets.csv", CSV)
    answer = alice.get(f"{job}/bad-rows.csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = answer.text.splitlines()
    assert lines[0] == "\ufeff品名,金额(元),SIZE,到期日,Row in the file,What is wrong"
    risky = alice.get(f"{checked(alice, 'r.csv', CSV.replace('SIZE,', '=1+1,'))}/bad-rows.csv").text
    assert "'=1+1" in risky.splitlines()[0]  # nothing in it runs, not even in a title
    assert lines[1].startswith("Torch,abc,Small,2026-02-30,3,Amount: This is not a number: abc.")
    book = CalamineWorkbook.from_filelike(io.BytesIO(alice.get(f"{job}/bad-rows.xlsx").data))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[1][:2] == ["Torch", "abc"]
    behind = alice.get(f"{job}/bad-rows.json?after=3").json
    assert [row["row"] for row in behind["rows"]] == [4]
    # and the file can be sent again: its own columns are not mistaken for fields
    again = alice.get(send(alice, "bad.csv", answer.data).location).text
    assert list(chosen(again).values()) == ["name", "amount", "size", "due_on", "", ""]


def test_columns_can_be_changed_and_are_remembered(alice):
    data = "Thing,Cost\nLamp,3\nTorch,4\n"
    columns = send(alice, "a.csv", data).location
    assert chosen(alice.get(columns).text) == {"column.0": "", "column.1": ""}
    checked(alice, "a.csv", data, **{"column.0": "name", "column.1": "amount"})
    assert chosen(alice.get(send(alice, "b.csv", data).location).text) == {
        "column.0": "name",
        "column.1": "amount",
    }


def test_a_file_may_change_what_is_there_by_a_field_one_chooses(alice, house):
    """users 2: update instead of append."""
    columns = send(alice, "a.csv", "Name,Amount,Phone\nLamp,3,010-12345678\n").location
    page = alice.get(columns).text
    assert re.findall(r'<option value="(\w+)">', page.partition('name="key"')[2]) == ["phone", "name"]
    wish = {**chosen(page), "duplicates": "update", "key": "phone"}
    alice.post(columns, data={"csrf_token": alice.token(), **wish})
    read(alice)
    started = next(call.message for call in reversed(house.calls) if call.method == "start_import")
    assert (started["duplicates"], started["key"]) == ("update", "phone")


def test_a_list_that_was_exported_with_ids_finds_its_records_by_them(alice, house):
    """Users 2: what has no number is found by its id, which is a column of a list for whoever asks; never another system's id."""
    house.add(toy.Gadget, name="Lamp", amount="1")
    exported = alice.get("/toy/gadget.csv?columns=id,name").data
    page = alice.get(send(alice, "again.csv", exported).location).text
    assert list(chosen(page).values()) == ["id", "name"]
    assert re.findall(r'<option value="(\w+)">', page.partition('name="key"')[2]) == ["id", "name"]
    foreign = alice.get(send(alice, "other.csv", "Id,Name\n00Q5g00000AbCdE,Lamp\n").location).text
    assert list(chosen(foreign).values()) == ["", "name"]
    assert 'value="id"' in alice.get("/toy/gadget/columns").text


def test_columns_are_told_by_their_content(alice):
    data = "A,B\n13800138000,a@example.com\n13900139000,b@example.com\n"
    assert chosen(alice.get(send(alice, "a.csv", data).location).text) == {
        "column.0": "phone",
        "column.1": "email",
    }


def test_headings_in_either_language_and_gb18030(alice):
    data = "名称,Amount\n灯,3\n".encode("gb18030")
    assert chosen(alice.get(send(alice, "a.csv", data).location).text)["column.0"] == "name"


def test_a_formula_cell_is_reported(alice, house):
    data = xlsx([["Name", "Amount"], ["Lamp", 1], ["Torch", 2]], formula=(2, 1, "=1+1", None, 2))
    job = checked(alice, "a.xlsx", data)
    assert "Formula cells are not taken. Please paste the value: =1+1." in alice.get(job).text
    assert "1 row is good" in alice.get(job).text


def test_numbers_of_a_spreadsheet_arrive_as_typed(alice, house):
    job = checked(
        alice, "a.xlsx", xlsx([["Gadgets of 2026"], ["Name", "Amount", "Phone"], ["Lamp", 12.5, 13800138000]])
    )
    alice.send(f"{job}/run")
    (row,) = house.rows["toy.gadget"].values()
    assert (row["amount"], row["phone"]) == ("12.50", "13800138000")


@pytest.mark.parametrize(("name", "data"), [
    ("a.xlsx", b"\x89PNG\r\n\x1a\n"), ("a.pdf", b"%PDF-1.7 hello"), ("a.csv", b"a,b\n\x00\x01,2"), ("a.xlsx", b"PK\x03\x04 broken"),
    ("a.xls", b"\xd0\xcf\x11\xe0 broken"), ("a.docx", b""),
])  # fmt: skip
def test_what_is_no_spreadsheet_is_refused(alice, name, data):
    answer = send(alice, name, data)
    assert answer.status_code == 422
    assert "This file is not a spreadsheet we can read." in answer.text


def test_a_file_without_rows_is_refused():
    with pytest.raises(NothingInside):
        spreadsheets.read("a.csv", b"Name,Amount\n")


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused(monkeypatch):
    monkeypatch.setattr(spreadsheets, "LARGEST_UNPACKED", 3_000_000)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for n in range(4):
            packed.writestr(f"xl/{n}.xml", b"0" * 1_000_000)
    with pytest.raises(TooLarge):
        spreadsheets.read("a.xlsx", made.getvalue())


def test_a_table_may_be_larger_than_what_else_is_sent_but_not_any_size(alice, monkeypatch):
    """100,000 rows of 220 bytes come in; what is packed unpacks to much more than it is."""
    row = ",".join(["名" * 30, "1.00", "x" * 130]).encode() + b"\n"
    head = b"Name,Amount,Note\n"
    assert len(row) * 100_000 > spreadsheets.LARGEST_PACKED
    table = spreadsheets.opened("a.csv", head + row * 100_000)
    assert table.expected == 100_000
    assert sum(1 for _ in table.rows) == 100_000
    assert send(alice, "a.csv", head + row * 100_000).status_code == 303
    with pytest.raises(TooLarge) as refused:
        spreadsheets.opened("a.xlsx", b"PK\x03\x04" + b"x" * spreadsheets.LARGEST_PACKED)
    assert refused.value.params == {"limit": "20 MB"}
    monkeypatch.setattr(spreadsheets, "LARGEST_FILE", 2 * 2**20)
    monkeypatch.setattr(security, "LARGEST_TABLE", 3 * 2**20)
    for size in (2 * 2**20 + 10, 4 * 2**20):
        answer = send(alice, "a.csv", b"x" * size)
        assert (answer.status_code, "2 MB" in answer.text) == (413, True)


ODS = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="客户">
 <table:table-row><table:table-cell office:value-type="string"><text:p>公司</text:p></table:table-cell>
 <table:table-cell office:value-type="string"><text:p>金额</text:p></table:table-cell></table:table-row>
 <table:table-row><table:table-cell office:value-type="string"><text:p>泰微</text:p></table:table-cell>
 <table:table-cell office:value-type="float" office:value="12.5"><text:p>12.5</text:p></table:table-cell></table:table-row>
 </table:table></office:spreadsheet></office:body></office:document-content>"""
ODS_KIND = "application/vnd.oasis.opendocument.spreadsheet"


def ods():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("mimetype", ODS_KIND)
        packed.writestr("content.xml", ODS.replace("\n ", " ").replace("> <", "><"))
        packed.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry '
            f'm:full-path="/" m:version="1.2" m:media-type="{ODS_KIND}"/><m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>',
        )
    return made.getvalue()


def xls():
    """As Excel wrote them until 2003: one stream of records, in the boxes of a compound file."""

    def record(kind, body):
        return struct.pack("<HH", kind, len(body)) + body

    def text(row, column, said):
        return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(said), 1) + said.encode("utf-16-le"))

    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
    name = struct.pack("<HBB", 0, 2, 1) + "客户".encode("utf-16-le")
    place = len(begin) + 4 + 4 + len(name) + 4
    stream = begin + record(0x0085, struct.pack("<I", place) + name) + record(0x000A, b"")
    stream += record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    stream += record(0x0200, struct.pack("<IIHHH", 0, 2, 0, 2, 0))
    stream += text(0, 0, "公司") + text(0, 1, "金额") + text(1, 0, "泰微")
    stream += record(0x0203, struct.pack("<HHHd", 1, 1, 0, 12.5)) + record(0x000A, b"")
    stream = stream.ljust(4096, b"\0")  # shorter ones lie elsewhere
    end, free, chain = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack(
        "<109I", 0, *[free] * 108
    )
    table = struct.pack("<128I", chain, end, *range(3, 10), end, *[free] * 118)

    def entry(name, kind, child, first, size):
        said = (name + "\0").encode("utf-16-le")
        return said.ljust(64, b"\0") + struct.pack("<HBBIII", len(said), kind, 1, free, free, child) + bytes(36) + struct.pack(
            "<IQ", first, size
        )  # fmt: skip

    folder = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 2, len(stream))
    return head + table + folder.ljust(512, b"\0") + stream


@pytest.mark.parametrize(("name", "data"), [("a.ods", ods()), ("a.xls", xls())])
def test_open_document_and_the_old_excel_are_read(name, data):
    table = spreadsheets.read(name, data)
    assert (table.sheet, table.titles, table.rows) == ("客户", ["公司", "金额"], [(2, ["泰微", "12.5"])])


@pytest.mark.parametrize(
    "text",
    [
        "公司;电话\n泰微;010\n", "客户清单\n公司;电话\n泰微;010\n", "客户清单, 2026\n\n公司;电话\n泰微;010\n", "公司\x1f电话\n泰微\x1f010\n",
        "清单\n公司|电话\n泰微|010\n", "公司,电话\n泰微,010\n",
    ],
)  # fmt: skip
def test_the_sign_between_columns_is_told_by_the_rows(text):
    table = spreadsheets.read("a.csv", text.encode())
    assert (table.titles, [cells for _, cells in table.rows]) == (["公司", "电话"], [["泰微", "010"]])
    notes = 'Name,Note\nA,"x; y; z"\nB,"q, r, s"\n'
    assert spreadsheets.read("a.csv", notes.encode()).titles == ["Name", "Note"]


@pytest.mark.parametrize("letters", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_a_business_card_in_any_letters(letters):
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:王芳\r\nTEL;TYPE=CELL:13800138000\r\nEND:VCARD\r\n"
    table = spreadsheets.read("a.vcf", card.encode(letters))
    ((_, cells),) = table.rows
    said = dict(zip(table.titles, cells, strict=True))
    assert (said["Full name"], said["Mobile"]) == ("王芳", "13800138000")


def test_what_is_joined_now_wins_over_a_part_that_filled_the_field_before(alice, house):
    """DAT-09: as long as nobody chose otherwise with the joined column before her."""
    fields = {
        **toy.Gadget.attrs(),
        "address": replace(toy.Gadget.attrs()["name"], name="address", label="Address"),
    }
    table = spreadsheets.read("a.csv", b"Name,Street,City,Zip\nLamp,1 Main St,Springfield,62701\n")
    with alice.application.test_request_context():
        places = {
            told: matching.match(table, fields, remembered)
            for told, remembered in {
                "before": {"street": "address"}, "chosen": {"street": "address", "address": ""},
                "apart": {"street": "address", "city": "name"},
            }.items()
        }  # fmt: skip
    assert places == {
        "before": ["name", "", "", "", "address"], "chosen": ["name", "address", "", "", ""],
        "apart": ["", "address", "name", "", ""],
    }  # fmt: skip


def test_somebody_elses_upload_is_not_found(alice, wang):
    columns = send(alice, "a.csv", CSV).location
    assert wang.get(columns).status_code == 404


def test_without_the_right_there_is_no_import(dan):
    assert dan.get("/toy/gadget/import").status_code == 403
    assert send(dan, "a.csv", CSV).status_code == 403


def test_pressing_twice_brings_a_file_in_once(alice, house):
    columns = send(alice, "a.csv", CSV).location
    fields = {"csrf_token": alice.token(), **chosen(alice.get(columns).text)}
    first, second = (alice.post(columns, data=fields) for _ in range(2))
    read(alice)
    assert second.status_code in (303, 404)  # by then the file may be read, and gone
    assert second.location in (first.location, None)
    assert [(job["state"], len(job["rows"])) for job in house.imports.jobs.values()] == [("checked", 3)]


def test_a_program_is_looked_at_without_a_page(alice):
    answer = program(alice)
    assert (answer.status_code, answer.json["state"]) == (202, "staging")
    headers = {"Accept": "application/json", "X-CSRFToken": alice.token()}
    job = f"/toy/gadget/import/{answer.json['id']}"
    found = alice.get(job, headers=headers).json
    assert (found["state"], found["good"], found["bad"], found["total"]) == ("checked", 1, 2, 3)
    assert alice.post(f"{job}/run", headers=headers).json["made"] == 1


def test_a_program_chooses_columns_key_and_answers(alice, house):
    """Users 2: what a person may say on the page, a program says in the request."""
    columns = {"品名": "name", "SIZE": "notes"}
    values = {"maker_id": {"*": "empty", "Acme": "set_aside"}}
    program(
        alice, columns=json.dumps(columns), values=json.dumps(values), duplicates="update", key="name", source="Shop"
    )  # fmt: skip
    started = next(call.message for call in reversed(house.calls) if call.method == "start_import")
    assert (started["columns"], started["places"]) == (["name", "notes"], ["name", "", "notes", ""])
    assert (started["duplicates"], started["key"], started["source"]) == ("update", "name", "Shop")
    assert started["values"]["maker_id"] == {"*": "empty", "Acme": "set_aside"}


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"columns": '{"Nothing": "name"}'}, "columns"), ({"columns": '{"SIZE": "nothing"}'}, "columns"),
        ({"columns": "{"}, "columns"), ({"columns": "[1]"}, "columns"), ({"columns": "{}"}, "columns"),
        ({"values": '{"a": 1}'}, "values"), ({"duplicates": "both"}, "duplicates"), ({"sheet": "Second"}, "sheet"), ({"sheet": "a\0b"}, "sheet"),
    ],
)  # fmt: skip
def test_a_program_is_told_which_wish_cannot_be(alice, wish, field):
    answer = program(alice, **wish)
    assert (answer.status_code, answer.json["fields"][0]["field"]) == (422, field)


def test_a_program_is_told_which_fields_a_file_may_fill(alice):
    answer = alice.get("/toy/gadget/import", headers={"Accept": "application/json"}).json
    assert {"name", "amount", "size"} <= {one["name"] for one in answer["fields"]}
    assert (answer["jobs"], answer["sources"]) == ([], [])


def test_two_sources_in_turn_are_both_known_and_can_be_forgotten(alice):
    one, other = "Thing,Cost\nLamp,3\nTorch,4\n", "Ding,Preis,Farbe\nLampe,3,rot\nFackel,4,gelb\n"
    wishes = {"column.0": "name", "column.1": "amount", "duplicates": "take"}
    checked(alice, "a.csv", one, **wishes, source="English shop")
    checked(alice, "b.csv", other, **wishes, **{"column.2": ""})
    for data in (one, other):
        page = alice.get(send(alice, "c.csv", data).location).text
        assert [chosen(page)[f"column.{n}"] for n in range(2)] == ["name", "amount"]
    assert (
        "Known: the columns are those of “English shop”" in alice.get(send(alice, "d.csv", one).location).text
    )
    start = alice.get("/toy/gadget/import").text
    (forget,) = re.findall(r'English shop</td>.*?action="([^"]+forget)"', start, re.S)
    alice.send(forget)
    assert list(chosen(alice.get(send(alice, "e.csv", one).location).text).values()) == ["", ""]


def test_the_person_chooses_among_the_sheets_of_a_file(alice, house):
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        for title, rows in (("Notes", ["x", "y"]), ("Data", ["Name", "Lamp"])):
            sheet = book.add_worksheet(title)
            for at, value in enumerate(rows):
                sheet.write(at, 0, value)
    columns = send(alice, "a.xlsx", made.getvalue()).location
    page = alice.get(columns).text
    assert re.findall(r"<option[^>]*>(Notes|Data)</option>", page.partition("Show its columns")[0]) == [
        "Notes",
        "Data",
    ]
    other = alice.post(columns, data={"csrf_token": alice.token(), "sheet": "Data"}).location
    fields = chosen(alice.get(other).text)
    assert fields == {"column.0": "name"}
    alice.post(columns, data={"csrf_token": alice.token(), "sheet": "Data", **fields})
    read(alice)
    (job,) = house.imports.jobs.values()
    assert (job["sheet"], list(job["rows"].values())) == ("Data", [{"name": "Lamp"}])


def test_business_cards_are_offered_where_files_are_chosen(alice):
    page = alice.get("/toy/gadget/import").text
    assert ".vcf" in re.search(r'accept="([^"]+)"', page).group(1)
    assert "business cards (vcf)" in page


def test_a_file_whose_reading_was_killed_is_told_and_read_on(alice, house):
    """Nothing comes twice, whoever reads."""
    job = checked(alice, "gadgets.csv", CSV)
    (kept,) = house.imports.jobs.values()
    whole = dict(kept["rows"])
    kept.update(state="staging", is_stalled=True, rows={2: whole[2]})
    assert "no longer here" in alice.get(job).text
    uploads = alice.application.extensions["guanxi-uploads"]
    upload = uploads.keep(ALICE.id, "gadgets.csv", io.BytesIO(CSV.encode()), 1000)
    for place in (upload.place, upload.place.with_name(f"{upload.id}.owner")):
        place.rename(place.with_name(place.name.replace(str(upload.id), kept["id"])))
    page = alice.get(job).text
    assert "every 1s" not in page
    assert "no row comes twice" in page
    alice.send(f"{job}/go_on")
    read(alice)
    assert (kept["rows"], kept["state"]) == (whole, "checked")


def test_a_file_whose_reading_was_cut_short_is_read_on_by_itself(alice, house, app):
    """Nobody need press anything: the broker was away for a moment, or the gateway's process ended while it read."""

    def away(actor, message):
        raise Unavailable(service="toy")

    house.doors["toy", "stage_rows"] = away
    job = checked(alice, "gadgets.csv", CSV)
    (kept,) = house.imports.jobs.values()
    other = Stager(app)  # as after a new start
    other.resume()
    other.wait()
    assert (kept["state"], kept["rows"]) == ("staging", {})
    del house.doors["toy", "stage_rows"]
    with app.app_context():
        lock = app.extensions["guanxi-uploads"].hold(UUID(kept["id"]))
    other.resume()  # somebody is at it
    other.wait()
    assert kept["state"] == "staging"
    lock.close()
    other.resume()
    other.wait()
    assert (kept["state"], sorted(kept["rows"])) == ("checked", [2, 3, 4])
    assert not list(app.extensions["guanxi-uploads"].folder.glob(f"{kept['id']}*"))
    assert "1 row is good" in alice.get(job).text


UNKNOWN = [
    {"field": "maker_id", "text": "Acme", "rows": 3, "why": "not_an_id", "answer": "set_aside"},
    {"field": "size", "text": "Huge", "rows": 2, "why": "not_a_choice", "answer": "set_aside"},
]


def test_values_that_are_not_known_are_shown_and_answered(alice, house):
    """A peer's file goes in without hand edits."""
    maker = house.add(toy.Maker, name="Acme Works")
    job = checked(alice, "gadgets.csv", CSV)
    (kept,) = house.imports.jobs.values()
    kept["unknown"] = UNKNOWN
    page = alice.get(job).text
    part = page.partition("Values that are not known here")[2]
    similar = part.partition('label="Similar"')[2].partition("</optgroup>")[0]
    assert f'<option value="{maker}">Acme Works</option>' in similar
    answers = [
        ("maker_id", "Acme", maker),
        ("maker_id", "*", "empty"),
        ("size", "Huge", "large"),
        ("size", "*", ""),
    ]
    form = MultiDict([("csrf_token", alice.token())])
    for field, text, answer in answers:
        for name, value in (("field", field), ("text", text), ("answer", answer)):
            form.add(name, value)
    alice.post(f"{job}/check", data=form)
    asked = [call.message for call in house.calls if call.method == "check_import"][-1]
    assert asked["values"] == {
        "maker_id": {"Acme": maker, "*": "empty"},
        "size": {"Huge": "large", "*": "empty"},
    }
    headers = {"Accept": "application/json", "X-CSRFToken": alice.token()}
    said = alice.post(f"{job}/check", json={"values": {"size": {"*": "empty"}}}, headers=headers)
    assert said.status_code == 202
    assert alice.post(f"{job}/check", json={"values": [1]}, headers=headers).status_code == 422
    kept["state"] = "done"
    assert "What became of it" in alice.get(job).text


def test_entries_of_lists_are_made_only_for_an_import_that_can_run(alice, monkeypatch):
    """DAT-05: whoever stopped it elsewhere finds nothing new in the lists of the company."""
    made = []
    monkeypatch.setattr(unknown_values, "make_entries", lambda *told: made.append(told))
    job = checked(alice, "gadgets.csv", CSV)
    alice.send(f"{job}/cancel")
    alice.send(f"{job}/run")
    assert made == []


def test_the_empty_file_has_the_columns_an_import_takes(alice):
    answer = alice.get("/toy/gadget/import/template.xlsx")
    (head,) = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert "Amount" in head
    assert not {"State", "Id"} & set(head)


def test_not_a_spreadsheet_is_a_problem_of_its_own():
    with pytest.raises(NotASpreadsheet):
        spreadsheets.read("notes.md", b"# hello")
