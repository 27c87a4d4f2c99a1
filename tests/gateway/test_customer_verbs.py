"""The verbs of customers and contacts in the browser, with the customer service itself behind the pages: each dialog is opened,
filled in and sent, and the page tells what became of it (CUS-01, CUS-05, CUS-06, CUS-07, CON-04)."""

import re
from uuid import UUID

import pytest

from chassis.work import Work
from contracts.actor import Actor
from contracts.customer import CustomerHandedOver
from services.customer import model
from services.customer.seed import seed
from tests.cast import CAROL_ID
from tests.gateway.fake import ALICE
from tests.gateway.test_forms import hidden
from tests.service.customer.conftest import meet_the_staff

HTMX = {"HX-Request": "true", "HX-Target": "dialog-body"}


@pytest.fixture
def office(house, desk):
    """The customer service, asked by the gateway as by its tests."""
    office, others = desk("customer"), house._answer
    meet_the_staff(office)
    with office.house.sessions.begin() as session:
        seed(Work(session, Actor.system("seed"), office.house, door="seed"))

    def answer(call):
        if call.service != "customer":
            return others(call)
        return office.ask(house._actor(call.token), call.method, call.message, key=call.key)

    house._answer = answer
    return office


@pytest.fixture
def act(alice):
    """`act("contact", id, "change_job", job_title="…")`: open the dialog, fill it in, send it; gives the page behind it."""

    def act(noun, id, verb, **values):
        page = f"/customer/{noun}/{id}"
        assert f"{page}/{verb}" in alice.get(page).text, "the page offers it"
        dialog = alice.get(f"{page}/{verb}", headers=HTMX).text
        for name in values:
            assert f'name="{name}"' in dialog, name
        answer = alice.post(f"{page}/{verb}", data={**begun(dialog), **values}, headers=HTMX)
        assert answer.headers.get("HX-Redirect") == page, answer.text
        return alice.get(page).text

    return act


def begun(dialog):
    """What a browser would send if nothing were touched."""
    ticked = re.findall(r'type="checkbox"[^>]* name="(\w+)" value="yes" checked', dialog)
    chosen = re.findall(
        r'<select[^>]* name="(\w+)"[^>]*>(?:(?!</select>).)*value="(\w*)" selected', dialog, re.S
    )
    return {**hidden(dialog), **dict.fromkeys(ticked, "yes"), **dict(chosen)}


@pytest.fixture
def firm(office):
    return office.create(ALICE, "customer", name="海精仪器")


def test_a_contact_changes_her_job(office, firm, act):
    new = office.create(ALICE, "customer", name="上海泰微")
    wang = office.create(ALICE, "contact", customer_id=firm["id"], name="王建国", job_title="厂长")
    shown = act("contact", wang["id"], "change_job", customer_id=new["id"], job_title="总经理", note="升职")
    assert f'href="/customer/customer/{new["id"]}"' in shown
    assert "总经理" in shown
    (former,) = office.rows(model.Employment)
    assert (former.employer, former.note) == ("海精仪器", "升职")


def test_a_customer_is_classified_and_given_back_to_the_rules(firm, act):
    shown = act("customer", firm["id"], "classify", value_class="key", note="行业标杆")
    assert shown.count('<span class="chip">by hand</span>') == 1
    assert "行业标杆" in shown
    assert "by hand</span>" not in act("customer", firm["id"], "declassify", what="value_class")


def test_a_customer_is_marked_as_lost_and_as_back(office, firm, act, alice):
    act("customer", firm["id"], "mark", mark="lost", note="倒闭")
    assert office.rows(model.Customer)[0].is_lost
    assert "倒闭" in alice.get(f"/lifecycle/{firm['id']}", headers={"HX-Request": "true"}).text
    act("customer", firm["id"], "mark", mark="returned")
    assert not office.rows(model.Customer)[0].is_lost


def test_a_customer_is_handed_over_without_its_contracts(office, firm, act):
    given = {"owner_id": str(CAROL_ID), "with_contracts": "no", "note": "调岗"}
    shown = act("customer", firm["id"], "hand_over", **given)
    assert "Carol" in shown
    (told,) = office.emitted(CustomerHandedOver)
    assert (told.from_id, told.to_id, told.note) == (UUID(int=1), CAROL_ID, "调岗")
    assert (told.with_opportunities, told.with_contracts) == (True, False)
