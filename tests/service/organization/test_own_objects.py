"""Kinds of record that the company defines itself (users 6): what an administrator may say, and what goes and comes with one."""

from __future__ import annotations

import pytest

from chassis import seeds
from contracts.errors import Forbidden, Invalid
from contracts.organization import OwnObjectListed, RoleChanged, role_id
from services.organization.seed import seed
from tests.desk import Desk
from tests.service.organization.conftest import SYSTEM, Company


def define(office: Desk, name: str = "设备", by=SYSTEM, **values) -> dict:
    return office.create(by, "own_object", name=name, **{"name_en": "Equipment", **values})


def wrong(office: Desk, **values) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as raised:
        define(office, **values)
    return [(problem.field, problem.code) for problem in raised.value.fields]


def lines(office: Desk, role: str) -> list[dict]:
    row = office.ask(SYSTEM, "get", entity="role", id=str(role_id(role)))["row"]
    return [{name: line[name] for name in ("id", "permission", "scope")} for line in row["grants"]]


def rights(office: Desk, role: str, code: str = "equipment") -> set[tuple[str, str]]:
    start = f"customer.object_{code}."
    return {
        (line["permission"].removeprefix(start), line["scope"])
        for line in lines(office, role)
        if line["permission"].startswith(start)
    }


def put_away(office: Desk, row: dict) -> dict:
    return office.ask(SYSTEM, "archive", entity="own_object", id=row["id"])["row"]


def bring_back(office: Desk, row: dict) -> dict:
    return office.ask(SYSTEM, "restore", entity="own_object", id=row["id"])["row"]


def test_whoever_keeps_its_records_hears_of_it(office: Desk):
    row = define(office, has_customer=True, number_prefix="sb")
    (card,) = office.emitted(OwnObjectListed)
    assert str(card.record_id) == row["id"]
    assert (card.data["code"], card.data["number_prefix"], card.data["has_customer"]) == (
        "equipment",
        "SB",
        True,
    )


def test_a_code_is_made_of_the_name_and_stays(office: Desk):
    row = define(office)
    assert define(office)["code"] == "equipment_2"
    assert define(office, "展会", name_en=None)["code"] == "zh"
    assert wrong(office, code="equipment") == [("code", "taken")]
    assert wrong(office, code="Groß") == [("code", "wrong")]
    with pytest.raises(Invalid):
        office.ask(SYSTEM, "update", entity="own_object", id=row["id"], values={"code": "other"})


def test_its_numbers_are_no_others(office: Desk):
    define(office, number_prefix="SB")
    assert wrong(office, number_prefix="SB") == [("number_prefix", "taken")]
    assert wrong(office, number_prefix="KH") == [("number_prefix", "taken")]
    assert wrong(office, number_prefix="设备") == [("number_prefix", "wrong")]
    assert wrong(office, icon_name="dragon") == [("icon_name", "not_a_choice")]


def test_who_works_with_customers_may_do_the_same_with_it(office: Desk):
    """Written down in the roles, where it is changed (PRM-01)."""
    define(office)
    assert {("*", "own"), ("read", "own")} <= rights(office, "rep")
    assert {("*", "department"), ("import", "department")} <= rights(office, "sales_manager")
    assert rights(office, "accountant") == {("read", "all")}
    assert rights(office, "administrator") == {("*", "all")}
    assert {event.code for event in office.emitted(RoleChanged)} >= {"rep", "administrator"}


def test_a_role_as_it_was_shipped_stays_one(office: Desk):
    """The next release still brings its own lines, and leaves those of own objects."""
    define(office)
    before = lines(office, "rep")
    less = [line for line in before if line["permission"] != "customer.my_day"]
    office.ask(SYSTEM, "update", entity="role", id=str(role_id("rep")), values={"grants": less})
    with office.house.sessions.begin() as session:
        seed(seeds.Work(session, SYSTEM, office.house, door="seed"))
    assert sorted(map(str, lines(office, "rep"))) == sorted(map(str, before))


