"""A lead becomes a customer, with its whole trail."""

from base64 import b64decode

import pytest

from contracts.customer import ContactListed, CustomerListed, LeadConverted, LeadListed
from contracts.errors import ChangedMeanwhile, IllegalTransition, Invalid, NotFound
from contracts.organization import ChoiceListed, OwnChoiceListed, OwnFieldListed
from services.customer import model
from tests.cast import ALICE_ID, SALES, id_of
from tests.own_fields import define
from tests.sent_files import send
from tests.service.customer.conftest import ALICE, BOB, CAROL, INTERNET, VISIT


def convert(office, lead, actor=ALICE, **more):
    return office.ask(actor, "convert_lead", {"id": lead["id"], **more})["row"]


def test_it_makes_a_customer_and_a_contact(office, lead):
    done = convert(office, lead)
    assert done["state"] == "converted"
    customer = office.rows(model.Customer)[0]
    assert (customer.name, customer.owner_id, customer.department_id) == (lead["name"], ALICE_ID, SALES)
    assert customer.number.startswith("KH-HQ-2026-")
    assert str(customer.lead_id) == lead["id"]
    assert done["customer_id"] == str(customer.id)
    contact = office.rows(model.Contact)[0]
    assert (contact.name, contact.mobile, contact.customer_id) == ("王芳", "13800138000", customer.id)


def test_where_nobody_is_named_the_customer_is_reached_as_the_lead_was(office):
    reached = {"mobile": "13800138000", "phone": "010-62340000", "email": "info@taiwei.example"}
    convert(office, office.create(ALICE, "lead", name="泰微信息", **reached))
    (customer,) = office.rows(model.Customer)
    assert {name: getattr(customer, name) for name in reached} == reached
    assert office.rows(model.Contact) == []


def test_it_announces_a_chance_to_sell_under_a_fresh_id(office, lead):
    done = convert(office, lead, opportunity_name="终端采购", expected_on="2026-06-30")
    (said,) = office.emitted(LeadConverted)
    assert str(said.opportunity_id) == done["opportunity_id"]
    assert (said.name, str(said.expected_amount), str(said.expected_on)) == (
        "终端采购",
        "120000.00",
        "2026-06-30",
    )
    assert (said.owner_id, said.source_id) == (ALICE_ID, INTERNET)
    assert str(said.lead_id) == lead["id"]
    assert [card.label for card in office.emitted(CustomerListed)] == [lead["name"]]
    assert [card.data["customer_id"] for card in office.emitted(ContactListed)] == [str(said.customer_id)]
    assert office.emitted(LeadListed)[-1].data["state"] == "converted"


def test_the_whole_trail_shows_on_the_customer(office, lead):
    visit = office.ask(ALICE, "log_activity", kind_id=str(VISIT), subject="初次拜访", lead_id=lead["id"])[
        "row"
    ]
    office.ask(
        ALICE, "plan_activity", kind_id=str(VISIT), subject="演示", lead_id=lead["id"], starts_at="2026-03-12T02:00:00Z"
    )  # fmt: skip
    office.ask(BOB, "add_comment", about="customer.activity", record_id=visit["id"], text="问清楚决策人")
    done = convert(office, lead)
    file = office.ask(ALICE, "customer_file", customer_id=done["customer_id"])
    kinds = {entry["kind"] for entry in file["timeline"]}
    assert {"activity_done", "commented", "lead_converted", "lead_created"} <= kinds
    (done_visit,) = (entry for entry in file["timeline"] if entry["kind"] == "activity_done")
    assert file["labels"][done_visit["about_id"]]["entity"] == "organization.choice"
    counts = {part["entity"]: part["count"] for part in file["related"]}
    assert {entity: n for entity, n in counts.items() if n} == {
        "customer.contact": 1, "customer.activity": 1, "customer.lead": 1,
    }  # fmt: skip
    assert file["figures"]["activities_done"] == 1


def test_a_converted_lead_stays_visible(office, lead):
    convert(office, lead)
    listed = office.ask(ALICE, "list", {"entity": "lead", "query": {"where": {"state": "converted"}}})
    assert [row["id"] for row in listed["rows"]] == [lead["id"]]


def test_into_a_customer_we_have_already(office, lead, customer):
    done = convert(office, lead, customer_id=customer["id"])
    assert done["customer_id"] == customer["id"]
    assert len(office.rows(model.Customer)) == 1
    assert str(office.rows(model.Contact)[0].customer_id) == customer["id"]


def test_not_twice(office, lead):
    convert(office, lead)
    with pytest.raises(IllegalTransition):
        convert(office, lead)
    assert len(office.rows(model.Customer)) == 1


