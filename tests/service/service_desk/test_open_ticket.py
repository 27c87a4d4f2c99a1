"""A customer makes contact: recorded whole, due by its priority, seen by whom it concerns (SVC-01, SVC-02, SVC-09)."""

from datetime import timedelta

import pytest

from contracts.errors import Forbidden, Invalid, NotFound
from contracts.service_desk import StaffNamed, TicketAssigned, TicketOpened
from services.service_desk import model
from tests.cast import ALICE_ID, FRANK_ID
from tests.desk import NOON, Desk
from tests.factories.service_desk import (
    ALICE,
    CAROL,
    CLASS_A,
    CONTACT,
    CUSTOMER,
    EVE,
    FRANK,
    GRACE,
    OTHER_CUSTOMER,
    SCOPE,
    SOFTWARE,
    customer,
    opened,
    problem,
    staff,
)


def test_it_is_recorded_with_product_and_symptom_and_belongs_to_who_took_it(house: Desk):
    row = opened(house, product_id=str(SCOPE), problem_id=problem(house, "F01"), channel="fax", kind="repair")
    assert (row["number"], row["state"], row["owner_id"]) == ("FW-HQ-2026-00001", "open", str(FRANK_ID))
    assert row["customer_owner_id"] == str(ALICE_ID)
    (event,) = house.emitted(TicketOpened)
    assert (str(event.ticket_id), event.kind, event.channel, event.customer_owner_id) == (
        row["id"],
        "repair",
        "fax",
        ALICE_ID,
    )


@pytest.mark.parametrize(
    ("priority", "answer", "close"), [("urgent", 1, 8), ("high", 4, 24), ("normal", 8, 72), ("low", 24, 168)]
)
def test_it_is_due_by_its_priority(house: Desk, priority: str, answer: int, close: int):
    row = opened(house, priority=priority)
    assert row["answer_due_at"] == (NOON + timedelta(hours=answer)).isoformat()
    assert row["due_at"] == (NOON + timedelta(hours=close)).isoformat()


def test_due_times_follow_the_service_levels_that_were_agreed(house: Desk):
    level = house.rows(model.ServiceLevel, priority="urgent")[0]
    values = {"answer_hours": 2, "close_hours": 3}
    house.ask(GRACE, "update", {"entity": "service_level", "id": str(level.id), "values": values})
    assert opened(house, priority="urgent")["due_at"] == (NOON + timedelta(hours=3)).isoformat()


def test_another_priority_or_an_earlier_call_moves_the_due_time(house: Desk):
    row = opened(house, opened_at=(NOON - timedelta(hours=5)).isoformat())
    assert row["due_at"] == (NOON + timedelta(hours=67)).isoformat()
    change = {"entity": "ticket", "id": row["id"], "values": {"priority": "urgent"}}
    assert house.ask(FRANK, "update", change)["row"]["due_at"] == (NOON + timedelta(hours=3)).isoformat()


def test_a_contact_brings_its_customer_along(house: Desk):
    row = house.create(FRANK, "ticket", subject="咨询", contact_id=str(CONTACT))
    assert row["customer_id"] == str(CUSTOMER)


def test_somebody_we_do_not_know_can_call_too(house: Desk):
    row = house.create(FRANK, "ticket", subject="报价咨询", caller="李先生 13800138000", kind="enquiry")
    assert (row["customer_id"], row["customer_owner_id"]) == (None, None)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"contact_id": str(CONTACT), "customer_id": str(OTHER_CUSTOMER)}, "contact_id"),
        ({"opened_at": (NOON + timedelta(days=1)).isoformat()}, "opened_at"),
        ({"subject": ""}, "subject"), ({"channel": "telepathy"}, "channel"), ({"due_at": NOON.isoformat()}, "due_at"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_at_its_field(house: Desk, values, field: str):
    with pytest.raises(Invalid) as raised:
        opened(house, **values)
    assert [p.field for p in raised.value.fields] == [field]
    assert house.rows(model.Ticket) == []


def test_a_symptom_of_one_product_class_is_refused_for_a_product_of_another(house: Desk):
    entry = house.create(GRACE, "problem", code="X1", name="触发失灵", product_class_id=str(CLASS_A))
    opened(house, product_id=str(SCOPE), problem_id=entry["id"])
    with pytest.raises(Invalid) as raised:
        opened(house, product_id=str(SOFTWARE), problem_id=entry["id"])
    assert raised.value.fields[0].field == "problem_id"


def test_one_given_to_a_colleague_at_once_is_assigned_and_she_is_told(house: Desk):
    row = opened(house, owner_id=str(EVE.id))
    assert row["state"] == "assigned"
    (event,) = house.emitted(TicketAssigned)
    assert (event.owner_id, event.assigned_by) == (EVE.id, FRANK_ID)


def test_nobody_who_left_gets_one(house: Desk):
    left = staff(EVE, ver=2)
    house.hear(left.model_copy(update={"data": {**left.data, "state": "left"}}))
    with pytest.raises(Invalid):
        opened(house, owner_id=str(EVE.id))


def test_the_customers_rep_sees_it_a_rep_of_another_branch_does_not(house: Desk):
    row = opened(house)
    assert house.ask(ALICE, "get", entity="ticket", id=row["id"])["can"] == {
        "read": True, "update": False, "archive": False, "restore": False, "verbs": [],
    }  # fmt: skip
    with pytest.raises(NotFound):
        house.ask(CAROL, "get", entity="ticket", id=row["id"])


def test_when_the_customer_changes_hands_the_new_rep_sees_it_and_the_former_no_longer(house: Desk):
    row = opened(house)
    house.hear(customer(CUSTOMER, "上海泰微", CAROL, ver=2))
    house.hear(customer(CUSTOMER, "上海泰微", ALICE, ver=1))
    assert house.ask(CAROL, "get", entity="ticket", id=row["id"])["row"]["customer_owner_id"] == str(CAROL.id)
    with pytest.raises(NotFound):
        house.ask(ALICE, "get", entity="ticket", id=row["id"])


def test_an_accountant_without_the_right_opens_none(house: Desk):
    with pytest.raises(Forbidden):
        house.create(CAROL.model_copy(update={"grants": ()}), "ticket", subject="x")


def test_a_complaint_counts_for_whom_it_names(house: Desk):
    opened(house, kind="complaint", named_staff_id=str(ALICE_ID))
    (event,) = house.emitted(StaffNamed)
    assert (event.staff_id, event.kind, event.customer_id, event.named_at) == (
        ALICE_ID,
        "complaint",
        CUSTOMER,
        NOON,
    )
