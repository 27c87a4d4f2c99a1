"""Files as peers export them are brought in through the gateway into real services, without a hand on the file: all rows are
in, in the right fields, their values mapped. Users 2, LED-05, DAT-04, DAT-09."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from chassis.importing import Importer
from chassis.work import Work
from contracts.actor import Actor
from contracts.organization import ChoiceListed
from contracts.query import ListOf
from contracts.shipped import shipped_id
from services.customer import model
from services.organization.seed import seed
from tests.cast import ALICE_ID, ROOT_ID, person
from tests.desk import Desk
from tests.gateway import fake
from tests.gateway.test_imports import chosen
from tests.service.customer.conftest import meet_the_staff

ROOT = person(ROOT_ID, "Root", "* all", language="en")


class RealServices(fake.FakeHouse):
    """Sign-in is the fake's; leads, customers and lists are kept by the real services, without a broker between them."""

    def __init__(self, customer: Desk, organization: Desk) -> None:
        super().__init__()
        self.customer, self.organization, self.heard = customer, organization, 0

    def _answer(self, call: Any) -> Any:
        entity = call.message.get("entity", "") if isinstance(call.message, dict) else ""
        if call.service == "customer":
            return self._asked(self.customer, call)
        if call.service == "organization" and entity == "organization.choice":
            return self._asked(self.organization, call)
        return super()._answer(call)

    def _asked(self, desk: Desk, call: Any) -> Any:
        answer = desk.ask(self._actor(call.token), call.method, call.message, call.key)
        cards = self.organization.emitted(ChoiceListed)
        for card in cards[self.heard :]:
            self.customer.hear(card)
        self.heard = len(cards)
        Importer(self.customer.house).run_all()
        return answer


@pytest.fixture
def house(desk, monkeypatch) -> RealServices:
    monkeypatch.setitem(fake.PEOPLE, "root", ROOT)
    customer, organization = desk("customer"), desk("organization")
    with organization.house.sessions.begin() as session:
        seed(Work(session, Actor.system("seed"), organization.house))
    meet_the_staff(customer)
    house = RealServices(customer, organization)
    for row in organization.ask(ROOT, "list", ListOf(entity="organization.choice"), query={"limit": 500})[
        "rows"
    ]:
        data = {name: row[name] for name in ("list", "code", "parent_id", "position")}
        card = ChoiceListed(
            record_id=row["id"], epoch=1, ver=1, label=row["name"], label_en=row["name_en"], data=data
        )  # fmt: skip
        customer.hear(card)
    return house


@pytest.fixture
def root(sign_in):
    return sign_in("root")


def bring(browser, noun: str, name: str, data: bytes, **answers: str) -> dict[str, Any]:
    """Choose the file, agree to what is proposed, press go; the job as it ended."""
    fields = {"csrf_token": browser.token(), "file": (io.BytesIO(data), name)}
    columns = browser.post(
        f"/customer/{noun}/import", data=fields, content_type="multipart/form-data"
    ).location
    page = browser.get(columns).text
    job = browser.post(columns, data={"csrf_token": browser.token(), **chosen(page), **answers}).location
    browser.application.extensions["guanxi-stager"].wait()
    assert browser.get(job).status_code == 200
    browser.send(f"{job}/run")
    return browser.get(job, headers={"Accept": "application/json"}).json


