"""Numbers are never given out twice, and nobody waits for somebody else's transaction to get one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import text

from chassis.database import ChassisBase, sessions
from chassis.importing import Importer
from chassis.numbering import draw
from tests.cast import ROOT_ID, person
from tests.desk import Desk
from tests.engine.toy import Base, ToyService

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


@pytest.fixture
def standing(databases):
    """The toys on a database where transactions really commit, as only there a number once drawn is gone; emptied afterwards."""
    engine = databases.engine(ToyService)
    yield Desk(ToyService, None, sessions(engine))
    with engine.begin() as connection:
        names = [*Base.metadata.tables, *ChassisBase.metadata.tables]
        connection.execute(text("TRUNCATE " + ", ".join(f'"{name}"' for name in names)))


def test_to_try_something_or_to_look_at_a_file_spends_none(standing):
    """Papers keep theirs without gaps: what is tried on many, and the rows of a file, get numbers when they are made."""
    root = person(ROOT_ID, "Root", "toy.* all")
    toy = standing.create(root, "toy", name="Lamp")
    batch = standing.ask(root, "pick_batch", entity="toy", ids=[toy["id"]])
    tried = standing.ask(root, "check_batch", batch_id=batch["id"], verb="copy")
    assert tried["counts"] == {"good": 1}
    file = {"entity": "toy", "file_name": "toys.csv", "columns": ["name"]}
    job = standing.ask(root, "start_import", file)["id"]
    standing.ask(root, "stage_rows", {"job_id": job, "first": 0, "rows": [{"name": "Ball"}, {"name": "Car"}]})
    standing.ask(root, "check_import", {"job_id": job})
    Importer(standing.house).run_all()
    assert standing.ask(root, "job", {"id": job})["good"] == 2
    assert standing.create(root, "toy", name="Doll")["number"] == "WJ-HQ-2026-00002"
