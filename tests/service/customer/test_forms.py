"""What a form asks for in addition is asked of everybody it is for, by every way in (users 6); what it leaves out is kept."""

from __future__ import annotations

from contextvars import Context
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.identity import new_id
from chassis.importing import Importer
from contracts import forms
from contracts.customer import Activity, Customer
from contracts.errors import Invalid
from contracts.organization import FormListed, OwnFieldListed
from tests.cast import SALES, SALES_SH, id_of
from tests.service.customer.conftest import ALICE, CAROL, ROOT, VISIT

NORTH = id_of(211)
"""A department that Alice's is part of."""
ALICE_NORTH = ALICE.model_copy(update={"above": (SALES, NORTH)})
COMPANY = {"field": "tax_number", "is_required": True, "only_for": ["company"]}


def arrange(
    office, *items: dict[str, Any], entity: str = "customer.customer", department=None, **more
) -> Any:
    """The administrators arranged a form, as its card tells."""
    data = {"entity_name": entity, "department_id": department and str(department), "items": list(items)}
    card = FormListed(**{"record_id": new_id(), "epoch": 1, "ver": 1, "label": entity, "data": data, **more})
    office.hear(card)
    return card


def asked(office, actor, door: str = "create", **message) -> dict[str, str]:
    """What was wrong, by field."""
    with pytest.raises(Invalid) as raised:
        office.ask(actor, door, message)
    return {problem.field: problem.code for problem in raised.value.fields}


def new(office, actor=ALICE, **values) -> dict[str, str]:
    return asked(office, actor, entity="customer", values={"name": "新客户有限公司", **values})


def test_it_is_asked_with_all_else_that_is_wrong(office):
    arrange(office, {"field": "phone", "is_required": True}, COMPANY)
    wrong = asked(office, ALICE, entity="customer", values={"email": "nonsense"})
    assert wrong == dict.fromkeys(("name", "phone", "tax_number"), "required") | {"email": "not_an_email"}
    office.create(ALICE, "customer", name="新客户有限公司", phone="010-1", tax_number="91110108MA02")


def test_what_only_companies_must_have_nobody_else_is_asked_for(office):
    arrange(office, COMPANY)
    assert new(office) == {"tax_number": "required"}
    person = office.create(ALICE, "customer", name="王芳", nature="individual")
    office.ask(ALICE, "update", entity="customer", id=person["id"], values={"tax_number": None})


def test_a_change_is_not_refused_for_what_was_empty_before(office, customer):
    arrange(office, {"field": "email", "is_required": True}, {"field": "tags", "is_required": True}, COMPANY)
    change = {"entity": "customer", "id": customer["id"]}
    office.ask(ALICE, "update", change, values={"website": "https://example.com"})
    many = {"entity": "customer", "ids": [customer["id"]], "values": {"website": "https://example.org"}}
    assert office.ask(ALICE, "change_many", many)["changed"] == 1
    for values in ({"email": ""}, {"tags": []}, {"tax_number": None}):
        assert asked(office, ALICE, "update", **change, values=values) == dict.fromkeys(values, "required")
    assert "email" in asked(office, ALICE, "change_many", **{**many, "values": {"email": None}})


def test_the_nearest_department_counts_and_others_are_not_asked(office):
    arrange(office, {"field": "phone", "is_required": True})
    arrange(office, {"field": "email", "is_required": True}, department=NORTH)
    assert new(office, ALICE_NORTH) == {"email": "required"}
    assert new(office, ALICE) == {"phone": "required"}
    mine = arrange(office, {"field": "website", "is_required": True}, department=SALES)
    assert new(office, ALICE_NORTH) == {"website": "required"}
    assert new(office, CAROL) == {"phone": "required"}
    office.hear(mine.model_copy(update={"ver": 2, "archived": True}))
    assert new(office, ALICE_NORTH) == {"email": "required"}


def test_without_a_form_everything_is_as_it_is_built_in(office):
    card = arrange(office, {"field": "phone", "is_required": True})
    assert new(office) == {"phone": "required"}
    office.hear(card.model_copy(update={"ver": 2, "archived": True}))
    office.create(ALICE, "customer", name="新客户有限公司")


def test_a_field_that_is_gone_is_not_asked_for(office):
    arrange(office, {"field": "own_origin", "is_required": True}, {"field": "phone"})
    office.create(ALICE, "customer", name="新客户有限公司")


def test_own_fields_may_be_asked_of_one_department_only(office):
    data = {
        "entity_name": "customer.customer", "name": "产地", "name_en": "Origin", "kind": "several_choices", "code": "origin",
        "refers_to": None, "help": None, "is_required": False, "is_in_list": False, "is_searched": False, "position": 1,
    }  # fmt: skip
    office.hear(OwnFieldListed(record_id=new_id(), epoch=1, ver=1, label="产地", data=data))
    arrange(office, {"field": "own_origin", "is_required": True}, department=SALES_SH)
    office.create(ALICE, "customer", name="新客户有限公司")
    assert new(office, CAROL) == new(office, CAROL, own_origin=[]) == {"own_origin": "required"}


