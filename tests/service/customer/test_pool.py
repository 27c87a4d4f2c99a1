"""The pool (公海, LED-07, LED-08): what nobody follows up comes back, is picked within limits, and goes to whom a manager says."""

from __future__ import annotations

import pytest

from chassis.work import Work
from contracts.actor import Actor
from contracts.customer import HoldsEnough, NotInPool, PickedEnough, WentToPool
from contracts.errors import Forbidden, Invalid, NotFound
from contracts.receivables import ContractListed
from services.customer import model
from services.customer.actions.pool import return_idle
from tests.cast import ALICE_ID, BEIJING, CAROL_ID, SALES, id_of, person
from tests.service.customer.conftest import ALICE, BOB, CALL, CAROL, ROOT

AMY = person(id_of(390), "Amy", "customer.* own")


def pool(office, actor=ALICE, entity="customer.lead", **query):
    return office.ask(actor, "pool", {"entity": entity, "query": query})


def names(office, actor=ALICE, entity="customer.lead", **query):
    return [row["name"] for row in pool(office, actor, entity, **query)["rows"]]


def rule(office, applies_to="customer.lead", **figures):
    name = f"规则{len(office.rows(model.PoolRule))}"
    return office.create(ROOT, "pool_rule", name=name, applies_to=applies_to, **figures)


def night(office):
    with office.house.sessions.begin() as session:
        return_idle(Work(session, Actor.system("night"), office.house, door="return_idle"))


def called(office, **about):
    office.ask(ALICE, "log_activity", {"kind_id": str(CALL), "subject": "回访", **about})


def test_released_it_is_for_everybody_of_the_branch(office, lead):
    answer = office.ask(ALICE, "release_lead", id=lead["id"])
    assert (answer["row"]["owner_id"], answer["can"]["read"]) == (None, False)
    assert names(office) == names(office, AMY) == [lead["name"]]
    assert names(office, CAROL) == []  # another branch's
    assert names(office, ROOT) == [lead["name"]]
    (fact,) = office.emitted(WentToPool)
    assert (fact.from_id, fact.idle_days) == (ALICE_ID, None)


def test_the_pool_tells_how_many_and_what_they_may_bring_but_no_numbers_to_call(office, lead):
    office.ask(ALICE, "release_lead", id=lead["id"])
    found = pool(office, totals=True, where={"industry_id": lead["industry_id"]})
    assert (found["count"], found["totals"]) == (1, {"expected_amount": "120000.00"})
    assert {"phone", "mobile", "email", "contact_name"}.isdisjoint(found["rows"][0])
    with pytest.raises(Invalid):
        pool(office, where={"mobile__contains": "138"})
    with pytest.raises(NotFound):
        office.ask(ALICE, "get", entity="lead", id=lead["id"])


def test_whoever_picks_it_has_it_with_its_trail(office, lead):
    called(office, lead_id=lead["id"])
    office.ask(ALICE, "release_lead", id=lead["id"])
    row = office.ask(AMY, "pick_lead", id=lead["id"])["row"]
    assert (row["owner_id"], row["mobile"]) == (str(AMY.id), "13800138000")
    assert [a["subject"] for a in office.ask(AMY, "list", entity="activity")["rows"]] == ["回访"]
    assert names(office) == []
    with pytest.raises(NotInPool):
        office.ask(ALICE, "pick_lead", id=lead["id"])
    log = office.ask(AMY, "history", entity="lead", id=lead["id"])["changes"]
    assert [entry["door"] for entry in log[:2]] == ["customer.pick_lead", "customer.release_lead"]


def test_nobody_picks_in_another_branch_or_without_the_right(office, lead):
    office.ask(ALICE, "release_lead", id=lead["id"])
    with pytest.raises(NotFound):
        office.ask(CAROL, "pick_lead", id=lead["id"])
    with pytest.raises(Forbidden):
        office.ask(person(id_of(391), "Ann", "customer.*.read all"), "pick_lead", id=lead["id"])


