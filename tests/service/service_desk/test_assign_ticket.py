"""Somebody deals with a ticket from now on (SVC-02)."""

import pytest

from contracts.errors import ChangedMeanwhile, Forbidden, IllegalTransition, Invalid, NotFound
from contracts.service_desk import TicketAssigned
from tests.cast import id_of
from tests.desk import Desk
from tests.factories.service_desk import ALICE, CAROL, CUSTOMER, EVE, FRANK, closed, opened


def test_it_works_and_the_one_who_deals_with_it_is_announced(house: Desk):
    ticket = opened(house)
    row = house.ask(FRANK, "assign_ticket", id=ticket["id"], ver=ticket["ver"], owner_id=str(EVE.id))["row"]
    assert (row["state"], row["owner_id"], row["department_id"]) == (
        "assigned",
        str(EVE.id),
        str(EVE.department_id),
    )
    (event,) = house.emitted(TicketAssigned)
    assert (event.number, event.customer_id, event.owner_id, event.assigned_by) == (
        row["number"],
        CUSTOMER,
        EVE.id,
        FRANK.id,
    )


def test_giving_it_to_whom_it_is_with_tells_nobody_again(house: Desk):
    ticket = opened(house)
    for _ in range(2):
        house.ask(FRANK, "assign_ticket", id=ticket["id"], owner_id=str(EVE.id))
    assert len(house.emitted(TicketAssigned)) == 1


def test_pressing_twice_with_one_key_assigns_once(house: Desk):
    ticket = opened(house)
    answers = [
        house.ask(FRANK, "assign_ticket", key="k", id=ticket["id"], owner_id=str(EVE.id)) for _ in range(2)
    ]
    assert answers[0] == answers[1]


def test_a_form_that_changes_the_owner_assigns_it_too(house: Desk):
    ticket = opened(house)
    change = {"entity": "ticket", "id": ticket["id"], "values": {"owner_id": str(EVE.id)}}
    assert house.ask(FRANK, "update", change)["row"]["state"] == "assigned"
    assert len(house.emitted(TicketAssigned)) == 1


def test_not_after_it_is_closed(house: Desk):
    with pytest.raises(IllegalTransition):
        house.ask(FRANK, "assign_ticket", id=closed(house)["id"], owner_id=str(EVE.id))


def test_not_to_somebody_unknown(house: Desk):
    with pytest.raises(Invalid):
        house.ask(FRANK, "assign_ticket", id=opened(house)["id"], owner_id=str(id_of(999)))


def test_not_when_somebody_saved_meanwhile(house: Desk):
    ticket = opened(house)
    house.ask(FRANK, "note_ticket", id=ticket["id"], text="客户在出差")
    with pytest.raises(ChangedMeanwhile):
        house.ask(FRANK, "assign_ticket", id=ticket["id"], ver=ticket["ver"], owner_id=str(EVE.id))


def test_a_rep_who_sees_it_may_not_assign_it_and_another_branch_does_not_see_it(house: Desk):
    ticket = opened(house)
    with pytest.raises(Forbidden):
        house.ask(ALICE, "assign_ticket", id=ticket["id"], owner_id=str(ALICE.id))
    engineer = CAROL.model_copy(update={"grants": FRANK.grants})
    with pytest.raises(NotFound):
        house.ask(engineer, "assign_ticket", id=ticket["id"], owner_id=str(CAROL.id))
