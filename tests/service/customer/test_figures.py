"""A customer's figures (CUS-02, CUS-19) are what was told of it, whatever came twice, late, or to a record since merged."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.receivables import (
    ContractCancelled,
    ContractListed,
    ContractSigned,
    InstalmentFellDue,
    PaymentRecorded,
)
from contracts.sales import OpportunityLost, OpportunityOpened, OpportunityReopened, OpportunityWon
from contracts.service_desk import CustomerRated, TicketClosed, TicketOpened
from services.customer.rules import Figures
from tests.cast import id_of
from tests.desk import NOON
from tests.service.customer.conftest import ALICE, CALL

CONTRACT, OTHER, CHANCE, TICKET = id_of(811), id_of(812), id_of(813), id_of(814)


def news(customer_id):
    """What happened with a customer, in the order in which it happened."""
    whose = {"customer_id": customer_id}
    contract = {"contract_id": CONTRACT, "receivable_id": CONTRACT} | whose
    chance = {"opportunity_id": CHANCE, "stage_id": id_of(1)} | whose
    ticket = {"ticket_id": TICKET} | whose
    about = {"number": "SR-1", "subject": "漏油", "kind": "question", "opened_at": NOON}
    return [
        OpportunityOpened(name="机房", expected_amount="900", opened_at=NOON, **chance),
        OpportunityLost(expected_amount="900", reason_id=id_of(2), lost_at=NOON, **chance),
        OpportunityReopened(was="lost", reopened_at=NOON, **chance),
        ContractSigned(number="HT-1", name="机房", amount="1000.00", signed_on="2026-03-01", **contract),
        ContractSigned(
            number="HT-2", name="网络", amount="70.00", signed_on="2026-03-05", **contract | {"contract_id": OTHER}
        ),
        InstalmentFellDue(
            instalment_id=id_of(3), contract_number="HT-1", due_on="2026-03-09", open_amount="600.00", **contract
        ),
        PaymentRecorded(payment_id=id_of(4), amount="450.25", remaining="549.75", paid_on="2026-03-10", **contract),
        ContractCancelled(number="HT-2", amount="70.00", was_signed=True, reason="x", contract_id=OTHER, **whose),
        TicketOpened(channel="phone", priority="normal", due_at=NOON, **about, **ticket),
        CustomerRated(rating=4, rated_at=NOON, **ticket),
        CustomerRated(rating=5, rated_at=NOON, **ticket),
    ]  # fmt: skip


EXPECTED = {
    "contracts_count": 1, "contracts_amount": "1000.00", "last_contract_on": "2026-03-01", "paid_amount": "450.25",
    "lifetime_value": "1900.00", "overdue_amount": "149.75", "owed_amount": "549.75", "open_opportunities": 1, "open_amount": "900.00", "won_opportunities": 0,
    "lost_opportunities": 0, "open_tickets": 1, "average_rating": "5.00",
}  # fmt: skip


def figures(office, id):
    row = office.ask(ALICE, "get", entity="customer", id=str(id))["row"]
    return {name: row[name] for name in Figures.__dataclass_fields__}


def tell(office, events, order=None):
    for number in order if order is not None else range(len(events)):
        office.hear(events[number], id=id_of(900 + number), sequence=number + 1)


def test_figures_follow_from_what_is_told(office, customer):
    events = news(customer["id"])
    tell(office, events)
    assert figures(office, customer["id"]) == EXPECTED
    assert office.ask(ALICE, "get", entity="customer", id=customer["id"])["row"]["ver"] == customer["ver"]
    contract = {"contract_id": CONTRACT, "customer_id": customer["id"], "receivable_id": CONTRACT}
    office.hear(
        PaymentRecorded(
            payment_id=id_of(5), amount="-450.25", remaining="1000", paid_on="2026-03-11", reverses_id=id_of(4), **contract
        ),
        sequence=90,
    )  # fmt: skip
    office.hear(
        OpportunityWon(
            opportunity_id=CHANCE, stage_id=id_of(1), name="机房", customer_id=customer["id"], amount="900",
            contract_id=id_of(6), won_at=NOON,
        ), sequence=91,
    )  # fmt: skip
    office.hear(
        TicketClosed(
            ticket_id=TICKET, number="SR-1", subject="漏油", kind="question", customer_id=customer["id"],
            opened_at=NOON, closed_at=NOON, hours=Decimal(1), in_time=True,
        ), sequence=92,
    )  # fmt: skip
    found = figures(office, customer["id"])
    changed = (
        "paid_amount",
        "overdue_amount",
        "open_opportunities",
        "open_amount",
        "won_opportunities",
        "open_tickets",
    )
    assert [found[name] for name in changed] == ["0.00", "600.00", 0, "0.00", 1, 0]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations([*range(11), *range(11)]), merge_at=st.integers(0, 22), undone=st.booleans())
def test_any_order_any_repetition_and_a_merge_meanwhile_give_the_same(desk, office, order, merge_at, undone):
    savepoint = office.connection.begin_nested()
    try:
        gone = office.create(ALICE, "customer", name="启利科技一店")
        kept = office.create(ALICE, "customer", name="启利科技二店")
        events = news(gone["id"])
        tell(office, events, order[:merge_at])
        merged = office.ask(
            ALICE, "merge", entity="customer", kept_id=kept["id"], gone_ids=[gone["id"]], values={}
        )
        tell(office, events, order[merge_at:])
        assert figures(office, kept["id"]) == EXPECTED
        if undone:
            office.ask(ALICE, "unmerge", entity="customer", merge_id=merged["merge_id"])
            assert figures(office, gone["id"]) == EXPECTED
            assert figures(office, kept["id"])["contracts_amount"] == "0.00"
    finally:
        savepoint.rollback()


def test_a_contract_counts_for_whom_its_card_names(office, customer):
    """After a merge is taken back the card of the contract tells whose it is again."""
    other = office.create(ALICE, "customer", name="泰微信息")
    tell(office, news(customer["id"]))
    data = {"customer_id": other["id"], "state": "signed", "amount": "1000.00", "signed_on": "2026-03-01"}
    office.hear(ContractListed(record_id=CONTRACT, epoch=1, ver=3, number="HT-1", label="机房", data=data))
    assert figures(office, other["id"])["contracts_amount"] == "1000.00"
    found = figures(office, customer["id"])
    assert (found["contracts_amount"], found["overdue_amount"], found["open_tickets"]) == ("0.00", "0.00", 1)


def test_activities_say_when_we_were_last_in_contact(office, customer):
    office.ask(
        ALICE, "log_activity", kind_id=str(CALL), subject="回访", customer_id=customer["id"], next_subject="拜访",
        next_at="2026-03-20T02:00:00Z",
    )  # fmt: skip
    row = office.ask(ALICE, "get", entity="customer", id=customer["id"])["row"]
    assert (row["open_activities"], row["next_activity_at"]) == (1, "2026-03-20T02:00:00+00:00")
    assert row["last_activity_at"] == NOON.isoformat()
    (planned,) = [a for a in office.ask(ALICE, "list", entity="activity")["rows"] if a["state"] == "planned"]
    office.ask(ALICE, "cancel_activity", id=planned["id"])
    row = office.ask(ALICE, "get", entity="customer", id=customer["id"])["row"]
    assert (row["open_activities"], row["next_activity_at"]) == (0, None)