def test_so_many_a_day_and_so_many_in_hand(office):
    leads = [office.create(ALICE, "lead", name=f"线索{n}号店") for n in range(5)]
    for row in leads:
        office.ask(ALICE, "release_lead", id=row["id"])
    rule(office, picks_a_day=2, most_held=10)
    rule(office, staff_id=str(CAROL_ID), picks_a_day=0)
    mine = rule(office, staff_id=str(ALICE_ID), most_held=3)
    for row in leads[:2]:
        office.ask(ALICE, "pick_lead", id=row["id"])
    with pytest.raises(PickedEnough) as told:
        office.ask(ALICE, "pick_lead", id=leads[2]["id"])
    assert told.value.params["limit"] == "2"
    office.later(days=1)
    office.ask(ALICE, "pick_lead", id=leads[2]["id"])
    with pytest.raises(HoldsEnough):
        office.ask(ALICE, "pick_lead", id=leads[3]["id"])
    office.ask(ROOT, "update", entity="pool_rule", id=mine["id"], values={"most_held": 4})
    office.ask(ALICE, "pick_lead", id=leads[3]["id"])


def test_two_rules_for_the_same_people_are_refused(office):
    first = rule(office, picks_a_day=2)
    with pytest.raises(Invalid):
        rule(office, picks_a_day=3)
    rule(office, applies_to="customer.customer", picks_a_day=3)
    office.ask(ROOT, "archive", entity="pool_rule", id=first["id"])
    rule(office, picks_a_day=3)


def test_what_nobody_follows_up_comes_back(office, lead, customer):
    rule(office, idle_days=30)
    rule(office, applies_to="customer.customer", idle_days=60)
    contact = office.create(ALICE, "contact", customer_id=customer["id"], name="王芳")
    office.later(days=29)
    night(office)
    assert names(office) == []
    office.later(days=2)
    night(office)
    assert names(office) == [lead["name"]]
    called(office, customer_id=customer["id"])
    office.later(days=31)
    night(office)
    assert names(office, entity="customer.customer") == []
    office.later(days=31)
    night(office)
    assert names(office, entity="customer.customer") == [customer["name"]]
    assert {fact.idle_days for fact in office.emitted(WentToPool)} == {30, 60}
    office.ask(AMY, "pick_customer", id=customer["id"])
    assert office.ask(AMY, "get", entity="contact", id=contact["id"])["row"]["owner_id"] == str(AMY.id)
    night(office)  # she has only just taken it
    assert names(office, entity="customer.customer") == []


def test_a_customer_with_a_contract_stays(office, customer):
    rule(office, applies_to="customer.customer", idle_days=10)
    data = {"customer_id": customer["id"], "state": "signed", "amount": "1.00", "signed_on": "2026-03-01"}
    office.hear(ContractListed(record_id=id_of(801), epoch=1, ver=1, number="HT-1", label="合同", data=data))
    office.later(days=30)
    night(office)
    assert names(office, entity="customer.customer") == []


def test_one_persons_own_rule_counts_for_her(office, lead):
    rule(office, idle_days=10)
    rule(office, staff_id=str(ALICE_ID), idle_days=100)
    office.later(days=50)
    night(office)
    assert names(office) == []
    office.later(days=51)
    night(office)
    assert names(office) == [lead["name"]]


def test_a_manager_gives_it_to_somebody(office, lead):
    office.ask(ALICE, "release_lead", id=lead["id"])
    leader = person(BOB.id, "Bob", "customer.* department", reports=(ALICE_ID,))
    row = office.ask(leader, "assign_lead", id=lead["id"], owner_id=str(ALICE_ID))["row"]
    assert row["owner_id"] == str(ALICE_ID)
    assert row["department_id"] == str(SALES)
    assert row["branch_id"] == str(BEIJING)


def test_a_customer_is_released_with_its_people(office, customer):
    contact = office.create(ALICE, "contact", customer_id=customer["id"], name="王芳")
    assert "release" in office.ask(ALICE, "get", entity="customer", id=customer["id"])["can"]["verbs"]
    office.ask(ALICE, "release_customer", id=customer["id"], note="没有时间")
    assert names(office, entity="customer.customer") == [customer["name"]]
    with pytest.raises(NotFound):
        office.ask(ALICE, "get", entity="contact", id=contact["id"])
