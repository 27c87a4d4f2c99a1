"""Rows a service is born with: put in once, and never over what people made of them."""

import pytest

from chassis import seeds
from chassis.work import Work
from contracts.actor import Actor
from contracts.shipped import shipped_id
from tests.desk import Desk
from tests.engine.toy import MakerRow, ToyService

ROWS = [{"id": shipped_id("toy.maker", code), "name": name} for code, name in (("a", "工坊"), ("b", "作坊"))]


def plant(toys: Desk) -> int:
    """As `chassis.seeds.plant` does, at this desk."""
    with toys.house.sessions.begin() as session:
        work = Work(session, Actor.system("toy.seed"), toys.house, door="seed")
        seeds.keep(work, MakerRow, ROWS)
        return len(work.touched)


def test_missing_rows_are_put_in_once(toys: Desk):
    assert (plant(toys), plant(toys)) == (2, 0)
    assert sorted(row.name for row in toys.rows(MakerRow)) == ["作坊", "工坊"]
    assert {row.home for row in toys.rows(MakerRow)} == {"HQ"}


def test_what_people_changed_stays(toys: Desk):
    plant(toys)
    with toys.house.sessions.begin() as session:
        Work(session, Actor.system("test"), toys.house)
        session.get(MakerRow, ROWS[0]["id"]).name = "老工坊"
    plant(toys)
    assert sorted(row.name for row in toys.rows(MakerRow)) == ["作坊", "老工坊"]


def test_a_service_without_a_seed_ships_nothing(databases):
    assert seeds.plant(ToyService, "HQ", "postgresql://nobody@127.0.0.1:1/none") == 0


@pytest.fixture
def toys(desk):
    return desk(ToyService)
