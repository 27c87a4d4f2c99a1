"""Files of other systems go in without hand edits (users 2, LED-05, DAT-09): address books, exports and templates of peers,
whatever their letters and separators."""

from __future__ import annotations

import pytest

from contracts.customer import Contact, Customer, Lead
from gateway import joined_columns, matching, spreadsheets
from gateway.frame import screens

PEERS = {
    "salesforce": "Last Name,First Name,Company,Title,Lead Source,Industry,Phone,Mobile Phone,Email,Website,Street,City,Description",
    "hubspot": "First Name,Last Name,Email Address,Phone Number,Mobile Phone Number,Company Name,Job Title,Website URL,Street Address",
    "espocrm": "First Name,Last Name,Account Name,Title,Website,Email,Phone,Phone (Mobile),Address Street,Description",
    "outlook": "First Name,Middle Name,Last Name,Title,Company,Department,Job Title,Business Street,Business Fax,Business Phone,"
    "Home Phone,Mobile Phone,Birthday,E-mail Address,E-mail Type,E-mail Display Name,Notes,Web Page",
    "google": "First Name,Middle Name,Last Name,Nickname,Organization Name,Organization Title,Birthday,Notes,"
    "E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Formatted,Website 1 - Value",
    "old google": "Name,Given Name,Family Name,Organization 1 - Name,Organization 1 - Title,E-mail 1 - Value,Phone 1 - Value",
}  # fmt: skip
CORE = {
    Lead: {"company": "name", "full name": "contact_name", "email": "email", "phone": "phone"},
    Contact: {"company": "customer_id", "full name": "name", "email": "email", "phone": "phone"},
    Customer: {"company": "name", "full name": "contact_name", "email": "email", "phone": "phone"},
}
COMPANY = {"company", "company name", "account name", "organization name", "organization 1 - name"}
EMAIL = {"email", "email address", "e-mail address", "e-mail 1 - value"}
PHONE = {"phone", "phone number", "business phone", "phone 1 - value"}


@pytest.mark.parametrize("record", CORE)
@pytest.mark.parametrize("peer", PEERS)
def test_columns_of_peers_find_their_fields(app, peer, record):
    titles = PEERS[peer].split(",")
    table = spreadsheets.read("x.csv", (PEERS[peer] + "\n" + ",".join("x" for _ in titles)).encode())
    with app.test_request_context():
        chosen = matching.match(table, matching.importable(record, screens()), {})
    found = {title.casefold(): field for title, field in zip(table.titles, chosen, strict=True) if title}
    core = CORE[record]
    assert {field for title, field in found.items() if title in COMPANY} == {core["company"]}
    assert found["full name"] == core["full name"]
    assert {field for title, field in found.items() if title in EMAIL} == {core["email"]}
    assert {field for title, field in found.items() if title in PHONE} == {core["phone"]}


ACCOUNTS = {
    "salesforce accounts": "Account Name,Type,Phone,Website,Industry,Billing Street,Billing City,Description,Account Owner",
    "hubspot companies": "Company name,Company domain name,Phone Number,Website URL,Industry,Street Address,City,Description",
    "espocrm accounts": "Name,Website,Email,Phone,Type,Industry,Billing Address Street,Billing Address City,Description",
}  # fmt: skip
LEADS = {
    "salesforce leads": "First Name,Last Name,Company,Title,Lead Source,Industry,Phone,Mobile,Email,Website,Street,Description",
    "hubspot contacts": "First Name,Last Name,Email,Phone Number,Company Name,Job Title,Website URL,Street Address",
    "espocrm leads": "First Name,Last Name,Account Name,Title,Website,Email,Phone,Source,Industry,Address Street,Description",
}  # fmt: skip


def chosen_for(app, record, titles: str) -> dict[str, str]:
    """{title: field} as the page of columns would offer it."""
    table = spreadsheets.read("x.csv", f"{titles}\n{','.join('x' for _ in titles.split(','))}".encode())
    with app.test_request_context():
        chosen = matching.match(table, matching.importable(record, screens()), {})
    return {title: field for title, field in zip(table.titles, chosen, strict=True) if title and field}


