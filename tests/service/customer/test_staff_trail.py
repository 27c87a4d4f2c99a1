"""Coaching: whoever leads a department reads the trail of one of her people, with what was remarked on it (STF-07)."""

import pytest

from contracts.customer import ActivityCommented
from contracts.errors import Forbidden, NotFound
from tests.cast import ALICE_ID, CAROL_ID, person
from tests.service.customer.conftest import ALICE, BOB, CALL, CAROL, VISIT

LEADER = person(BOB.id, "Bob", "customer.* department", reports=(ALICE_ID,))
REP = person(CAROL_ID, "Carol", "customer.activity.* own")


def trail(office, actor=LEADER, staff_id=ALICE_ID, **wish):
    return office.ask(actor, "staff_trail", staff_id=str(staff_id), **wish)


@pytest.fixture
def worked(office, lead, customer):
    """Alice called her lead, plans a visit to her customer, dropped the lead; a visit of long ago is not of the last month."""
    office.ask(
        ALICE,
        "log_activity",
        kind_id=str(VISIT),
        subject="旧事",
        customer_id=customer["id"],
        happened_at="2025-11-01T02:00:00Z",
    )
    office.later(hours=1)
    done = office.ask(
        ALICE, "log_activity", kind_id=str(CALL), subject="回访", outcome="价格太高", lead_id=lead["id"]
    )["row"]
    office.later(hours=1)
    office.ask(
        ALICE,
        "plan_activity",
        kind_id=str(VISIT),
        subject="演示",
        customer_id=customer["id"],
        starts_at="2026-03-20T02:00:00Z",
    )
    office.later(hours=1)
    office.ask(ALICE, "drop_lead", id=lead["id"], note="没有预算")
    return done


def test_what_she_did_plans_and_gave_up_newest_first(office, lead, customer, worked):
    found = trail(office)["timeline"]
    assert [(entry["kind"], entry["title"]) for entry in found] == [
        ("activity_planned", f"演示 · {customer['name']}"), ("lead_dropped", lead["name"]),
        ("activity_done", f"回访 · {lead['name']}"), ("lead_created", lead["name"]),
    ]  # fmt: skip
    assert found[1]["text"] == "没有预算"
    assert found[2]["text"] == "价格太高"
    assert "旧事" in str(trail(office, since="2025-10-01")["timeline"])


def test_what_she_did_is_told_however_much_she_plans(office, customer, worked):
    for begins in ("2026-03-20T02:00:00Z", "2026-03-20T08:00:00Z"):
        office.ask(
            ALICE, "plan_activity", kind_id=str(CALL), subject="例会", customer_id=customer["id"],
            starts_at=begins, unit="day", times=60,
        )  # fmt: skip
    found = trail(office)["timeline"]
    planned = [entry["at"] for entry in found if entry["kind"] == "activity_planned"]
    assert (len(planned), max(planned)[:10]) == (20, "2026-03-29")
    assert {"activity_done", "lead_dropped"} <= {entry["kind"] for entry in found}


def test_what_is_remarked_stands_with_it_and_she_is_told(office, worked):
    office.ask(
        LEADER, "add_comment", about="customer.activity", record_id=worked["id"], text="先问预算，再报价"
    )
    (event,) = office.emitted(ActivityCommented)
    assert (event.owner_id, event.text) == (ALICE_ID, "先问预算，再报价")
    found = trail(office)
    assert [(one["text"], one["by_id"]) for one in found["remarks"][worked["id"]]] == [
        ("先问预算，再报价", str(BOB.id))
    ]
    assert found["labels"][str(BOB.id)]["label"] == "Bob"


def test_only_of_ones_own_people(office, worked):
    with pytest.raises(NotFound):
        trail(office, CAROL)
    with pytest.raises(NotFound):
        trail(office, LEADER, CAROL_ID)
    with pytest.raises(Forbidden):
        trail(office, REP)