def table(header: str, *rows: dict[str, str], letters: str = "utf-8") -> bytes:
    """A file with these titles; each row says what it fills."""
    titles = next(csv.reader([header]))
    made = io.StringIO()
    writer = csv.DictWriter(made, titles, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return made.getvalue().encode(letters)


SALESFORCE_LEADS = (
    "Lead Owner,First Name,Last Name,Title,Company / Account,Email,Lead Source,Industry,Rating,Phone,Mobile,Street,City,"
    "State/Province,Zip/Postal Code,Country,Website,No. of Employees,Annual Revenue,Lead Status,Create Date,Description"
)
HUBSPOT_CONTACTS = (
    "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Primary Associated Company ID,Last Activity Date (EDT),"
    "Lead Status,Marketing contact status,Create Date (EDT),Associated Company,Job Title,Mobile Phone Number,Website URL"
)
HUBSPOT_COMPANIES = (
    "Record ID,Company name,Company owner,Create Date (EDT),Phone Number,Last Activity Date (EDT),City,Country/Region,Industry,"
    "Street Address,Website URL,Company Domain Name,Description"
)
ESPO_CONTACTS = (
    "Name,Salutation,First Name,Last Name,Account,Title,Email,Phone,Phone (Mobile),Address Street,Address City,Address Country,"
    "Description,Assigned User,Teams,Created At"
)
ESPO_LEADS = (
    "Name,First Name,Last Name,Account Name,Title,Website,Email,Phone,Status,Source,Industry,Opportunity Amount,"
    "Address Street,Description,Assigned User,Created At"
)
OUTLOOK = (
    "First Name,Middle Name,Last Name,Title,Suffix,Nickname,Given Yomi,Surname Yomi,E-mail Address,E-mail 2 Address,"
    "E-mail 3 Address,Home Phone,Home Phone 2,Business Phone,Business Phone 2,Mobile Phone,Car Phone,Other Phone,Primary Phone,"
    "Pager,Business Fax,Home Fax,Other Fax,Company Main Phone,Callback,Radio Phone,Telex,TTY/TDD Phone,IMAddress,Job Title,"
    "Department,Company,Office Location,Manager's Name,Assistant's Name,Assistant's Phone,Company Yomi,Business Street,"
    "Business City,Business State,Business Postal Code,Business Country/Region,Home Street,Home City,Home State,"
    "Home Postal Code,Home Country/Region,Other Street,Other City,Other State,Other Postal Code,Other Country/Region,"
    "Personal Web Page,Spouse,Schools,Hobby,Location,Web Page,Birthday,Anniversary,Notes"
)
GOOGLE = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,Name Suffix,"
    "Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,"
    "E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,"
    "Phone 2 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Website 1 - Label,"
    "Website 1 - Value"
)


def named(house: RealServices, cls: Any) -> dict[str, Any]:
    return {row.name: row for row in house.customer.rows(cls)}


def entry(house: RealServices, id: Any) -> str | None:
    """The name of an entry of a list."""
    row = next(
        (
            row
            for row in house.organization.ask(ROOT, "options", entity="organization.choice", ids=[str(id)])[
                "options"
            ]
        ),
        None,
    )
    return row and row["label"]


def test_leads_of_salesforce(root, house):
    rows = [
        {"Lead Owner": "Jane Roe", "First Name": "Ann", "Last Name": "Smith", "Title": "CTO", "Company / Account": "Acme",
         "Email": "ann@acme.example", "Lead Source": "Web", "Industry": "Technology", "Phone": "(555) 010-0100",
         "Create Date": "5/14/2024", "Website": "www.acme.example", "Description": "wants a demo"},
        {"Lead Owner": "Alice", "Last Name": "Ray", "Company / Account": "Bolt", "Lead Source": "Carrier pigeon",
         "Industry": "Shipbuilding", "Create Date": "5/2/2024"},
    ]  # fmt: skip
    job = bring(root, "lead", "leads.csv", table(SALESFORCE_LEADS, *rows, letters="cp1252"))
    assert (job["made"], job["bad"], job["problems_sample"]) == (2, 0, [])
    acme, bolt = (named(house, model.Lead)[name] for name in ("Acme", "Bolt"))
    assert (acme.contact_name, acme.job_title, acme.phone, acme.website) == (
        "Ann Smith", "CTO", "(555) 010-0100", "https://www.acme.example",
    )  # fmt: skip
    assert (str(acme.created_at.date()), str(bolt.created_at.date())) == (
        "2024-05-13",
        "2024-05-01",
    )  # midnight in China
    assert (acme.source_id, acme.industry_id) == (
        shipped_id("organization.choice", "lead_source", "internet"),
        shipped_id("organization.choice", "industry", "new_economy"),
    )
    assert (entry(house, bolt.source_id), entry(house, bolt.industry_id)) == (
        "Carrier pigeon",
        "Shipbuilding",
    )
    assert (acme.owner_id, bolt.owner_id) == (ROOT_ID, ALICE_ID)
    told = {(one["field"], one["text"]): one["answer"] for one in job["unknown"]}
    assert (told["owner_id", "Jane Roe"], told["industry_id", "Shipbuilding"]) == ("me", "make")


