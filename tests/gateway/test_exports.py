"""Lists become files: short ones at once, long ones in the background, under the rights of each moment (DAT-04, users 2)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from contracts.actor import Actor
from contracts.customer import Contact, Customer, Lead
from contracts.errors import Forbidden, Unavailable
from contracts.organization import role_id
from gateway import spreadsheets, vcards
from gateway.entity_pages import list_files
from gateway.exporter import Exporter
from tests.gateway import fake
from tests.gateway.conftest import Browser
from tests.gateway.fake import FakeHouse
from tests.service.organization.conftest import SYSTEM, Company, company, office, seeded

__all__ = ["company", "office", "seeded"]
LIST = "/customer/contact"
ORGANIZATION = (
    "start_export", "cancel_export", "export_part", "take_export", "report_export", "put_export_part", "finish_export",
    "fail_export",
)  # fmt: skip


@pytest.fixture
def house(company: Company) -> FakeHouse:
    """Customers in memory; exports, staff and rights in the real organization."""
    made = FakeHouse(Contact, Customer, Lead)

    def at(door: str) -> Callable[[Actor, dict[str, Any]], Any]:
        return lambda actor, message: company.desk.ask(actor, door, message)

    for door in ORGANIZATION:
        made.doors["organization", door] = at(door)
    for door in ("get", "history"):
        made.doors["organization", door] = at(door)
    return made


@pytest.fixture
def alice(app: Flask, company: Company, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Alice as organization knows her, in English."""
    person = company.actor("Alice").model_copy(update={"language": "en"})
    monkeypatch.setitem(fake.PEOPLE, "alice", person)
    browser = app.test_client()
    assert browser.send("/sign-in", login="alice", password=fake.PASSWORD).status_code == 303
    return browser


@pytest.fixture
def many(house: FakeHouse, monkeypatch: pytest.MonkeyPatch) -> int:
    """More contacts than come at once."""
    firm = house.add(Customer, name="北京仪器, 中国; 有限公司", kind="end_customer")
    for number in range(2300):
        house.add(
            Contact,
            name=f"=联系人{number}",
            customer_id=firm,
            mobile=f"138{number:08}",
            birthday="1990-02-03",
        )
    house.doors["customer", "grouped"] = lambda actor, message: {"count": 2300, "groups": [], "sums": {}}
    return 2300


def begin(browser: Browser, kind: str, query: str = "") -> str:
    """Ask for the file as the list's menu does; the address of the export."""
    answer = browser.send(f"{LIST}/export{query}", file_kind=kind)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def states(browser: Browser, place: str) -> dict[str, Any]:
    row: dict[str, Any] = browser.get(f"{place}.json").json["row"]
    return row


def test_a_short_list_comes_at_once(alice, house):
    house.add(Contact, name="王芳", customer_id=house.add(Customer, name="北京仪器", kind="end_customer"))
    place = begin(alice, "csv", "?q=王")
    assert place == f"{LIST}.csv?q=%E7%8E%8B"
    assert "王芳" in alice.get(place).data.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx", "vcf"])
def test_a_long_list_is_written_whole_in_the_background(kind, alice, app, many, monkeypatch):
    """However many rows there are: what does not fit on one sheet goes on in the next."""
    monkeypatch.setattr(list_files, "MOST_ROWS", 900)
    place = begin(alice, kind)
    page = alice.get(place).text
    assert "<progress" in page
    assert f'hx-get="{place}" hx-trigger="load delay:1s" hx-target="#main"' in page, (
        "it goes on after a reload"
    )
    look = alice.get(place, headers={"HX-Request": "true", "HX-Target": "main"})
    assert (look.status_code, "<progress" in look.text) == (200, True)
    assert Exporter(app).write_next()
    assert not Exporter(app).write_next()
    row = states(alice, place)
    assert (row["state"], row["done"], row["total"]) == ("ready", many, many)
    assert f'href="{place}/file"' in alice.get(place).text
    answer = alice.get(f"{place}/file")
    assert int(answer.headers["Content-Length"]) == len(answer.data) == row["size"]
    assert f".{kind}" in answer.headers["Content-Disposition"]
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
        assert len(rows) == many + 1
        assert rows[1][rows[0].index("Full name")].startswith("'=联系人"), (
            "no formula, and titles in her language"
        )
    elif kind == "xlsx":
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
        assert [len(rows) for rows in sheets] == [901, 901, 501]
        titles = sheets[0][0]
        assert all(rows[0] == titles for rows in sheets)
        assert len({row[titles.index("Full name")] for rows in sheets for row in rows[1:]}) == many
    else:
        assert answer.data.count(b"BEGIN:VCARD") == many


def test_cards_come_back_as_they_went(alice, house):
    """What an address book takes in is what we gave out; our own import reads it too."""
    firm = house.add(Customer, name="北京仪器, 中国; 有限公司", kind="end_customer")
    house.add(
        Contact, name="王芳", customer_id=firm, job_title="采购\\经理", mobile="13800138000", phone="010-60000000",
        email="wang@example.com", birthday="1990-02-03", note="第一行\n第二行" + "很长" * 60,
    )  # fmt: skip
    data = alice.get(f"{LIST}.vcf").data
    assert vcards.is_vcard(data)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    table = spreadsheets.read("x.vcf", data)
    found = dict(zip(table.titles, table.rows[0][1], strict=True))
    assert found == {
        "Full name": "王芳", "Company": "北京仪器, 中国; 有限公司", "Job title": "采购\\经理", "Mobile": "13800138000",
        "Phone": "010-60000000", "E-mail": "wang@example.com", "Birthday": "1990-02-03",
        "Note": "第一行\n第二行" + "很长" * 60,
    } | {title: None for title in table.titles if title in ("Department", "Website", "Address")}  # fmt: skip


