"""Selling to the staff of customers and their families (CON-07): a contact becomes a customer of her own in one step."""

from __future__ import annotations

import pytest

from contracts.customer import BuysPrivatelyAlready
from contracts.errors import Invalid, NotFound
from services.customer import model
from tests.own_fields import define
from tests.service.customer.conftest import ALICE, BOB, CAROL


@pytest.fixture
def wang(office, customer):
    return office.create(
        ALICE,
        "contact",
        customer_id=customer["id"],
        name="王芳",
        mobile="13800138000",
        email="wang@example.com",
    )


def private(office, contact, actor=ALICE, **more):
    office.ask(actor, "sell_privately_contact", id=contact["id"], **more)
    (found,) = office.rows(model.Customer, contact_id=contact["id"])
    return found


def listed(office, **where):
    return office.ask(ALICE, "list", {"entity": "customer", "query": {"where": where}})["rows"]


def test_it_works(office, customer, wang):
    one = private(office, wang, family_name="王家")
    assert (one.name, one.nature, one.mobile, one.email) == (
        "王芳",
        "individual",
        "13800138000",
        "wang@example.com",
    )
    assert (str(one.company_id), one.owner_id) == (customer["id"], ALICE.id)
    (family,) = office.rows(model.Customer, nature="family")
    assert (one.parent_id, family.name, str(family.company_id)) == (family.id, "王家", customer["id"])
    assert {row["name"] for row in listed(office, company_id=customer["id"])} == {"王芳", "王家"}
    assert [row["name"] for row in listed(office, contact_id=wang["id"])] == ["王芳"]
    assert office.ask(ALICE, "group", customer_id=customer["id"])["people"] == 1


def test_another_of_the_family_joins_it(office, customer, wang):
    private(office, wang, family_name="王家")
    (family,) = office.rows(model.Customer, nature="family")
    brother = office.create(ALICE, "contact", customer_id=customer["id"], name="王强")
    assert private(office, brother, family_id=str(family.id)).parent_id == family.id


def test_once_and_in_one_family(office, customer, wang):
    other = office.create(ALICE, "customer", name="李家", nature="family")
    with pytest.raises(Invalid) as refused:
        office.ask(ALICE, "sell_privately_contact", id=wang["id"], family_id=other["id"], family_name="王家")
    assert [(p.field, p.code) for p in refused.value.fields] == [("family_name", "either_family")]
    with pytest.raises(Invalid) as refused:
        office.ask(ALICE, "sell_privately_contact", id=wang["id"], family_id=customer["id"])
    assert refused.value.fields[0].field in ("family_id", "parent_id")
    assert office.rows(model.Customer, nature="individual") == []
    private(office, wang)
    with pytest.raises(BuysPrivatelyAlready):
        office.ask(BOB, "sell_privately_contact", id=wang["id"])
    with pytest.raises(NotFound):
        office.ask(CAROL, "sell_privately_contact", id=wang["id"])


def test_she_takes_her_private_account_along_when_she_changes_her_job(office, customer, wang):
    one = private(office, wang)
    other = office.create(ALICE, "customer", name="海精仪器")
    office.ask(ALICE, "change_job_contact", id=wang["id"], customer_id=other["id"])
    (moved,) = office.rows(model.Customer, id=one.id)
    assert str(moved.company_id) == other["id"]


def test_a_merge_of_companies_takes_the_private_customers_along(office, customer, wang):
    one = private(office, wang)
    other = office.create(ALICE, "customer", name="启利")
    done = office.ask(ALICE, "merge", entity="customer", kept_id=other["id"], gone_ids=[customer["id"]])
    (moved,) = office.rows(model.Customer, id=one.id)
    assert str(moved.company_id) == other["id"]
    office.ask(ALICE, "unmerge", entity="customer", merge_id=done["merge_id"])
    (back,) = office.rows(model.Customer, id=one.id)
    assert str(back.company_id) == customer["id"]


def test_one_that_was_put_away_does_not_come_back_beside_its_successor(office, wang):
    first = private(office, wang)
    office.ask(ALICE, "archive", entity="customer", id=str(first.id))
    office.ask(ALICE, "restore", entity="customer", id=str(first.id))
    office.ask(ALICE, "archive", entity="customer", id=str(first.id))
    office.ask(ALICE, "sell_privately_contact", id=wang["id"])
    with pytest.raises(BuysPrivatelyAlready):
        office.ask(ALICE, "restore", entity="customer", id=str(first.id))
    assert len(office.rows(model.Customer, contact_id=wang["id"], archived_at=None)) == 1


def test_what_was_noted_of_her_in_own_fields_comes_along(office, customer):
    """Users 6: as far as customers have the field."""
    for entity in ("customer.contact", "customer.customer"):
        define(office, entity, "wechat")
    define(office, "customer.contact", "desk")
    wang = office.create(
        ALICE, "contact", customer_id=customer["id"], name="王芳", own_wechat="wf88", own_desk="3F"
    )
    one = private(office, wang)
    assert (one.own, one.ver) == ({"own_wechat": "wf88"}, 1)
