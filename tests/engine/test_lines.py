"""Lines of a document that grow one by one, and texts longer than most that are found all the same."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from chassis import entities, search
from chassis.work import Work
from contracts.actor import Actor
from tests.cast import ALICE_ID, person
from tests.desk import Desk
from tests.engine.toy import PartRow, Toy, ToyRow, ToyService

ALICE = person(ALICE_ID, "Alice", "toy.* own", "toy.maker.* all")


def test_lines_put_below_the_others_are_one_change_with_their_ids(toys: Desk):
    row = toys.create(ALICE, "toy", name="a", parts=[{"text": "leg", "price": 1}])
    with toys.house.sessions.begin() as session:
        work = Work(session, Actor.system("test"), toys.house, door="test")
        toy = work.get(ToyRow, row["id"])
        entities.add_line(toy, "parts", text="head", price=2)
        entities.add_line(toy, "parts", text="tail", price=3)
    kept = toys.ask(ALICE, "get", entity="toy", id=row["id"])["row"]
    assert [(p["position"], p["text"]) for p in kept["parts"]] == [(1, "leg"), (2, "head"), (3, "tail")]
    assert kept["ver"] == 2
    before, after = toys.ask(ALICE, "history", entity="toy", id=row["id"])["changes"][0]["changes"]["parts"]
    assert ([p["text"] for p in before], [p["text"] for p in after]) == (["leg"], ["leg", "head", "tail"])
    assert [p["id"] for p in after] == [str(part.id) for part in toys.rows(PartRow)]


def test_a_class_says_how_much_of_a_text_is_searched():
    row = SimpleNamespace(number=None, name="字" * 3000 + "末尾", mail=None, phone=None)
    assert "末尾" not in search.text_of(row, Toy)
    row.longest_search = 5000
    assert "末尾" in search.text_of(row, Toy)


@pytest.fixture
def toys(desk) -> Desk:
    return desk(ToyService)


def test_rows_kept_before_are_found_by_four_digits_as_well(toys: Desk):
    """What the upgrade adds is what each row would be given now."""
    adding = import_module("chassis.migrations.versions.0016_find_by_four_digits")
    for name in ("木马 ００１２３４", "1234-56789\n12", "no number, 123"):
        toys.create(ALICE, "toy", name=name)
    written = "SELECT search_text, grams FROM toy ORDER BY id"
    now = [(found, set(grams)) for found, grams in toys.connection.execute(text(written))]
    toys.connection.execute(text(adding.TAKE.format(table="toy")))
    before = [set(grams) for _, grams in toys.connection.execute(text(written))]
    toys.connection.execute(text(adding.ADD.format(table="toy")))
    assert [(found, set(grams)) for found, grams in toys.connection.execute(text(written))] == now
    assert [grams - old for (_, grams), old in zip(now, before, strict=True)] == [
        {gram for gram in grams if len(gram) == 4} for _, grams in now
    ]
