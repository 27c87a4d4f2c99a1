"""Figures add up, and a rate with nothing under the line is none."""

from decimal import Decimal
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from contracts.reporting import FactKind, Figures
from services.reporting.rules import AMOUNTS, COUNTS, Sums, figures

SUMS = st.builds(
    Sums, st.sampled_from(sorted(COUNTS)), st.sampled_from(["", "visit", "call"]), st.integers(-5, 50),
    st.decimals(-10**6, 10**6, places=2), st.integers(0, 20),
)  # fmt: skip


def test_every_kind_of_fact_has_its_figure():
    assert set(COUNTS) == set(get_args(FactKind))
    assert {*COUNTS.values(), *AMOUNTS.values()} <= set(Figures.model_fields)


def test_nothing_under_the_line():
    empty = figures([])
    assert (empty.success_rate, empty.average_rating, empty.won_amount) == (None, None, Decimal("0.00"))
    assert figures([Sums("opportunity_lost", "", 2, Decimal(0), 0)]).success_rate == 0


def test_rates():
    found = figures(
        [
            Sums("opportunity_won", "", 2, Decimal("300.00"), 0), Sums("opportunity_lost", "x", 1, Decimal(9), 0),
            Sums("rating", "", 3, Decimal(0), 13), Sums("activity_done", "visit", 4, Decimal(0), 0),
            Sums("activity_done", "call", 1, Decimal(0), 0),
        ]
    )  # fmt: skip
    assert (found.success_rate, found.average_rating) == (Decimal("66.67"), Decimal("4.33"))
    assert (found.activities, found.activities_by_kind) == (5, {"visit": 4, "call": 1})
    assert (found.won_count, found.won_amount) == (2, Decimal("300.00"))


@given(st.lists(SUMS, max_size=20))
def test_the_order_of_facts_does_not_matter_and_parts_make_the_whole(facts: list[Sums]):
    whole = figures(facts)
    assert figures(reversed(facts)) == whole
    halves = figures(facts[::2]), figures(facts[1::2])
    for name in (*COUNTS.values(), *AMOUNTS.values()):
        assert sum(getattr(half, name) for half in halves) == getattr(whole, name)