def test_leads_of_espocrm(root, house):
    row = {
        "Name": "Ann Smith", "First Name": "Ann", "Last Name": "Smith", "Account Name": "Acme", "Title": "CTO", "Source": "Call",
        "Industry": "Electronics", "Email": "ann@acme.example", "Status": "New", "Assigned User": "bob",
        "Created At": "2024-05-14 08:30:00",
    }  # fmt: skip
    job = bring(root, "lead", "Lead.csv", table(ESPO_LEADS, row, letters="utf-8-sig").replace(b",", b";"))
    assert (job["made"], job["bad"]) == (1, 0)
    (lead,) = house.customer.rows(model.Lead)
    assert (lead.name, lead.contact_name, lead.job_title) == ("Acme", "Ann Smith", "CTO")
    assert lead.source_id == shipped_id("organization.choice", "lead_source", "phone_enquiry")
    assert entry(house, lead.industry_id) == "工业制造"


def test_companies_of_hubspot(root, house):
    row = {
        "Record ID": "77", "Company name": "Acme", "Company owner": "Jane Roe", "Create Date (EDT)": "2024-05-14 10:22", "Last Activity Date (EDT)": "2024-06-01 08:00",
        "Phone Number": "+1 555 0100", "Industry": "COMPUTER_SOFTWARE", "Street Address": "1 Main Street",
        "Website URL": "acme.example", "Company Domain Name": "acme.example", "Description": "makes things",
    }  # fmt: skip
    job = bring(root, "customer", "all-companies.csv", table(HUBSPOT_COMPANIES, row))
    assert (job["made"], job["bad"]) == (1, 0)
    (customer,) = house.customer.rows(model.Customer)
    assert (customer.name, customer.phone, customer.address) == ("Acme", "+1 555 0100", "1 Main Street")
    assert (customer.website, customer.background) == ("https://acme.example", "makes things")
    assert entry(house, customer.industry_id) == "新经济"


def test_an_address_in_parts_is_whole_and_told_where_the_columns_are_chosen(root, house):
    """DAT-09: street, city, state, postal code and country of one file are the one address of a lead."""
    one = {"Last Name": "Ray", "Company / Account": "Bolt", "Street": "1 Main St", "City": "Springfield", "Country": "USA",
           "State/Province": "IL", "Zip/Postal Code": "62701"}  # fmt: skip
    other = {
        "Last Name": "王芳",
        "Company / Account": "泰微",
        "Street": "浦东大道1号",
        "City": "上海市",
        "Country": "中国",
    }
    data = table(SALESFORCE_LEADS, one, other)
    fields = {"csrf_token": root.token(), "file": (io.BytesIO(data), "leads.csv")}
    page = root.post("/customer/lead/import", data=fields, content_type="multipart/form-data").location
    for language, told in (
        (
            "en",
            (
                "joined from Street, City, State/Province, Zip/Postal Code, Country",
                "goes into “Address” below",
            ),
        ),
        (
            "zh_CN",
            ("由以下各列合并：Street, City, State/Province, Zip/Postal Code, Country", "并入下方的“地址”"),
        ),
    ):
        root.set_cookie("guanxi_language", language)
        shown = root.get(page).text
        for words in told:
            assert words in shown, words
    job = bring(root, "lead", "leads.csv", data)
    assert (job["made"], job["problems_sample"]) == (2, [])
    addresses = {name: row.address for name, row in named(house, model.Lead).items()}
    assert addresses == {"Bolt": "1 Main St, Springfield, IL 62701, USA", "泰微": "中国上海市浦东大道1号"}


