"""One thing done to many records (users 24): tried before it is done, each by its own rules, taken back as a whole."""

import pytest
from sqlalchemy import event

from chassis import replicas
from chassis.identity import new_id
from contracts.batches import NothingTakesBack, NotInThisState, TooManyAtOnce
from contracts.errors import Forbidden, Invalid, NotFound
from contracts.organization import StaffListed
from tests.cast import ALICE_ID, BOB_ID, person
from tests.engine.toy import ToyRow, ToyService

ALICE = person(ALICE_ID, "Alice", "toy.* own", "toy.maker.* all", manager_id=BOB_ID)
BOB = person(BOB_ID, "Bob", "toy.* team", "toy.maker.* all", reports=(ALICE_ID,))
READER = person(BOB_ID, "Reader", "toy.*.read all")


@pytest.fixture
def toys(desk):
    return desk(ToyService)


def some(toys, number=3, actor=ALICE, **values):
    return [toys.create(actor, "toy", name=f"Toy {n}", price="10", **values) for n in range(number)]


def pick(toys, rows, actor=ALICE):
    return toys.ask(actor, "pick_batch", entity="toy", ids=[row["id"] for row in rows])


def tried(toys, rows, verb, actor=ALICE, **more):
    return toys.ask(actor, "check_batch", batch_id=pick(toys, rows, actor)["id"], verb=verb, **more)


def run(toys, batch, actor=ALICE):
    return toys.ask(actor, "run_batch", batch_id=batch["id"])


def back(toys, batch, actor=ALICE):
    return toys.ask(actor, "take_back_batch", batch_id=batch["id"], note="wrong list")


def told(toys, batch, actor=ALICE, **more):
    return toys.ask(actor, "batch", id=batch["id"], **more)


def get(toys, row):
    return toys.ask(ALICE, "get", entity="toy", id=row["id"])["row"]


def test_what_is_tried_is_told_and_not_done(toys):
    rows = some(toys)
    before, said = [get(toys, row) for row in rows], len(toys.emitted())
    batch = tried(toys, [*rows, {"id": str(new_id())}], "update", values={"pieces": 5, "colour": "red"})
    assert (batch["state"], batch["total"], batch["counts"]) == ("checked", 4, {"good": 3, "bad": 1})
    assert [get(toys, row) for row in rows] == before
    assert len(toys.emitted()) == said
    shown = told(toys, batch, state="good", limit=2)
    assert [(row["name"], row["changes"]) for row in shown["rows"]] == [
        ("Toy 0", {"pieces": [None, 5]}), ("Toy 1", {"pieces": [None, 5]}),
    ]  # fmt: skip
    rest = told(toys, batch, state="good", limit=2, after=shown["next"])
    assert ([row["name"] for row in rest["rows"]], rest["next"]) == (["Toy 2"], None)
    (bad,) = told(toys, batch, state="bad")["rows"]
    assert (bad["name"], bad["problem"]["code"]) == (None, "NotFound")


def test_it_is_done_once_and_read_in_the_history(toys):
    rows = some(toys)
    batch = tried(toys, rows, "play", note="fair")
    assert batch["counts"] == {"good": 3}
    done = run(toys, batch)
    assert (done["state"], done["counts"], done["can"]) == ("done", {"done": 3}, [])
    assert run(toys, batch) == done
    assert [get(toys, row)["state"] for row in rows] == ["used"] * 3
    log = toys.ask(ALICE, "history", entity="toy", id=rows[0]["id"])["changes"]
    assert [(entry["door"], entry["note"]) for entry in log][:1] == [("toy.play_toy", "fair")]
    assert [entry["door"] for entry in log].count("toy.play_toy") == 1
    assert [one["id"] for one in toys.ask(ALICE, "batches", entity="toy")["batches"]] == [batch["id"]]
    with pytest.raises(NotInThisState):
        toys.ask(ALICE, "check_batch", batch_id=batch["id"], verb="play")