def test_pressing_twice_gets_the_same_answer(office, lead):
    first = office.ask(ALICE, "convert_lead", {"id": lead["id"]}, key="press")
    second = office.ask(ALICE, "convert_lead", {"id": lead["id"]}, key="press")
    assert first == second
    assert len(office.rows(model.Customer)) == 1


def test_not_when_somebody_saved_meanwhile(office, lead):
    office.ask(ALICE, "update", {"entity": "lead", "id": lead["id"], "values": {"need": "三十套"}})
    with pytest.raises(ChangedMeanwhile):
        convert(office, lead, ver=lead["ver"])


def test_not_a_colleagues_lead(office, lead):
    with pytest.raises(NotFound):
        convert(office, lead, actor=CAROL)
    assert convert(office, lead, actor=BOB)["owner_id"] == str(ALICE_ID)


def test_not_into_a_customer_one_cannot_see(office, lead):
    other = office.create(CAROL, "customer", name="上海别人的客户")
    with pytest.raises((NotFound, Invalid)):
        convert(office, lead, customer_id=other["id"])
    assert office.rows(model.Lead)[0].state == "new"


def test_a_lead_without_a_person_brings_none(office):
    bare = office.create(ALICE, "lead", name="无名公司", email="info@example.com")
    convert(office, bare)
    assert office.rows(model.Contact) == []
    assert office.rows(model.Customer)[0].email == "info@example.com"


def own_field(code: str, entity: str, kind: str, position: int) -> OwnFieldListed:
    data = {
        "entity_name": entity, "name": code, "name_en": None, "kind": kind, "code": code, "refers_to": None, "help": None,
        "is_required": False, "is_in_list": False, "is_searched": False, "position": position,
    }  # fmt: skip
    return OwnFieldListed(record_id=id_of(position), epoch=1, ver=1, label=code, data=data)


def entry(id: int, field: int, name: str) -> OwnChoiceListed:
    data = {"field_id": str(id_of(field)), "position": 1}
    return OwnChoiceListed(record_id=id_of(id), epoch=1, ver=1, label=name, data=data)


@pytest.fixture
def noted(office, lead):
    """The lead has a tag, values in own fields, and a file."""
    kinds = {
        "rooms": ("whole_number",) * 2,
        "grade": ("choice",) * 2,
        "motto": ("text", "whole_number"),
        "only": ("text", None),
    }
    for number, (code, pair) in enumerate(kinds.items()):
        for entity, kind, position in zip(
            ("customer.lead", "customer.customer"), pair, (900 + number, 910 + number), strict=True
        ):
            if kind is not None:
                office.hear(own_field(code, entity, kind, position))
    for id, field, name in ((920, 901, "甲"), (921, 911, "乙"), (922, 911, "甲")):
        office.hear(entry(id, field, name))
    office.hear(
        ChoiceListed(record_id=id_of(930), epoch=1, ver=1, label="重点", data={"list": "tag", "code": "key"})
    )
    values = {
        "own_rooms": 12,
        "own_grade": str(id_of(920)),
        "own_motto": "天道酬勤",
        "own_only": "线索",
        "tags": [str(id_of(930))],
    }
    office.ask(ALICE, "update", entity="lead", id=lead["id"], values=values)
    where = {"entity": "customer.lead", "id": lead["id"]}
    office.ask(
        ALICE, "attach_files", {**where, "files": [send(office, ALICE, b"plan", "方案.txt", "三层厂房")]}
    )
    return lead


def test_tags_own_fields_of_the_same_code_and_files_come_along(office, noted):
    """LED-06: an entry of a list by its name; what has another kind, or no field there, stays with the lead."""
    customer_id = convert(office, noted)["customer_id"]
    row = office.ask(ALICE, "get", entity="customer", id=customer_id)["row"]
    assert (row["own_rooms"], row["own_grade"], row["own_motto"]) == (12, str(id_of(922)), None)
    assert row["tags"] == [str(id_of(930))]
    for entity, id in (("customer.customer", customer_id), ("customer.lead", noted["id"])):
        (file,) = office.ask(ALICE, "attachments", entity=entity, id=id)["rows"]
        where = {"entity": entity, "id": id, "attachment_id": file["id"]}
        assert b64decode(office.ask(ALICE, "attachment_part", **where, position=0)["data"]) == b"plan"
    found = office.ask(ALICE, "search", text="三层厂房")["files"]["rows"]
    assert {one["entity"] for one in found} == {"customer.customer", "customer.lead"}