def test_what_hangs_on_it_goes_with_it_and_comes_back(office: Desk, company: Company):
    row = define(office, has_customer=True)
    entity = "customer.object_equipment"
    office.create(SYSTEM, "own_field", entity_name=entity, name="功率", kind="number")
    gone_before = office.create(SYSTEM, "own_field", entity_name=entity, name="颜色", kind="text")
    office.ask(SYSTEM, "archive", entity="own_field", id=gone_before["id"])
    there = {"entity_name": "sales.quote", "name": "用于", "kind": "reference", "refers_to": entity}
    office.create(SYSTEM, "own_field", **there)
    office.create(company.actor("Alice"), "saved_view", name="我的设备", list_of=entity, query="owner_id=me")
    use = office.ask(SYSTEM, "own_object_use", id=row["id"])
    assert {name: use[name] for name in ("entity", "fields", "views")} == {
        "entity": entity,
        "fields": 2,
        "views": 1,
    }
    assert use["roles"] == 8
    kept = {role: rights(office, role) for role in ("rep", "sales_manager", "administrator")}

    office.later(hours=1)
    put_away(office, row)
    assert office.ask(SYSTEM, "list", entity="own_field")["rows"] == []
    assert office.ask(company.actor("Alice"), "views", list_of=entity)["rows"] == []
    assert all(rights(office, role) == set() for role in kept)

    office.later(hours=1)
    assert bring_back(office, row)["archived_at"] is None
    assert {field["name"] for field in office.ask(SYSTEM, "list", entity="own_field")["rows"]} == {
        "功率",
        "用于",
    }
    assert [view["name"] for view in office.ask(company.actor("Alice"), "views", list_of=entity)["rows"]] == [
        "我的设备"
    ]
    assert {role: rights(office, role) for role in kept} == kept
    cards = [card.archived for card in office.emitted(OwnObjectListed)]
    assert cards == [False, True, False]


def test_rights_as_somebody_made_them_come_back_so(office: Desk):
    row = define(office)
    start = "customer.object_equipment."
    wanted = [line for line in lines(office, "accountant") if not line["permission"].startswith(start)]
    wanted += [{"permission": f"{start}update", "scope": "branch"}]
    office.ask(SYSTEM, "update", entity="role", id=str(role_id("accountant")), values={"grants": wanted})
    put_away(office, row)
    bring_back(office, row)
    assert rights(office, "accountant") == {("update", "branch")}


def test_a_reference_leads_only_to_one_that_is_there(office: Desk):
    field = {"entity_name": "customer.customer", "name": "设备", "kind": "reference"}
    for entity in ("customer.object_equipment", "notification.letter", "nowhere.at_all"):
        with pytest.raises(Invalid) as raised:
            office.create(SYSTEM, "own_field", **field, refers_to=entity)
        assert [(p.field, p.code) for p in raised.value.fields] == [("refers_to", "not_a_choice")]
    row = define(office)
    office.create(SYSTEM, "own_field", **field, refers_to="customer.object_equipment")
    put_away(office, row)
    with pytest.raises(Invalid) as raised:
        office.create(SYSTEM, "own_field", entity_name="customer.object_equipment", name="x", kind="text")
    assert [(p.field, p.code) for p in raised.value.fields] == [("entity_name", "not_a_choice")]


def test_only_administrators_define_them(office: Desk, company: Company):
    with pytest.raises(Forbidden):
        define(office, by=company.actor("Bob"))
    row = define(office, by=company.actor("Root"))
    with pytest.raises(Forbidden):
        office.ask(company.actor("Bob"), "own_object_use", id=row["id"])
    assert office.ask(company.actor("Alice"), "list", entity="own_object")["rows"][0]["name"] == "设备"
    assert company.actor("Alice").scope("customer.object_equipment.create") == "own"
