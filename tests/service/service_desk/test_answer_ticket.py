"""The customer is told something, colleagues note something; nothing of it can be changed afterwards (SVC-01)."""

import pytest

from contracts.errors import Forbidden, IllegalTransition, Invalid
from contracts.service_desk import TicketAnswered, TicketAssigned
from tests.desk import NOON, Desk
from tests.factories.service_desk import ALICE, EVE, FRANK, closed, opened


def test_it_works(house: Desk):
    ticket = opened(house)
    row = house.ask(FRANK, "answer_ticket", id=ticket["id"], text="明天上午上门")["row"]
    assert (row["state"], row["answered_at"]) == ("answered", NOON.isoformat())
    (reply,) = row["replies"]
    assert (reply["text"], reply["public"], reply["author_id"], reply["position"]) == (
        "明天上午上门",
        True,
        str(FRANK.id),
        1,
    )


def test_the_first_answer_counts_and_says_whether_it_came_in_time(house: Desk):
    ticket = opened(house)
    house.later(hours=9)
    house.ask(FRANK, "answer_ticket", id=ticket["id"], text="抱歉久等")
    house.later(hours=1)
    row = house.ask(FRANK, "answer_ticket", id=ticket["id"], text="备件已到")["row"]
    assert [event.first for event in house.emitted(TicketAnswered)] == [True, False]
    assert house.emitted(TicketAnswered)[0].in_time is False
    assert row["answered_at"] == house.emitted(TicketAnswered)[0].answered_at.isoformat()


def test_whoever_answers_what_nobody_deals_with_deals_with_it(house: Desk):
    row = house.ask(EVE, "answer_ticket", id=opened(house)["id"], text="我来处理")["row"]
    assert row["owner_id"] == str(EVE.id)
    assert house.emitted(TicketAssigned)[0].assigned_by == EVE.id


def test_answering_a_colleagues_ticket_leaves_it_with_her(house: Desk):
    ticket = opened(house, owner_id=str(EVE.id))
    row = house.ask(FRANK, "answer_ticket", id=ticket["id"], text="代答")["row"]
    assert row["owner_id"] == str(EVE.id)


def test_a_note_is_for_colleagues_and_leaves_the_state(house: Desk):
    ticket = opened(house)
    row = house.ask(FRANK, "note_ticket", id=ticket["id"], text="老客户，优先")["row"]
    assert (row["state"], row["replies"][0]["public"], row["answered_at"]) == ("open", False, None)
    assert house.emitted(TicketAnswered) == []


def test_what_was_said_cannot_be_changed_by_hand(house: Desk):
    ticket = opened(house)
    house.ask(FRANK, "answer_ticket", id=ticket["id"], text="一")
    change = {"entity": "ticket", "id": ticket["id"], "values": {"replies": []}}
    with pytest.raises(Invalid):
        house.ask(FRANK, "update", change)


def test_not_without_a_text_not_when_closed_not_by_a_rep(house: Desk):
    ticket = closed(house)
    with pytest.raises(Invalid):
        house.ask(FRANK, "answer_ticket", id=ticket["id"], text=" ")
    with pytest.raises(IllegalTransition):
        house.ask(FRANK, "answer_ticket", id=ticket["id"], text="再次答复")
    with pytest.raises(Forbidden):
        house.ask(ALICE, "answer_ticket", id=opened(house)["id"], text="x")