def test_what_the_person_has_in_own_fields_and_what_the_chance_may_have(office):
    """LED-06, users 6: her WeChat number is hers; what sales may want to know travels with the news. A file in a field stands
    in the customer's field, once among its files."""
    for entity in ("customer.lead", "customer.contact", "customer.customer"):
        define(office, entity, "wechat")
        define(office, entity, "plan", "file")
    plan = send(office, ALICE, b"plan", "图纸.txt")
    lead = office.create(ALICE, "lead", name="泰微", contact_name="王芳", own_wechat="wf88", own_plan=plan)
    done = convert(office, lead)
    (contact,) = office.rows(model.Contact)
    assert (contact.own_wechat, contact.own_plan) == ("wf88", None)
    (said,) = office.emitted(LeadConverted)
    assert [(one.entity, one.own["own_wechat"]) for one in said.noted] == [("customer.lead", "wf88")]
    (file,) = office.ask(ALICE, "attachments", entity="customer.customer", id=done["customer_id"])["rows"]
    row = office.ask(ALICE, "get", entity="customer", id=done["customer_id"])["row"]
    assert (row["own_wechat"], row["own_plan"]["id"]) == ("wf88", file["id"])
    assert file["id"] != lead["own_plan"]["id"]


def test_what_a_customer_we_have_says_already_stays(office, noted, customer):
    office.ask(ALICE, "update", entity="customer", id=customer["id"], values={"own_rooms": 3})
    convert(office, noted, customer_id=customer["id"])
    row = office.ask(ALICE, "get", entity="customer", id=customer["id"])["row"]
    assert (row["own_rooms"], row["own_grade"], row["tags"]) == (3, str(id_of(922)), [str(id_of(930))])


def test_not_a_second_customer_where_we_seem_to_have_it(office, lead):
    """Users 1: by name, by number, by somebody there; whosever it is; and all the same where somebody says so."""
    theirs = office.create(CAROL, "customer", name="上海泰微信息技术股份公司")
    there = office.create(CAROL, "customer", name="别家")
    office.create(CAROL, "contact", customer_id=there["id"], name="王小姐", mobile="138-0013-8000")
    with pytest.raises(Invalid) as refused:
        convert(office, lead)
    (problem,) = refused.value.fields
    assert (problem.field, problem.code) == ("customer_id", "may_be_there")
    assert problem.params == {"value": f"{theirs['number']} {theirs['name']}, 王小姐"}
    assert office.rows(model.Lead)[0].state == "new"
    like = office.ask(ALICE, "similar", lead_id=lead["id"])["similar"]
    assert [(one["id"], one["name"], one["owner"]) for one in like] == [
        (None, theirs["name"], "Carol"), (None, "王小姐", "Carol"),
    ]  # fmt: skip
    with pytest.raises(NotFound):
        office.ask(CAROL, "similar", lead_id=lead["id"])
    assert convert(office, lead, is_another=True)["customer_id"] not in (theirs["id"], there["id"])


def test_what_somebody_said_is_different_asks_for_nothing(office, lead):
    twin = office.create(ALICE, "customer", name=lead["name"])
    office.ask(ALICE, "mark_different", entity="lead", ids=[lead["id"], twin["id"]])
    assert convert(office, lead)["customer_id"] != twin["id"]


def test_whom_the_lead_names_is_somebody_the_customer_has(office, lead, customer):
    her = office.create(ALICE, "contact", customer_id=customer["id"], name="王芳")
    convert(office, lead, customer_id=customer["id"])
    assert [str(row.id) for row in office.rows(model.Contact)] == [her["id"]]
    assert str(office.emitted(LeadConverted)[0].contact_id) == her["id"]


@pytest.mark.parametrize("merged", [False, True])
def test_the_trail_of_a_lead_that_became_a_customer_we_had(office, lead, customer, merged):
    """LED-06: registration, remarks and conversion show on the customer, and on the one it is made one with."""
    office.ask(ALICE, "add_comment", about="customer.lead", record_id=lead["id"], text="赶时间")
    convert(office, lead, customer_id=customer["id"], note="同一家")
    kept = customer["id"]
    if merged:
        kept = office.create(ALICE, "customer", name="启利集团")["id"]
        office.ask(ALICE, "merge", entity="customer", kept_id=kept, gone_ids=[customer["id"]])
    told = office.ask(ALICE, "customer_file", customer_id=kept)["timeline"]
    of_the_lead = {(one["kind"], one["text"]) for one in told if one["id"] == lead["id"]}
    assert of_the_lead == {("lead_created", None), ("commented", "赶时间"), ("lead_converted", "同一家")}
