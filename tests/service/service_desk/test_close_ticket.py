"""A ticket is settled, reopened when it was not, and rated by the customer (SVC-01, SVC-04, SVC-05)."""

from decimal import Decimal

import pytest

from contracts.errors import Forbidden, IllegalTransition, Invalid
from contracts.service_desk import CustomerRated, TicketClosed, TicketReopened
from tests.desk import Desk
from tests.factories.service_desk import ALICE, CUSTOMER, FRANK, closed, opened


def test_it_works_and_how_long_it_took_is_announced(house: Desk):
    ticket = opened(house)
    house.later(hours=1, minutes=30)
    row = house.ask(FRANK, "close_ticket", id=ticket["id"], solution="更换保险丝")["row"]
    assert (row["state"], row["solution"], row["closed_at"]) == (
        "closed",
        "更换保险丝",
        house.now.isoformat(),
    )
    (event,) = house.emitted(TicketClosed)
    assert (event.hours, event.in_time, event.customer_id, event.owner_id) == (
        Decimal("1.50"),
        True,
        CUSTOMER,
        FRANK.id,
    )


def test_one_settled_late_says_so(house: Desk):
    ticket = opened(house, priority="urgent")
    house.later(hours=9)
    house.ask(FRANK, "close_ticket", id=ticket["id"])
    assert house.emitted(TicketClosed)[0].in_time is False


def test_a_closed_one_cannot_be_closed_again_but_reopened(house: Desk):
    ticket = closed(house)
    with pytest.raises(IllegalTransition):
        house.ask(FRANK, "close_ticket", id=ticket["id"])
    house.ask(FRANK, "rate_ticket", id=ticket["id"], rating=1)
    row = house.ask(FRANK, "reopen_ticket", id=ticket["id"], note="又坏了")["row"]
    assert (row["state"], row["closed_at"], row["rating"], row["owner_id"]) == (
        "assigned",
        None,
        None,
        str(FRANK.id),
    )
    assert len(house.emitted(TicketReopened)) == 1
    newest = house.ask(FRANK, "history", entity="ticket", id=ticket["id"])["changes"][0]
    assert (newest["note"], newest["changes"]["rating"]) == ("又坏了", [1, None])


def test_the_customers_opinion_is_kept_and_announced(house: Desk):
    ticket = closed(house)
    row = house.ask(FRANK, "rate_ticket", id=ticket["id"], rating="５", rating_note="很快")["row"]
    assert (row["state"], row["rating"], row["rating_note"]) == ("closed", 5, "很快")
    (event,) = house.emitted(CustomerRated)
    assert (event.rating, event.customer_id, event.owner_id) == (5, CUSTOMER, FRANK.id)


@pytest.mark.parametrize("rating", [0, 6, -1, "NaN", 2.5])
def test_an_opinion_is_one_to_five(house: Desk, rating):
    with pytest.raises(Invalid):
        house.ask(FRANK, "rate_ticket", id=closed(house)["id"], rating=rating)


def test_nothing_is_rated_before_it_is_closed(house: Desk):
    with pytest.raises(IllegalTransition):
        house.ask(FRANK, "rate_ticket", id=opened(house)["id"], rating=5)


def test_a_rep_who_sees_it_may_neither_close_nor_rate_it(house: Desk):
    ticket = closed(house)
    for door, values in (("reopen_ticket", {}), ("rate_ticket", {"rating": 5})):
        with pytest.raises(Forbidden):
            house.ask(ALICE, door, id=ticket["id"], **values)