@pytest.mark.parametrize("peer", ACCOUNTS)
def test_accounts_of_peers_become_customers(app, peer):
    found = chosen_for(app, Customer, ACCOUNTS[peer])
    fields = {field: title.casefold() for title, field in found.items()}
    assert fields["name"] in {"account name", "company name", "name"}
    assert fields["phone"] in PHONE
    assert fields["website"] in {"website", "website url"}
    assert {"industry_id", "address", "background"} <= fields.keys()


@pytest.mark.parametrize("peer", LEADS)
def test_leads_of_peers_become_leads(app, peer):
    found = chosen_for(app, Lead, LEADS[peer])
    assert {"name", "contact_name", "email", "phone", "job_title", "address", "website"} <= set(
        found.values()
    )


def test_names_in_parts_are_joined_as_people_write_them():
    table = spreadsheets.read("x.csv", "Last Name,First Name\nSmith,Ann\n王,芳\nLi,\n,\n".encode())
    assert [cells[-1] for _, cells in table.rows] == ["Ann Smith", "王芳", "Li"]
    assert table.titles[-1] == "Full name"


SPRINGFIELD = "1 Main St, Springfield, IL 62701, USA"


@pytest.mark.parametrize(
    ("titles", "cells", "address"),
    [
        ("Street,City,State/Province,Zip/Postal Code,Country", "1 Main St|Springfield|IL|62701|USA", SPRINGFIELD),
        ("Street Address,City,State/Region,Postal Code,Country/Region", "1 Main St|Springfield|IL|62701|USA", SPRINGFIELD),
        ("Billing Street,Billing City,Billing State,Billing Country,BillingPostalCode", "1 Main St|Springfield|IL|USA|62701", SPRINGFIELD),
        ("Address Street,Address City,Address Country", "1 Main St|Springfield|USA", "1 Main St, Springfield, USA"),
        ("Address Line 1,Address Line 2,City", "1 Main St|Suite 4|Springfield", "1 Main St, Suite 4, Springfield"),
        ("City,Country", "Springfield|USA", "Springfield, USA"),
        ("Address,City,Country", "12 London Road|London|", "12 London Road, London"),
        ("Address,City,Country", "12 London Road, London|London|UK", "12 London Road, London, UK"),
        ("Home Street,Home City,Business Street,Business City", "9 Elm|Ames|1 Main St|Boston", "1 Main St, Boston"),
        ("Home Street,Home City,Business Street,Business City", "9 Elm|Ames||", "9 Elm, Ames"),
        ("国家,省份,城市,区县,详细地址,邮编", "中国|广东省|深圳市|南山区|科技路1号|518000", "中国广东省深圳市南山区科技路1号 518000"),
        ("省,市,地址", "北京市|北京市|海淀区中关村1号", "北京市海淀区中关村1号"),
        ("省,市,地址", "广东省|深圳市|广东省深圳市南山区1号", "广东省深圳市南山区1号"),
        ("省,市,地址", "广东省|深圳市|深圳市南山区1号", "广东省深圳市南山区1号"),
        ("省,市,地址", "北京|北京|北京路1号", "北京北京路1号"),
        ("所在省份,所在城市", "广东|深圳", "广东深圳"),
        ("Street,City,Country", "浦东大道1号|上海|中国", "中国上海浦东大道1号"),
        ("省份,城市,地址", "Illinois|Springfield|1 Main St", "1 Main St, Springfield, Illinois"),
    ],
)  # fmt: skip
def test_addresses_in_parts_are_joined_as_people_write_them(app, titles, cells, address):
    """In the order of their language; nothing is lost, and nothing is said twice."""
    table = spreadsheets.read(
        "x.txt", f"{titles.replace(',', ';')};x\n{cells.replace('|', ';')};x\n".encode()
    )
    assert table.titles[-1] == "Address"
    assert [row[-1] for _, row in table.rows] == [address]
    assert joined_columns.own_titles(table.titles) == [*titles.split(","), "x"]
    with app.test_request_context():
        fields = matching.importable(Lead, screens())
        assert matching.match(table, fields, {})[-1] == "address"


