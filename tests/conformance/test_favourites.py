"""Stars on records of every kind: hers alone, once, in the list that asks for them, gone with the right to see."""

from __future__ import annotations

import pytest

from contracts.errors import Forbidden
from tests.cast import ALICE_ID, BOB_ID, person
from tests.conformance import everything

ENTITIES = everything.entities()
ALICE, BOB = (person(id, name, "customer.* own") for id, name in ((ALICE_ID, "Alice"), (BOB_ID, "Bob")))


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_star_on_every_kind_of_record(entity: str, samples):
    found = samples(entity.partition(".")[0])
    desk, me, row = found.desk, found.somebody, found.row(entity)
    where = {"entity": entity, "id": row["id"]}
    for _ in range(2):
        assert desk.ask(me, "star", {**where, "is_on": True}) == {"starred": True}
    assert desk.ask(me, "get", where)["starred"]
    listed = desk.ask(me, "list", {"entity": entity, "query": {"starred": True, "totals": True}})
    assert ([r["id"] for r in listed["rows"]], listed["count"]) == ([row["id"]], 1)
    assert row["id"] in {r["id"] for r in desk.ask(me, "favourites", {})["rows"]}
    other = me.model_copy(update={"id": BOB_ID})
    assert not desk.ask(other, "get", where)["starred"]
    assert desk.ask(other, "list", {"entity": entity, "query": {"starred": True}})["rows"] == []
    nobody = person(BOB_ID, "Bob", "nothing.at.all all")
    with pytest.raises(Forbidden):
        desk.ask(nobody, "star", {**where, "is_on": True})
    for _ in range(2):
        desk.ask(me, "star", {**where, "is_on": False})
    assert not desk.ask(me, "get", where)["starred"]
    assert row["id"] not in {r["id"] for r in desk.ask(me, "favourites", {})["rows"]}
