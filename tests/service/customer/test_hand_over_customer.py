"""A customer gets another owner; nothing of its history is lost."""

import pytest

from contracts.customer import CustomerHandedOver
from contracts.errors import Forbidden, NotFound
from services.customer import model
from tests.cast import ALICE_ID, BOB_ID, CAROL_ID, SALES_SH, SHANGHAI
from tests.service.customer.conftest import ALICE, BOB, CALL, CAROL, ROOT, VISIT


@pytest.fixture
def busy(office, customer):
    """A customer with a contact, a visit that took place and a call that is planned."""
    office.create(ALICE, "contact", customer_id=customer["id"], name="李雷")
    visit = office.ask(ALICE, "log_activity", kind_id=str(VISIT), subject="拜访", customer_id=customer["id"])[
        "row"
    ]
    office.ask(BOB, "add_comment", about="customer.activity", record_id=visit["id"], text="不错")
    office.ask(BOB, "add_comment", about="customer.customer", record_id=customer["id"], text="重点跟进")
    office.ask(
        ALICE, "plan_activity", kind_id=str(CALL), subject="回访", customer_id=customer["id"],
        starts_at="2026-03-12T02:00:00Z",
    )  # fmt: skip
    return customer


def hand_over(office, customer, to, actor=ROOT, **more):
    return office.ask(actor, "hand_over_customer", id=customer["id"], owner_id=str(to), **more)


def test_the_file_its_people_and_what_is_planned_go_along(office, busy):
    row = hand_over(office, busy, CAROL_ID, note="调岗")["row"]
    assert (row["owner_id"], row["department_id"], row["branch_id"]) == (
        str(CAROL_ID),
        str(SALES_SH),
        str(SHANGHAI),
    )
    assert office.rows(model.Contact)[0].owner_id == CAROL_ID
    owners = {a.subject: a.owner_id for a in office.rows(model.Activity)}
    assert owners == {"拜访": ALICE_ID, "回访": CAROL_ID}
    (said,) = office.emitted(CustomerHandedOver)
    assert (said.from_id, said.to_id, said.note) == (ALICE_ID, CAROL_ID, "调岗")


def test_the_new_owner_sees_the_whole_trail_the_old_one_no_longer_the_customer(office, busy):
    hand_over(office, busy, CAROL_ID)
    seen = {a["subject"] for a in office.ask(CAROL, "list", {"entity": "activity"})["rows"]}
    assert seen == {"拜访", "回访"}
    file = office.ask(CAROL, "customer_file", customer_id=busy["id"])
    kinds = [entry["kind"] for entry in file["timeline"]]
    assert kinds.count("commented") == 2
    assert "customer_handed_over" in kinds
    with pytest.raises(NotFound):
        office.ask(ALICE, "get", {"entity": "customer", "id": busy["id"]})


def test_the_change_log_tells_who_looked_after_it(office, busy):
    hand_over(office, busy, CAROL_ID)
    latest = office.ask(CAROL, "history", {"entity": "customer", "id": busy["id"]})["changes"][0]
    assert latest["changes"]["owner_id"] == [str(ALICE_ID), str(CAROL_ID)]
    assert latest["door"] == "customer.hand_over_customer"


def test_to_the_same_owner_nothing_happens(office, busy):
    hand_over(office, busy, ALICE_ID)
    assert office.emitted(CustomerHandedOver) == []


def test_a_rep_cannot_give_her_customer_away(office, busy):
    with pytest.raises(Forbidden):
        hand_over(office, busy, CAROL_ID, actor=ALICE)
    assert office.rows(model.Customer)[0].owner_id == ALICE_ID


def test_a_manager_hands_over_within_his_team_only(office, busy):
    assert hand_over(office, busy, BOB_ID, actor=BOB)["row"]["owner_id"] == str(BOB_ID)
    with pytest.raises(Forbidden):
        hand_over(office, busy, CAROL_ID, actor=BOB)
    with pytest.raises(NotFound):
        hand_over(office, busy, CAROL_ID, actor=CAROL)
