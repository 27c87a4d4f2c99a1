"""Imports on a toy with every kind of field: nothing is declared for it but the toy itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chassis.importing import Importer
from chassis.transfer import StagedRow
from contracts.errors import Forbidden, TooLarge
from contracts.transfer import NotInThisPhase
from tests.cast import ALICE_ID, ROOT_ID, person
from tests.engine.toy import MakerRow, ToyListed, ToyRow, ToyService

ROOT = person(ROOT_ID, "Root", "toy.* all")
ALICE = person(ALICE_ID, "Alice", "toy.* own")


@pytest.fixture
def shop(desk):
    """The toy's doors, with two makers in the books."""
    shop = desk(ToyService)
    for name, name_en in (("木工坊", "Woodshop"), ("铁匠铺", "Smithy")):
        shop.create(ROOT, "maker", name=name, name_en=name_en)
    return shop


def start(shop, entity, *rows, actor=ROOT):
    columns = list(dict.fromkeys(name for row in rows for name in row))
    job = shop.ask(actor, "start_import", {"entity": entity, "file_name": "toys.csv", "columns": columns})
    shop.ask(actor, "stage_rows", {"job_id": job["id"], "first": 0, "rows": rows})
    return job["id"]


def work(shop, job, door="run_import", actor=ROOT, chunk=500):
    shop.ask(actor, door, {"job_id": job})
    Importer(shop.house, chunk).run_all()
    return shop.ask(actor, "job", {"id": job})


def problems(shop, job):
    rows = shop.ask(ROOT, "bad_rows", {"job_id": job})["rows"]
    return {row["row"]: [(p["field"], p["code"]) for p in row["problems"]] for row in rows}


def test_every_kind_of_field_comes_in_as_a_file_writes_it(shop):
    row = {
        "name": " 木马 ", "story": "从前\n有一匹马", "pieces": 12.0, "weight": "１.５", "rate": "12.5", "price": "¥1,234.50",
        "made_on": "2026年2月3日", "shown_at": "2026-02-03 10:00", "safe": "是", "colour": "blue", "tags": "wood；metal",
        "maker_id": "woodshop", "sellers": "铁匠铺, Woodshop", "mail": "A@Example.com", "phone": "１３８00138000",
        "site": "www.example.com", "number": "ignored",
    }  # fmt: skip
    job = work(shop, start(shop, "toy", row))
    assert (job["made"], job["bad"]) == (1, 0)
    (made,) = shop.rows(ToyRow)
    makers = {maker.name: maker.id for maker in shop.rows(MakerRow)}
    assert (made.name, made.pieces, str(made.weight), str(made.price)) == ("木马", 12, "1.5", "1234.50")
    assert (str(made.made_on), made.safe, made.colour, made.tags) == (
        "2026-02-03",
        True,
        "blue",
        ["wood", "metal"],
    )
    assert (made.maker_id, made.sellers) == (makers["木工坊"], [makers["铁匠铺"], makers["木工坊"]])
    assert (made.mail, made.phone, made.site) == ("A@example.com", "13800138000", "https://www.example.com")
    assert made.shown_at == datetime(2026, 2, 3, 2, tzinfo=UTC)
    assert (made.number, made.owner_id, made.ver) == ("WJ-HQ-2026-00001", ROOT_ID, 1)


def test_it_is_as_if_somebody_had_typed_it(shop):
    """Row, change log and card agree with those of the form's door, but for ids, numbers, moments and the door."""
    typed = {"name": "木马", "price": "10", "tags": ["wood"], "maker_id": str(shop.rows(MakerRow)[0].id)}
    shop.create(ROOT, "toy", **typed)
    work(shop, start(shop, "toy", {"name": "木马", "price": "10", "tags": "wood", "maker_id": "木工坊"}))
    one, other = sorted(shop.rows(ToyRow), key=lambda row: row.number)
    apart = {"id", "number", "created_at", "updated_at", "search_text", "grams"}
    for column in (c.key for c in ToyRow.__table__.columns):
        if column not in apart:
            assert getattr(one, column) == getattr(other, column), column
    assert set(one.grams) ^ set(other.grams) <= {"1", "2", "01", "02", "0001", "0002"}
    logs = [
        shop.ask(ROOT, "history", {"entity": "toy", "id": str(row.id)})["changes"][0]["changes"]
        for row in (one, other)
    ]
    for log in logs:
        for name in ("id", "number"):
            log.pop(name)
    assert logs[0] == logs[1]
    cards = [card.model_dump(exclude={"record_id", "number"}) for card in shop.emitted(ToyListed)]
    assert cards[0] == cards[1]