PEOPLE = {
    "hubspot": (
        HUBSPOT_CONTACTS,
        {"First Name": "Ann", "Last Name": "Smith", "Associated Company": "Acme", "Email": "ann@acme.example", "Job Title": "CTO",
         "Mobile Phone Number": "+1 555 0101", "Phone Number": "+1 555 0100", "Create Date (EDT)": "2024-05-14 10:22",
         "Contact owner": "Jane Roe"},
        {"First Name": "李", "Last Name": "雷", "Email": "li@lei.example"},
    ),
    "espocrm": (
        ESPO_CONTACTS,
        {"Name": "Ann Smith", "First Name": "Ann", "Last Name": "Smith", "Account": "Acme", "Email": "ann@acme.example",
         "Title": "CTO", "Phone": "+1 555 0100", "Phone (Mobile)": "+1 555 0101", "Assigned User": "Jane Roe",
         "Created At": "2024-05-14 10:22:33"},
        {"Name": "雷 李", "First Name": "李", "Last Name": "雷"},
    ),
    "outlook": (
        OUTLOOK,
        {"First Name": "Ann", "Last Name": "Smith", "Title": "Ms.", "Company": "Acme", "E-mail Address": "ann@acme.example",
         "Job Title": "CTO", "Business Phone": "+1 555 0100", "Mobile Phone": "+1 555 0101", "Birthday": "5/14/1990",
         "Anniversary": "0/0/00"},
        {"First Name": "李", "Last Name": "雷", "Birthday": "0/0/00"},
    ),
    "google": (
        GOOGLE,
        {"First Name": "Ann", "Last Name": "Smith", "Organization Name": "Acme", "Organization Title": "CTO",
         "E-mail 1 - Value": "ann@acme.example ::: ann@home.example", "Phone 1 - Value": "+1 555 0100", "Birthday": "1990-05-14",
         "Labels": "Customers ::: * myContacts"},
        {"First Name": "李", "Last Name": "雷", "Birthday": "--05-01", "Labels": "* myContacts"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("peer", PEOPLE)
def test_people_of_peers_come_with_their_companies(root, house, peer):
    """Nobody is set aside for want of a company: an unknown one is made, whoever has none is a customer of her own."""
    header, *rows = PEOPLE[peer]
    job = bring(root, "contact", "contacts.csv", table(header, *rows))
    assert (job["made"], job["bad"], job["added"], job["problems_sample"]) == (2, 0, 2, [])
    people, customers = named(house, model.Contact), named(house, model.Customer)
    ann = people["Ann Smith"]
    assert (ann.job_title, ann.email, ann.phone) == ("CTO", "ann@acme.example", "+1 555 0100")
    if peer != "google":
        assert ann.mobile == "+1 555 0101"
    assert ann.customer_id == customers["Acme"].id
    single = next(one for name, one in people.items() if "李" in name)
    assert single.customer_id == customers[single.name].id
    assert (customers["Acme"].nature, customers[single.name].nature) == ("company", "individual")
    if peer in {"outlook", "google"}:
        assert str(ann.birthday) == "1990-05-14"
        assert single.birthday is None
    if peer == "google":
        assert [entry(house, id) for id in ann.tags] == ["Customers"]
        assert single.tags == []


CARDS = {
    "google": (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann Smith\r\nN:Smith;Ann;;;\r\nORG:Acme\r\nTITLE:CTO\r\n"
        "EMAIL;TYPE=INTERNET:ann@acme.example\r\nTEL;TYPE=WORK:+1 555 0100\r\nTEL;TYPE=CELL:+1 555 0101\r\nBDAY:19900514\r\n"
        "CATEGORIES:myContacts\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:李雷\r\nN:李;雷;;;\r\nBDAY:--0501\r\nEND:VCARD\r\n"
    ),
    "apple": (
        "BEGIN:VCARD\nVERSION:3.0\nPRODID:-//Apple Inc.//macOS 14.4//EN\nN:Smith;Ann;;;\nFN:Ann Smith\nORG:Acme;\nTITLE:CTO\n"
        "EMAIL;type=INTERNET;type=WORK;type=pref:ann@acme.example\nTEL;type=CELL;type=VOICE:+1 555 0101\n"
        "item1.TEL;type=pref:+1 555 0100\nitem1.X-ABLabel:_$!<Main>!$_\nBDAY:1990-05-14\n"
        "X-ABUID:1F2E:ABPerson\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nN:李;雷;;;\nFN:李雷\nBDAY;value=date;X-APPLE-OMIT-YEAR=1604:1604-05-01\nEND:VCARD\n"
    ),
}


@pytest.mark.parametrize("phone", CARDS)
def test_cards_of_phones(root, house, phone):
    job = bring(root, "contact", "contacts.vcf", CARDS[phone].encode())
    assert (job["made"], job["bad"], job["added"], job["problems_sample"]) == (2, 0, 2, [])
    ann = named(house, model.Contact)["Ann Smith"]
    assert (ann.job_title, ann.email, ann.phone, ann.mobile, str(ann.birthday)) == (
        "CTO", "ann@acme.example", "+1 555 0100", "+1 555 0101", "1990-05-14",
    )  # fmt: skip
    assert named(house, model.Contact)["李雷"].birthday is None


def test_the_same_file_again_brings_nothing_twice(root, house):
    header, *rows = PEOPLE["outlook"]
    bring(root, "contact", "contacts.csv", table(header, *rows))
    again = bring(root, "contact", "contacts.csv", table(header, *rows))
    assert (again["made"], again["bad"]) == (0, 2)
    assert len(house.customer.rows(model.Customer)) == 2
