"""What is announced is written down once, to the credit of a person, on the day it happened; and undone by a second fact."""

from datetime import date

import pytest

from chassis.identity import new_id
from contracts.actor import Actor
from contracts.customer import CustomerListed, LeadListed
from contracts.errors import Forbidden, InUse
from contracts.receivables import ContractCancelled, FormerContractBooked
from contracts.sales import OpportunityReopened
from contracts.service_desk import StaffUnnamed, TicketClosed, TicketReopened
from services.reporting.model import Fact
from tests.cast import ALICE_ID, BEIJING, BOB_ID, CAROL_ID, SALES
from tests.desk import NOON, Desk
from tests.factories.reporting import (
    ALICE,
    BOB,
    CAROL,
    CUSTOMER,
    DAN,
    figures,
    found,
    named,
    on,
    paid,
    rated,
    signed,
    visited,
    won,
)


def test_a_fact_says_who_when_and_where(house: Desk):
    house.later(days=5)
    house.hear(visited(at=NOON))
    (fact,) = house.rows(Fact)
    assert (fact.kind, fact.detail, fact.owner_id) == ("activity_done", "visit", ALICE_ID)
    assert (fact.department_id, fact.branch_id) == (SALES, BEIJING)
    assert (fact.happened_at, fact.happened_on, fact.recorded_at) == (NOON, date(2026, 3, 10), house.now)


def test_news_that_comes_twice_is_one_fact(house: Desk):
    event, id = won(), new_id()
    house.hear(event, id=id)
    house.hear(event, id=id)
    assert len(house.rows(Fact)) == 1


def test_a_day_is_the_branchs_day(house: Desk):
    """Half past midnight in Shanghai is the day before by the clock of Greenwich."""
    house.hear(visited(at=on(10).replace(day=9, hour=16, minute=30)))
    assert [fact.happened_on for fact in house.rows(Fact)] == [date(2026, 3, 10)]


def test_who_found_a_lead_or_a_customer(house: Desk):
    by_alice = Actor(id=ALICE_ID, name="Alice")
    for event in (found(LeadListed, ALICE_ID), found(CustomerListed, BOB_ID)):
        house.hear(event, by=by_alice)
    house.hear(found(LeadListed, BOB_ID))
    house.hear(found(LeadListed, ALICE_ID, ver=2), by=by_alice)
    row = figures(house)
    assert (row["leads_found"], row["customers_found"], figures(house, BOB_ID)["leads_found"]) == (1, 1, 1)


def test_a_win_taken_back_counts_no_longer(house: Desk):
    event = won()
    house.hear(event)
    assert figures(house)["won_amount"] == "1000.00"
    house.hear(reopened(event))
    house.hear(reopened(event))
    row = figures(house)
    assert (row["won_count"], row["won_amount"], row["success_rate"]) == (0, "0.00", None)
    house.hear(won(opportunity_id=event.opportunity_id, amount="900.00"))
    assert figures(house)["won_amount"] == "900.00"


def test_a_cancelled_contract_counts_no_longer(house: Desk):
    event = signed()
    house.hear(event)
    house.hear(
        ContractCancelled(
            contract_id=event.contract_id, number="HT-1", customer_id=CUSTOMER, amount=event.amount, was_signed=True,
            reason="x",
        )
    )  # fmt: skip
    row = figures(house)
    assert (row["contracts_count"], row["contracts_amount"]) == (0, "0.00")


def test_a_contract_of_former_days_counts_in_its_own_period(house: Desk):
    old = FormerContractBooked.of(signed(day=date(2024, 5, 1)))
    house.hear(old)
    assert figures(house)["contracts_count"] == 0
    assert figures(house, since="2024-01-01", until="2024-12-31")["contracts_amount"] == "1000.00"


def test_a_payment_taken_back(house: Desk):
    contract = signed()
    for event in (contract, paid(contract, "600.00", "400.00"), paid(contract, "-600.00", "1000.00")):
        house.hear(event)
    row = figures(house)
    assert (row["payments_count"], row["payments_amount"]) == (0, "0.00")


def test_the_last_word_of_a_ticket_counts(house: Desk):
    ticket = new_id()
    house.hear(named("complaint", ALICE_ID, ticket))
    house.hear(named("complaint", CAROL_ID, ticket))
    assert (figures(house)["complaints"], figures(house, CAROL_ID)["complaints"]) == (0, 1)
    house.hear(StaffUnnamed(ticket_id=ticket, staff_id=CAROL_ID, kind="complaint"))
    assert figures(house, CAROL_ID)["complaints"] == 0
    house.hear(named("praise", ALICE_ID, ticket))
    assert figures(house)["praises"] == 1


def test_a_rating_is_replaced_by_a_later_one(house: Desk):
    ticket = new_id()
    for event in (rated(1, ticket=ticket), rated(5, ticket=ticket), rated(4)):
        house.hear(event)
    row = figures(house)
    assert (row["ratings"], row["average_rating"]) == (2, "4.50")


def test_a_reopened_ticket_was_not_solved(house: Desk):
    ticket = new_id()
    closed = TicketClosed(
        ticket_id=ticket, number="FW-1", subject="x", kind="repair", owner_id=ALICE_ID, opened_at=NOON, closed_at=NOON,
        hours=1, in_time=True,
    )  # fmt: skip
    house.hear(closed)
    house.hear(TicketReopened(ticket_id=ticket, number="FW-1", subject="x", owner_id=ALICE_ID))
    assert figures(house)["tickets_closed"] == 0
    house.hear(closed)
    assert figures(house)["tickets_closed"] == 1


def test_each_sees_the_facts_within_her_rights(house: Desk):
    house.hear(visited(ALICE_ID))
    house.hear(visited(CAROL_ID))
    seen = {a.name: len(house.ask(a, "list", {"entity": "fact"})["rows"]) for a in (ALICE, BOB, CAROL, DAN)}
    assert seen == {"Alice": 1, "Bob": 1, "Carol": 1, "Dan": 2}
    where = {"where": {"owner_id": str(ALICE_ID), "kind": "activity_done", "happened_on__gte": "2026-03-01"}}
    (row,) = house.ask(BOB, "list", {"entity": "fact", "query": where})["rows"]
    assert row["happened_on"] == "2026-03-10"


def test_nobody_makes_up_or_puts_away_a_fact(house: Desk):
    house.hear(visited())
    (fact,) = house.rows(Fact)
    with pytest.raises(Forbidden):
        house.create(DAN, "fact", kind="praise")
    with pytest.raises(InUse):
        house.ask(DAN, "archive", entity="fact", id=str(fact.id))


def reopened(event) -> OpportunityReopened:
    return OpportunityReopened(
        opportunity_id=event.opportunity_id, customer_id=CUSTOMER, stage_id=event.stage_id, was="won", reopened_at=NOON,
    )  # fmt: skip
