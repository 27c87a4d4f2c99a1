"""The pool (公海, LED-07, LED-08): what nobody follows up comes back, is picked within limits, and goes to whom a manager says."""

from __future__ import annotations

from uuid import UUID

import pytest

from chassis.work import Work
from contracts.actor import Actor
from contracts.customer import (
    CustomerHandedOver,
    HoldsEnough,
    LeadAssigned,
    NotInPool,
    PickedEnough,
    WentToPool,
)
from contracts.errors import Forbidden, Invalid, NotFound
from contracts.organization import StaffListed
from contracts.receivables import ContractCancelled, ContractCompleted, ContractListed
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


def test_the_pool_is_the_company_s_where_the_rule_says_so(office, lead):
    """LED-07: open to every branch; somebody's own rule may say otherwise for her."""
    office.ask(ALICE, "release_lead", id=lead["id"])
    rule(office, spans="company")
    assert names(office, CAROL) == [lead["name"]]
    own = rule(office, staff_id=str(CAROL_ID), spans="branch")
    assert names(office, CAROL) == []
    with pytest.raises(NotFound):
        office.ask(CAROL, "pick_lead", id=lead["id"])
    office.ask(ROOT, "archive", entity="pool_rule", id=own["id"])
    picked = office.ask(CAROL, "pick_lead", id=lead["id"])["row"]
    assert (picked["owner_id"], picked["branch_id"]) == (str(CAROL_ID), str(CAROL.branch_id))


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


def contract(office, customer, state, ver=1, **more):
    data = {"customer_id": customer["id"], "state": state, "amount": "1.00", "signed_on": "2026-03-01"}
    office.hear(
        ContractListed(record_id=id_of(801), epoch=1, ver=ver, number="HT-1", label="合同", data=data, **more)
    )


@pytest.mark.parametrize("state", ["draft", "submitted", "approved", "signed"])
def test_a_customer_with_a_contract_under_way_stays(office, customer, state):
    rule(office, applies_to="customer.customer", idle_days=10)
    contract(office, customer, state)
    office.later(days=30)
    night(office)
    assert names(office, entity="customer.customer") == []


@pytest.mark.parametrize(
    ("state", "news"), [("completed", ContractCompleted), ("cancelled", ContractCancelled)]
)
def test_a_customer_whose_contracts_ended_long_ago_goes_there_as_others_do(office, customer, state, news):
    """LED-07: what ended counts as a contact on the day it ended (docs/decisions/0060)."""
    rule(office, applies_to="customer.customer", idle_days=10)
    contract(office, customer, "signed")
    office.later(days=30)
    contract(office, customer, state, ver=2)
    about = {
        "contract_id": id_of(801),
        "number": "HT-1",
        "customer_id": UUID(customer["id"]),
        "owner_id": ALICE_ID,
    }
    office.hear(
        news(
            **about
            | ({"amount": "1.00", "was_signed": True, "reason": "停产"} if news is ContractCancelled else {})
        )
    )
    office.later(days=9)
    night(office)
    assert names(office, entity="customer.customer") == []
    office.later(days=2)
    night(office)
    assert names(office, entity="customer.customer") == [customer["name"]]


LEADER = person(BOB.id, "Bob", "customer.* department", reports=(ALICE_ID, AMY.id))


@pytest.fixture
def full(office):
    """Alice holds two leads and a customer, and may hold no more."""
    for entity, count in (("lead", 2), ("customer", 1)):
        rule(office, applies_to=f"customer.{entity}", most_held=count)
        for n in range(count):
            office.create(ALICE, entity, name=f"{entity} {n}")
    return office


def given(office, entity, **more):
    row = office.create(LEADER, entity, name=f"一个新的{entity}")
    door = {"lead": "assign_lead", "customer": "hand_over_customer"}[entity]
    return office.ask(LEADER, door, id=row["id"], owner_id=str(ALICE_ID), **more)["row"]


