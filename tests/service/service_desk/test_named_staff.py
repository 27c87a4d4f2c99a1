"""Complaints and praises count for the staff member they name, once each, and figures stay inside rights (SVC-04, SVC-06)."""

from contracts.service_desk import StaffNamed, StaffUnnamed
from tests.cast import ALICE_ID, BOB_ID, CAROL_ID, FRANK_ID
from tests.desk import Desk
from tests.factories.service_desk import ALICE, BOB, FRANK, GRACE, closed, opened

MARCH = {"begins_on": "2026-03-01", "ends_on": "2026-03-31"}


def figures(house: Desk, actor, **period) -> dict[str, dict]:
    rows = house.ask(actor, "per_staff", {**MARCH, **period})["rows"]
    return {row["staff_id"]: row for row in rows}


def test_complaints_and_praises_are_counted_for_whom_they_name(house: Desk):
    opened(house, kind="complaint", named_staff_id=str(ALICE_ID))
    opened(house, kind="praise", named_staff_id=str(ALICE_ID))
    opened(house, kind="praise", named_staff_id=str(FRANK_ID))
    opened(house, kind="repair", named_staff_id=str(ALICE_ID))
    opened(house, kind="complaint")
    found = figures(house, GRACE)
    assert (found[str(ALICE_ID)]["complaint"], found[str(ALICE_ID)]["praise"]) == (1, 1)
    assert (found[str(FRANK_ID)]["complaint"], found[str(FRANK_ID)]["praise"]) == (0, 1)


def test_one_that_turned_out_to_be_about_somebody_else_moves(house: Desk):
    ticket = opened(house, kind="complaint", named_staff_id=str(ALICE_ID))
    for values in ({"named_staff_id": str(BOB_ID)}, {"subject": "还是不满意"}, {"kind": "enquiry"}):
        house.ask(FRANK, "update", {"entity": "ticket", "id": ticket["id"], "values": values})
    assert [(e.staff_id, e.kind) for e in house.emitted(StaffNamed)] == [
        (ALICE_ID, "complaint"),
        (BOB_ID, "complaint"),
    ]
    assert [(e.staff_id, e.kind) for e in house.emitted(StaffUnnamed)] == [
        (ALICE_ID, "complaint"),
        (BOB_ID, "complaint"),
    ]
    assert figures(house, GRACE)[str(BOB_ID)]["complaint"] == 0


def test_a_ticket_put_away_counts_for_nobody_until_it_is_brought_back(house: Desk):
    ticket = opened(house, kind="complaint", named_staff_id=str(ALICE_ID))
    house.ask(FRANK, "archive", entity="ticket", id=ticket["id"])
    assert figures(house, GRACE)[str(ALICE_ID)]["complaint"] == 0
    house.ask(FRANK, "restore", entity="ticket", id=ticket["id"])
    assert figures(house, GRACE)[str(ALICE_ID)]["complaint"] == 1
    assert (len(house.emitted(StaffNamed)), len(house.emitted(StaffUnnamed))) == (2, 1)


def test_settled_tickets_and_opinions_are_counted_for_who_dealt_with_them(house: Desk):
    for rating in (5, 4):
        house.ask(FRANK, "rate_ticket", id=closed(house)["id"], rating=rating)
    late = opened(house, priority="urgent")
    house.later(hours=9)
    house.ask(FRANK, "close_ticket", id=late["id"])
    found = figures(house, GRACE)[str(FRANK_ID)]
    assert (found["closed"], found["in_time"], found["rated"], found["rating"]) == (3, 2, 2, "4.50")
    assert found["average_hours"] == "3.00"


def test_the_first_and_the_last_day_count_whole(house: Desk):
    opened(house, kind="praise", named_staff_id=str(ALICE_ID), opened_at="2026-02-28T16:00:00+00:00")
    opened(house, kind="praise", named_staff_id=str(ALICE_ID), opened_at="2026-02-28T15:59:59+00:00")
    assert figures(house, GRACE)[str(ALICE_ID)]["praise"] == 1
    assert figures(house, GRACE, begins_on="2026-02-28", ends_on="2026-02-28")[str(ALICE_ID)]["praise"] == 1


def test_everybody_sees_the_figures_of_those_within_her_rights(house: Desk):
    """A manager sees his department's figures even where the tickets are with another department."""
    opened(house, kind="complaint", named_staff_id=str(ALICE_ID))
    assert set(figures(house, ALICE)) == {str(ALICE_ID)}
    assert figures(house, ALICE)[str(ALICE_ID)]["complaint"] == 1
    seen = figures(house, BOB)
    assert str(CAROL_ID) not in seen
    assert str(FRANK_ID) not in seen
    assert seen[str(ALICE_ID)]["complaint"] == 1