def test_the_list_of_batches_asks_as_much_for_many_as_for_one(toys):
    asked = []

    def listed():
        asked.clear()
        return toys.ask(ALICE, "batches", entity="toy")["batches"], len(asked)

    event.listen(toys.connection, "before_cursor_execute", lambda *statement: asked.append(statement))
    rows = some(toys, 2)
    run(toys, tried(toys, rows[:1], "play"))
    _, once = listed()
    run(toys, tried(toys, rows, "update", values={"pieces": 4}))
    run(toys, tried(toys, rows, "archive"))
    found, often = listed()
    assert [one["counts"] for one in found] == [{"done": 2}, {"done": 2}, {"done": 1}]
    assert often == once


def test_who_was_changed_since_it_was_tried_is_left_out_and_told(toys):
    rows = some(toys)
    batch = tried(toys, rows, "update", values={"price": "12"})
    toys.ask(BOB, "update", entity="toy", id=rows[1]["id"], values={"price": "11"})
    done = run(toys, batch)
    assert done["counts"] == {"done": 2, "left": 1}
    assert [get(toys, row)["price"] for row in rows] == ["12.00", "11.00", "12.00"]
    (left,) = told(toys, batch, state="left")["rows"]
    assert (left["name"], left["problem"]["code"]) == ("Toy 1", "ChangedMeanwhile")


def test_taken_back_each_reads_as_before_but_what_was_changed_since(toys):
    maker = toys.create(ALICE, "maker", name="Wang")
    rows = some(toys, tags=["wood"], weight="1.5")
    values = {"weight": "2", "maker_id": maker["id"], "tags": ["metal"]}
    batch = tried(toys, rows, "update", values=values)
    run(toys, batch)
    assert told(toys, batch)["labels"][maker["id"]]["label"] == "Wang"
    toys.ask(ALICE, "update", entity="toy", id=rows[0]["id"], values={"name": "Renamed"})
    toys.ask(ALICE, "update", entity="toy", id=rows[1]["id"], values={"weight": "3"})
    taken = back(toys, batch)
    assert (taken["state"], taken["counts"]) == ("taken_back", {"undone": 2, "kept": 1})
    assert back(toys, batch) == taken
    now = [get(toys, row) for row in rows]
    assert [(row["weight"], row["maker_id"], row["tags"]) for row in now] == [
        ("1.5", None, ["wood"]), ("3", maker["id"], ["metal"]), ("1.5", None, ["wood"]),
    ]  # fmt: skip
    assert now[0]["name"] == "Renamed"
    (kept,) = told(toys, batch, state="kept")["rows"]
    assert (kept["name"], kept["problem"]["code"]) == ("Toy 1", "ChangedSinceBatch")


def test_values_are_added_and_taken_away_however_they_are_written(toys):
    maker = toys.create(ALICE, "maker", name="Wang")
    rows = some(toys, tags=["wood"])
    values = {"tags": "metal", "sellers": [maker["id"].upper()]}
    batch = tried(toys, rows, "update", values=values, how="add")
    run(toys, batch)
    assert {(*get(toys, row)["tags"], *get(toys, row)["sellers"]) for row in rows} == {
        ("wood", "metal", maker["id"])
    }
    run(toys, tried(toys, rows, "update", values=values, how="take"))
    assert {(*get(toys, row)["tags"], *get(toys, row)["sellers"]) for row in rows} == {("wood",)}


def test_put_away_and_brought_back(toys):
    rows = some(toys)
    batch = tried(toys, rows, "archive", note="old")
    run(toys, batch)
    assert toys.ask(ALICE, "list", entity="toy")["rows"] == []
    assert back(toys, batch)["counts"] == {"undone": 3}
    assert len(toys.ask(ALICE, "list", entity="toy")["rows"]) == 3
    assert tried(toys, rows, "restore")["counts"] == {"same": 3}


