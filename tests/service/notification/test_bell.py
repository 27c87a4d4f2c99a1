"""The bell: how many unread, the latest, and reading them; everybody has her own."""

import pytest

from contracts.errors import NotFound
from tests.cast import ALICE_ID
from tests.desk import Desk
from tests.factories.notification import ALICE, BOB, ROOT, fell_due


@pytest.fixture
def three(house: Desk) -> Desk:
    for minute in range(3):
        house.hear(fell_due(contract_number=f"HT-{minute}"))
        house.later(minutes=1)
    return house


def test_it_counts_the_unread_and_shows_the_latest_first(three: Desk):
    bell = three.ask(ALICE, "bell", limit=2)
    assert bell["count"] == 3
    assert [row["title"].split("：")[1][:4] for row in bell["messages"]] == ["HT-2", "HT-1"]
    assert three.ask(BOB, "bell") == {"count": 0, "messages": []}


def test_reading_some_leaves_the_others(three: Desk):
    first = three.ask(ALICE, "bell")["messages"][0]["id"]
    assert three.ask(ALICE, "mark_read", ids=[first]) == {"read": 1}
    assert three.ask(ALICE, "mark_read", ids=[first]) == {"read": 0}
    assert three.ask(ALICE, "bell")["count"] == 2


def test_reading_all_leaves_what_came_since_one_looked(three: Desk):
    seen = three.ask(ALICE, "bell")["messages"][1]["at"]
    assert three.ask(ALICE, "mark_read", until=seen) == {"read": 2}
    assert three.ask(ALICE, "mark_read") == {"read": 1}
    assert three.ask(ALICE, "bell")["count"] == 0


def test_nobody_reads_anothers_notices(three: Desk):
    id = three.ask(ALICE, "bell")["messages"][0]["id"]
    assert three.ask(BOB, "mark_read", ids=[id]) == {"read": 0}
    assert three.ask(ROOT, "mark_read", ids=[id]) == {"read": 0}
    with pytest.raises(NotFound):
        three.ask(BOB, "get", entity="notice", id=id)
    assert three.ask(ROOT, "get", entity="notice", id=id)["row"]["owner_id"] == str(ALICE_ID)