@pytest.mark.parametrize(("entity", "event"), [("lead", LeadAssigned), ("customer", CustomerHandedOver)])
def test_more_than_she_may_hold_is_given_her_for_a_reason_which_she_is_told(full, entity, event):
    """LED-08"""
    with pytest.raises(Invalid) as told:
        given(full, entity)
    (problem,) = told.value.fields
    most = {"lead": 2, "customer": 1}[entity]
    assert (problem.field, problem.code) == ("owner_id", "holds_enough")
    assert problem.params == {"name": "Alice", "held": str(most), "most": str(most)}
    row = given(full, entity, beyond_limit="她熟悉这个行业")
    assert row["owner_id"] == str(ALICE_ID)
    assert [fact.beyond_limit for fact in full.emitted(event)] == ["她熟悉这个行业"]
    history = full.ask(LEADER, "history", entity=entity, id=row["id"])
    assert "她熟悉这个行业" in str(history)


def test_nor_is_it_by_changing_the_owner_of_many(full):
    """LED-08: as many as she may hold, and the others are told with the reason."""
    rule_of_all = full.rows(model.PoolRule, applies_to="customer.lead")[0]
    full.ask(ROOT, "update", entity="pool_rule", id=str(rule_of_all.id), values={"most_held": 4})
    rows = [full.create(LEADER, "lead", name=f"批量{n}")["id"] for n in range(4)]
    found = full.ask(
        LEADER, "change_many", entity="customer.lead", ids=rows, values={"owner_id": str(ALICE_ID)}
    )
    assert found["changed"] == 2
    assert [one["code"] for one in found["refused"]] == ["holds_enough"] * 2


def test_a_manager_sees_who_holds_how_many_of_how_many(full):
    """LED-08: whoever can take most first; a rep sees herself."""
    card = {"department_id": str(SALES), "branch_id": str(BEIJING), "state": "active"}
    full.hear(StaffListed(record_id=AMY.id, epoch=1, ver=1, label="Amy", data=card))
    rule(full, staff_id=str(AMY.id), most_held=9)
    people = full.ask(LEADER, "loads", entity="customer.lead")["people"]
    assert [(one["name"], one["held"], one["most"]) for one in people] == [("Amy", 0, 9), ("Alice", 2, 2)]
    assert [one["name"] for one in full.ask(ALICE, "loads", entity="customer.customer")["people"]] == [
        "Alice"
    ]


def test_the_pool_tells_when_it_may_be_decided_and_who_may_open_it(office, lead):
    """LED-07"""
    office.ask(ALICE, "update", entity="lead", id=lead["id"], values={"expected_on": "2026-09-01"})
    office.ask(ALICE, "release_lead", id=lead["id"])
    seen = {}
    for actor in (LEADER, AMY):
        (row,) = office.ask(actor, "pool", entity="customer.lead")["rows"]
        seen[actor.name] = row["is_seen"]
        assert (row["expected_on"], row["expected_amount"], row["department_id"]) == (
            "2026-09-01",
            "120000.00",
            str(SALES),
        )
    assert seen == {"Bob": True, "Amy": False}
    late = {"where": {"expected_on__gte": "2026-10-01"}}
    assert office.ask(LEADER, "pool", entity="customer.lead", query=late)["rows"] == []


def test_a_manager_gives_a_customer_out_of_the_pool(office, customer):
    office.ask(ALICE, "release_customer", id=customer["id"])
    row = office.ask(LEADER, "hand_over_customer", id=customer["id"], owner_id=str(ALICE_ID))["row"]
    assert row["owner_id"] == str(ALICE_ID)
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


def test_what_the_pool_does_not_tell_cannot_be_asked_in_any_way(office):
    """LED-07: neither in brackets nor by what must not be so, nor by the order."""
    for query in (
        {"where": {"phone__contains": "1"}}, {"where": {"-phone__empty": True}}, {"any_of": [{"phone": "1"}]},
        {"each_of": [[{"name": "x"}, {"phone__contains": "1"}]]}, {"where": {"activity.lead_id.subject": "x"}},
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            office.ask(ALICE, "pool", entity="customer.lead", query=query)
        assert {p.code for p in refused.value.fields} == {"unknown"}
    for sort in ("phone", "-email", "own_phone"):  # where the next page begins would tell it
        with pytest.raises(Invalid) as refused:
            office.ask(ALICE, "pool", entity="customer.lead", query={"sort": sort})
        assert [(p.field, p.code) for p in refused.value.fields] == [("sort", "unknown")]
