"""Leads that seem to be customers already (users 1): told by the report of duplicates, within one's rights."""

import pytest

from contracts.errors import NotFound
from tests.cast import person
from tests.service.customer.conftest import ALICE, CAROL


def report(office, actor=ALICE, **more):
    return office.ask(actor, "duplicates", entity="lead", **more)["groups"]


def company(office, entity, actor=ALICE, **values):
    return office.create(actor, entity, **{"name": "北京启利科技", **values})


def told(groups):
    return [(g["by"], g["ids"], [(k["id"], k["name"], k["owner"]) for k in g["known"]]) for g in groups]


@pytest.mark.parametrize(
    ("by", "lead", "customer"),
    [
        ("name", {"name": "启利科技有限公司"}, {"name": "启利科技股份有限公司"}),
        ("phone", {"name": "甲", "mobile": "138 0013 8000"}, {"name": "乙", "phone": "+8613800138000"}),
        ("email", {"name": "甲", "email": "laowang@qq.com"}, {"name": "乙", "email": "LaoWang@qq.com"}),
        ("mail_domain", {"name": "甲", "email": "a@qili.example"}, {"name": "乙", "email": "b@qili.example"}),
        ("website", {"name": "甲", "website": "www.qili.example"}, {"name": "乙", "website": "https://qili.example/cn"}),
    ],
)  # fmt: skip
def test_one_lead_and_the_customer_that_it_is_by_whatever_they_agree_in(office, by, lead, customer):
    lead, customer = office.create(ALICE, "lead", **lead), office.create(ALICE, "customer", **customer)
    assert told(report(office)) == [(by, [lead["id"]], [(customer["id"], customer["name"], "Alice")])]
    assert office.ask(ALICE, "duplicates", entity="customer")["groups"] == []
    assert report(office, by=by)[0]["known_count"] == 1


def test_of_a_colleagues_customer_only_its_name_number_and_whom_to_ask(office):
    theirs = company(office, "customer", email="a@qili.example", website="www.qili.example")
    mine = company(office, "lead", CAROL, name="启利", email="a@qili.example", website="www.qili.example")
    (group,) = report(
        office, CAROL
    )  # the domain and the host only suggest: they tell nothing of what is not one's own
    assert (group["by"], group["ids"]) == ("email", [mine["id"]])
    assert group["known"] == [{
        "entity": "customer.customer", "id": None, "number": theirs["number"], "name": theirs["name"], "state": None,
        "owner": "Alice", "owner_en": None,
    }]  # fmt: skip
    assert report(office, ALICE) == []  # Carol's lead is not hers to see
    with pytest.raises(NotFound):
        office.ask(CAROL, "mark_different", entity="lead", ids=[mine["id"], theirs["id"]])


def test_who_may_read_no_customers_is_told_whom_to_ask(office):
    company(office, "customer")
    only_leads = person(ALICE.id, "Alice", "customer.lead.* own")
    company(office, "lead")
    assert told(report(office, only_leads))[0][2] == [(None, "北京启利科技", "Alice")]


def test_a_lead_that_became_the_customer_is_not_named_with_it_and_two_leads_are_a_group_as_before(office):
    lead = company(office, "lead")
    office.ask(ALICE, "convert_lead", id=lead["id"])
    assert report(office) == []
    second = company(office, "lead")
    ((_by, ids, known),) = told(report(office))
    assert ids == [lead["id"], second["id"]]
    assert [name for _id, name, _owner in known] == ["北京启利科技"]


def test_archived_ones_are_not_named_and_what_was_said_to_be_different_stays_away(office):
    customer, lead = company(office, "customer"), company(office, "lead")
    mark = office.ask(ALICE, "mark_different", entity="lead", ids=[customer["id"], lead["id"]])
    assert report(office) == []
    (said,) = office.ask(ALICE, "differences", entity="lead")["marks"]
    assert {one["entity"] for one in said["records"]} == {"customer.lead", "customer.customer"}
    office.ask(ALICE, "unmark_different", entity="lead", mark_id=mark["mark_id"])
    assert len(report(office)) == 1
    twin = company(office, "customer", name="北京启利科技公司")
    with pytest.raises(NotFound):  # by the leads' report nobody says what customers are
        office.ask(ALICE, "mark_different", entity="lead", ids=[customer["id"], twin["id"]])
    for one in (customer, twin):
        office.ask(ALICE, "archive", {"entity": "customer", "id": one["id"]})
    assert report(office) == []


def test_every_group_is_reached_page_by_page(office):
    for n in range(5):
        company(office, "lead", name=f"第{n}机械厂", phone=f"010-6234{n:04}")
        company(office, "customer", name=f"第{n}机械厂有限公司", phone=f"010-6234{n:04}")
    seen, after = [], None
    while True:
        page = office.ask(ALICE, "duplicates", entity="lead", limit=3, after=after)
        seen += [(group["by"], *group["ids"]) for group in page["groups"]]
        assert all(len(group["known"]) == 1 for group in page["groups"])
        if (after := page["next"]) is None:
            break
    assert len(seen) == len(set(seen)) == 10


def test_from_there_it_becomes_that_customer(office):
    customer, lead = company(office, "customer"), company(office, "lead", mobile="13800138000")
    (group,) = report(office)
    done = office.ask(ALICE, "convert_lead", id=lead["id"], customer_id=group["known"][0]["id"])
    assert (done["row"]["customer_id"], report(office)) == (customer["id"], [])


def test_a_lead_whose_number_is_somebodys_at_a_customer(office):
    """Users 1, decision 77: by phone and mail, not by what somebody is called."""
    customer = company(office, "customer")
    her = office.create(ALICE, "contact", customer_id=customer["id"], name="王芳", mobile="13800138000")
    mine = company(office, "lead", CAROL, name="王芳", phone="138-0013-8000")
    (group,) = report(office, CAROL)
    assert (group["by"], group["ids"]) == ("phone", [mine["id"]])
    assert [(one["entity"], one["id"], one["name"], one["owner"]) for one in group["known"]] == [
        ("customer.contact", None, "王芳", "Alice")
    ]
    ours = company(office, "lead", name="王记", phone="13800138000")
    office.ask(ALICE, "convert_lead", id=ours["id"], customer_id=customer["id"])
    assert [group for group in report(office) if ours["id"] in group["ids"]] == []
    third = company(office, "lead", name="王家", phone="13800138000")
    office.ask(ALICE, "mark_different", entity="lead", ids=[third["id"], her["id"]])
    assert [one["id"] for group in report(office) for one in group["known"]] == [
        her["id"]
    ]  # by the converted one
