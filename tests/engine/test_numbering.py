"""Numbers are never given out twice, and nobody waits for somebody else's transaction to get one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import text

from chassis.database import sessions
from chassis.numbering import draw
from tests.engine.toy import ToyService

PATTERN, DAY = "TST-{branch}-{year}-{seq:05}", date(2026, 3, 10)


@pytest.fixture
def factory(databases):
    """Real transactions of their own; the sequence is forgotten afterwards."""
    engine = databases.engine(ToyService)
    yield sessions(engine)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM number_sequence WHERE key LIKE 'TST-%'"))


def drawn(factory, count: int = 1, *, fails: bool = False) -> list[str]:
    with factory() as session:
        found = draw(session, PATTERN, "HQ", DAY, count)
        session.execute(text("select 1"))
        session.rollback() if fails else session.commit()
    return found


def test_two_at_once_do_not_wait_for_each_other(factory):
    with factory() as first, factory() as second:
        one = draw(first, PATTERN, "HQ", DAY)
        second.execute(text("SET LOCAL lock_timeout = '100ms'"))
        other = draw(second, PATTERN, "HQ", DAY)  # the first has not committed
        second.commit()
        first.commit()
    assert (one, other) == (["TST-HQ-2026-00001"], ["TST-HQ-2026-00002"])


def test_what_was_drawn_for_nothing_is_never_given_to_something_else(factory):
    lost = drawn(factory, 3, fails=True)
    assert drawn(factory) == ["TST-HQ-2026-00004"]
    assert len(lost) == 3


def test_many_at_once_draw_each_number_once(factory):
    with ThreadPoolExecutor(8) as hands:
        found = list(hands.map(lambda n: drawn(factory, 1 + n % 3, fails=n % 5 == 0), range(60)))
    numbers = [number for several in found for number in several]
    assert len(set(numbers)) == len(numbers) == sum(1 + n % 3 for n in range(60))
    assert all(several == sorted(several) for several in found)