def test_what_the_filter_shows_is_picked_within_ones_rights_and_up_to_a_limit(toys):
    mine, _ = some(toys, 4), some(toys, 2, BOB)
    batch = toys.ask(
        ALICE, "pick_batch", entity="toy", query={"where": {"name__ne": "Toy 3"}, "sort": "name"}
    )
    assert batch["total"] == 3
    toys.ask(ALICE, "check_batch", batch_id=batch["id"], verb="update", values={"pieces": 2})
    assert [row["id"] for row in told(toys, batch)["rows"]] == [row["id"] for row in mine[:3]]
    with pytest.raises(TooManyAtOnce):
        toys.ask(ALICE, "pick_batch", entity="toy", ids=[str(new_id()) for _ in range(1001)])


def test_what_is_wrong_for_all_is_said_at_once(toys):
    rows = some(toys)
    for verb, values, problem in (
        ("update", {"price": "much"}, Invalid), ("update", {"state": "used"}, Invalid), ("burn", {}, Invalid),
        ("scrap", {}, Invalid),
    ):  # fmt: skip
        with pytest.raises(problem):
            tried(toys, rows, verb, values=values)
    with pytest.raises(Invalid):
        tried(toys, rows, "update", values={"price": "1"}, how="add")
    with pytest.raises(Invalid) as lines:
        tried(toys, rows, "update", values={"parts": [{"text": "Wheel", "price": "1"}]})
    assert lines.value.fields[0].field == "parts"
    with pytest.raises(Forbidden):
        tried(toys, rows, "update", READER, values={"price": "1"})
    with pytest.raises(Forbidden):
        tried(toys, rows, "play", READER)


def test_nobody_else_sees_or_does_it(toys):
    batch = tried(toys, some(toys), "update", values={"price": "1"})
    for door in ("run_batch", "take_back_batch", "check_batch"):
        more = {"verb": "play"} if door == "check_batch" else {}
        with pytest.raises(NotFound):
            toys.ask(BOB, door, batch_id=batch["id"], **more)
    with pytest.raises(NotFound):
        told(toys, batch, BOB)
    run(toys, batch)
    assert toys.ask(BOB, "batches")["batches"] == []
    everybody = person(BOB_ID, "Root", "toy.* all")
    assert told(toys, batch, everybody)["batch"]["actor_name"] == "Alice"
    assert back(toys, batch, everybody)["undone_by"] == "Root"


def test_what_nothing_takes_back_says_so(toys):
    batch = tried(toys, some(toys), "play")
    run(toys, batch)
    assert back(toys, batch)["counts"] == {"kept": 3}
    assert {row["problem"]["code"] for row in told(toys, batch)["rows"]} == {NothingTakesBack.__name__}


def test_a_verb_is_taken_back_by_its_opposite_on_what_came_of_it(toys):
    rows = some(toys)
    batch = tried(toys, rows, "copy", note="twice")
    run(toys, batch)
    copies = [row for row in toys.rows(ToyRow) if row.story == "copy"]
    assert len(copies) == 3
    assert back(toys, batch)["counts"] == {"undone": 3}
    assert {row.state for row in toys.rows(ToyRow) if row.story == "copy"} == {"scrapped"}
    assert {get(toys, row)["state"] for row in rows} == {"new"}


def test_the_names_of_who_did_it_and_of_who_took_it_back_come_along(toys):
    """In both languages, so that each reads them in her own."""
    cards = ((ALICE_ID, "爱丽丝", "Alice"), (BOB_ID, "鲍勃", "Bob"))
    with toys.house.sessions.begin() as session:
        replicas.follow(
            session, *(StaffListed(record_id=i, epoch=1, ver=1, label=zh, label_en=en) for i, zh, en in cards)
        )
    batch = tried(toys, some(toys), "update", values={"price": "1"})
    run(toys, batch)
    taken = back(toys, batch, person(BOB_ID, "Bob", "toy.* all"))
    assert (taken["actor_id"], taken["undone_by_id"]) == (str(ALICE_ID), str(BOB_ID))
    for answer in (told(toys, batch), toys.ask(ALICE, "batches", entity="toy")):
        names = {id: (one["label"], one["label_en"]) for id, one in answer["labels"].items()}
        assert names == {str(ALICE_ID): ("爱丽丝", "Alice"), str(BOB_ID): ("鲍勃", "Bob")}
