"""Filters in brackets and on related records stand in an address and come back from it (DAT-02)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import addresses
from contracts.addresses import Condition, ListAddress

TEXTS = st.text(min_size=1, max_size=5).map(str.strip).filter(bool)
CONDITIONS = st.builds(
    Condition,
    st.sampled_from(["state", "amount", "customer_id.kind", "contact.customer_id.job_title", "own_rooms"]),
    st.sampled_from(["eq", "ne", "between", "month"]),
    st.lists(TEXTS, min_size=1, max_size=2).map(tuple),
    st.integers(0, 3),
    st.booleans(),
) | st.builds(
    Condition,
    st.sampled_from(["name", "amount", "contact.customer_id.job_title"]),
    st.sampled_from(["gte", "lte", "contains", "empty"]),
    st.tuples(TEXTS),
    st.integers(0, 3),
    st.booleans(),
)


FIELDS = st.sampled_from(["state", "customer_id.industry_id", "own_rooms", "created_at"])
COUNTED = st.fixed_dictionaries(
    {
        "by": st.lists(FIELDS, max_size=2).map(tuple),
        "figure": st.sampled_from(["", "amount__sum", "own_rooms__avg"]),
        "chart": st.sampled_from(["", "pie"]),
        "starred": st.booleans(),
        "columns": st.lists(FIELDS, max_size=2).map(tuple),
    }
)


@given(st.lists(CONDITIONS, max_size=6, unique_by=lambda c: c.key), st.sampled_from(["all", "any"]), COUNTED)
def test_an_address_says_which_conditions_stand_in_brackets_and_how_they_are_counted(conditions, match, more):
    """DAT-02, DAT-07: what is kept by its address opens as it was."""
    address = ListAddress(conditions=tuple(conditions), match=match, **more)
    assert addresses.read(address.written()) == address
    assert address.listed.query() == address.query()


@pytest.mark.parametrize(("written", "asked"), [
    ("amount__gte=1000&amount__lte=5000", {"where": {"amount__gte": "1000", "amount__lte": "5000"}}),
    ("amount__between=1000&amount__between=5000", {"where": {"amount__between": ["1000", "5000"]}}),
    ("a__between=1&a__between=5&a__between=3&a__between=9", {"where": {"a__between": ["1", "5", "3", "9"]}}),
    (
        "a__between=1&a__between=5&a__between=3&a__between=9&match=any",
        {"any_of": ({"a__between": ["1", "5"]}, {"a__between": ["3", "9"]})},
    ),
    ("name__contains=A&name__contains=B", {"where": {"name__contains": ["A", "B"]}}),
    ("-name__contains=A&-name__contains=B", {"where": {"-name__contains": ["A", "B"]}}),
    ("state__ne=won&state__ne=lost", {"where": {"state__ne": ["won", "lost"]}}),
    ("name__contains=A&name__contains=B&match=any", {"any_of": ({"name__contains": "A"}, {"name__contains": "B"})}),
    ("1.name__contains=A&1.name__contains=B", {"each_of": (({"name__contains": "A"}, {"name__contains": "B"}),)}),
    ("1.name__contains=A&1.name__contains=B&x=1&match=any", {"any_of": ({"x": "1"}, {"name__contains": ["A", "B"]})}),
])  # fmt: skip
def test_a_second_condition_on_a_field_does_not_replace_the_first(written, asked):
    """DAT-02, users 9."""
    query = addresses.read(written).query()
    assert {"where": query.where, "any_of": query.any_of, "each_of": query.each_of} == {
        "where": {}, "any_of": (), "each_of": (), **asked,
    }  # fmt: skip
    again = addresses.read(addresses.read(written).written())
    assert again.query() == query