@pytest.mark.parametrize(
    "titles", ["Address,State", "Company,City", "Address 1 - Formatted,Address 1 - Street,Address 1 - City", "地址,状态", "Street"]
)  # fmt: skip
def test_what_is_whole_or_alone_is_left_as_it_is(titles):
    """A state beside an address may be how far a lead is; an address that the file has whole is taken so."""
    cells = ",".join("x" for _ in titles.split(","))
    assert spreadsheets.read("x.csv", f"{titles}\n{cells}\n".encode()).titles == titles.split(",")


ROWS = "公司名称{0}联系人{0}电话\n泰微{0}王芳{0}010-1\n启利{0}李强{0}010-2\n"


@pytest.mark.parametrize("sign", ",;\t|^~")
@pytest.mark.parametrize(
    "letters", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"]
)
def test_any_separator_in_any_letters(sign, letters):
    table = spreadsheets.read("x.csv", ROWS.format(sign).encode(letters))
    assert table.titles == ["公司名称", "联系人", "电话"]
    assert [cells for _, cells in table.rows] == [["泰微", "王芳", "010-1"], ["启利", "李强", "010-2"]]


def test_a_comma_inside_a_title_does_not_part_it():
    table = spreadsheets.read("x.txt", b"Name; Amount, CNY; Note\nLamp; 1,5; a\nTorch; 2; b\n")
    assert table.titles == ["Name", "Amount, CNY", "Note"]


CARDS = """BEGIN:VCARD\r
VERSION:3.0\r
N:王;芳;;;\r
FN:王芳\r
ORG:上海泰微信息技术有限公司;采购部\r
TITLE:采购经理\r
item1.TEL;TYPE=CELL,VOICE:13800138000\r
TEL;TYPE=WORK,FAX:021-9\r
TEL;TYPE=WORK:021-5555\r
EMAIL;TYPE=INTERNET;TYPE=WORK:wang@example.com\r
ADR;TYPE=WORK:;;浦东大道1号\\, 3楼;上海;;200120;中国\r
NOTE:first line\\nsecond \r
 line\r
END:VCARD\r
BEGIN:VCARD\r
VERSION:4.0\r
N:Smith;Ann;;;\r
TEL;VALUE=uri;TYPE="work,voice":tel:+1-555-0100\r
BDAY:1990-05-01\r
URL:https://example.com\r
END:VCARD\r
BEGIN:VCARD\r
VERSION:2.1\r
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=9D=8E;=E5=BC=BA\r
ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=90=AF=\r
=E5=88=A9\r
TEL;CELL:13900139000\r
END:VCARD\r
"""


@pytest.mark.parametrize("letters", ["utf-8", "utf-8-sig"])
def test_business_cards_become_a_table(letters):
    table = spreadsheets.read("contacts.vcf", CARDS.encode(letters))
    rows = [dict(zip(table.titles, cells, strict=True)) for _, cells in table.rows]
    assert {name: value for name, value in rows[0].items() if value} == {
        "Full name": "王芳", "Company": "上海泰微信息技术有限公司", "Department": "采购部", "Job title": "采购经理",
        "Mobile": "13800138000", "Phone": "021-5555", "E-mail": "wang@example.com",
        "Address": "中国上海浦东大道1号, 3楼 200120", "Note": "first line\nsecond line",
    }  # fmt: skip
    assert {name: value for name, value in rows[1].items() if value} == {
        "Full name": "Ann Smith", "Phone": "+1-555-0100", "Birthday": "1990-05-01", "Website": "https://example.com",
    }  # fmt: skip
    assert (rows[2]["Full name"], rows[2]["Company"], rows[2]["Mobile"]) == ("李强", "启利", "13900139000")


@pytest.mark.parametrize(
    "data", [b"BEGIN:VCARD\r\n", b"BEGIN:VCARD\r\nEND:VCARD\r\n", b"BEGIN:VCARD\r\n;;;:x\r\nEND:VCARD"]
)
def test_empty_cards_are_no_rows(data):
    with pytest.raises(spreadsheets.NothingInside):
        spreadsheets.read("x.vcf", data)
