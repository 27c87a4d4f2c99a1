"""What each piece of news is written down as."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from contracts.customer import LeadConverted
from contracts.message import Event
from contracts.receivables import InstalmentFellDue
from contracts.sales import OpportunityLost, OpportunityMoved, OpportunityOpened, QuoteSent
from contracts.service_desk import TicketOpened
from services.reporting.model import Fact
from tests.cast import ALICE_ID, id_of
from tests.desk import NOON, Desk
from tests.factories.reporting import CUSTOMER

AT = NOON - timedelta(days=1)
THING, STAGE, REASON = id_of(801), id_of(802), id_of(803)
CHANCE = {"opportunity_id": THING, "customer_id": CUSTOMER, "owner_id": ALICE_ID, "expected_amount": "800.00"}


@pytest.mark.parametrize(
    ("event", "kind", "amount", "detail", "at"),
    [
        (
            LeadConverted(
                lead_id=THING, customer_id=CUSTOMER, opportunity_id=id_of(804), name="x", expected_amount="800.00",
                owner_id=ALICE_ID,
            ),
            "lead_converted", "800.00", None, NOON,
        ),
        (OpportunityOpened(**CHANCE, name="x", stage_id=STAGE, opened_at=AT), "opportunity_found", "800.00", None, AT),
        (
            OpportunityMoved(**CHANCE, from_stage_id=id_of(805), to_stage_id=STAGE, moved_at=AT),
            "stage_moved", "800.00", str(STAGE), AT,
        ),
        (
            OpportunityLost(**CHANCE, stage_id=STAGE, reason_id=REASON, lost_at=AT),
            "opportunity_lost", "800.00", str(REASON), AT,
        ),
        (
            QuoteSent(
                quote_id=THING, name="x", opportunity_id=id_of(806), customer_id=CUSTOMER, owner_id=ALICE_ID,
                amount="800.00", sent_at=AT,
            ),
            "quote_sent", "800.00", None, AT,
        ),
        (
            InstalmentFellDue(
                instalment_id=THING, receivable_id=id_of(807), contract_id=id_of(808), contract_number="HT-1",
                customer_id=CUSTOMER, owner_id=ALICE_ID, due_on="2026-03-09", open_amount="800.00",
            ),
            "instalment_fell_due", "800.00", None, NOON,
        ),
        (
            TicketOpened(
                ticket_id=THING, number="FW-1", subject="x", kind="repair", channel="phone", priority="normal",
                customer_id=CUSTOMER, owner_id=ALICE_ID, due_at=AT, opened_at=AT,
            ),
            "ticket_opened", None, "repair", AT,
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Event) else "",
)  # fmt: skip
def test_it_is_one_fact_of_its_kind(house: Desk, event: Event, kind: str, amount: Any, detail: Any, at: Any):
    house.hear(event)
    (fact,) = house.rows(Fact)
    assert (fact.kind, fact.detail, fact.happened_at, fact.record_id) == (kind, detail, at, THING)
    assert fact.amount == (Decimal(amount) if amount else None)
    assert (fact.owner_id, fact.customer_id) == (ALICE_ID, CUSTOMER)
