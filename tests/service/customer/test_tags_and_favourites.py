"""Tags and stars on customers: found by them, given to many, brought in by a file; what is out of reach is not shown."""

from __future__ import annotations

from uuid import UUID

import pytest

from chassis.importing import Importer
from contracts.errors import Invalid, NotFound
from contracts.favourites import MOST
from contracts.organization import ChoiceListed, choice_id
from tests.cast import ALICE_ID, BOB_ID, person
from tests.desk import Desk
from tests.service.customer.conftest import meet_the_staff

ALICE, BOB = (person(id, name, "customer.* own") for id, name in ((ALICE_ID, "Alice"), (BOB_ID, "Bob")))
KEY, RISK = choice_id("tag", "key_account"), choice_id("tag", "at_risk")


@pytest.fixture
def office(desk) -> Desk:
    at = desk("customer")
    meet_the_staff(at)
    for id, name in ((KEY, "大客户"), (RISK, "有流失风险")):
        at.hear(ChoiceListed(record_id=id, epoch=1, ver=1, label=name, data={"list": "tag", "code": name}))
    return at


def names(office: Desk, **where) -> set[str]:
    found = office.ask(ALICE, "list", {"entity": "customer.customer", "query": {"where": where}})
    return {row["name"] for row in found["rows"]}


def customer(office: Desk, name: str, actor=ALICE, **values) -> dict:
    return office.create(actor, "customer", name=name, kind="end_customer", **values)


def test_customers_are_found_by_their_tags(office):
    customer(office, "甲", tags=[str(KEY), str(RISK)])
    customer(office, "乙", tags=[str(KEY)])
    third = customer(office, "丙")
    assert names(office, tags=str(KEY)) == {"甲", "乙"}
    assert names(office, tags__in=[str(RISK), str(KEY)]) == {"甲", "乙"}
    assert names(office, tags__empty=True) == {"丙"}
    many = {"entity": "customer.customer", "ids": [third["id"]], "values": {"tags": [str(RISK)]}}
    office.ask(ALICE, "change_many", many)
    assert names(office, tags=str(RISK)) == {"甲", "丙"}
    got = office.ask(ALICE, "get", {"entity": "customer.customer", "id": third["id"]})
    assert got["labels"][str(RISK)]["label"] == "有流失风险"
    with pytest.raises(Invalid) as wrong:
        customer(office, "丁", tags=[str(choice_id("industry", "trade"))])
    assert wrong.value.fields[0].field.startswith("tags")


def test_tags_are_added_to_many_and_taken_from_many_without_losing_what_is_there(office):
    rows = [
        customer(office, "甲", tags=[str(KEY)]),
        customer(office, "乙", tags=[str(RISK)]),
        customer(office, "丙"),
    ]
    many = {
        "entity": "customer.customer",
        "ids": [row["id"] for row in rows],
        "values": {"tags": [str(RISK)]},
    }
    assert office.ask(ALICE, "change_many", {**many, "how": "add"})["changed"] == 2
    assert office.ask(ALICE, "change_many", {**many, "how": "add"})["changed"] == 0
    assert names(office, tags=str(KEY)) == {"甲"}
    assert names(office, tags=str(RISK)) == {"甲", "乙", "丙"}
    assert office.ask(ALICE, "change_many", {**many, "how": "take"})["changed"] == 3
    assert names(office, tags=str(KEY)) == {"甲"}
    assert names(office, tags__empty=True) == {"乙", "丙"}
    with pytest.raises(Invalid) as wrong:  # a name is one value: there is nothing to add to
        office.ask(ALICE, "change_many", {**many, "values": {"short_name": "x"}, "how": "add"})
    assert wrong.value.fields[0].field == "short_name"


def test_a_file_brings_tags_by_their_names(office):
    root = person(BOB_ID, "Bob", "customer.* all")
    job = office.ask(
        root, "start_import", {"entity": "customer", "file_name": "x", "columns": ["name", "tags"]}
    )
    rows = [{"name": "戊", "tags": "大客户；有流失风险"}, {"name": "己", "tags": "没有这个"}]
    office.ask(root, "stage_rows", {"job_id": job["id"], "first": 2, "rows": rows})
    office.ask(root, "run_import", {"job_id": job["id"]})
    Importer(office.house).run_all()
    done = office.ask(root, "job", {"id": job["id"]})
    assert (done["made"], done["bad"]) == (1, 1)
    found = office.ask(root, "list", {"entity": "customer.customer", "query": {"where": {"name": "戊"}}})[
        "rows"
    ]
    assert {UUID(id) for id in found[0]["tags"]} == {KEY, RISK}


def test_a_star_shows_only_what_may_be_seen(office):
    mine, his = customer(office, "我的"), customer(office, "他的", BOB)
    star = {"entity": "customer.customer", "is_on": True}
    office.ask(ALICE, "star", {**star, "id": mine["id"]})
    with pytest.raises(NotFound):
        office.ask(ALICE, "star", {**star, "id": his["id"]})
    office.ask(ALICE, "archive", {"entity": "customer.customer", "id": mine["id"]})
    assert office.ask(ALICE, "favourites", {})["rows"] == []
    office.ask(ALICE, "restore", {"entity": "customer.customer", "id": mine["id"]})
    assert [row["id"] for row in office.ask(ALICE, "favourites", {})["rows"]] == [mine["id"]]


def test_there_is_an_end_to_stars(office):
    rows = [customer(office, f"第{n}家") for n in range(MOST + 1)]
    star = {"entity": "customer.customer", "is_on": True}
    for row in rows[:-1]:
        office.ask(ALICE, "star", {**star, "id": row["id"]})
    with pytest.raises(Invalid) as full:
        office.ask(ALICE, "star", {**star, "id": rows[-1]["id"]})
    assert full.value.fields[0].code == "too_many_favourites"
    office.ask(ALICE, "star", {**star, "id": rows[0]["id"]})  # has one already
