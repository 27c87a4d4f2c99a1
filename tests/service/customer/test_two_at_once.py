"""Two people at the same moment put two groups below each other (CUS-15): no circle comes of it. On committed rows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from chassis import database
from contracts.errors import Problem
from services.customer import model
from services.customer.service import CustomerService
from tests.desk import Desk
from tests.service.customer.conftest import ALICE, meet_the_staff


@pytest.fixture
def standing(databases):
    """The customer service on a database where transactions really commit; emptied afterwards."""
    engine = databases.engine(CustomerService)
    desk = Desk(CustomerService, None, database.sessions(engine))
    meet_the_staff(desk)
    yield desk
    with engine.begin() as connection:
        names = [*model.Base.metadata.tables, *database.ChassisBase.metadata.tables]
        connection.execute(text("TRUNCATE " + ", ".join(f'"{name}"' for name in names)))


def test_of_two_only_one_comes_to_stand_below_the_other(standing):
    rows = [standing.create(ALICE, "customer", name=f"集团{n}") for n in range(4)]

    def put_below_the_next(n: int) -> str:
        above = rows[(n + 1) % len(rows)]["id"]
        try:
            standing.ask(ALICE, "update", entity="customer", id=rows[n]["id"], values={"parent_id": above})
        except Problem as problem:
            return type(problem).__name__
        return "done"

    with ThreadPoolExecutor(len(rows)) as pool:
        answers = list(pool.map(put_below_the_next, range(len(rows))))
    assert sorted(answers) == ["Invalid", "done", "done", "done"]
