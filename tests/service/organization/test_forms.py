"""How forms are arranged (users 6): what an administrator may say, and for whom it counts."""

from __future__ import annotations

from typing import Any

import pytest

from contracts import forms
from contracts.errors import Forbidden, Invalid
from contracts.organization import FormListed
from tests.desk import Desk
from tests.service.organization.conftest import SYSTEM, Company

NAME = {"field": "name"}


def form(
    office: Desk, *items: dict[str, Any], entity: str = "customer.customer", **more: Any
) -> dict[str, Any]:
    return office.create(SYSTEM, "form", entity_name=entity, items=list(items or (NAME,)), **more)


def wrong(office: Desk, *items: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as raised:
        form(office, *items, **more)
    return [(problem.field, problem.code) for problem in raised.value.fields]


def test_everybody_who_keeps_such_records_hears_of_it(office: Desk):
    row = form(
        office, {"section": "基本", "section_en": "Basics"}, NAME, {"field": "phone", "is_required": True}
    )
    (card,) = office.emitted(FormListed)
    assert (str(card.record_id), card.data["entity_name"]) == (row["id"], "customer.customer")
    (there,) = office.ask(SYSTEM, "forms")
    layout = forms.layout(there["items"], "en")
    assert layout == forms.layout(card.data["items"], "en")
    assert layout.sections == (("Basics", ("name", "phone")),)
    assert forms.layout(there["items"]).sections[0][0] == "基本"


def test_it_is_of_a_kind_of_record_that_people_fill_in(office: Desk):
    assert wrong(office, entity="customer.nobody") == [("entity_name", "not_a_choice")]
    assert wrong(office, entity="receivables.receivable") == [("entity_name", "not_a_choice")]
    assert wrong(office, entity="客户") == [("entity_name", "not_a_choice")]


def test_it_names_fields_that_there_are_and_each_once(office: Desk):
    assert wrong(office, {"field": "colour"}) == [("items.0.field", "unknown")]
    assert wrong(office, NAME, {"field": "phone"}, NAME) == [("items.2.field", "taken")]
    assert wrong(office, {"field": "own_origin"}) == [("items.0.field", "unknown")]
    assert wrong(office, {"field": "ver"}) == [("items.0.field", "unknown")]
    assert wrong(office, {"section_en": "Basics"}) == [("items.0.section", "required")]


def test_what_must_be_filled_in_stays_for_all(office: Desk):
    assert wrong(office, {**NAME, "is_left_out": True}) == [("items.0.is_left_out", "must_stay")]
    assert wrong(office, {**NAME, "only_for": ["company"]}) == [("items.0.only_for", "must_stay")]
    assert wrong(office, {"field": "number", "is_required": True}) == [("items.0.is_required", "readonly")]
    both = {"field": "phone", "is_left_out": True, "is_required": True}
    assert wrong(office, both) == [("items.0.is_required", "wrong")]


def test_a_field_may_be_for_customers_of_some_nature_only(office: Desk):
    kept = form(office, NAME, {"field": "tax_number", "is_required": True, "only_for": ["company"]})
    assert kept["items"][1]["only_for"] == ["company"]
    assert wrong(office, {"field": "phone", "only_for": ["giant"]}, entity="customer.customer") == [
        ("entity_name", "taken")
    ]
    assert wrong(office, {"field": "phone", "only_for": ["company"]}, entity="customer.lead") == [
        ("items.0.only_for", "wrong")
    ]


def test_there_is_one_for_everybody_and_one_for_each_department(office: Desk, company: Company):
    department = company.people["Alice"]["department_id"]
    first = form(office)
    form(office, department_id=department)
    assert wrong(office) == [("entity_name", "taken")]
    assert wrong(office, department_id=department) == [("department_id", "taken")]
    office.ask(SYSTEM, "archive", entity="form", id=first["id"])
    assert [row["department_id"] for row in office.ask(SYSTEM, "forms")] == [department]
    second = form(office)
    with pytest.raises(Invalid):
        office.ask(SYSTEM, "restore", entity="form", id=first["id"])
    office.ask(SYSTEM, "archive", entity="form", id=second["id"])
    office.ask(SYSTEM, "restore", entity="form", id=first["id"])


def test_an_own_field_that_was_put_away_keeps_its_place(office: Desk):
    own = office.create(
        SYSTEM, "own_field", entity_name="customer.customer", name="产地", kind="text", code="origin"
    )
    row = form(office, {"field": "own_origin", "is_required": True}, NAME)
    office.ask(SYSTEM, "archive", entity="own_field", id=own["id"])
    items = [{name: item[name] for name in ("id", "field", "is_required")} for item in row["items"]]
    items.append({"field": "phone"})
    changed = office.ask(SYSTEM, "update", entity="form", id=row["id"], values={"items": items})["row"]
    assert [item["field"] for item in changed["items"]] == ["own_origin", "name", "phone"]


def test_the_nearest_department_that_has_one_counts(office: Desk, company: Company):
    root = company.actor("Root")
    sales = company.people["Alice"]["department_id"]
    below = office.create(
        SYSTEM, "department", name="海淀组", branch_id=company.people["Alice"]["branch_id"], parent_id=sales
    )
    office.ask(
        SYSTEM,
        "update",
        entity="staff",
        id=company.people["Alice"]["id"],
        values={"department_id": below["id"]},
    )
    assert list(map(str, company.actor("Alice").above[:2])) == [below["id"], sales]
    kept = form(office, {"field": "code", "is_required": True}, entity="organization.branch")
    of = forms.described(office.ask(SYSTEM, "forms"))
    forms.know(of, company.actor("Alice").above)
    assert forms.of("organization.branch") == of["organization.branch"][None]
    form(office, NAME, entity="organization.branch", department_id=sales)
    forms.know(forms.described(office.ask(SYSTEM, "forms")), company.actor("Alice").above)
    assert forms.of("organization.branch") == forms.layout([NAME])
    office.ask(root, "archive", entity="form", id=kept["id"])


def test_it_counts_for_staff_too_and_is_told_who_changed_it(office: Desk, company: Company):
    root = company.actor("Root")
    row = office.create(
        root, "form", entity_name="organization.staff", items=[{"field": "phone", "is_required": True}]
    )
    with pytest.raises(Invalid) as raised:
        office.create(root, "staff", name="Eve", branch_id=company.people["Alice"]["branch_id"])
    assert [(p.field, p.code) for p in raised.value.fields] == [("phone", "required")]
    office.ask(root, "update", entity="form", id=row["id"], values={"items": [NAME]})
    office.create(root, "staff", name="Eve", branch_id=company.people["Alice"]["branch_id"])
    told = office.ask(root, "history", entity="form", id=row["id"])["changes"]
    assert [change["actor_name"] for change in told] == ["Root", "Root"]
    assert list(told[0]["changes"]) == ["items"]


def test_only_administrators_arrange_forms(office: Desk, company: Company):
    for name in ("Alice", "Bob", "Dan"):
        with pytest.raises(Forbidden):
            office.create(company.actor(name), "form", entity_name="customer.customer", items=[NAME])
        with pytest.raises(Forbidden):
            office.ask(company.actor(name), "forms")


def test_own_objects_have_forms_that_go_and_come_back_with_them(office: Desk):
    own = office.create(SYSTEM, "own_object", name="设备", name_en="Equipment", code="equipment")
    row = form(office, NAME, {"field": "owner_id", "is_left_out": True}, entity="customer.object_equipment")
    assert wrong(office, NAME, entity="customer.object_plane") == [("entity_name", "not_a_choice")]
    office.ask(SYSTEM, "archive", entity="own_object", id=own["id"])
    assert office.ask(SYSTEM, "forms") == []
    office.ask(SYSTEM, "restore", entity="own_object", id=own["id"])
    assert [one["id"] for one in office.ask(SYSTEM, "forms")] == [row["id"]]
