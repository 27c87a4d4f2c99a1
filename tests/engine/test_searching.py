"""Search over everything (DAT-01): of each kind as many as the list has, the first of them in its order, within rights."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis import search, searching
from tests.cast import ALICE_ID, BOB_ID, person
from tests.desk import Desk
from tests.engine.toy import ToyRow, ToyService

ALICE = person(ALICE_ID, "Alice", "toy.toy.* own", "toy.maker.* all")
BOB = person(BOB_ID, "Bob", "toy.toy.* all")
NAMES = ("木马一号", "木马 13800138000", "100% 木_马", "Horse 2026-0012", "马", "木马/a'b\"c,d{e}", "12 34")


@pytest.fixture
def toys(desk) -> Desk:
    house = desk(ToyService)
    for who in (ALICE, BOB):
        for name in NAMES:
            house.create(who, "toy", name=name, phone="+86 138-0013-8000" if name == "马" else None)
    return house


@given(
    text=st.one_of(
        st.text(alphabet="木马一 1380-+26%_/'\\,{}\"", min_size=1, max_size=6), st.sampled_from(NAMES)
    )
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("many", [searching.CAP, 2])
@pytest.mark.parametrize("who", [ALICE, BOB], ids=["own", "all"])
def test_it_finds_what_the_list_finds(toys: Desk, who, many, text):
    if not text.strip():
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "CAP", many)
        told = toys.ask(who, "search", text=text, limit=3)["found"]
    there = toys.ask(who, "list", {"entity": "toy", "query": {"text": text, "limit": 50}})["rows"]
    found = next(
        (kind for kind in told if kind["entity"] == "toy.toy"), {"count": 0, "capped": False, "rows": []}
    )
    assert [row["id"] for row in found["rows"]] == [row["id"] for row in there[:3]]
    assert (found["count"], found["capped"]) == (min(len(there), many), len(there) > many)
    if who is BOB and not search.DIALLED.search(search.folded(text)):
        assert len(there) == sum(_contains(row.search_text, text) for row in toys.rows(ToyRow))


def _contains(searched: str, text: str) -> bool:
    parts = searched.split(search.GAP)
    return all(any(fragment in part for part in parts) for fragment in search.folded(text).split()[:5])