def test_rows_of_a_file_are_asked_for_it_too(office):
    arrange(office, {"field": "phone", "is_required": True}, COMPANY)
    rows = [
        {"name": "甲有限公司", "phone": "010-1", "tax_number": "91110108MA11"},
        {"name": "乙有限公司", "phone": "010-2"},
        {"name": "张三", "nature": "individual", "phone": "010-3"},
        {"name": "李四", "nature": "individual"},
    ]
    start = {
        "entity": "customer",
        "file_name": "名单.xlsx",
        "columns": ["name", "phone", "tax_number", "nature"],
    }
    job = office.ask(ROOT, "start_import", start)["id"]
    office.ask(ROOT, "stage_rows", job_id=job, first=2, rows=rows)
    office.ask(ROOT, "run_import", job_id=job)
    Importer(office.house).run_all()
    bad = office.ask(ROOT, "bad_rows", job_id=job)["rows"]
    told = {row["row"]: {p["field"]: p["code"] for p in row["problems"]} for row in bad}
    assert told == {3: {"tax_number": "required"}, 5: {"phone": "required"}}


def test_the_system_and_strangers_fill_in_no_form(office, customer):
    arrange(office, {"field": "phone", "is_required": True}, entity="customer.lead")
    office.create(ALICE.system("test"), "lead", name="从网站来的公司")


VISITED = {"kind_id": str(VISIT), "subject": "演示新终端"}


def test_a_visit_is_asked_what_the_form_of_activities_asks(office, customer):
    whom = {**VISITED, "customer_id": customer["id"]}
    arrange(
        office, {"field": "text", "is_required": True}, {"field": "ends_at", "is_required": True},
        {"field": "done_at", "is_required": True}, {"field": "outcome", "is_required": True}, entity="customer.activity",
    )  # fmt: skip
    assert asked(office, ALICE, "log_activity", **whom) == dict.fromkeys(
        ("text", "outcome", "ends_at"), "required"
    )
    told = {"text": "二十套", "outcome": "要报价", "ends_at": "2026-03-10T05:00:00+00:00"}
    next_step = {"next_at": "2026-03-12T05:00:00+00:00"}
    kept = office.ask(ALICE, "log_activity", **whom, **told, **next_step)["row"]
    assert (kept["text"], kept["ends_at"], kept["state"]) == ("二十套", told["ends_at"], "done")
    # what will come of it nobody knows yet
    later = {"starts_at": "2026-03-12T05:00:00+00:00", "ends_at": "2026-03-12T06:00:00+00:00", "text": "报价"}
    office.ask(ALICE, "plan_activity", **whom, **later)


def test_it_is_known_before_it_is_read_what_was_said(office, customer):
    """A process that has just begun, or a new thread of it, takes what the form asks for at its first door."""
    arrange(office, {"field": "ends_at", "is_required": True}, entity="customer.activity")
    visit = {**VISITED, "customer_id": customer["id"], "ends_at": "2026-03-10T05:00:00+00:00"}
    kept = Context().run(office.ask, ALICE, "log_activity", visit)["row"]
    assert kept["ends_at"] == visit["ends_at"]


ENTERED = [name for name, a in Customer.built_in().items() if not a.readonly and not a.lines]
ITEMS = st.lists(
    st.fixed_dictionaries(
        {"field": st.sampled_from(ENTERED)},
        optional={
            "is_left_out": st.booleans(), "is_required": st.booleans(), "hint": st.just("?"),
            "only_for": st.lists(st.sampled_from(["company", "family", "individual"]), unique=True),
        },
    ),
    unique_by=lambda item: item["field"],
)  # fmt: skip


@given(ITEMS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_form_asks_for_less_than_what_is_built_in(items):
    """For any layout: what must be filled in still must be, and what may be entered still may be, by whatever way."""
    with forms.tried("customer.customer", forms.layout(items)):
        drafted, patched = Customer.draft().model_fields, Customer.patch().model_fields
        assert set(drafted) == set(patched) == set(ENTERED)
        assert {name for name, a in Customer.built_in().items() if a.required} <= {
            name for name, a in Customer.attrs().items() if a.required and not a.only_for
        }
        said = {"name": "新客户", "phone": "1", "ver": 3}
        with pytest.raises(Invalid) as raised:
            Customer.draft().read(said)
        assert ("ver", "unknown") in {(p.field, p.code) for p in raised.value.fields}
        assert Customer.patch().read({"website": "https://example.com"}).model_fields_set == {"website"}


def test_dialogs_tell_which_fields_of_an_activity_they_settle():
    for command in ("LogActivity", "PlanActivity"):
        found = getattr(__import__("contracts.customer", fromlist=[command]), command)
        assert set(found.settles) <= set(Activity.built_in())
        assert not set(found.settles) & set(found.model_fields)