def test_a_lead_is_a_card_of_the_person_to_talk_to(alice, house):
    house.add(Lead, name="天津海工", contact_name="陈静", address="天津; 滨海路 1 号")
    house.add(Lead, name="只有公司")
    table = spreadsheets.read("x.vcf", alice.get("/customer/lead.vcf").data)
    people = {row[table.titles.index("Full name")]: row for _, row in table.rows}
    assert people["陈静"][table.titles.index("Address")] == "天津; 滨海路 1 号"
    assert "只有公司" in people


def test_what_has_no_card_gives_none_and_an_unknown_kind_is_named(alice):
    assert alice.get("/customer/customer.vcf").status_code == 404
    answer = alice.send(f"{LIST}/export", file_kind="exe")
    assert answer.status_code == 422


def test_who_may_not_export_starts_nothing(alice, app, company, monkeypatch):
    dan = company.actor("Dan")
    monkeypatch.setitem(fake.PEOPLE, "dan", dan)
    browser = app.test_client()
    browser.send("/sign-in", login="dan", password=fake.PASSWORD)
    assert browser.send(f"{LIST}/export", file_kind="csv").status_code == 403
    assert 'name="file_kind"' not in browser.get(LIST).text
    assert 'name="file_kind"' in alice.get(LIST).text


def test_a_right_that_is_taken_away_meanwhile_ends_it(alice, app, company, house, many):
    place = begin(alice, "csv")
    listing = house.doors.get(
        ("customer", "list"), lambda actor, message: house._list(Contact, actor, message)
    )

    def fire_after_the_first_page(actor: Actor, message: dict[str, Any]) -> Any:
        if message["query"].get("after"):
            raise AssertionError("a second page was asked for")
        values = {"roles": [str(role_id("accountant"))]}
        company.desk.ask(SYSTEM, "update", entity="staff", id=company.people["Alice"]["id"], values=values)
        return listing(actor, message)

    house.doors["customer", "list"] = fire_after_the_first_page
    Exporter(app).write_next()
    row = states(alice, place)
    assert (row["state"], row["error"]) == ("failed", Forbidden.__name__)
    assert "not allowed" in alice.get(place).text
    assert alice.get(f"{place}/file").status_code == 404


def test_what_she_stops_is_not_written_on(alice, app, company, house, many):
    place = begin(alice, "xlsx")

    def stop(actor: Actor, message: dict[str, Any]) -> Any:
        assert not message["query"].get("after"), "a second page was asked for"
        alice.send(f"{place}/cancel")
        return house._list(Contact, actor, message)

    house.doors["customer", "list"] = stop
    Exporter(app).write_next()
    assert states(alice, place)["state"] == "cancelled"
    assert "<progress" not in alice.get(place).text
    assert alice.get(f"{place}/file").status_code == 404


def test_a_part_that_is_away_does_not_end_it_and_a_new_writer_begins_anew(alice, app, company, house, many):
    place = begin(alice, "csv")

    def away(actor: Actor, message: dict[str, Any]) -> Any:
        if message["query"].get("after"):
            raise Unavailable(service="customer")
        return house._list(Contact, actor, message)

    house.doors["customer", "list"] = away
    assert Exporter(app).write_next()
    assert states(alice, place)["state"] == "running"
    house.doors.pop(("customer", "list"))
    assert not Exporter(app).write_next(), "its writer may still come back"
    company.desk.later(minutes=3)
    assert Exporter(app).write_next()
    row = states(alice, place)
    assert (row["state"], row["done"], row["attempts"]) == ("ready", many, 2)


def test_a_list_that_changed_meanwhile_says_so(alice, app, company, many):
    place = begin(alice, "csv")
    export = company.desk.ask(SYSTEM, "take_export")["export"]
    step = {"id": export["id"], "attempt": export["attempts"]}
    company.desk.ask(SYSTEM, "finish_export", **step, done=many - 1, size=0)
    page = alice.get(place).text
    assert "2299 rows" in page
    assert "it had 2,300 rows when you asked" in page


def test_what_breaks_says_so(alice, app, house, many):
    place = begin(alice, "csv")
    house.doors["customer", "list"] = lambda actor, message: {"rows": None, "count": 2300, "capped": False}
    Exporter(app).write_next()
    assert states(alice, place)["state"] == "failed"
    assert "could not be written" in alice.get(place).text


def test_a_program_gets_a_job_or_the_rows_at_once(alice, app, many):
    answer = alice.post(
        f"{LIST}/export",
        json={"file_kind": "csv"},
        headers={"X-CSRFToken": alice.token(), "Accept": "application/json"},
    )
    assert answer.status_code == 202
    assert answer.json["row"]["state"] == "waiting"
    assert alice.get(f"{LIST}.csv").data.count(b"\n") == many + 1