def test_a_row_that_breaks_a_rule_of_the_database_is_found_and_set_aside(shop):
    """All rows of a chunk fail with it; then they are worked one by one."""
    rows = [{"name": f"坊{n}", "code": f"C{n}"} for n in range(7)]
    rows[4]["code"] = "C1"
    job = start(shop, "maker", *rows)
    done = work(shop, job, chunk=5)
    assert (done["state"], done["made"], done["bad"]) == ("done", 6, 1)
    assert problems(shop, job) == {4: [("", "AlreadyExists")]}
    assert len(shop.rows(MakerRow)) == 8


def test_a_mistake_of_ours_on_one_row_does_not_stop_the_others(shop, monkeypatch):
    def check(row, work):
        if row.name == "坏":
            raise ZeroDivisionError

    monkeypatch.setattr(MakerRow, "check", check, raising=False)
    job = start(shop, "maker", {"name": "好"}, {"name": "坏"}, {"name": "也好"})
    assert work(shop, job, "check_import")["bad"] == 1
    done = work(shop, job)
    assert (done["made"], done["bad"]) == (2, 1)
    assert problems(shop, job) == {1: [("", "Unexpected")]}


def test_an_empty_file_is_done_at_once(shop):
    job = shop.ask(ROOT, "start_import", {"entity": "toy", "file_name": "x", "columns": ["name"]})["id"]
    assert work(shop, job)["state"] == "done"


def test_two_jobs_take_turns(shop):
    jobs = [start(shop, "maker", *({"name": f"{letter}{n}"} for n in range(6))) for letter in "ab"]
    for job in jobs:
        shop.ask(ROOT, "run_import", {"job_id": job})
    importer = Importer(shop.house, chunk=2)
    importer.run_due()
    shop.later(seconds=1)
    importer.run_due()
    assert [shop.ask(ROOT, "job", {"id": job})["made"] for job in jobs] == [2, 2]


def test_a_batch_has_its_limit(shop):
    job = start(shop, "maker", {"name": "a"})
    with pytest.raises(TooLarge):
        shop.ask(ROOT, "stage_rows", {"job_id": job, "first": 9, "rows": [{"name": "b"}] * 5001})


def test_no_row_comes_after_the_work_began(shop):
    job = start(shop, "maker", {"name": "a"})
    work(shop, job, "check_import")
    with pytest.raises(NotInThisPhase):
        shop.ask(ROOT, "stage_rows", {"job_id": job, "first": 9, "rows": [{"name": "b"}]})


def test_a_right_that_was_taken_away_meanwhile_counts(shop):
    job = start(shop, "maker", {"name": "a"})
    less = person(ROOT_ID, "Root", "toy.*.read all")
    with pytest.raises(Forbidden):
        shop.ask(less, "run_import", {"job_id": job})


def test_no_text_of_a_file_breaks_the_table(shop):
    rows = [
        {"name": "a\x00b"},
        {"name": "'; drop table toy; --"},
        {"name": '\\u0000 {} [] " %s :name'},
        {"name": {"a": 1}},
    ]
    job = start(shop, "maker", *rows)
    assert work(shop, job)["made"] == 3
    assert problems(shop, job) == {3: [("name", "not_a_text")]}
    assert {m.name for m in shop.rows(MakerRow)} >= {rows[1]["name"], rows[2]["name"]}


def test_what_was_staged_stays_as_the_file_had_it(shop):
    job = start(shop, "toy", {"name": "木马", "price": "abc", "number": "7"})
    work(shop, job, "check_import")
    (row,) = shop.rows(StagedRow)
    assert row.given == {"name": "木马", "price": "abc"}
    assert shop.ask(ROOT, "job", {"id": job})["problems_sample"] == [
        {"row": 0, "field": "price", "code": "not_a_number", "params": {"value": "abc"}}
    ]
