"""Filters in brackets and on related records stand in an address and come back from it (DAT-02)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from contracts import addresses
from contracts.addresses import Condition, ListAddress

CONDITIONS = st.builds(
    Condition,
    st.sampled_from(["state", "amount", "customer_id.kind", "contact.customer_id.job_title", "own_rooms"]),
    st.sampled_from(["eq", "ne", "gte", "contains"]),
    st.lists(st.text(min_size=1, max_size=5).map(str.strip).filter(bool), min_size=1, max_size=2).map(tuple),
    st.integers(0, 3),
)


@given(st.lists(CONDITIONS, max_size=6, unique_by=lambda c: c.key), st.sampled_from(["all", "any"]))
def test_an_address_says_which_conditions_stand_in_brackets(conditions, match):
    address = ListAddress(conditions=tuple(conditions), match=match)
    assert addresses.read(address.written()) == address
