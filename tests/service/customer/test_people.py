"""The people at customers: their part in buying (CON-02, CON-05), links (CON-03), former jobs (CON-04), wishes (CUS-21, NTF-03)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.customer import WishChanged
from contracts.errors import Forbidden, Invalid, NotFound
from contracts.organization import ChoiceListed, choice_id
from contracts.sales import OpportunityListed
from services.customer import model
from tests.cast import id_of, person
from tests.service.customer.conftest import ALICE, BOB, CAROL, ROOT

SELLER = person(ALICE.id, "Alice", "customer.* own", "sales.opportunity.read own", manager_id=BOB.id)
DECIDER, USER = choice_id("buying_role", "decider"), choice_id("buying_role", "user")
PROJECT, OTHER_PROJECT = id_of(821), id_of(822)


@pytest.fixture
def firm(office):
    """A customer of Alice's, two chances to sell there, and the buying roles."""
    for id, name in ((DECIDER, "决定者"), (USER, "使用者")):
        office.hear(ChoiceListed(record_id=id, epoch=1, ver=1, label=name, data={"list": "buying_role"}))
    for id in (PROJECT, OTHER_PROJECT):
        office.hear(
            OpportunityListed(record_id=id, epoch=1, ver=1, label="机房", data={"owner_id": str(ALICE.id)})
        )
    customer = office.create(ALICE, "customer", name="海精仪器", kind="end_customer")
    return office, customer["id"]


def somebody(office, customer: str, name: str) -> str:
    return office.create(ALICE, "contact", name=name, customer_id=customer, job_title="厂长")["id"]


def test_one_person_plays_several_parts_by_project_and_unit_but_each_once(firm):
    office, customer = firm
    wang = somebody(office, customer, "王建国")
    part = {"contact_id": wang, "role_id": str(DECIDER), "influence": 5, "stance": "for_us"}
    made = office.create(SELLER, "stakeholder", opportunity_id=str(PROJECT), **part)
    assert (made["name"], made["customer_id"], made["owner_id"]) == ("王建国", customer, str(ALICE.id))
    office.create(SELLER, "stakeholder", opportunity_id=str(OTHER_PROJECT), **part)
    office.create(SELLER, "stakeholder", opportunity_id=str(PROJECT), unit="二厂", **part)
    office.create(SELLER, "stakeholder", opportunity_id=str(PROJECT), **part | {"role_id": str(USER)})
    with pytest.raises(Invalid) as twice:
        office.create(SELLER, "stakeholder", opportunity_id=str(PROJECT), **part)
    assert [(p.field, p.code) for p in twice.value.fields] == [("role_id", "taken")]
    for wrong in ({"influence": 6}, {"stance": "who knows"}, {"role_id": str(id_of(5))}):
        with pytest.raises(Invalid) as refused:
            office.create(SELLER, "stakeholder", **part | wrong)
        assert refused.value.fields[0].field == next(iter(wrong))
    where = {"where": {"opportunity_id": str(PROJECT)}}
    assert office.ask(ALICE, "list", {"entity": "stakeholder", "query": where})["count"] == 3
    assert office.ask(CAROL, "list", {"entity": "stakeholder", "query": where})["count"] == 0


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wishes=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=14))
def test_nobody_stands_above_himself_whatever_is_tried(firm, wishes):
    office, customer = firm
    savepoint = office.connection.begin_nested()
    people = [somebody(office, customer, f"人{n}") for n in range(6)]
    above: dict[int, int] = {}
    for one, other in wishes:
        seen, step = {one}, other
        while step in above and step not in seen:
            seen.add(step)
            step = above[step]
        allowed = one not in above and one != other and step not in seen
        try:
            office.create(
                ALICE, "contact_link", contact_id=people[one], other_id=people[other], kind="reports_to"
            )
            assert allowed
            above[one] = other
        except Invalid:
            assert not allowed
    savepoint.rollback()


def test_friends_may_be_each_others_and_a_new_name_is_passed_on(firm):
    office, customer = firm
    wang, li = somebody(office, customer, "王建国"), somebody(office, customer, "李工")
    office.create(ALICE, "contact_link", contact_id=wang, other_id=li, kind="friend")
    office.create(ALICE, "contact_link", contact_id=li, other_id=wang, kind="friend")
    office.create(ALICE, "stakeholder", contact_id=wang, role_id=str(USER))
    office.ask(ALICE, "update", entity="contact", id=wang, values={"name": "王建国（大）"})
    assert {row.name for row in office.rows(model.ContactLink)} == {
        "王建国（大） → 李工",
        "李工 → 王建国（大）",
    }
    assert [row.name for row in office.rows(model.Stakeholder)] == ["王建国（大）"]


def test_a_new_job_keeps_the_old_one_on_both_sides(firm):
    office, customer = firm
    wang = somebody(office, customer, "王建国")
    new = office.create(CAROL, "customer", name="上海泰微", kind="end_customer")
    with pytest.raises(NotFound):  # not a company that Alice sees
        office.ask(ALICE, "change_job_contact", id=wang, customer_id=new["id"])
    office.ask(
        ROOT,
        "change_job_contact",
        id=wang,
        customer_id=new["id"],
        job_title="总经理",
        on="2026-02-01",
        note="升职",
    )
    (contact,) = office.rows(model.Contact, id=wang)
    assert (str(contact.customer_id), contact.job_title, contact.owner_id) == (new["id"], "总经理", CAROL.id)
    (former,) = office.rows(model.Employment)
    assert (str(former.customer_id), former.job_title, former.until_on) == (
        customer,
        "厂长",
        date(2026, 2, 1),
    )
    assert former.owner_id == ALICE.id, "whoever looks after the old company still knows"
    office.ask(CAROL, "change_job_contact", id=wang)
    (contact,) = office.rows(model.Contact, id=wang)
    assert contact.archived_at is not None
    second = max(office.rows(model.Employment), key=lambda row: row.until_on)
    assert (second.from_on, str(second.customer_id)) == (date(2026, 2, 1), new["id"])
    for wrong in ({"on": "2026-03-11"}, {"customer_id": customer}):
        with pytest.raises(Invalid):
            office.ask(ALICE, "change_job_contact", id=somebody(office, customer, "李工"), **wrong)


def test_a_wish_is_told_and_is_of_somebody_there(firm):
    office, customer = firm
    wang = somebody(office, customer, "王建国")
    row = office.create(
        BOB, "wish", text="周五下午不要打电话", kind="time", customer_id=customer, contact_id=wang
    )
    (told,) = office.emitted(WishChanged)
    assert (told.owner_id, told.text, str(told.contact_id)) == (ALICE.id, "周五下午不要打电话", wang)
    office.ask(BOB, "update", entity="wish", id=row["id"], values={"text": "周五不要打电话"})
    assert [event.text for event in office.emitted(WishChanged)][1:] == ["周五不要打电话"]
    stranger = office.create(ROOT, "customer", name="别家", kind="partner")
    with pytest.raises(Invalid) as refused:
        office.create(ROOT, "wish", text="x", customer_id=stranger["id"], contact_id=wang)
    assert refused.value.fields[0].field == "contact_id"
    with pytest.raises((Forbidden, NotFound, Invalid)):
        office.create(CAROL, "wish", text="x", customer_id=customer)
