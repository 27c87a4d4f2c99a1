"""Verbs of leads, customers and activities for many at once (users 24, LED-07), by the rules and rights of each."""

import pytest

from contracts.customer import CustomerHandedOver, LeadDropped, WentToPool
from contracts.errors import Forbidden
from services.customer import model
from tests.cast import ALICE_ID, BOB_ID
from tests.service.customer.conftest import ALICE, BOB, CALL, CAROL, INTERNET, READER, ROOT


def tried(office, entity, rows, verb, actor=BOB, **more):
    picked = office.ask(actor, "pick_batch", entity=entity, ids=[row["id"] for row in rows])
    return office.ask(actor, "check_batch", batch_id=picked["id"], verb=verb, **more)


def done(office, entity, rows, verb, actor=BOB, **more):
    batch = tried(office, entity, rows, verb, actor, **more)
    return office.ask(actor, "run_batch", batch_id=batch["id"])


def back(office, batch, actor=BOB):
    return office.ask(actor, "take_back_batch", batch_id=batch["id"], note="弄错了")


def told(office, batch, state, actor=BOB):
    return office.ask(actor, "batch", id=batch["id"], state=state)["rows"]


def leads(office, *names, actor=ALICE):
    return [office.create(actor, "lead", name=name) for name in names]


def owners(office, cls):
    return {row.name: row.owner_id for row in office.rows(cls)}


def test_a_manager_assigns_many_and_takes_it_back(office):
    rows = leads(office, "甲公司", "乙公司", "丙公司")
    office.ask(ALICE, "convert_lead", id=rows[2]["id"])
    batch = done(office, "lead", rows, "assign", values={"owner_id": str(BOB_ID)})
    assert batch["counts"] == {"done": 2, "left": 1}
    (left,) = told(office, batch, "left")
    assert (left["name"], left["problem"]["code"]) == ("丙公司", "IllegalTransition")
    office.ask(BOB, "assign_lead", id=rows[1]["id"], owner_id=str(ALICE_ID))
    assert back(office, batch)["counts"] == {"undone": 1, "kept": 1, "left": 1}
    assert set(owners(office, model.Lead).values()) == {ALICE_ID}


def test_dropped_and_taken_up_again(office):
    rows = leads(office, "甲公司", "乙公司")
    batch = done(office, "lead", rows, "drop", ALICE, note="没有预算")
    assert len(office.emitted(LeadDropped)) == 2
    log = office.ask(ALICE, "history", entity="lead", id=rows[0]["id"])["changes"][0]
    assert (log["door"], log["note"]) == ("customer.drop_lead", "没有预算")
    assert back(office, batch, ALICE)["counts"] == {"undone": 2}
    assert {row.state for row in office.rows(model.Lead)} == {"following"}


def test_customers_are_handed_over_with_their_people(office):
    rows = [office.create(ALICE, "customer", name=name) for name in ("泰微", "启利")]
    for row in rows:
        office.create(ALICE, "contact", customer_id=row["id"], name="王芳")
    batch = done(office, "customer", rows, "hand_over", values={"owner_id": str(BOB_ID)})
    assert {row.owner_id for row in office.rows(model.Contact)} == {BOB_ID}
    assert back(office, batch)["counts"] == {"undone": 2}
    assert {row.owner_id for row in office.rows(model.Contact)} == {ALICE_ID}
    assert [fact.to_id for fact in office.emitted(CustomerHandedOver)] == [BOB_ID, BOB_ID, ALICE_ID, ALICE_ID]


def test_many_go_into_the_pool_and_a_manager_brings_them_back(office):
    rows = leads(office, "甲公司", "乙公司")
    batch = done(office, "lead", rows, "release", ROOT)
    assert set(owners(office, model.Lead).values()) == {None}
    assert len(office.emitted(WentToPool)) == 2
    assert back(office, batch, ROOT)["counts"] == {"undone": 2}
    assert set(owners(office, model.Lead).values()) == {ALICE_ID}


def test_many_activities_are_done(office, customer):
    rows = [
        office.ask(
            ALICE, "plan_activity", kind_id=str(CALL), subject=f"电话{n}", customer_id=customer["id"],
            starts_at="2026-03-10T02:00:00+00:00",
        )["row"]
        for n in range(3)
    ]  # fmt: skip
    office.ask(ALICE, "cancel_activity", id=rows[0]["id"])
    batch = done(office, "activity", rows, "complete", ALICE, values={"outcome": "已沟通"})
    assert (batch["counts"], batch["can"]) == ({"done": 2, "left": 1}, [])
    assert sorted(row.state for row in office.rows(model.Activity)) == ["cancelled", "done", "done"]


def test_rows_and_rights_of_others_stay_as_they_are(office):
    mine = leads(office, "甲公司")
    hers = leads(office, "丙公司", actor=CAROL)
    batch = done(office, "lead", mine + hers, "drop", ALICE)
    assert batch["counts"] == {"done": 1, "left": 1}
    assert told(office, batch, "left", ALICE)[0]["name"] is None
    with pytest.raises(Forbidden):
        tried(office, "lead", mine, "drop", READER)
    with pytest.raises(Forbidden):
        tried(office, "customer", [], "hand_over", READER, values={"owner_id": str(BOB_ID)})


def test_what_one_would_lose_from_sight_by_changing_it_stays(office):
    """As alone: Alice cannot write an owner whom she cannot see; the others of the batch are changed all the same."""
    rows = leads(office, "甲公司", "乙公司")
    batch = done(office, "lead", rows, "update", ALICE, values={"owner_id": str(BOB_ID)})
    assert batch["counts"] == {"left": 2}
    assert {row["problem"]["code"] for row in told(office, batch, "left", ALICE)} == {"Forbidden"}


def test_names_behind_what_changed_are_told(office):
    rows = leads(office, "甲公司")
    batch = done(office, "lead", rows, "update", ALICE, values={"source_id": str(INTERNET)})
    shown = office.ask(ALICE, "batch", id=batch["id"])
    assert shown["labels"][str(INTERNET)]["label"] == "互联网信息"
    assert back(office, batch, ALICE)["counts"] == {"undone": 1}
    assert office.rows(model.Lead)[0].source_id is None
