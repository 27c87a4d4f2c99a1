"""What an import announces of many records at once is written down as if each had been announced alone (STF-03)."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.inbox import Inbox
from chassis.wire import encode
from contracts.customer import CustomerListed
from contracts.message import Envelope
from services.reporting.model import Fact
from tests.cast import ALICE_ID, CAROL_ID, id_of
from tests.desk import NOON, Desk

CARDS = st.lists(
    st.tuples(
        st.integers(1, 4), st.integers(1, 3), st.sampled_from([ALICE_ID, CAROL_ID, None]), st.integers(0, 1)
    ),
    max_size=12,
)
"""(customer, version, owner, hour): the same card may come twice, and in any order."""


def message(place: int, card) -> bytes:
    customer, ver, owner, hour = card
    at = NOON + timedelta(hours=13 * hour)  # on this day and on the next
    event = CustomerListed(
        record_id=id_of(900 + customer),
        epoch=1,
        ver=ver,
        label="泰微",
        data={"owner_id": owner and str(owner)},
    )
    envelope = Envelope(
        id=id_of(1000 + place), origin="HQ", source="customer", type="customer_listed", aggregate_id=event.record_id,
        occurred_at=at, recorded_at=at, actor_id=ALICE_ID, actor_name="Alice", body=event.as_json(), sequence=place,
    )  # fmt: skip
    return encode(envelope.as_json())


def facts(databases, *batches: list[bytes]) -> list[tuple[str, ...]]:
    office = Desk.at(databases, "reporting")
    try:
        inbox = Inbox(office.house, (1.0,))
        for batch in batches:
            inbox.take(batch)
        names = (
            "id", "owner_id", "customer_id", "record_id", "happened_on", "happened_at", "recorded_at", "event_id", "sequence",
            "kind", "subject", "ver", "home", "currency", "count",
        )  # fmt: skip
        return sorted(tuple(str(getattr(row, name)) for name in names) for row in office.rows(Fact))
    finally:
        office.close()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cards=CARDS)
def test_together_or_one_by_one_the_books_are_the_same(databases, cards):
    told = [message(place, card) for place, card in enumerate(cards)]
    together = facts(databases, [b"[" + b",".join(told) + b"]"] if told else [])
    assert together == facts(databases, *([one] for one in told))
    assert len(together) == len({customer for customer, ver, *_ in cards if ver == 1})
